#include "value/churn/churn_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/report_tables.hpp"
#include "math/proportion.hpp"
#include "value/churn/churn_groups.hpp"

namespace clv {
namespace {

constexpr std::string_view association = "association, not cause";
constexpr std::optional<double> none;
constexpr std::size_t most_values = 10;  // of a number, before quarters take their place
constexpr std::size_t bins = 10;

// How much worse the predictions get without each feature, and its part of the sum of what is lost.
struct importance {
  double drop = 0, share = 0;
};

std::vector<importance> importances(const churn_study& s) {
  const std::size_t n = s.model().features.size();
  std::vector<importance> all(n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    all[i].drop = s.ablations()[i].quality.log_loss - s.raw().log_loss;
    sum += std::max(0.0, all[i].drop);
  }
  for (importance& i : all) i.share = sum > 0 ? std::max(0.0, i.drop) / sum : 0;
  return all;
}

struct level_rate {
  double n = 0, churned = 0;
};

std::vector<level_rate> rates(const churn_groups& g, const std::vector<double>& y) {
  std::vector<level_rate> all(g.names.size());
  for (std::size_t row = 0; row < y.size(); ++row) {
    ++all[g.group[row]].n;
    all[g.group[row]].churned += y[row];
  }
  return all;
}

// Rows of one feature: the effect per standard deviation of a number, then each level or quarter
// with its own rate.
class driver_writer {
 public:
  explicit driver_writer(const churn_view& v)
      : v_(v),
        importance_(importances(v.study)),
        writer_({{"feature", type::utf8},
                 {"level", type::utf8},
                 {"effect", type::utf8},
                 {"odds_ratio", type::f64},
                 {"lower", type::f64},
                 {"upper", type::f64},
                 {"customers", type::f64},
                 {"churned", type::f64},
                 {"churn_rate", type::f64},
                 {"rate_lower", type::f64},
                 {"rate_upper", type::f64},
                 {"importance", type::f64},
                 {"importance_share", type::f64},
                 {"association", type::utf8}}) {}

  void add(std::size_t feature, const column& cells) {
    const churn_groups groups = group_cells(cells, most_values);
    const auto counted = rates(groups, v_.study.data().problem.y);
    const churn_feature& f = v_.study.model().features[feature];
    if (f.numeric) row(feature, "", "per standard deviation", find(feature, ""), {});
    for (std::size_t i = 0; i < groups.names.size(); ++i) {
      const std::string& level = groups.names[i];
      const bool reference = !f.numeric && level == f.reference;
      const churn_column* c = level == "" ? nullptr : find(feature, level);
      row(feature,
          level,
          reference      ? "reference"
          : c == nullptr ? "rate only"
                         : "against the reference",
          c,
          counted[i]);
    }
  }
  std::shared_ptr<const table> sealed() { return writer_.sealed(v_.extra + "|drivers"); }

 private:
  const churn_column* find(std::size_t feature, const std::string& level) const {
    for (const churn_column& c : v_.study.model().columns) {
      if (c.feature == feature && c.level == level && c.same_as.empty()) return &c;
    }
    return nullptr;
  }
  void row(std::size_t feature,
           const std::string& level,
           const char* effect,
           const churn_column* c,
           level_rate rate) {
    const auto ratio = [&](double side) {
      return c == nullptr
                 ? none
                 : std::optional(std::exp(c->coefficient + side * v_.z * c->standard_error));
    };
    const bool counted = rate.n > 0;
    const auto around = counted ? math::wilson(rate.churned, rate.n, v_.z) : math::share_interval{};
    const auto if_counted = [&](double value) { return counted ? std::optional(value) : none; };
    writer_.row(v_.study.model().features[feature].name,
                level,
                effect,
                ratio(0),
                ratio(-1),
                ratio(1),
                if_counted(rate.n),
                if_counted(rate.churned),
                if_counted(rate.churned / rate.n),
                if_counted(around.lower),
                if_counted(around.upper),
                importance_[feature].drop,
                importance_[feature].share,
                association);
  }

  const churn_view& v_;
  std::vector<importance> importance_;
  report_writer writer_;
};

// Most important first; equals in the order of the table.
std::vector<std::size_t> by_importance(const churn_study& s) {
  const auto all = importances(s);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return all[a].drop > all[b].drop;
  });
  return order;
}

const column& cells_of(const churn_view& v, const std::string& name) {
  for (const column* c : v.columns.features) {
    if (c->name() == name) return *c;
  }
  return *v.columns.features.front();  // not reached: features come from these columns
}

struct group_audit {
  std::vector<churn_outcome> outcomes;
  double customers = 0, selected = 0;
};

// The rows an audit counts as selected: the share with the highest prediction for their last
// period.
std::vector<char> selected_rows(const churn_view& v) {
  const std::size_t n = v.study.data().problem.y.size();
  std::vector<std::pair<double, std::size_t>> ranked;
  for (std::size_t i = 0; i < v.study.out_of_fold().size(); ++i) {
    const churn_outcome& o = v.study.out_of_fold()[i];
    if (!ranked.empty() && ranked.back().second == o.row) {
      ranked.back().first = -o.logit;  // a row's periods stand together, the last one last
    } else {
      ranked.emplace_back(-o.logit, o.row);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  const auto take = static_cast<std::size_t>(std::llround(v.select_share * static_cast<double>(n)));
  std::vector<char> selected(n, 0);
  for (std::size_t i = 0; i < std::min(take, ranked.size()); ++i) selected[ranked[i].second] = 1;
  return selected;
}

double mean_prediction(const std::vector<churn_outcome>& of) {
  double sum = 0;
  for (const churn_outcome& o : of) sum += logistic(o.logit);
  return sum / static_cast<double>(of.size());
}

void audit_column(const churn_view& v,
                  const column& cells,
                  const std::vector<char>& selected,
                  report_writer& to) {
  const churn_groups groups = group_cells(cells, most_values);
  std::vector<group_audit> all(groups.names.size());
  for (std::size_t row = 0; row < groups.group.size(); ++row) {
    ++all[groups.group[row]].customers;
    all[groups.group[row]].selected += selected[row];
  }
  for (const churn_outcome& o : v.study.out_of_fold()) {
    all[groups.group[o.row]].outcomes.push_back(o);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const group_audit& g = all[i];
    if (g.outcomes.empty()) continue;
    const churn_quality q = judge_churn(g.outcomes, 0, 1);
    const math::share_interval around = math::wilson(q.events, q.n, v.z);
    to.row(cells.name(),
           groups.names[i],
           g.customers,
           q.n,
           q.events / q.n,
           around.lower,
           around.upper,
           mean_prediction(g.outcomes),
           q.auc,
           q.brier,
           g.selected / g.customers);
  }
}

}  // namespace

std::shared_ptr<const table> churn_drivers(const churn_view& v) {
  driver_writer to(v);
  for (const std::size_t feature : by_importance(v.study)) {
    to.add(feature, cells_of(v, v.study.model().features[feature].name));
  }
  return to.sealed();
}

std::shared_ptr<const table> churn_quality_table(const churn_view& v) {
  report_writer to({{"model", type::utf8},
                    {"status", type::utf8},
                    {"reason", type::utf8},
                    {"customers", type::f64},
                    {"churned", type::f64},
                    {"outcomes", type::f64},
                    {"penalty", type::f64},
                    {"log_loss", type::f64},
                    {"brier", type::f64},
                    {"auc", type::f64},
                    {"base_log_loss", type::f64},
                    {"base_brier", type::f64},
                    {"calibrated", type::utf8},
                    {"log_loss_uncalibrated", type::f64},
                    {"brier_uncalibrated", type::f64}});
  const churn_study& s = v.study;
  const churn_quality& q = s.quality();
  to.row(v.columns.time == nullptr ? "logistic" : "discrete_hazard",
         s.status(),
         s.reason(),
         s.model().rows,
         s.model().churned,
         q.n,
         s.penalty(),
         q.log_loss,
         q.brier,
         q.auc,
         q.base_log_loss,
         q.base_brier,
         s.model().calibrated ? "yes" : "no",
         s.raw().log_loss,
         s.raw().brier);
  return to.sealed(v.extra + "|quality");
}

std::shared_ptr<const table> churn_calibration_table(const churn_view& v) {
  report_writer to({{"bin", type::i64},
                    {"outcomes", type::f64},
                    {"predicted", type::f64},
                    {"observed", type::f64},
                    {"lower", type::f64},
                    {"upper", type::f64}});
  std::vector<churn_outcome> sorted = v.study.out_of_fold();
  std::sort(sorted.begin(), sorted.end(), [](const churn_outcome& a, const churn_outcome& b) {
    return std::tie(a.logit, a.row, a.y) < std::tie(b.logit, b.row, b.y);
  });
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const auto first = static_cast<std::ptrdiff_t>(bin * sorted.size() / bins);
    const auto last = static_cast<std::ptrdiff_t>((bin + 1) * sorted.size() / bins);
    if (first == last) continue;
    const std::vector<churn_outcome> part(sorted.begin() + first, sorted.begin() + last);
    double events = 0;
    for (const churn_outcome& o : part) events += o.y;
    const auto n = static_cast<double>(part.size());
    const math::share_interval around = math::wilson(events, n, v.z);
    to.row(static_cast<std::int64_t>(bin + 1),
           n,
           mean_prediction(part),
           events / n,
           around.lower,
           around.upper);
  }
  return to.sealed(v.extra + "|calibration");
}

std::shared_ptr<const table> churn_fairness(const churn_view& v) {
  report_writer to({{"attribute", type::utf8},
                    {"group", type::utf8},
                    {"customers", type::f64},
                    {"outcomes", type::f64},
                    {"churn_rate", type::f64},
                    {"rate_lower", type::f64},
                    {"rate_upper", type::f64},
                    {"predicted", type::f64},
                    {"auc", type::f64},
                    {"brier", type::f64},
                    {"selected_share", type::f64}});
  const std::vector<char> selected = selected_rows(v);
  for (const column* c : v.columns.protected_ones) audit_column(v, *c, selected, to);
  return to.sealed(v.extra + "|fairness");
}

std::shared_ptr<const table> churn_ablation_table(const churn_view& v) {
  report_writer to({{"without", type::utf8},
                    {"log_loss", type::f64},
                    {"brier", type::f64},
                    {"auc", type::f64},
                    {"log_loss_added", type::f64},
                    {"auc_lost", type::f64}});
  const churn_quality& full = v.study.raw();
  const auto row = [&](const std::string& name, const churn_quality& q) {
    const bool both = q.auc && full.auc;
    to.row(name,
           q.log_loss,
           q.brier,
           q.auc,
           q.log_loss - full.log_loss,
           both ? std::optional(*full.auc - *q.auc) : none);
  };
  row("(nothing)", full);
  for (const churn_ablation& a : v.study.ablations()) row(a.name, a.quality);
  return to.sealed(v.extra + "|ablation");
}

std::shared_ptr<const table> churn_penalties(const churn_view& v) {
  report_writer to(
      {{"penalty", type::f64}, {"log_loss", type::f64}, {"standard_error", type::f64}});
  for (const churn_trial& t : v.study.trials()) to.row(t.penalty, t.log_loss, t.standard_error);
  return to.sealed(v.extra + "|penalties");
}

}  // namespace clv
