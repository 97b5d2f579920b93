// Pareto/NBD: Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and
// what will they do next?", Management Science 33(1) 1-24; Fader & Hardie (2005), notes 009, 012,
// 013, 028; DERT: Fader, Hardie & Lee (2005), JMR 42 415-430. See ../../MODELS.md and lifetime.hpp.
//
// A customer buys at a rate lambda ~ Gamma(r, alpha) until it dies at a rate mu ~ Gamma(s, beta).
#include <array>

#include "models/lifetime.hpp"
#include "models/lifetime_counts.hpp"
#include "models/lifetime_sum.hpp"
#include "models/models.hpp"
#include "models/pareto_lifetime.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 4> parameters{{{"r", 0.5, scales::not_at_all},
                                               {"alpha", 0.3, scales::with_time},
                                               {"s", 0.5, scales::not_at_all},
                                               {"beta", 0.3, scales::with_time}}};

using row = lifetime_row<pareto_lifetime>;

}  // namespace

constinit const model pareto_nbd{
    .name = "pareto_nbd",
    .source = "Schmittlein, Morrison & Colombo (1987), Management Science 33(1) 1-24",
    .key = tuple_key::purchases,
    .parameters = parameters,
    .log_likelihood = row::log_likelihood,
    .accumulate = accumulate_lifetimes<pareto_lifetime>,
    .p_alive = row::p_alive,
    .expected_purchases = row::expected_purchases,
    .expected_new = row::expected_new,
    .no_purchase = row::no_purchase,
    .pmf = lifetime_pmf<pareto_lifetime>,
    .survival = row::survival,
    .survival_ahead = row::survival_ahead,
    .residual = row::residual,
    .purchase_tail = lifetime_tail<pareto_lifetime>,
    .simulate_purchases = row::simulate_purchases,
    .caveat = row::caveat,
    .future_forgets_t_x = true,
    .transaction = {.how = link::scale, .first = 1},
    .life = {.how = link::scale, .first = 3},
};

}  // namespace clv
