// BdW, the beta-discrete-Weibull: Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to project
// customer retention" revisited: the role of duration dependence, J. Interactive Marketing 43 1-16.
// A contract's own chance of being renewed may fall (c > 1) or rise (c < 1) with its age. See
// ../../MODELS.md; the formulas are in contract.hpp.
#include <array>

#include "models/contract.hpp"
#include "models/models.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 3> parameters{{{"alpha", 1, scales::not_at_all},
                                               {"beta", 2, scales::not_at_all},
                                               {"c", 1, scales::not_at_all}}};

}  // namespace

constinit const model bdw{
    .name = "bdw",
    .source = "Fader, Hardie, Liu, Davin & Steenburgh (2018), J. Interactive Marketing 43 1-16",
    .key = tuple_key::renewals,
    .parameters = parameters,
    .log_likelihood = contract::log_likelihood,
    .accumulate = contract::accumulate,
    .p_alive = contract::p_alive,
    .expected_purchases = contract::expected_purchases,
    .expected_new = contract::expected_new,
    .no_purchase = contract::no_purchase,
    .pmf = contract::pmf,
    .survival = contract::survival,
    .survival_ahead = contract::survival_ahead,
    .residual = contract::residual,
    .purchase_tail = contract::purchase_tail,
    .simulate_purchases = contract::simulate_purchases,
    .caveat = contract::caveat,
    .life = {link::logit_mean, 0, 1},
};

}  // namespace clv
