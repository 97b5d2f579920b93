// A Gaussian mixture with a diagonal covariance for each cluster, by the EM algorithm from k-means
// centres: soft clusters of unequal width, with the probability of belonging to them.
//
// Options as k_means; k is chosen by BIC (least). What learn() adds: "mean", "scale", "weights",
// "means", "variances", "names". A variance is at least 1e-3 (in units of the whole variance), so
// that a cluster cannot shrink onto one point.
//
// Column membership: probability of the segment given. A row that lacks a column gets "unknown".
// Quality: k, log_likelihood, bic, stability, chosen.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>

#include "data/report_tables.hpp"
#include "math/json.hpp"
#include "segments/clustering.hpp"
#include "segments/clusters.hpp"
#include "segments/segments.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 13> options{"columns",
                                                   "log",
                                                   "k",
                                                   "most_k",
                                                   "seed",
                                                   "restarts",
                                                   "bootstraps",
                                                   "names",
                                                   "mean",
                                                   "scale",
                                                   "weights",
                                                   "means",
                                                   "variances"};
constexpr double least_variance = 1e-3;
constexpr double log_two_pi = 1.8378770664093453;
constexpr int most_steps = 500;
constexpr double small_gain = 1e-8;  // of the log-likelihood per customer: EM has arrived

struct mixture {
  std::size_t k = 0, dimensions = 0;
  std::vector<double> weight, mean, variance;  // k, k x n, k x n
  double log_likelihood = 0;
};

// ln(weight density) of each cluster at a point, and the log of their sum.
double log_parts(const mixture& m, const double* at, std::vector<double>& parts) {
  parts.resize(m.k);
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t g = 0; g < m.k; ++g) {
    double sum = std::log(m.weight[g]);
    for (std::size_t i = 0; i < m.dimensions; ++i) {
      const double v = m.variance[g * m.dimensions + i];
      const double d = at[i] - m.mean[g * m.dimensions + i];
      sum -= 0.5 * (log_two_pi + std::log(v) + d * d / v);
    }
    parts[g] = sum;
    most = std::max(most, sum);
  }
  double rest = 0;
  for (const double each : parts) rest += std::exp(each - most);
  return most + std::log(rest);
}

// One EM step; returns the log-likelihood before it.
double em_step(const points& p, mixture& m) {
  const std::size_t n = m.dimensions;
  std::vector<double> parts, weight(m.k), sums(m.k * n), squares(m.k * n);
  double value = 0, customers = 0;
  for (std::size_t j = 0; j < p.size(); ++j) {
    const double all = log_parts(m, p[j], parts);
    value += p.weight[j] * all;
    customers += p.weight[j];
    for (std::size_t g = 0; g < m.k; ++g) {
      const double share = p.weight[j] * std::exp(parts[g] - all);
      weight[g] += share;
      for (std::size_t i = 0; i < n; ++i) {
        const double d = p[j][i] - m.mean[g * n + i];  // about the old mean: no cancellation
        sums[g * n + i] += share * d;
        squares[g * n + i] += share * d * d;
      }
    }
  }
  for (std::size_t g = 0; g < m.k; ++g) {
    m.weight[g] = std::max(weight[g] / customers, 1e-300);
    if (!(weight[g] > 1e-9)) continue;  // a dead cluster stays where it is
    for (std::size_t i = 0; i < n; ++i) {
      const double shift = sums[g * n + i] / weight[g];
      m.mean[g * n + i] += shift;
      m.variance[g * n + i] =
          std::max(least_variance, squares[g * n + i] / weight[g] - shift * shift);
    }
  }
  return value;
}

mixture from_centres(const points& p, const centres& c, std::size_t k) {
  mixture m{.k = k, .dimensions = p.dimensions, .weight = std::vector<double>(k), .mean = c.at};
  m.variance.assign(k * p.dimensions, 0.0);
  double customers = 0;
  for (std::size_t j = 0; j < p.size(); ++j) {
    const std::size_t g = nearest(c, k, p[j], p.dimensions);
    m.weight[g] += p.weight[j];
    customers += p.weight[j];
    for (std::size_t i = 0; i < p.dimensions; ++i) {
      const double d = p[j][i] - c.at[g * p.dimensions + i];
      m.variance[g * p.dimensions + i] += p.weight[j] * d * d;
    }
  }
  for (std::size_t g = 0; g < k; ++g) {
    for (std::size_t i = 0; i < p.dimensions; ++i) {
      double& v = m.variance[g * p.dimensions + i];
      v = std::max(least_variance, m.weight[g] > 0 ? v / m.weight[g] : 1.0);
    }
    m.weight[g] = std::max(m.weight[g] / customers, 1e-300);
  }
  return m;
}

mixture expectation_maximisation(const points& p,
                                 std::size_t k,
                                 const cluster_options& o,
                                 int restarts) {
  mixture m = from_centres(p, k_means(p, k, o.seed, restarts), k);
  double customers = 0;
  for (const double w : p.weight) customers += w;
  m.log_likelihood = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < most_steps; ++step) {
    const double before = m.log_likelihood;
    m.log_likelihood = em_step(p, m);
    if (m.log_likelihood - before <= small_gain * customers) break;
  }
  return m;
}

std::size_t likeliest(const mixture& m, const double* at, double& membership) {
  std::vector<double> parts;
  const double all = log_parts(m, at, parts);
  const auto best = std::max_element(parts.begin(), parts.end());
  membership = std::exp(*best - all);
  return static_cast<std::size_t>(best - parts.begin());
}

std::vector<std::size_t> labels_of(const points& p, const mixture& m) {
  std::vector<std::size_t> labels;
  double unused = 0;
  for (std::size_t j = 0; j < p.size(); ++j) labels.push_back(likeliest(m, p[j], unused));
  return labels;
}

double stability_of(const points& p, const mixture& m, const cluster_options& o) {
  const points few = thinned(p, most_bootstrap_points);
  return stability(few, o, labels_of(few, m), [&](const points& again) {
    return labels_of(few, expectation_maximisation(again, std::min(m.k, again.size()), o, 2));
  });
}

mixture choose(const points& p, const cluster_options& o, std::shared_ptr<const table>& quality) {
  double customers = 0;
  for (const double w : p.weight) customers += w;
  const auto bic_of = [&](const mixture& m) {
    const auto free = static_cast<double>(m.k * (2 * m.dimensions + 1) - 1);
    return free * std::log(customers) - 2 * m.log_likelihood;
  };
  std::vector<mixture> tried;
  std::size_t best = 0;
  for (const std::size_t k : candidates(o, p)) {
    tried.push_back(expectation_maximisation(p, k, o, o.restarts));
    if (bic_of(tried.back()) < bic_of(tried[best])) best = tried.size() - 1;
  }
  report_writer rows({{"k", type::i64},
                      {"log_likelihood", type::f64},
                      {"bic", type::f64},
                      {"stability", type::f64},
                      {"chosen", type::i64}});
  for (std::size_t i = 0; i < tried.size(); ++i) {
    std::optional<double> stable;
    if (o.bootstraps > 0 && i == best) stable = stability_of(p, tried[i], o);
    rows.row(static_cast<std::int64_t>(tried[i].k),
             tried[i].log_likelihood,
             bic_of(tried[i]),
             stable,
             std::int64_t{i == best ? 1 : 0});
  }
  quality = rows.sealed("gaussian_mixture.quality");
  return tried[best];
}

json::array rows_of(const std::vector<double>& matrix,
                    const std::vector<std::size_t>& order,
                    std::size_t n) {
  json::array rows;
  for (const std::size_t g : order) {
    json::array row;
    for (std::size_t i = 0; i < n; ++i) row.emplace_back(matrix[g * n + i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

learned learn(const table& scores, std::string_view options_json) {
  const settings given("gaussian_mixture", options_json, options);
  if (given.has("means")) return {.options_json = std::string(options_json), .quality = nullptr};
  space s = read_space(given, scores);
  const cluster_options o = read_cluster_options(given);
  const points all = read_points(s, scores);
  learned out;
  mixture m{.dimensions = all.dimensions};
  std::vector<std::size_t> order;
  if (all.size() > 0) {
    m = choose(thinned(all, most_points), o, out.quality);
    const auto cluster_of = [&](std::size_t point) {
      double unused = 0;
      return likeliest(m, all[point], unused);
    };
    order = by_worth(scores, all, m.k, cluster_of);
  }
  json::object rule;
  write_space(s, rule);
  json::array weights, names;
  for (std::size_t i = 0; i < order.size(); ++i) {
    weights.emplace_back(m.weight[order[i]]);
    const std::string name = cluster_name(o, i);
    names.emplace_back(json::string(name));
  }
  rule["weights"] = std::move(weights);
  rule["means"] = rows_of(m.mean, order, m.dimensions);
  rule["variances"] = rows_of(m.variance, order, m.dimensions);
  rule["names"] = std::move(names);
  out.options_json = math::to_json(rule);
  return out;
}

std::vector<double> read_matrix(const settings& given,
                                const char* name,
                                std::size_t k,
                                std::size_t n) {
  const auto rows = given.matrix(name);
  if (!rows || rows->size() != k) given.refuse(name, std::to_string(k) + " rows, one per weight");
  std::vector<double> out;
  for (const std::vector<double>& row : *rows) {
    if (row.size() != n) given.refuse(name, std::to_string(n) + " numbers in each row");
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

mixture read_mixture(const settings& given, std::size_t n) {
  const auto weights = given.numbers("weights");
  if (!weights) given.refuse("weights", "to be given together with means");
  mixture m{.k = weights->size(), .dimensions = n, .weight = *weights};
  m.mean = read_matrix(given, "means", m.k, n);
  m.variance = read_matrix(given, "variances", m.k, n);
  for (const double w : m.weight) {
    if (!(w > 0)) given.refuse("weights", "numbers above zero");
  }
  for (const double v : m.variance) {
    if (!(v > 0)) given.refuse("variances", "numbers above zero");
  }
  return m;
}

table assign(const table& scores, std::string_view options_json) {
  const std::string rule = learn(scores, options_json).options_json;
  const settings given("gaussian_mixture", rule, options);
  space s = read_space(given, scores);
  if (s.mean.empty()) given.refuse("mean", "to be given together with means");
  const cluster_options o = read_cluster_options(given);
  const mixture m = read_mixture(given, s.size());
  const points p = read_points(s, scores);
  table out = assignment_of(scores, "gaussian_mixture");
  column& segment = *out.find("segment");
  column& membership = out.add("membership", type::f64);
  for (const auto& at : p.point_of) {
    if (!at || m.k == 0) {
      segment.push("unknown");
      membership.push_absent();
      continue;
    }
    double probability = 0;
    segment.push(std::string_view(cluster_name(o, likeliest(m, p[*at], probability))));
    membership.push(probability);
  }
  return out;
}

}  // namespace

constinit const segmentation gaussian_mixture{
    .name = "gaussian_mixture",
    .summary = "Soft clusters of scaled recency, frequency and spend; their number chosen by BIC.",
    .learn = learn,
    .assign = assign,
};

}  // namespace clv
