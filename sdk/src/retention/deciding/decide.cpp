#include "clv/decide.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "data/csv_scan.hpp"
#include "data/report_tables.hpp"
#include "math/hash.hpp"
#include "retention/allocation/plan.hpp"
#include "retention/deciding/cases.hpp"
#include "retention/deciding/chain.hpp"
#include "retention/deciding/decision_tables.hpp"
#include "retention/deciding/explorers.hpp"
#include "retention/deciding/receipt.hpp"
#include "retention/number_text.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::size_t rows_at_once = 2048;

void require(bool holds, const std::string& message, const std::string& hint) {
  if (!holds) throw error(status::invalid, message, hint);
}

void check(const decide_options& o) {
  require(o.holdout_share >= 0 && o.holdout_share <= 1,
          "holdout_share is " + number_text(o.holdout_share) + ", outside [0, 1]",
          "0.1 leaves every tenth customer alone, 0 nobody");
  require(o.z >= 0 && o.z <= 1e9,
          "z is " + number_text(o.z) + ", not a number from 0 to 1e9",
          "1 asks that an action pays at one standard deviation below its mean");
  require(o.margin >= 0 && o.margin <= 1,
          "margin is " + number_text(o.margin) + ", outside [0, 1]",
          "0.4 means that 40 of 100 spent are profit; 0 stands for 1");
  require(!o.budget_minor || *o.budget_minor >= 0,
          "the budget is " + std::to_string(o.budget_minor.value_or(0)) + " minor units",
          "0 spends nothing; leave it out for no limit");
  require(data::find_bad_byte(o.holdout_salt) == std::string_view::npos,
          "holdout_salt is not UTF-8 text",
          "any short text does; the same one leaves the same customers alone");
  const bool hash = o.previous_hash.size() == 64 &&
                    o.previous_hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  require(o.previous_hash.empty() || hash,
          "previous_hash is '" + o.previous_hash.substr(0, 70) + "'",
          "give the chain_hash of the last decision, 64 hex digits, or nothing to start a chain");
}

// Everything the phases share. One object per job, never copied.
class decision_run {
 public:
  decision_run(std::shared_ptr<const table> scores,
               std::shared_ptr<const table> proposals,
               decide_options o)
      : options_(std::move(o)),
        policy_(std::make_shared<const policy>(checked_policy(options_))),
        all_(std::move(scores), std::move(proposals), options_),
        maker_(all_, options_, policy_),
        rules_(maker_.first_rules(options_)),
        limits_(maker_.limits()),
        explorers_(rules_.resources.size()),
        tables_(all_, rules_),
        withheld_(rules_.resources.size()),
        previous_(options_.previous_hash) {}

  double price();
  double allocate();
  double write_receipts(outcome& result);

 private:
  static policy checked_policy(const decide_options& o) {
    policy read = read_policy(o.policy);
    require(o.now_us != 0 || !read.needs_time(),
            "the policy has rules about time, but the decision has none",
            "give now, the time of the decision");
    return read;
  }
  void begin_plan();
  void plan_row(std::size_t row);
  std::optional<std::size_t> planned_for(std::size_t row) const;
  void decide_row(std::size_t row);
  void finish(outcome& result);
  run_totals totals();
  void note_missing_ids(issues& notes) const;

  decide_options options_;
  std::shared_ptr<const policy> policy_;
  offers all_;
  case_maker maker_;
  run_rules rules_;
  std::vector<double> limits_;
  explorers explorers_;
  std::unique_ptr<plan> plan_, unmoved_;  // unmoved_: the same without levers, to know their cost
  decision_tables tables_;
  std::vector<std::vector<double>> withheld_;  // per resource: what was planned and then held out
  std::string previous_, run_, receipt_;
  std::size_t checked_ = 0, explored_ = 0, added_ = 0, written_ = 0;
  customer_case case_;
  std::vector<option> options_of_row_;
  std::vector<use> uses_;
};

// Checks the proposals; where customers explore, finds out who and what that takes.
double decision_run::price() {
  if (checked_ < all_.proposals()) {
    const std::size_t last = std::min(all_.proposals(), checked_ + 16 * rows_at_once);
    all_.check(checked_, last);
    checked_ = last;
    return 0;
  }
  if (explored_ == 0) all_.group();
  const bool explores = rules_.explore != exploring::nothing;
  const std::size_t last = explores ? std::min(all_.rows(), explored_ + rows_at_once) : all_.rows();
  for (; explored_ < last && explores; ++explored_) {
    if (!is_explorer(rules_, maker_.lots_of(rules_, explored_))) continue;
    maker_.make(rules_, explored_, case_);
    explorers_.consider(rules_, case_);
  }
  explored_ = std::max(explored_, last);
  if (explored_ < all_.rows()) {
    return static_cast<double>(explored_) / static_cast<double>(all_.rows());
  }
  begin_plan();
  return 1;
}

// What is left of the resources is for those who do not explore.
void decision_run::begin_plan() {
  explorers_.lower_share(rules_, limits_);
  std::vector<double> left = limits_;
  for (std::size_t r = 0; r < left.size(); ++r) {
    left[r] = std::fmax(0, left[r] - explorers_.used()[r]);
  }
  plan_ = std::make_unique<plan>(left);
  if (!policy_->levers.empty()) unmoved_ = std::make_unique<plan>(left);
}

void decision_run::plan_row(std::size_t row) {
  maker_.make(rules_, row, case_);
  options_of_row_.clear();
  uses_.clear();
  uses_.reserve(case_.candidates.size() * rules_.resources.size());  // spans point into it
  for (std::size_t i = 0; i < case_.candidates.size(); ++i) {
    const candidate& c = case_.candidates[i];
    if (!c.passed) continue;
    const std::size_t first = uses_.size();
    uses_.push_back({0, c.priced.cost});
    for (const named_use& u : c.uses) {
      uses_.push_back({static_cast<std::uint32_t>(u.resource), u.amount});
    }
    options_of_row_.push_back(
        {c.rank(), static_cast<std::uint32_t>(i), std::span<const use>(uses_).subspan(first)});
  }
  const bool competes = !is_held_out(rules_, case_.drawn) && !is_explorer(rules_, case_.drawn);
  // The hash breaks ties: independent of the order of rows, and nobody is always last.
  plan_->add(options_of_row_, case_.drawn.holdout, competes);
  if (!unmoved_) return;
  for (option& o : options_of_row_) o.rank = case_.candidates[o.id].priced.net;
  unmoved_->add(options_of_row_, case_.drawn.holdout, competes);
}

double decision_run::allocate() {
  if (added_ < all_.rows()) {
    const std::size_t last = std::min(all_.rows(), added_ + rows_at_once);
    while (added_ < last) plan_row(added_++);
    return 0.5 * static_cast<double>(added_) / static_cast<double>(all_.rows());
  }
  const double planned = plan_->advance(8 * rows_at_once);
  if (planned < 1) return 0.5 + 0.4 * planned;
  if (unmoved_ && unmoved_->advance(8 * rows_at_once) < 1) return 0.95;
  for (std::size_t r = 0; r < rules_.resources.size(); ++r) {
    rules_.resources[r].price = plan_->shadow_price(r);
  }
  run_ = run_members(options_, all_.currency()) + "," + rule_members(rules_);
  return 1;
}

double decision_run::write_receipts(outcome& result) {
  const std::size_t last = std::min(all_.rows(), written_ + rows_at_once / 4);
  const bool first = written_ == 0;
  while (written_ < last) decide_row(written_++);
  if (first) tables_.make_room(all_.rows());
  if (written_ < all_.rows()) {
    return static_cast<double>(written_) / static_cast<double>(all_.rows());
  }
  finish(result);
  return 1;
}

std::optional<std::size_t> decision_run::planned_for(std::size_t row) const {
  const bool competes = !is_held_out(rules_, case_.drawn) && !is_explorer(rules_, case_.drawn);
  const auto given = competes ? plan_->chosen(row) : std::nullopt;
  return given ? std::optional<std::size_t>(*given) : std::nullopt;
}

void decision_run::decide_row(std::size_t row) {
  maker_.make(rules_, row, case_);
  const auto planned = planned_for(row);
  const verdict v = judge(rules_, case_.drawn, planned, case_.candidates);
  if (planned && v.withheld) {
    const candidate& kept = case_.candidates[*v.withheld];
    withheld_[0].push_back(kept.priced.cost);
    for (const named_use& u : kept.uses) withheld_[u.resource].push_back(u.amount);
  }
  tables_.add(row, v, case_.candidates, planned.has_value());
  const std::string features = feature_hash(all_.scores(), row);
  write_receipt(receipt_,
                {.segment = all_.segment(row),
                 .drawn = case_.drawn,
                 .planned = planned,
                 .candidates = case_.candidates,
                 .vetoes = case_.vetoes,
                 .features = features},
                v,
                run_);
  chain_link chained = next_link(previous_, hash_of_receipt(receipt_));
  tables_.add_receipt(receipt_, previous_, chained);
  previous_ = std::move(chained.chain_hash);
}

run_totals decision_run::totals() {
  run_totals t{.limits = limits_};
  if (std::isfinite(limits_[0])) t.limit = limits_[0];
  for (std::size_t r = 0; r < limits_.size(); ++r) {
    const double saved = sorted_sum(std::move(withheld_[r]));
    t.used.push_back(std::fmax(0, plan_->used(r) + explorers_.used()[r] - saved));
  }
  t.spent = t.used[0];
  t.bound = plan_->bound();
  if (unmoved_) t.lever_cost = std::fmax(0, unmoved_->total() - tables_.planned_net());
  return t;
}

void decision_run::note_missing_ids(issues& notes) const {
  if (all_.has_customers() || options_.holdout_share <= 0 || all_.rows() == 0) return;
  notes.push_back(
      {.code = status::ok,
       .level = log_level::warn,
       .column = "customer",
       .message = "the scores have no column 'customer': who is held out was drawn by row number",
       .hint = "give customer ids, so that the same customers are held out next time"});
}

void decision_run::finish(outcome& result) {
  note_missing_ids(result.notes);
  tables_.add_totals(totals());
  tables_.seal_into(result, "decide/2|" + all_.parents() + "|" + run_ + "|" + options_.policy);
}

}  // namespace

job decide(std::shared_ptr<const table> scores,
           std::shared_ptr<const table> proposals,
           decide_options o) {
  check(o);
  if (o.margin == 0) o.margin = 1;
  auto result = std::make_shared<outcome>();
  auto run = std::make_shared<decision_run>(std::move(scores), std::move(proposals), std::move(o));
  std::vector<phase> phases;
  phases.push_back({"price", [run] { return run->price(); }});
  phases.push_back({"allocate", [run] { return run->allocate(); }});
  phases.push_back({"receipts", [run, result] { return run->write_receipts(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
