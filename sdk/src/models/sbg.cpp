// sBG, the shifted beta-geometric: Fader & Hardie (2007), How to project customer retention, J.
// Interactive Marketing 21(1) 76-90; residual lifetime: Fader & Hardie (2010), Customer-base
// valuation in a contractual setting, Marketing Science 29(1) 85-93. See ../../MODELS.md; the
// formulas are in contract.hpp.
#include <array>

#include "models/contract.hpp"
#include "models/models.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 2> parameters{
    {{"alpha", 1, scales::not_at_all}, {"beta", 2, scales::not_at_all}}};

}  // namespace

constinit const model sbg{
    .name = "sbg",
    .source = "Fader & Hardie (2007), J. Interactive Marketing 21(1) 76-90",
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
