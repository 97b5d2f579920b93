// The rows of the table, one per file of this folder.
#pragma once

#include "clv/model.hpp"

namespace clv {

extern const model bg_nbd;
extern const model gamma_gamma;

}  // namespace clv
