#include "segments/points.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <numeric>

#include "clv/error.hpp"

namespace clv {
namespace {

bool has_column(const table& scores, const std::string& name) {
  if (name == "recency") return scores.find("T") != nullptr && scores.find("t_x") != nullptr;
  const column* c = scores.find(name);
  return c != nullptr && c->kind() == type::f64;
}

// Coordinates before scaling; NaN where there is no value.
std::vector<double> raw_column(const table& scores, const std::string& name, bool log) {
  const bool recency = name == "recency";
  const column& c = scores.get(recency ? "T" : name, type::f64);
  const column* less = recency ? &scores.get("t_x", type::f64) : nullptr;
  std::vector<double> out(scores.rows());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool present = c.present(i) && (less == nullptr || less->present(i));
    double v = present ? c.numbers()[i] : std::nan("");
    if (present && less != nullptr) v -= less->numbers()[i];
    // + 0.0: -0 and 0 are one value.
    out[i] = (log ? std::log1p(v < 0 ? 0.0 : v) : v) + 0.0;
  }
  return out;
}

// Sums over sorted values, so that no order of the rows changes a bit.
void learn_scale(space& s, const std::vector<std::vector<double>>& raw) {
  for (std::vector<double> values : raw) {
    std::erase_if(values, [](double v) { return std::isnan(v); });
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    const double mean = n > 0 ? std::accumulate(values.begin(), values.end(), 0.0) / n : 0.0;
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    const double sd = n > 0 ? std::sqrt(squares / n) : 0.0;
    s.mean.push_back(mean);
    s.scale.push_back(sd > 1e-12 * (1 + std::fabs(mean)) ? sd : 1.0);
  }
}

std::vector<double> list_of(const settings& given, std::string_view name, std::size_t n) {
  const auto list = given.numbers(name);
  if (!list) return {};
  if (list->size() != n) given.refuse(name, std::to_string(n) + " numbers, one per column");
  return *list;
}

}  // namespace

space read_space(const settings& given, const table& scores) {
  space s;
  if (const auto names = given.names("columns")) {
    s.columns = *names;
    if (s.columns.empty()) given.refuse("columns", "at least one column");
  } else {
    s.columns = {"recency", "x"};
    if (has_column(scores, "mean_spend")) s.columns.emplace_back("mean_spend");
  }
  for (const std::string& name : s.columns) {
    if (!has_column(scores, name)) {
      given.refuse("columns", "number columns of the scores; there is no '" + name + "'");
    }
  }
  s.log = given.flag("log", true);
  s.mean = list_of(given, "mean", s.size());
  s.scale = list_of(given, "scale", s.size());
  if (s.mean.empty() != s.scale.empty()) given.refuse("scale", "to be given together with mean");
  for (const double each : s.scale) {
    if (!(each > 0)) given.refuse("scale", "numbers above zero");
  }
  return s;
}

void write_space(const space& s, boost::json::object& to) {
  to["columns"] = boost::json::array(s.columns.begin(), s.columns.end());
  to["log"] = s.log;
  to["mean"] = boost::json::array(s.mean.begin(), s.mean.end());
  to["scale"] = boost::json::array(s.scale.begin(), s.scale.end());
}

points read_points(space& s, const table& scores) {
  std::vector<std::vector<double>> raw;
  for (const std::string& name : s.columns) raw.push_back(raw_column(scores, name, s.log));
  if (s.mean.empty()) learn_scale(s, raw);
  const std::size_t n = s.size();
  std::vector<double> all(scores.rows() * n);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.rows(); ++i) {
    bool whole = true;
    for (std::size_t k = 0; k < n; ++k) {
      all[i * n + k] = (raw[k][i] - s.mean[k]) / s.scale[k];
      whole = whole && std::isfinite(all[i * n + k]);
    }
    if (whole) order.push_back(i);
  }
  const auto compare = [&](std::size_t a, std::size_t b) {
    return std::lexicographical_compare(&all[a * n], &all[a * n] + n, &all[b * n], &all[b * n] + n);
  };
  std::sort(order.begin(), order.end(), compare);
  points out{.dimensions = n};
  out.point_of.resize(scores.rows());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || compare(order[i - 1], order[i])) {
      out.at.insert(out.at.end(), &all[order[i] * n], &all[order[i] * n] + n);
      out.weight.push_back(0);
    }
    out.weight.back() += 1;
    out.point_of[order[i]] = out.weight.size() - 1;
  }
  return out;
}

points thinned(const points& from, std::size_t most) {
  if (from.size() <= most) return from;
  const std::size_t stride = (from.size() + most - 1) / most;
  points out{.dimensions = from.dimensions};
  for (std::size_t p = 0; p < from.size(); p += stride) {
    out.at.insert(out.at.end(), from[p], from[p] + from.dimensions);
    out.weight.push_back(from.weight[p]);
  }
  return out;
}

double squared_distance(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

}  // namespace clv
