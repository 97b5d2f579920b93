#include "retention/experiments/lift_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "retention/experiments/receipt_draws.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

enum class outcome_kind : std::uint8_t { response, value, cost, unsubscribed };

struct outcome_row {
  std::size_t decision = 0;  // row of the log
  outcome_kind kind{};
  std::int64_t time = 0;
  double value = 0;
};

std::string_view text_or_empty(const column* c, std::size_t row) {
  return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
}

std::int64_t last_of(std::span<const std::int64_t> times, std::int64_t so_far) {
  for (const std::int64_t t : times) so_far = std::max(so_far, t);
  return so_far;
}

class log_join {
 public:
  log_join(const table& log, const table& outcomes, const measure_options& o)
      : log_(log),
        outcomes_(outcomes),
        options_(o),
        window_(static_cast<std::int64_t>(o.window_days * static_cast<double>(us_per_day))),
        id_(log.get("decision_id", type::utf8)),
        who_(log.get("customer", type::utf8)),
        when_(log.integers("time", type::time)),
        run_(log.integers("run", type::i64)),
        propensity_(log.get("propensity", type::f64).numbers()),
        arm_(log.get("arm", type::utf8)),
        plugin_(log.find("plugin")),
        action_(log.find("action")),
        withheld_(log.find("withheld")),
        segment_(log.find("segment")),
        cost_(log.find("cost")),
        receipt_(log.find("receipt")),
        what_(outcomes.get("kind", type::utf8)) {
    out_.as_of =
        o.has_as_of ? o.as_of
                    : last_of(outcomes.integers("time", type::time), last_of(when_, earliest_time));
  }

  measured_log joined() {
    index();
    read_outcomes();
    name_customers();
    learn_plugins();
    for (const std::size_t row : in_order_) take(row);
    add_outcomes();
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse_outcome(std::size_t row,
                                   std::string_view column,
                                   const std::string& what) const {
    report_rows(outcomes_, "lift", "outcomes").refuse(column, row, what);
  }

  void index() {
    rows_.reserve(log_.rows());
    for (std::size_t row = 0; row < log_.rows(); ++row) {
      const bool fresh = rows_.emplace(id_.text(row), row).second;
      if (!fresh && !who_.text(row).empty()) {
        report_rows(log_, "lift", "decision_log")
            .refuse("decision_id", row, "'" + std::string(id_.text(row)) + "' is there twice");
      }
      in_order_.push_back(row);
    }
    std::sort(in_order_.begin(), in_order_.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(when_[a], id_.text(a)) < std::tuple(when_[b], id_.text(b));
    });
  }

  outcome_kind kind_at(std::size_t row) const {
    const std::string_view kind = what_.text(row);
    if (kind == "response") return outcome_kind::response;
    if (kind == "value") return outcome_kind::value;
    if (kind == "cost") return outcome_kind::cost;
    if (kind == "unsubscribed") return outcome_kind::unsubscribed;
    refuse_outcome(
        row, "kind", "'" + std::string(kind) + "' is none of response, value, cost, unsubscribed");
  }

  void read_outcomes() {
    const column& id = outcomes_.get("decision_id", type::utf8);
    const column& who = outcomes_.get("customer", type::utf8);
    const auto time = outcomes_.integers("time", type::time);
    const column& value = outcomes_.get("value", type::f64);
    for (std::size_t row = 0; row < outcomes_.rows(); ++row) {
      const outcome_kind kind = kind_at(row);
      const double amount = value.numbers()[row];
      if (!value.present(row) || !std::isfinite(amount)) {
        refuse_outcome(row, "value", number_text(amount) + " is not a finite number");
      }
      const auto found = rows_.find(id.text(row));
      if (found == rows_.end()) {
        out_.outcomes_unmatched += 1;
        continue;
      }
      const std::string_view decided = who_.text(found->second);
      if (!decided.empty() && decided != who.text(row)) {
        refuse_outcome(row,
                       "customer",
                       "'" + std::string(who.text(row)) + "', but decision '" +
                           std::string(id.text(row)) + "' is about '" + std::string(decided) + "'");
      }
      out_.recorded_costs = out_.recorded_costs || kind == outcome_kind::cost;
      found_.push_back({found->second, kind, time[row], amount});
    }
  }

  void name_customers() {
    for (std::size_t row = 0; row < log_.rows(); ++row) {
      if (!who_.text(row).empty()) out_.customers.emplace_back(who_.text(row));
    }
    std::sort(out_.customers.begin(), out_.customers.end());
    out_.customers.erase(std::unique(out_.customers.begin(), out_.customers.end()),
                         out_.customers.end());
  }

  // The log names of a withheld action only the action: it belongs to the plugin that does it.
  void learn_plugins() {
    for (std::size_t row = 0; row < log_.rows(); ++row) {
      const std::string_view action = text_or_empty(action_, row);
      const std::string_view plugin = text_or_empty(plugin_, row);
      if (action.empty() || plugin.empty()) continue;
      owner& o = owners_.try_emplace(action, owner{plugin}).first->second;
      o.several = o.several || o.plugin != plugin;
    }
  }

  // "" where several plugins have an action of that name: the receipt says whose it was.
  std::string owner_of(std::string_view action) const {
    const auto found = owners_.find(action);
    const bool one = found != owners_.end() && !found->second.several;
    return one ? std::string(found->second.plugin) : std::string();
  }

  // All receipts of a run have its shares, those of one action also that action's: one is read for
  // each. Only where something was withheld does every receipt say something of its own.
  void read_receipt(std::size_t row, measured_decision& d) {
    const std::pair shared{run_[row], text_or_empty(action_, row)};
    const auto known = d.held ? draws_.end() : draws_.find(shared);
    holdout_draw own;
    if (known == draws_.end()) {
      own = read_draw(text_or_empty(receipt_, row), d.action);
      if (!d.held && own.share) draws_.emplace(shared, own);
    }
    const holdout_draw& draw = known == draws_.end() ? own : known->second;
    d.share = draw.share;
    d.own_share = draw.own;
    d.held_of_all = d.held && draw.everything.value_or(true);
    if (d.held && d.plugin.empty() && !d.action.empty()) d.plugin = draw.plugin;
  }

  void take(std::size_t row) {
    place_.emplace(row, out_.decisions.size());
    if (who_.text(row).empty()) {
      out_.forgotten += 1;
    } else if (options_.has_since && when_[row] < options_.since) {
      out_.before += 1;
    } else if (when_[row] + window_ > out_.as_of) {
      out_.pending += 1;
    } else {
      out_.decisions.push_back(decision_at(row));
      return;
    }
    place_.erase(row);
  }

  measured_decision decision_at(std::size_t row) {
    measured_decision d{.row = row};
    const auto who = std::lower_bound(out_.customers.begin(), out_.customers.end(), who_.text(row));
    d.customer = static_cast<std::size_t>(who - out_.customers.begin());
    d.time = when_[row];
    d.matured = when_[row] + window_;
    d.held = arm_.text(row) == "holdout";
    d.plugin = text_or_empty(plugin_, row);
    d.action = text_or_empty(d.held ? withheld_ : action_, row);
    if (d.action.empty()) d.plugin.clear();
    if (d.held) d.plugin = owner_of(d.action);
    d.propensity = propensity_[row];
    read_receipt(row, d);
    d.segment = text_or_empty(segment_, row);
    const bool acted = !d.held && !d.action.empty();
    if (!out_.recorded_costs && acted && cost_ != nullptr && cost_->present(row)) {
      d.cost = cost_->numbers()[row];
    }
    return d;
  }

  void add_outcomes() {
    std::sort(found_.begin(), found_.end(), [](const outcome_row& a, const outcome_row& b) {
      return std::tie(a.decision, a.kind, a.time, a.value) <
             std::tie(b.decision, b.kind, b.time, b.value);
    });
    for (const outcome_row& o : found_) {
      const auto place = place_.find(o.decision);
      if (place == place_.end()) continue;
      measured_decision& d = out_.decisions[place->second];
      if (o.time < d.time || o.time > d.matured) {
        out_.outcomes_outside += 1;
        continue;
      }
      switch (o.kind) {
        case outcome_kind::response:
          if (o.value > 0) d.response = 1;
          break;
        case outcome_kind::value:
          d.value += o.value;
          break;
        case outcome_kind::cost:
          d.cost += o.value;
          break;
        case outcome_kind::unsubscribed:
          if (o.value > 0) d.unsubscribed = 1;
      }
    }
  }

  const table& log_;
  const table& outcomes_;
  const measure_options& options_;
  std::int64_t window_;
  const column& id_;
  const column& who_;
  std::span<const std::int64_t> when_, run_;
  std::span<const double> propensity_;
  const column& arm_;
  const column *plugin_, *action_, *withheld_, *segment_, *cost_, *receipt_;
  const column& what_;
  std::unordered_map<std::string_view, std::size_t> rows_;  // decision_id to row of the log
  std::unordered_map<std::size_t, std::size_t> place_;      // row of the log to decision
  std::vector<std::size_t> in_order_;
  std::vector<outcome_row> found_;
  struct owner {
    std::string_view plugin;
    bool several = false;
  };
  std::map<std::string_view, owner> owners_;                                 // by action
  std::map<std::pair<std::int64_t, std::string_view>, holdout_draw> draws_;  // by run and action
  measured_log out_;
};

}  // namespace

measured_log read_measured_log(const table& decision_log,
                               const table& outcomes,
                               const measure_options& options) {
  return log_join(decision_log, outcomes, options).joined();
}

}  // namespace clv::retention
