#include "retention/deciding/decision_tables.hpp"

#include <cmath>
#include <string_view>
#include <utility>

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "data/report_tables.hpp"

namespace clv::retention {
namespace {

std::shared_ptr<table> empty_table(std::string_view schema_name, const std::string& currency) {
  auto made = std::make_shared<table>();
  for (const field& f : find_schema(schema_name).fields) {
    made->add(std::string(f.name), f.kind, f.unit == "currency" ? currency : std::string());
  }
  return made;
}

std::optional<std::size_t> selected_of(const verdict& v) {
  return v.chosen ? v.chosen : v.withheld;
}

// The candidate whose refusal explains best why the customer gets nothing: the one that came
// closest, by code, then by its lower bound, then the first.
std::optional<std::size_t> closest(std::span<const candidate> candidates, const verdict& v) {
  if (v.withheld) return v.withheld;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].code != v.code) continue;
    if (!best || candidates[i].priced.lcb > candidates[*best].priced.lcb) best = i;
  }
  return best;
}

// The resource that the candidate would have taken the most value of.
std::size_t scarcest(const run_rules& rules, const candidate& c) {
  std::size_t scarce = 0;
  double most = rules.resources[0].price * c.priced.cost;
  for (const named_use& u : c.uses) {
    const double worth = rules.resources[u.resource].price * u.amount;
    if (worth > most) {
      most = worth;
      scarce = u.resource;
    }
  }
  return scarce;
}

void make_room_in(table& t, double scale) {
  const auto grown = [scale](std::size_t now) {
    return static_cast<std::size_t>(scale * static_cast<double>(now));
  };
  for (column& c : t.columns()) c.reserve(grown(c.size()), grown(c.chars().size()));
}

void push_text(table& t, std::string_view name, std::string_view value) {
  t.find(name)->push(value);
}

void push_text_or_absent(table& t, std::string_view name, std::string_view value) {
  column& c = *t.find(name);
  value.empty() ? c.push_absent() : c.push(value);
}

void push_number(table& t, std::string_view name, bool known, double value) {
  column& c = *t.find(name);
  known ? c.push(value) : c.push_absent();
}

}  // namespace

decision_tables::decision_tables(const offers& all, const run_rules& rules)
    : all_(&all),
      rules_(&rules),
      decisions_(empty_table("decisions", all.currency())),
      refusals_(empty_table("refusals", all.currency())),
      budget_(empty_table("budget", all.currency())),
      resources_(empty_table("resources", all.currency())),
      money_(all.currency(),
             all.currency().empty() ? 2 : currency_exponent(all.currency()).value_or(2)) {}

std::string decision_tables::reason_of(const verdict& v,
                                       std::span<const candidate> candidates,
                                       std::size_t i) const {
  const candidate& c = candidates[i];
  if (!c.why.empty()) return c.why;
  const std::size_t scarce = scarcest(*rules_, c);
  refusal_context context{
      .drawn = !v.odds.empty(),
      .scarce = scarce == 0 ? std::string_view() : std::string_view(rules_->resources[scarce].name),
      .shadow_price = rules_->resources[scarce].price,
      .exceeds = c.exceeds,
      .lever = c.lever,
      .expires = all_->expires(c.proposal)};
  if (const auto winner = selected_of(v)) {
    context.winner = candidates[*winner].action;
    context.winner_net = candidates[*winner].priced.net;
    context.winner_lever = candidates[*winner].lever;
  }
  return sentence(c.code, c.stated, c.priced, context, money_);
}

void decision_tables::add(std::size_t row,
                          const verdict& v,
                          std::span<const candidate> candidates,
                          bool planned) {
  if (planned) planned_.push_back(candidates[*selected_of(v)].priced.net);
  const std::string customer = all_->customer(row);
  const auto told = v.chosen ? v.chosen : closest(candidates, v);
  std::string reason;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (v.chosen == i) continue;
    const std::string why = reason_of(v, candidates, i);
    if (told == i) reason = why;
    add_refusal(customer, candidates[i], why);
  }
  if (v.chosen) reason = all_->reason(candidates[*v.chosen].proposal);
  if (!told) reason = sentence(reason_code::no_proposal, {}, {}, {}, money_);
  push_text(*decisions_, "customer", customer);
  push_text(*decisions_, "arm", v.arm);
  push_text(*decisions_, "reason_code", name_of(v.code));
  push_text(*decisions_, "reason", reason);
  push_text_or_absent(*decisions_, "segment", all_->segment(row));
  push_text_or_absent(
      *decisions_, "withheld", v.withheld ? candidates[*v.withheld].action : std::string_view());
  push_number(*decisions_, "propensity", true, v.propensity);
  add_chosen(v, candidates);
  held_out_ += v.arm == "holdout" ? 1 : 0;
  explored_ += v.arm == "explore" ? 1 : 0;
}

double decision_tables::planned_net() const {
  return sorted_sum(planned_);
}

void decision_tables::add_chosen(const verdict& v, std::span<const candidate> candidates) {
  const candidate* c = v.chosen ? &candidates[*v.chosen] : nullptr;
  if (c != nullptr) earned_.push_back(c->priced.net);
  const auto text = [&](std::string_view name, std::string_view value) {
    push_text_or_absent(*decisions_, name, c != nullptr ? value : std::string_view());
  };
  text("plugin", c != nullptr ? c->plugin : "");
  text("action", c != nullptr ? c->action : "");
  text("channel", c != nullptr ? c->channel : "");
  text("category", c != nullptr ? c->category : "");
  text("evidence", c != nullptr ? name_of(c->stated.evidence) : "");
  text("message", c != nullptr ? all_->message(c->proposal) : "");
  column& approval = *decisions_->find("needs_approval");
  c != nullptr ? approval.push(std::int64_t{all_->needs_approval(c->proposal) ? 1 : 0})
               : approval.push_absent();
  add_numbers(c);
}

void decision_tables::add_numbers(const candidate* chosen) {
  const bool known = chosen != nullptr;
  const candidate nothing;
  const candidate& c = known ? *chosen : nothing;
  const std::pair<std::string_view, double> numbers[] = {
      {"p0", c.stated.p0},
      {"effect_mean", c.priced.tau},
      {"effect_sd", c.stated.effect_sd},
      {"response_value", c.stated.value},
      {"benefit", c.stated.benefit},
      {"gross_lift", c.priced.gross_lift},
      {"cannibalisation", c.priced.cannibalisation},
      {"contact_cost", c.stated.contact_cost},
      {"fatigue", c.priced.fatigue},
      {"worst_case", c.stated.worst_case},
      {"net", c.priced.net},
      {"lcb", c.priced.lcb},
      {"cost", c.priced.cost},
      {"agent_minutes", known ? all_->agent_minutes(c.proposal) : 0}};
  for (const auto& [name, value] : numbers) push_number(*decisions_, name, known, value);
}

void decision_tables::add_refusal(const std::string& customer,
                                  const candidate& c,
                                  const std::string& reason) {
  push_text(*refusals_, "customer", customer);
  push_text(*refusals_, "plugin", c.plugin);
  push_text(*refusals_, "action", c.action);
  push_text(*refusals_, "reason_code", name_of(c.code));
  push_text(*refusals_, "reason", reason);
  const bool priced = c.stated.has_value && c.stated.has_p0;
  push_number(*refusals_, "cannibalisation", priced, c.priced.cannibalisation);
  push_number(*refusals_, "net", priced, c.priced.net);
  push_number(*refusals_, "lcb", priced, c.priced.lcb);
  push_number(*refusals_, "cost", priced, c.priced.cost);
}

void decision_tables::add_receipt(const std::string& text,
                                  const std::string& previous,
                                  const chain_link& chained) {
  push_text(*decisions_, "receipt", text);
  push_text(*decisions_, "decision_id", decision_id(chained.chain_hash));
  push_text(*decisions_, "receipt_hash", chained.receipt_hash);
  push_text(*decisions_, "prev_hash", previous);
  push_text(*decisions_, "chain_hash", chained.chain_hash);
}

void decision_tables::add_totals(const run_totals& totals) {
  // In rising order: the order of the customers must not change the last digits.
  const auto treated = static_cast<std::int64_t>(earned_.size());
  push_number(*budget_, "budget_limit", totals.limit.has_value(), totals.limit.value_or(0));
  push_number(*budget_, "spent", true, totals.spent);
  push_number(*budget_, "expected_profit", true, sorted_sum(std::move(earned_)));
  push_number(*budget_, "profit_bound", true, totals.bound);
  push_number(*budget_, "shadow_price", true, rules_->resources[0].price);
  budget_->find("customers_considered")->push(static_cast<std::int64_t>(decisions_->rows()));
  budget_->find("customers_treated")->push(treated);
  budget_->find("customers_held_out")->push(held_out_);
  budget_->find("proposals_refused")->push(static_cast<std::int64_t>(refusals_->rows()));
  budget_->find("customers_explored")->push(explored_);
  const bool explores = rules_->explore != exploring::nothing;
  push_number(*budget_, "explore_share", explores, rules_->explore_share);
  push_number(*budget_, "lever_cost", totals.lever_cost.has_value(), totals.lever_cost.value_or(0));
  add_resources(totals);
}

void decision_tables::add_resources(const run_totals& totals) {
  for (std::size_t i = 0; i < rules_->resources.size(); ++i) {
    push_text(*resources_, "resource", rules_->resources[i].name);
    push_number(*resources_, "limit", std::isfinite(totals.limits[i]), totals.limits[i]);
    push_number(*resources_, "used", true, totals.used[i]);
    push_number(*resources_, "shadow_price", true, rules_->resources[i].price);
  }
}

void decision_tables::make_room(std::size_t rows) {
  if (decisions_->rows() == 0) return;
  constexpr double spare = 1.03;  // the rest may be a little longer than the first
  const double scale = spare * static_cast<double>(rows) / static_cast<double>(decisions_->rows());
  make_room_in(*decisions_, scale);
  make_room_in(*refusals_, scale);
}

void decision_tables::seal_into(outcome& result, const std::string& extra) {
  for (const auto& [name, made] : {std::pair{"", decisions_},
                                   std::pair{"refusals", refusals_},
                                   std::pair{"budget", budget_},
                                   std::pair{"resources", resources_}}) {
    made->seal(extra);
    result.tables.emplace(name, made);
  }
}

}  // namespace clv::retention
