#include "retention/effects/experiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "features/cells.hpp"
#include "math/hash.hpp"
#include "math/json.hpp"

namespace clv::retention {
namespace {

constexpr std::array<std::string_view, 5> usual_controls{
    "0", "control", "none", "holdout", "false"};
constexpr std::size_t most_arms = 50;

struct reader {
  const table& rows;
  const settings& given;
  report_rows cells;
  experiment& to;

  std::string column_of(std::string_view option) const { return given.text(option, option); }
  bool has(std::string_view option) const { return rows.find(column_of(option)) != nullptr; }

  // A column that is there by default only when the table has it, but must be when it is named.
  bool wants(std::string_view option) const {
    if (!given.has(option) && !has(option)) return false;
    to.used.push_back(column_of(option));
    return true;
  }
  std::vector<double> numbers(std::string_view option) const {
    const std::vector<double> raw = cells.numbers(column_of(option));
    std::vector<double> out;
    for (const std::size_t row : to.row) out.push_back(raw[row]);
    return out;
  }
};

// By hash of the customer where there is one: the table's order is then forgotten.
std::vector<std::uint64_t> order_units(const reader& r, std::uint64_t seed) {
  const std::string salt = std::to_string(seed) + '\x1f';
  const std::size_t n = r.rows.rows();
  std::vector<std::string> ids(n);
  const bool named = r.wants("customer");
  if (named) {
    ids = r.cells.texts(r.column_of("customer"));
    positions(ids, r.cells, r.column_of("customer"));
  } else {
    for (std::size_t row = 0; row < n; ++row) ids[row] = std::to_string(row);
  }
  std::vector<std::uint64_t> hash;
  for (const std::string& id : ids) hash.push_back(math::hash64(salt + id));
  r.to.row.resize(n);
  std::iota(r.to.row.begin(), r.to.row.end(), std::size_t{0});
  std::sort(r.to.row.begin(), r.to.row.end(), [&](std::size_t a, std::size_t b) {
    return hash[a] != hash[b] ? hash[a] < hash[b] : ids[a] < ids[b];
  });
  return hash;
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string control_of(const reader& r, const std::set<std::string>& arms) {
  const std::string column = r.column_of("treatment");
  if (r.given.has("control")) {
    const std::string name = r.given.text("control", "");
    if (arms.contains(name)) return name;
    throw error({.code = status::invalid,
                 .column = column,
                 .message = "report 'effects': no row of column '" + column +
                            "' has the control arm '" + name + "'",
                 .hint = "it has: " + joined(arms)});
  }
  for (const std::string_view usual : usual_controls) {
    if (arms.contains(std::string(usual))) return std::string(usual);
  }
  throw error({.code = status::invalid,
               .column = column,
               .message = "report 'effects': which arm of column '" + column +
                          "' is the control? It has: " + joined(arms),
               .hint = "name it with option 'control'"});
}

void read_arms(const reader& r) {
  const std::string column = r.column_of("treatment");
  r.to.used.push_back(column);
  const std::vector<std::string> texts = r.cells.texts(column);
  std::set<std::string> arms(texts.begin(), texts.end());
  if (arms.size() > most_arms) {
    throw error({.code = status::invalid,
                 .column = column,
                 .message = "report 'effects': column '" + column + "' has " +
                            std::to_string(arms.size()) + " different arms, at most " +
                            std::to_string(most_arms) + " are compared",
                 .hint = "name the column of arms with option 'treatment'"});
  }
  const std::string control = control_of(r, arms);
  r.to.arms.push_back(control);
  arms.erase(control);
  r.to.arms.insert(r.to.arms.end(), arms.begin(), arms.end());
  std::map<std::string_view, std::size_t> place;
  for (std::size_t a = 0; a < r.to.arms.size(); ++a) place[r.to.arms[a]] = a;
  r.to.count.assign(r.to.arms.size(), 0);
  for (const std::size_t row : r.to.row) {
    r.to.arm.push_back(place[texts[row]]);
    ++r.to.count[r.to.arm.back()];
  }
}

void check_arms(const reader& r, int folds) {
  const std::string column = r.column_of("treatment");
  const double least = 2.0 * folds;
  if (r.to.arms.size() < 2) {
    throw error({.code = status::data,
                 .column = column,
                 .message = "report 'effects': column '" + column + "' has only the arm '" +
                            r.to.arms[0] + "', there is nothing to compare it with",
                 .hint = "give rows of a control and of at least one other arm"});
  }
  for (std::size_t a = 0; a < r.to.arms.size(); ++a) {
    if (r.to.count[a] >= least) continue;
    throw error({.code = status::data,
                 .column = column,
                 .message = "report 'effects': arm '" + r.to.arms[a] + "' of column '" + column +
                            "' has " + math::to_text(r.to.count[a]) + " rows, at least " +
                            math::to_text(least) + " are needed for " + std::to_string(folds) +
                            " folds",
                 .hint = "leave the arm's rows out, or wait for more"});
  }
}

// Dealt within each arm in the order of the hash: every fold has every arm.
void deal_folds(experiment& to, int folds, const std::vector<std::uint64_t>& hash) {
  std::vector<std::size_t> order(to.units());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return hash[to.row[a]] < hash[to.row[b]];
  });
  std::vector<int> next(to.arms.size(), 0);
  to.fold.assign(to.units(), 0);
  for (const std::size_t unit : order) to.fold[unit] = next[to.arm[unit]]++ % folds;
}

void read_propensity(const reader& r) {
  experiment& to = r.to;
  to.logged_propensity = r.wants("propensity");
  if (to.logged_propensity) to.propensity = r.numbers("propensity");
  for (std::size_t i = 0; i < to.units(); ++i) {
    if (!to.logged_propensity) {
      to.propensity.push_back(to.count[to.arm[i]] / static_cast<double>(to.units()));
    } else if (!(to.propensity[i] > 0 && to.propensity[i] < 1)) {
      r.cells.refuse(r.column_of("propensity"),
                     to.row[i],
                     math::to_text(to.propensity[i]) +
                         " is not a chance above 0 and below 1 of the arm that the row got; "
                         "without chance there is no experiment");
    }
  }
}

void read_outcomes(const reader& r) {
  experiment& to = r.to;
  const std::string column = r.column_of("outcome");
  to.used.push_back(column);
  to.unit = r.cells.unit(column);
  to.first = r.numbers("outcome");
  to.outcome = to.first;
  if (r.wants("later_outcome")) to.later = r.numbers("later_outcome");
  for (std::size_t i = 0; i < to.later.size(); ++i) to.outcome[i] += to.later[i];
  const auto [least, most] = std::minmax_element(to.outcome.begin(), to.outcome.end());
  if (*least == *most) {
    throw error({.code = status::data,
                 .column = column,
                 .message = "report 'effects': every row of column '" + column +
                            "' has the outcome " + math::to_text(*least) +
                            ", there is nothing to learn from",
                 .hint = "wait for outcomes, or name the column with option 'outcome'"});
  }
  const auto is_answer = [](double y) { return y == 0 || y == 1; };
  to.chances = std::all_of(to.outcome.begin(), to.outcome.end(), is_answer);
  to.responses = std::all_of(to.first.begin(), to.first.end(), is_answer);
}

void read_extras(const reader& r) {
  experiment& to = r.to;
  if (r.wants("unsubscribed")) to.unsubscribed = r.numbers("unsubscribed");
  if (r.wants("cost")) to.cost = r.numbers("cost");
  for (std::size_t i = 0; i < to.unsubscribed.size(); ++i) {
    if (to.unsubscribed[i] == 0 || to.unsubscribed[i] == 1) continue;
    r.cells.refuse(r.column_of("unsubscribed"),
                   to.row[i],
                   math::to_text(to.unsubscribed[i]) + " is neither 0 nor 1");
  }
  if (!r.wants("segment")) return;
  const std::vector<std::string> texts = r.cells.texts(r.column_of("segment"));
  const std::set<std::string> names(texts.begin(), texts.end());
  to.segments.assign(names.begin(), names.end());
  for (const std::size_t row : to.row) {
    const auto at = std::lower_bound(to.segments.begin(), to.segments.end(), texts[row]);
    to.segment.push_back(static_cast<std::size_t>(at - to.segments.begin()));
  }
}

std::vector<double> by_arm(const reader& r, std::string_view option) {
  std::vector<double> out(r.to.arms.size(), 0);
  for (const auto& [arm, amount] : numbers_by_arm(r.given, option)) {
    const auto at = std::find(r.to.arms.begin(), r.to.arms.end(), arm);
    if (at == r.to.arms.end()) {
      r.given.refuse(
          option,
          "arms of column '" + r.column_of("treatment") + "'; '" + arm + "' has no row there");
    }
    out[static_cast<std::size_t>(at - r.to.arms.begin())] = amount;
  }
  return out;
}

void read_terms(const reader& r) {
  const std::vector<double> costs = by_arm(r, "costs"), benefits = by_arm(r, "benefits");
  for (std::size_t a = 0; a < costs.size(); ++a) r.to.terms.push_back({costs[a], benefits[a]});
  r.to.value = r.given.number("value", 1);
  r.to.unsubscribe_value = r.given.number_in("unsubscribe_value", 0, 0, 1e12);
  if (costs[0] != 0) r.given.refuse("costs", "none for the control, which is what costs nothing");
  if (benefits[0] != 0) r.given.refuse("benefits", "none for the control, which gets none");
  if (!r.to.cost.empty() && r.given.has("costs")) {
    r.given.refuse("costs", "nothing beside column 'cost': they would be counted twice");
  }
  if (!r.given.has("shares")) return;
  r.to.stated_share = by_arm(r, "shares");
  const auto& shares = r.to.stated_share;
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (!(std::abs(sum - 1) < 1e-6) || *std::min_element(shares.begin(), shares.end()) <= 0) {
    r.given.refuse("shares", "a share above 0 for every arm, together 1");
  }
}

}  // namespace

std::map<std::string, double> numbers_by_arm(const settings& given, std::string_view name) {
  std::map<std::string, double> out;
  for (const std::string& text : given.names(name).value_or(std::vector<std::string>{})) {
    const std::size_t equals = text.rfind('=');
    const auto number = equals == std::string::npos
                            ? std::nullopt
                            : features::parse_number(std::string_view(text).substr(equals + 1));
    if (!number || !out.emplace(text.substr(0, equals), *number).second) {
      given.refuse(name, "texts like \"arm=0.10\", each arm once");
    }
  }
  return out;
}

double experiment::money(std::size_t i) const {
  const arm_terms& t = terms[arm[i]];
  double sum = value * outcome[i] - t.cost - (first[i] > 0 ? t.benefit : 0);
  if (!cost.empty()) sum -= cost[i];
  if (!unsubscribed.empty()) sum -= unsubscribe_value * unsubscribed[i];
  return sum;
}

bool experiment::money_follows_outcome() const {
  const bool benefits =
      std::any_of(terms.begin(), terms.end(), [](const arm_terms& t) { return t.benefit != 0; });
  const bool fatigue = !unsubscribed.empty() && unsubscribe_value > 0;
  return cost.empty() && !fatigue && (!benefits || (chances && later.empty()));
}

experiment read_experiment(const table& rows,
                           const settings& given,
                           int folds,
                           std::uint64_t seed) {
  experiment to;
  const reader r{rows, given, report_rows(rows, "effects", "experiment"), to};
  if (rows.rows() == 0) {
    throw error(status::data, "report 'effects': table 'experiment' has no rows");
  }
  const std::vector<std::uint64_t> hash = order_units(r, seed);
  read_arms(r);
  check_arms(r, folds);
  deal_folds(to, folds, hash);
  read_propensity(r);
  read_outcomes(r);
  read_extras(r);
  read_terms(r);
  return to;
}

}  // namespace clv::retention
