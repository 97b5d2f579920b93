// The rows of the table, one per file of this folder.
#pragma once

#include "clv/model.hpp"

namespace clv {

extern const model nbd;
extern const model bg_nbd;
extern const model mbg_nbd;
extern const model bg_cnbd_k;
extern const model mbg_cnbd_k;
extern const model pareto_nbd;
extern const model gg_nbd;
extern const model bg_bb;
extern const model sbg;
extern const model bdw;
extern const model gamma_gamma;

}  // namespace clv
