#include "retention/deciding/cases.hpp"

#include <algorithm>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "retention/allocation/plan.hpp"
#include "retention/experiments/holdout.hpp"

namespace clv::retention {
namespace {

std::shared_ptr<const table> fact(const decide_options& o, std::string_view name) {
  const auto found = o.facts.find(name);
  return found == o.facts.end() ? nullptr : found->second;
}

std::vector<double> limits_of(const policy& rules, const decide_options& o, double per_major) {
  std::vector<double> all{plan::no_limit};
  if (o.budget_minor) all[0] = static_cast<double>(*o.budget_minor) / per_major;
  for (const named_limit& b : rules.budgets) all.push_back(b.limit);
  for (const named_limit& s : rules.stock) all.push_back(s.limit);
  return all;
}

// A row number is nobody's id: it must not find the facts of a customer who is called "7".
void check_ids(const offers& all, const decide_options& o) {
  for (const char* name : {"customers", "consent", "contacts"}) {
    if (all.has_customers() || fact(o, name) == nullptr) continue;
    throw error(status::invalid,
                "table '" + std::string(name) + "' is given, but the scores have no customer ids",
                "give the scores a column 'customer'");
  }
}

// Another salt draws others; with the same one who is held out of the action is held out of all.
void check_salts(const policy& rules, const decide_options& o) {
  for (const action_holdout& h : rules.holdouts) {
    if (h.salt != o.holdout_salt) continue;
    throw error(status::invalid,
                "policy: the holdout of '" + h.action + "' has the salt of the global one, '" +
                    h.salt + "': the two would hold out the same customers",
                "give it a salt of its own");
  }
}

money_words words_for(const std::string& currency) {
  return {currency, currency.empty() ? 2 : currency_exponent(currency).value_or(2)};
}

}  // namespace

case_maker::case_maker(const offers& all,
                       const decide_options& o,
                       std::shared_ptr<const policy> rules)
    : all_(&all),
      policy_(std::move(rules)),
      keeper_(policy_, o.facts, o.now_us, words_for(all.currency())),
      ladder_(fact(o, "evidence")),
      limits_(limits_of(*policy_, o, all.minor_per_major())),
      holdout_salt_(o.holdout_salt),
      // Who explores, and what is drawn, changes from run to run.
      explore_salt_("explore\n" + o.holdout_salt + "\n" + std::to_string(o.now_us) + "\n"),
      option_salt_("option\n" + o.holdout_salt + "\n" + std::to_string(o.now_us) + "\n"),
      p0_(all.proposals()),
      known_(all.proposals(), false) {
  check_ids(all, o);
  check_salts(*policy_, o);
}

run_rules case_maker::first_rules(const decide_options& o) const {
  run_rules rules{.z = o.z, .holdout_share = o.holdout_share};
  rules.explore = policy_->explore.method;
  rules.explore_share = rules.explore == exploring::nothing ? 0 : policy_->explore.share;
  rules.explore_floor = policy_->explore.floor;
  rules.explore_sd = policy_->explore.sd;
  rules.explore_budget = policy_->explore.budget.value_or(plan::no_limit);
  rules.resources.push_back({"cash", 0});
  for (const named_limit& b : policy_->budgets) rules.resources.push_back({b.name, 0});
  for (const named_limit& s : policy_->stock) rules.resources.push_back({s.name, 0});
  return rules;
}

lots case_maker::lots_of(const run_rules& rules, std::size_t row) const {
  const std::string customer = all_->customer(row);
  lots drawn{.holdout = salted_hash(holdout_salt_, customer)};
  if (rules.explore != exploring::nothing) {
    drawn.explore = salted_hash(explore_salt_, customer);
    drawn.option = salted_hash(option_salt_, customer);
  }
  return drawn;
}

void case_maker::make(const run_rules& rules, std::size_t row, customer_case& made) {
  made.customer = all_->customer(row);
  made.drawn = lots_of(rules, row);
  made.candidates.clear();
  add_vetoes(row, made);
  for (const std::uint32_t i : all_->of_row(row)) {
    if (!all_->is_veto(i)) add_candidate(rules, row, i, made);
  }
}

void case_maker::add_vetoes(std::size_t row, customer_case& made) {
  made.vetoes.clear();
  vetoes_.clear();
  for (const std::uint32_t i : all_->of_row(row)) {
    if (!all_->is_veto(i) || !all_->veto_holds(i)) continue;
    if (!keeper_.hears(all_->plugin(i), all_->reads(i))) continue;
    vetoes_.push_back({all_->plugin(i), all_->veto_category(i), all_->reason(i)});
    made.vetoes.push_back({std::string(all_->plugin(i)),
                           std::string(all_->veto_category(i)),
                           std::string(all_->reason(i))});
  }
}

double case_maker::p0_of(std::size_t row, std::uint32_t proposal) {
  if (const auto stated = all_->stated_p0(proposal)) return *stated;
  if (known_[proposal]) return p0_[proposal];
  // Most proposals to one customer share a horizon.
  const auto same = std::ranges::find_if(all_->of_row(row), [&](std::uint32_t other) {
    return known_[other] && all_->horizon_us(other) == all_->horizon_us(proposal);
  });
  p0_[proposal] =
      same != all_->of_row(row).end() ? p0_[*same] : all_->p0(row, all_->horizon_us(proposal));
  known_[proposal] = true;
  return p0_[proposal];
}

void case_maker::add_candidate(const run_rules& rules,
                               std::size_t row,
                               std::uint32_t i,
                               customer_case& made) {
  candidate& c = made.candidates.emplace_back();
  c.proposal = i;
  c.plugin = all_->plugin(i);
  c.action = all_->action(i);
  c.channel = all_->channel(i);
  c.category = all_->category(i);
  c.stated = all_->at(row, i, p0_of(row, i));
  const effect_estimate e = ladder_.of(
      c.action, made.customer, all_->segment(row), {c.stated.effect_mean, c.stated.effect_sd});
  c.stated.effect_mean = e.mean;
  c.stated.effect_sd = e.sd;
  c.stated.evidence = e.level;
  c.stated.disproved = e.refused;
  const gate_question asked{.plugin = c.plugin,
                            .action = c.action,
                            .channel = c.channel,
                            .category = c.category,
                            .reads = all_->reads(i),
                            .resource = all_->resource(i),
                            .benefit = c.stated.benefit,
                            .discount_share = all_->discount_share(i),
                            .worst_case = c.stated.worst_case,
                            .benefit_kind = all_->benefit_kind(i)};
  if (auto refused = keeper_.check(made.customer, asked, vetoes_)) {
    c.code = refused->code;
    c.why = std::move(refused->why);
  }
  add_uses(i, rules, c);
  for (const lever& l : policy_->levers) {
    if (fits(l.action, c.action)) c.lever += l.add;
  }
  set_holdout(made.customer, c);
  appraise(rules, c);
  if (!exceeds_limits(c)) return;
  c.exceeds = true;
  appraise(rules, c);
}

bool case_maker::exceeds_limits(const candidate& c) const {
  const auto over = [&](std::size_t resource, double amount) {
    return amount > limits_[resource] * (1 + 5e-10);  // as the plan: the rounding of long sums
  };
  return over(0, c.priced.cost) || std::ranges::any_of(c.uses, [&](const named_use& u) {
           return over(u.resource, u.amount);
         });
}

void case_maker::add_uses(std::uint32_t i, const run_rules& rules, candidate& c) const {
  const bool exempt = std::ranges::find(policy_->exempt, c.category) != policy_->exempt.end();
  const std::size_t budgets = policy_->budgets.size();
  for (std::size_t r = 1; r < rules.resources.size(); ++r) {
    const std::string& name = rules.resources[r].name;
    double amount = 0;
    if (r > budgets) {
      amount = all_->resource(i) == name ? all_->resource_units(i) : 0;
    } else if (name == "contacts") {
      amount = exempt ? 0 : 1;
    } else if (name == "agent_minutes") {
      amount = all_->agent_minutes(i);
    } else {
      amount = c.stated.worst_case;
    }
    if (amount > 0) c.uses.push_back({r, amount});
  }
}

void case_maker::set_holdout(std::string_view customer, candidate& c) const {
  for (const action_holdout& h : policy_->holdouts) {
    if (!fits(h.action, c.action)) continue;
    c.holdout = h.share;
    c.held = held_out(salted_hash(h.salt, customer), h.share);
    return;
  }
}

}  // namespace clv::retention
