// GG/NBD (Gamma-Gompertz): Bemmaor & Glady (2012), "Modeling purchasing behavior with sudden
// 'death': a flexible customer lifetime model", Management Science 58(5) 1012-1021; conditional
// expectation after the erratum Adler (2022). See ../../MODELS.md and lifetime.hpp.
//
// A customer buys at a rate lambda ~ Gamma(r, alpha) until it dies at a hazard eta b e^(b t) that
// grows with its age, eta ~ Gamma(s, beta). With b -> 0 and beta/b fixed it is Pareto/NBD.
#include <array>

#include "models/gompertz_lifetime.hpp"
#include "models/lifetime.hpp"
#include "models/lifetime_counts.hpp"
#include "models/lifetime_sum.hpp"
#include "models/models.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 5> parameters{{{"r", 0.5, scales::not_at_all},
                                               {"alpha", 0.3, scales::with_time},
                                               {"b", 0.5, scales::per_time},
                                               {"s", 0.5, scales::not_at_all},
                                               {"beta", 0.5, scales::not_at_all}}};

using row = lifetime_row<gompertz_lifetime>;

}  // namespace

constinit const model gg_nbd{
    .name = "gg_nbd",
    .source = "Bemmaor & Glady (2012), Management Science 58(5) 1012-1021",
    .key = tuple_key::purchases,
    .parameters = parameters,
    .log_likelihood = row::log_likelihood,
    .accumulate = accumulate_lifetimes<gompertz_lifetime>,
    .p_alive = row::p_alive,
    .expected_purchases = row::expected_purchases,
    .expected_new = row::expected_new,
    .no_purchase = row::no_purchase,
    .pmf = lifetime_pmf<gompertz_lifetime>,
    .survival = row::survival,
    .survival_ahead = row::survival_ahead,
    .residual = row::residual,
    .purchase_tail = lifetime_tail<gompertz_lifetime>,
    .simulate_purchases = row::simulate_purchases,
    .caveat = row::caveat,
    .future_forgets_t_x = true,
    .transaction = {.how = link::scale, .first = 1},
    .life = {.how = link::scale, .first = 4},
};

}  // namespace clv
