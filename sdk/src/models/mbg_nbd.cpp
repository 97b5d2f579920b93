// MBG/NBD: Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
// customer base analysis, IJRM 24(3) 201-209, after the erratum of Wagner & Hoppe (2008), IJRM
// 25(3) 225-226. BG/NBD whose customers may also drop out right after the first purchase, so that
// p_alive of a one-time buyer is below 1. See ../../MODELS.md; the formulas are in
// poisson_drop_out.hpp.
#include "models/models.hpp"
#include "models/poisson_drop_out.hpp"

namespace clv {

constinit const model mbg_nbd =
    poisson_drop_out_row<1>("mbg_nbd", "Batislam, Denizel & Filiztekin (2007), IJRM 24(3) 201-209");

}  // namespace clv
