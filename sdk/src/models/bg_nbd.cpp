// BG/NBD: Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
// Pareto/NBD model, Marketing Science 24(2) 275-284; likelihood eq. 6, E[X(t)] eq. 9, conditional
// expectation eq. 10, count probabilities eq. 8. See ../../MODELS.md; the formulas are in
// poisson_drop_out.hpp.
#include "models/models.hpp"
#include "models/poisson_drop_out.hpp"

namespace clv {

constinit const model bg_nbd = poisson_drop_out_row<0>(
    "bg_nbd", "Fader, Hardie & Lee (2005), Marketing Science 24(2) 275-284");

}  // namespace clv
