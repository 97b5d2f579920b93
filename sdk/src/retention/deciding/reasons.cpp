#include "retention/deciding/reasons.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "clv/money.hpp"
#include "retention/deciding/price.hpp"

namespace clv::retention {
namespace {

constexpr std::array<std::string_view, 26> names{"NO_PROPOSAL",
                                                 "ERASED",
                                                 "MERGED",
                                                 "NO_CONSENT",
                                                 "LEGAL_HOLD",
                                                 "COMPLAINT_OPEN",
                                                 "VETOED",
                                                 "CHANNEL_UNREACHABLE",
                                                 "PROTECTED_ATTRIBUTE",
                                                 "COOLDOWN",
                                                 "CONTACT_CAP",
                                                 "CONFLICT",
                                                 "BENEFIT_OPEN",
                                                 "NO_STOCK",
                                                 "NO_SEATS",
                                                 "PLUGIN_SUSPENDED",
                                                 "MARGIN_FLOOR",
                                                 "DEAL_SEEKER",
                                                 "WORST_CASE_SPEND",
                                                 "EXPIRED",
                                                 "NO_EVIDENCE",
                                                 "NOT_PROFITABLE",
                                                 "LOST_ARBITRATION",
                                                 "OVER_BUDGET",
                                                 "HOLDOUT",
                                                 "CHOSEN"};

std::string why_no_evidence(const offer& o) {
  if (!o.has_value) {
    return "What a response is worth is not known: this customer has no spend to judge by and the "
           "plugin states no value.";
  }
  if (!o.has_p0) {
    return "This customer's purchase history is incomplete, so the chance of buying anyway is not "
           "known.";
  }
  if (o.disproved) {
    return "It was tried and measured: neither giving it to those it seemed to fit nor giving it "
           "to everyone earned more than it cost.";
  }
  return "Nobody knows yet whether this works: the plugin states no uncertainty of its effect and "
         "nothing has been measured.";
}

std::string why_not_profitable(const offer& o, const price& p, const money_words& money) {
  const std::string_view anyway = o.p0_stated ? " to customers who would have responded anyway"
                                              : " to buyers who would have bought anyway";
  const std::string wasted =
      o.benefit > 0 ? ", gives " + money(p.cannibalisation) + std::string(anyway) : std::string();
  const std::string given = "It brings " + money(p.gross_lift) + " on average" + wasted +
                            " and costs " + money(o.contact_cost) + " to carry out: ";
  if (p.net > 0) {
    return given + money(p.net) + " on average, but " + money(p.lcb) +
           " at the careful end of what is known about its effect.";
  }
  const bool visible = p.net < 0 && money(-p.net) != money(0);
  return given + (visible ? "a loss of " + money(-p.net) + "." : "nothing is left.");
}

std::string why_not_drawn(const refusal_context& context) {
  const std::string drawn =
      context.winner.empty() ? "nothing" : "'" + std::string(context.winner) + "'";
  return "This customer is one of a few for whom the action is drawn at random, to learn what "
         "works: the lot said " +
         drawn + ".";
}

// A lever is told wherever it took part: without it the numbers do not explain the choice.
std::string with_lever(double net, double lever, const money_words& money) {
  if (lever == 0) return money(net);
  return money(net) + (lever > 0 ? " and " : " less ") + money(std::abs(lever)) + " by a lever";
}

std::string why_lost(const price& p, const refusal_context& context, const money_words& money) {
  if (context.drawn) return why_not_drawn(context);
  const std::string own = with_lever(p.net, context.lever, money);
  if (context.winner.empty()) {
    return "It counts " + own + " expected, which the policy ranks below doing nothing.";
  }
  return "'" + std::string(context.winner) + "' is the better action for this customer: " +
         with_lever(context.winner_net, context.winner_lever, money) + " expected against " + own +
         ".";
}

std::string why_over_budget(const price& p,
                            const refusal_context& context,
                            const money_words& money) {
  const std::string would = "It would earn " + money(p.net) + " for " + money(p.cost) + ", but ";
  if (context.exceeds) return would + "alone it takes more than there is for the whole run.";
  if (context.scarce.empty()) {
    return would + "the budget earns more elsewhere: " + money(context.shadow_price) +
           " for each " + money(1) + " more.";
  }
  return would + "there is not enough of '" + std::string(context.scarce) +
         "': each more would earn " + money(context.shadow_price) + " elsewhere.";
}

}  // namespace

std::string_view name_of(reason_code code) {
  return names[static_cast<std::size_t>(code)];
}

std::optional<reason_code> reason_named(std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<reason_code>(at - names.begin());
}

std::string money_words::operator()(double major) const {
  // Beyond what int64 minor units hold an amount is shown at the end of that range.
  const double minor = std::round(major * std::pow(10.0, exponent_));
  const double inside = std::fmax(-9.2e18, std::fmin(9.2e18, minor));
  const std::string digits = format_money(static_cast<std::int64_t>(inside), exponent_);
  return currency_.empty() ? digits : currency_ + " " + digits;
}

std::string sentence(reason_code code,
                     const offer& o,
                     const price& p,
                     const refusal_context& context,
                     const money_words& money) {
  switch (code) {
    case reason_code::no_proposal:
      return "No plugin proposed anything for this customer.";
    case reason_code::expired:
      return "The proposal was valid until " + context.expires + ".";
    case reason_code::no_evidence:
      return why_no_evidence(o);
    case reason_code::not_profitable:
      return why_not_profitable(o, p, money);
    case reason_code::lost_arbitration:
      return why_lost(p, context, money);
    case reason_code::over_budget:
      return why_over_budget(p, context, money);
    case reason_code::holdout:
      return "Held out on purpose, to measure what the actions achieve; it was expected to earn " +
             money(p.net) + ".";
    case reason_code::chosen:
      return "Expected to earn " + money(p.net) + " for " + money(p.cost) + ".";
    default:
      return {};  // the gate says it itself
  }
}

}  // namespace clv::retention
