#include "value/churn/churn_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "features/cells.hpp"

namespace clv {
namespace {

using features::number_at;
using features::refuse_cell;
using features::text_at;

constexpr double most_periods = 1200;
constexpr std::array<double, 5> knot_quantiles{0.05, 0.275, 0.5, 0.725, 0.95};

void note(issues& to, const std::string& name, const std::string& what) {
  to.push_back({.code = status::ok,
                .level = log_level::info,
                .column = name,
                .message = "column '" + name + "' " + what});
}

// 1 for churned, 0 for stayed.
class label_reader {
 public:
  label_reader(const column& c, const settings& given)
      : c_(c), positive_(given.text("positive", "")) {}

  double at(std::size_t row) const {
    const std::string text = text_at(c_, row);
    if (text.empty()) refuse_cell(c_, row, "is empty", "leave out rows whose outcome is unknown");
    if (!positive_.empty()) return text == positive_ ? 1 : 0;
    constexpr std::array<std::string_view, 5> yes{"1", "yes", "true", "churned", "y"};
    constexpr std::array<std::string_view, 5> no{"0", "no", "false", "stayed", "n"};
    std::string lower = text;
    for (char& l : lower) l = l >= 'A' && l <= 'Z' ? static_cast<char>(l - 'A' + 'a') : l;
    if (std::find(yes.begin(), yes.end(), lower) != yes.end()) return 1;
    if (std::find(no.begin(), no.end(), lower) != no.end()) return 0;
    refuse_cell(c_,
                row,
                "'" + text + "' is neither yes nor no",
                "write 1 or 0, Yes or No, or say with option 'positive' which value is churn");
  }

 private:
  const column& c_;
  std::string positive_;
};

int periods_at(const column& c, std::size_t row) {
  const auto t = number_at(c, row);
  if (t && *t >= 0 && *t <= most_periods && *t == std::floor(*t)) return static_cast<int>(*t);
  refuse_cell(c,
              row,
              "'" + text_at(c, row) + "' is not a number of periods",
              "use whole numbers from 0 to 1200: months, weeks or renewals at risk");
}

// Collects features and their design columns, one table column at a time.
class encoder {
 public:
  encoder(churn_data& to, double most_levels, issues& notes)
      : to_(to), most_levels_(most_levels), notes_(notes) {}

  void add(const column& c) {
    if (c.kind() == type::time) return note(notes_, c.name(), "is a time: set aside");
    is_numeric_column(c) ? add_numbers(c) : add_text(c);
  }

  void finish(std::size_t rows) {
    auto& x = to_.problem.x;
    x.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(values_.size()));
    for (std::size_t j = 0; j < values_.size(); ++j) {
      std::copy(values_[j].begin(), values_[j].end(), x.col(static_cast<Eigen::Index>(j)).begin());
      std::vector<double>().swap(values_[j]);
    }
  }

 private:
  void add_numbers(const column& c) {
    std::vector<std::optional<double>> cells;
    double n = 0, sum = 0, squares = 0;
    for (std::size_t row = 0; row < c.size(); ++row) {
      cells.push_back(number_at(c, row));
      if (cells.back()) ++n, sum += *cells.back();
    }
    const double mean = n > 0 ? sum / n : 0;
    for (const auto& v : cells) squares += v ? (*v - mean) * (*v - mean) : 0;
    const double sd = n > 0 ? std::sqrt(squares / n) : 0;
    if (!(sd > 1e-12 * std::abs(mean)) || !std::isfinite(sd)) {
      return note(notes_, c.name(), "has one value only: set aside");
    }
    to_.features.push_back({.name = c.name(), .center = mean, .scale = sd});
    push(c, {.kind = churn_kind::number});
    if (n < static_cast<double>(cells.size())) {
      push(c, {.kind = churn_kind::missing, .level = std::string(missing_level)});
    }
  }

  void add_text(const column& c) {
    std::map<std::string, double> levels;
    for (std::size_t row = 0; row < c.size(); ++row) {
      const std::string text = text_at(c, row);
      ++levels[text.empty() ? std::string(missing_level) : text];
      if (static_cast<double>(levels.size()) > most_levels_) {
        return note(notes_, c.name(), "has too many different texts to be a feature: set aside");
      }
    }
    if (levels.size() < 2) return note(notes_, c.name(), "has one value only: set aside");
    const auto top =
        std::max_element(levels.begin(), levels.end(), [](const auto& a, const auto& b) {
          return a.second < b.second;
        });
    to_.features.push_back(
        {.name = c.name(), .numeric = false, .reference = top->first, .reference_n = top->second});
    for (const auto& [level, n] : levels) {
      if (level != top->first) push(c, {.kind = churn_kind::level, .level = level});
    }
  }

  void push(const column& c, churn_column made) {
    made.feature = to_.features.size() - 1;
    const churn_feature& f = to_.features.back();
    std::vector<double> x(c.size());
    for (std::size_t row = 0; row < c.size(); ++row) {
      const auto number = f.numeric ? number_at(c, row) : std::nullopt;
      x[row] = churn_design_value(made, f, number, f.numeric ? "" : text_at(c, row));
      made.mean += x[row];
      const bool counts = made.kind == churn_kind::number ? number.has_value() : x[row] == 1;
      made.n += counts ? 1 : 0;
      made.churned += counts ? to_.problem.y[row] : 0;
    }
    made.mean /= static_cast<double>(c.size());
    const auto own = static_cast<Eigen::Index>(to_.columns.size());
    const Eigen::Index twin = twin_of(x).value_or(own);
    to_.twin.push_back(twin);
    if (twin == own) to_.kept.push_back(own);
    if (twin != own) made.same_as = names_[static_cast<std::size_t>(twin)];
    to_.columns.push_back(std::move(made));
    values_.push_back(std::move(x));
    names_.push_back(c.name() + (to_.columns.back().level.empty() ? "" : " = ") +
                     to_.columns.back().level);
  }

  std::optional<Eigen::Index> twin_of(const std::vector<double>& x) const {
    for (const Eigen::Index j : to_.kept) {
      if (values_[static_cast<std::size_t>(j)] == x) return j;
    }
    return std::nullopt;
  }

  churn_data& to_;
  double most_levels_;
  issues& notes_;
  std::vector<std::vector<double>> values_;
  std::vector<std::string> names_;
};

double quantile_of(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(std::floor(q * static_cast<double>(sorted.size() - 1)))];
}

// Knots at quantiles of the times of churn, equal ones once; at least three, or none but the ends.
std::vector<double> knots_of(const churn_problem& p) {
  std::vector<double> times;
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    if (p.y[i] > 0 && p.periods[i] > 0) times.push_back(p.periods[i]);
  }
  std::sort(times.begin(), times.end());
  std::set<double> knots;
  if (!times.empty()) {
    for (const double q : knot_quantiles) knots.insert(quantile_of(times, q));
  }
  if (knots.size() < 2) knots = {1.0, 2.0};
  return {knots.begin(), knots.end()};
}

void read_outcomes(const table& rows,
                   const churn_columns& chosen,
                   const settings& given,
                   churn_data& data) {
  const label_reader label(*chosen.label, given);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    data.problem.y.push_back(label.at(row));
    data.problem.periods.push_back(chosen.time == nullptr ? 1 : periods_at(*chosen.time, row));
    data.churned += data.problem.y.back();
    if (data.problem.y.back() > 0 && data.problem.periods.back() == 0) {
      refuse_cell(*chosen.time,
                  row,
                  "is 0 though the customer churned",
                  "count the period of the churn itself as at risk, from 1 on");
    }
  }
  if (data.churned == 0 || data.churned == static_cast<double>(rows.rows())) {
    throw error({.code = status::data,
                 .column = chosen.label->name(),
                 .message = "report 'churn_fit': every row of column '" + chosen.label->name() +
                            "' has the same outcome, a model needs both",
                 .hint = "check option 'positive', or give more history"});
  }
}

void make_baseline(const churn_columns& chosen, churn_data& data) {
  churn_problem& p = data.problem;
  churn_baseline& b = data.baseline;
  if (chosen.time == nullptr) {
    p.basis = Eigen::MatrixXd::Ones(1, 1);
    return;
  }
  b.time_column = chosen.time->name();
  b.knots = knots_of(p);
  b.coefficients.assign(b.knots.size(), 0.0);
  b.standard_errors.assign(b.knots.size(), 0.0);
  double sum = 0;
  for (const int t : p.periods) sum += t;
  b.mean_time = sum / static_cast<double>(p.periods.size());
  const int most = *std::max_element(p.periods.begin(), p.periods.end());
  p.basis.resize(most, static_cast<Eigen::Index>(b.size()));
  for (int t = 0; t < most; ++t) {
    const std::vector<double> row = b.basis(t + 1);
    for (std::size_t j = 0; j < row.size(); ++j) p.basis(t, static_cast<Eigen::Index>(j)) = row[j];
  }
}

}  // namespace

bool is_numeric_column(const column& c) {
  if (c.kind() != type::utf8) return true;
  bool any = false;
  for (std::size_t row = 0; row < c.size(); ++row) {
    const std::string text = text_at(c, row);
    if (text.empty()) continue;
    if (!features::parse_number(text)) return false;
    any = true;
  }
  return any;
}

churn_data read_churn_data(const table& rows,
                           const churn_columns& chosen,
                           const settings& given,
                           issues& notes) {
  churn_data data;
  read_outcomes(rows, chosen, given, data);
  make_baseline(chosen, data);
  encoder encode(data, given.number_in("max_levels", 50, 2, 1000), notes);
  for (const column* c : chosen.features) encode.add(*c);
  if (data.features.empty()) {
    throw error(status::invalid,
                "report 'churn_fit': no column of table 'rows' can be a feature",
                "give columns that differ between customers, besides the label and protected ones");
  }
  encode.finish(rows.rows());
  return data;
}

}  // namespace clv
