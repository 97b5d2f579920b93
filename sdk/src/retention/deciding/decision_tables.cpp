#include "retention/deciding/decision_tables.hpp"

#include <string_view>

#include "clv/money.hpp"
#include "clv/schema.hpp"

namespace clv::retention {
namespace {

std::shared_ptr<table> empty_table(std::string_view schema_name, const std::string& currency) {
  auto made = std::make_shared<table>();
  for (const field& f : find_schema(schema_name).fields) {
    made->add(std::string(f.name), f.kind, f.unit == "currency" ? currency : std::string());
  }
  return made;
}

// What a proposal is told against: the action that won, at the price of the budget.
refusal_context context_of(const offers& all,
                           const verdict& v,
                           const candidate& c,
                           double shadow_price) {
  refusal_context context{.shadow_price = shadow_price, .expires = all.expires(c.proposal)};
  const candidate* winner = v.chosen != nullptr ? v.chosen : v.withheld;
  if (winner != nullptr) {
    context.winner = all.action(winner->proposal);
    context.winner_net = winner->priced.net;
  }
  return context;
}

// The candidate whose refusal explains best why the customer gets nothing: the one that came
// closest, by code, then by its lower bound, then the first.
const candidate* closest(std::span<const candidate> candidates, const verdict& v) {
  if (v.withheld != nullptr) return v.withheld;
  const candidate* best = nullptr;
  for (const candidate& c : candidates) {
    if (c.code != v.code) continue;
    if (best == nullptr || c.priced.lcb > best->priced.lcb) best = &c;
  }
  return best;
}

void push_text(table& t, std::string_view name, std::string_view value) {
  t.find(name)->push(value);
}

void push_number(table& t, std::string_view name, bool known, double value) {
  column& c = *t.find(name);
  known ? c.push(value) : c.push_absent();
}

}  // namespace

decision_tables::decision_tables(const std::string& currency)
    : decisions_(empty_table("decisions", currency)),
      refusals_(empty_table("refusals", currency)),
      budget_(empty_table("budget", currency)),
      money_(currency, currency.empty() ? 2 : currency_exponent(currency).value_or(2)) {}

void decision_tables::add(const offers& all,
                          std::size_t row,
                          const verdict& v,
                          std::span<const candidate> candidates,
                          double shadow_price) {
  const std::string customer = all.customer(row);
  const candidate* told = v.chosen != nullptr ? v.chosen : closest(candidates, v);
  std::string reason;
  for (const candidate& c : candidates) {
    if (&c == v.chosen) continue;
    const refusal_context context = context_of(all, v, c, shadow_price);
    const std::string why = sentence(c.code, c.stated, c.priced, context, money_);
    if (&c == told) reason = why;
    add_refusal(all, customer, c, why);
  }
  if (v.chosen != nullptr) reason = all.reason(v.chosen->proposal);
  if (told == nullptr) reason = sentence(reason_code::no_proposal, {}, {}, {}, money_);
  push_text(*decisions_, "customer", customer);
  push_text(*decisions_, "arm", v.arm);
  push_text(*decisions_, "reason_code", name_of(v.code));
  push_text(*decisions_, "reason", reason);
  add_numbers(all, v.chosen, v.propensity);
  treated_ += v.chosen != nullptr ? 1 : 0;
  held_out_ += v.arm == "holdout" ? 1 : 0;
}

void decision_tables::add_numbers(const offers& all, const candidate* chosen, double propensity) {
  const bool known = chosen != nullptr;
  const candidate nothing;
  const candidate& c = known ? *chosen : nothing;
  for (const std::string_view name : {"plugin", "action", "channel", "evidence"}) {
    if (!known) decisions_->find(name)->push_absent();
  }
  if (known) {
    push_text(*decisions_, "plugin", all.plugin(c.proposal));
    push_text(*decisions_, "action", all.action(c.proposal));
    push_text(*decisions_, "channel", all.channel(c.proposal));
    push_text(*decisions_, "evidence", evidence_of(c.stated));
  }
  const std::pair<std::string_view, double> numbers[] = {
      {"p0", c.stated.p0},
      {"effect_mean", c.priced.tau},
      {"effect_sd", c.stated.effect_sd},
      {"response_value", c.stated.value},
      {"benefit", c.stated.benefit},
      {"gross_lift", c.priced.gross_lift},
      {"cannibalisation", c.priced.cannibalisation},
      {"contact_cost", c.stated.contact_cost},
      {"net", c.priced.net},
      {"lcb", c.priced.lcb},
      {"cost", c.priced.cost},
      {"agent_minutes", known ? all.agent_minutes(c.proposal) : 0}};
  for (const auto& [name, value] : numbers) push_number(*decisions_, name, known, value);
  push_number(*decisions_, "propensity", true, propensity);
}

void decision_tables::add_refusal(const offers& all,
                                  const std::string& customer,
                                  const candidate& c,
                                  const std::string& reason) {
  push_text(*refusals_, "customer", customer);
  push_text(*refusals_, "plugin", all.plugin(c.proposal));
  push_text(*refusals_, "action", all.action(c.proposal));
  push_text(*refusals_, "reason_code", name_of(c.code));
  push_text(*refusals_, "reason", reason);
  const bool priced = c.stated.has_value && c.stated.has_p0;
  push_number(*refusals_, "cannibalisation", priced, c.priced.cannibalisation);
  push_number(*refusals_, "net", priced, c.priced.net);
  push_number(*refusals_, "lcb", priced, c.priced.lcb);
  push_number(*refusals_, "cost", priced, c.priced.cost);
}

void decision_tables::add_receipt(const std::string& text) {
  push_text(*decisions_, "receipt", text);
}

void decision_tables::add_budget(std::optional<double> limit, const allocation& plan) {
  push_number(*budget_, "budget_limit", limit.has_value(), limit.value_or(0));
  push_number(*budget_, "spent", true, plan.spent());
  push_number(*budget_, "expected_profit", true, plan.profit());
  push_number(*budget_, "profit_bound", true, plan.profit_bound());
  push_number(*budget_, "shadow_price", true, plan.shadow_price());
  budget_->find("customers_considered")->push(static_cast<std::int64_t>(decisions_->rows()));
  budget_->find("customers_treated")->push(treated_);
  budget_->find("customers_held_out")->push(held_out_);
  budget_->find("proposals_refused")->push(static_cast<std::int64_t>(refusals_->rows()));
}

void decision_tables::seal_into(outcome& result, const std::string& extra) {
  for (const auto& [name, made] : {std::pair{"", decisions_},
                                   std::pair{"refusals", refusals_},
                                   std::pair{"budget", budget_}}) {
    made->seal(extra);
    result.tables.emplace(name, made);
  }
}

}  // namespace clv::retention
