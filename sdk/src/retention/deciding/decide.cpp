#include "clv/decide.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "math/hash.hpp"
#include "retention/allocation/allocate.hpp"
#include "retention/deciding/decision_tables.hpp"
#include "retention/deciding/offers.hpp"
#include "retention/deciding/receipt.hpp"
#include "retention/experiments/holdout.hpp"
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
  require(std::isfinite(o.z) && o.z >= 0,
          "z is " + number_text(o.z) + ", not a number of 0 or more",
          "1 asks that an action pays at one standard deviation below its mean");
  require(o.margin >= 0 && o.margin <= 1,
          "margin is " + number_text(o.margin) + ", outside [0, 1]",
          "0.4 means that 40 of 100 spent are profit; 0 stands for 1");
  require(!o.budget_minor || *o.budget_minor >= 0,
          "the budget is " + std::to_string(o.budget_minor.value_or(0)) + " minor units",
          "0 spends nothing; leave it out for no limit");
}

// Everything the three phases share. One object per job, never copied.
class decision_run {
 public:
  decision_run(std::shared_ptr<const table> scores,
               std::shared_ptr<const table> proposals,
               decide_options o)
      : options_(std::move(o)),
        all_(std::move(scores), std::move(proposals), options_),
        plan_(limit(options_, all_)),
        tables_(all_.currency()) {
    seal_ = "decide/1|" + all_.parents() + "|";
    p0_.resize(all_.proposals());
    code_.resize(all_.proposals());
  }

  double price();
  double allocate();
  double write_receipts(outcome& result);

 private:
  static std::optional<double> limit(const decide_options& o, const offers& all) {
    if (!o.budget_minor) return std::nullopt;
    return static_cast<double>(*o.budget_minor) / all.minor_per_major();
  }
  void price_row(std::size_t row);
  void decide_row(std::size_t row);
  verdict judge(std::size_t row);
  void settle(std::span<candidate> candidates, const candidate* winner, bool held) const;
  void finish(outcome& result);

  decide_options options_;
  offers all_;
  allocation plan_;
  decision_tables tables_;
  std::string seal_, run_, receipt_;
  std::size_t checked_ = 0, priced_ = 0, written_ = 0;
  std::vector<double> p0_;         // per proposal; pricing again from it is cheaper than keeping
  std::vector<reason_code> code_;  // per proposal: what the gate said
  std::vector<bool> held_;         // per row
  std::vector<choice> choices_;    // of one row
  std::vector<candidate> candidates_;
};

double decision_run::price() {
  if (checked_ < all_.proposals()) {
    const std::size_t last = std::min(all_.proposals(), checked_ + 16 * rows_at_once);
    all_.check(checked_, last);
    checked_ = last;
    return 0;
  }
  if (priced_ == 0) all_.group();
  const std::size_t last = std::min(all_.rows(), priced_ + rows_at_once);
  while (priced_ < last) price_row(priced_++);
  return all_.rows() == 0 ? 1 : static_cast<double>(priced_) / static_cast<double>(all_.rows());
}

void decision_run::price_row(std::size_t row) {
  const std::uint64_t hash = salted_hash(options_.holdout_salt, all_.customer(row));
  held_.push_back(held_out(hash, options_.holdout_share));
  choices_.clear();
  std::int64_t horizon = 0;
  double p0 = 0;  // of this row and horizon: most proposals share one
  for (const std::uint32_t i : all_.of_row(row)) {
    if (all_.horizon_us(i) != horizon) p0 = all_.p0(row, horizon = all_.horizon_us(i));
    p0_[i] = p0;
    const offer o = all_.at(row, i, p0_[i]);
    const retention::price p = price_of(o, options_.z);
    code_[i] = gate(o, p);
    if (code_[i] == reason_code::chosen) choices_.push_back({p.cost, p.net, i});
  }
  // The hash breaks ties: independent of the order of rows, and nobody is always last.
  plan_.add(choices_, hash, !held_.back());
}

double decision_run::allocate() {
  return plan_.advance(8 * rows_at_once) ? 1 : 0.5;
}

double decision_run::write_receipts(outcome& result) {
  if (written_ == 0) run_ = run_members(options_, all_.currency(), plan_.shadow_price());
  const std::size_t last = std::min(all_.rows(), written_ + rows_at_once);
  while (written_ < last) decide_row(written_++);
  if (written_ < all_.rows()) {
    return static_cast<double>(written_) / static_cast<double>(all_.rows());
  }
  finish(result);
  return 1;
}

// Gives every proposal that passed the gate its final code.
void decision_run::settle(std::span<candidate> candidates,
                          const candidate* winner,
                          bool held) const {
  for (candidate& c : candidates) {
    if (c.code != reason_code::chosen) continue;
    if (&c == winner) {
      if (held) c.code = reason_code::holdout;
    } else {
      // More profit than what the customer gets: only the budget can have stopped it.
      const bool better = c.priced.net > (winner != nullptr ? winner->priced.net : 0);
      c.code = better ? reason_code::over_budget : reason_code::lost_arbitration;
    }
  }
}

verdict decision_run::judge(std::size_t row) {
  candidates_.clear();
  for (const std::uint32_t i : all_.of_row(row)) {
    const offer o = all_.at(row, i, p0_[i]);
    candidates_.push_back({i, o, price_of(o, options_.z), code_[i]});
  }
  const bool held = held_[row];
  const auto wanted = held ? plan_.would_choose(row) : plan_.chosen(row);
  const candidate* winner = nullptr;
  for (const candidate& c : candidates_) {
    if (wanted && c.proposal == *wanted) winner = &c;
  }
  settle(candidates_, winner, held);
  verdict v{.arm = held ? "holdout" : winner != nullptr ? "exploit" : "none"};
  if (winner != nullptr) {
    v.code = winner->code;
    (held ? v.withheld : v.chosen) = winner;
    v.propensity = held ? options_.holdout_share : 1 - options_.holdout_share;
  } else {
    for (const candidate& c : candidates_) v.code = std::max(v.code, c.code);
  }
  return v;
}

void decision_run::decide_row(std::size_t row) {
  const verdict v = judge(row);
  tables_.add(all_, row, v, candidates_, plan_.shadow_price());
  write_receipt(receipt_, all_, row, v, candidates_, run_);
  tables_.add_receipt(receipt_);
}

void decision_run::finish(outcome& result) {
  if (!all_.has_customers() && options_.holdout_share > 0 && all_.rows() > 0) {
    result.notes.push_back(
        {.code = status::ok,
         .level = log_level::warn,
         .column = "customer",
         .message = "the scores have no column 'customer': who is held out was drawn by row number",
         .hint = "give customer ids, so that the same customers are held out next time"});
  }
  tables_.add_budget(limit(options_, all_), plan_);
  tables_.seal_into(result, seal_ + run_);
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
