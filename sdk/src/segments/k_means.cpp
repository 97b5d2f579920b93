// k-means: each customer goes to the nearest of k centres, found by Lloyd's iterations from
// k-means++ seeds (Arthur & Vassilvitskii 2007).
//
// Options: "columns" (default recency = T - t_x, x, mean_spend) and "log" (default true), both as
// in points.hpp; "k" (default: of 2 ... "most_k" the one with the largest Calinski-Harabasz index);
// "seed", "restarts" (10), "bootstraps" (20; 0: none), "names" (best cluster first). What learn()
// adds: "mean", "scale", "centres", and "names".
//
// Clusters are numbered by the mean of clv, best first. Column distance: to the own centre, in
// standard deviations. A row that lacks a column gets segment "unknown" and no distance. With fewer
// distinct points than k there are as many clusters as points.
// Quality: k, within (sum of squares), calinski_harabasz, stability (mean adjusted Rand index of
// the split with that of a resample; 1 = always the same), chosen.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "data/report_tables.hpp"
#include "math/json.hpp"
#include "segments/clustering.hpp"
#include "segments/clusters.hpp"
#include "segments/segments.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> options{"columns",
                                                   "log",
                                                   "k",
                                                   "most_k",
                                                   "seed",
                                                   "restarts",
                                                   "bootstraps",
                                                   "names",
                                                   "mean",
                                                   "scale",
                                                   "centres"};

std::vector<std::size_t> labels_of(const points& p, const centres& c, std::size_t k) {
  std::vector<std::size_t> labels;
  for (std::size_t j = 0; j < p.size(); ++j) labels.push_back(nearest(c, k, p[j], p.dimensions));
  return labels;
}

double stability_of(const points& p, const centres& c, std::size_t k, const cluster_options& o) {
  const points few = thinned(p, most_bootstrap_points);
  return stability(few, o, labels_of(few, c, k), [&](const points& again) {
    const std::size_t found = std::min(k, again.size());
    return labels_of(few, k_means(again, found, o.seed, 2), found);
  });
}

struct choice {
  std::size_t k = 0;
  centres found;
  std::shared_ptr<const table> quality;
};

choice choose(const points& p, const cluster_options& o) {
  struct candidate {
    std::size_t k;
    centres found;
    double index;
  };
  std::vector<candidate> tried;
  std::size_t best = 0;
  for (const std::size_t k : candidates(o, p)) {
    centres c = k_means(p, k, o.seed, o.restarts);
    const double index = calinski_harabasz(p, c, k);
    tried.push_back({k, std::move(c), index});
    if (index > tried[best].index) best = tried.size() - 1;
  }
  report_writer rows({{"k", type::i64},
                      {"within", type::f64},
                      {"calinski_harabasz", type::f64},
                      {"stability", type::f64},
                      {"chosen", type::i64}});
  for (std::size_t i = 0; i < tried.size(); ++i) {
    const candidate& each = tried[i];
    std::optional<double> stable;
    if (o.bootstraps > 0) stable = stability_of(p, each.found, each.k, o);
    rows.row(static_cast<std::int64_t>(each.k),
             each.found.within,
             each.index,
             stable,
             std::int64_t{i == best ? 1 : 0});
  }
  return {tried[best].k, std::move(tried[best].found), rows.sealed("k_means.quality")};
}

json::array centre_rows(const centres& c, const std::vector<std::size_t>& order, std::size_t n) {
  json::array rows;
  for (const std::size_t g : order) {
    json::array row;
    for (std::size_t i = 0; i < n; ++i) row.emplace_back(c.at[g * n + i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

learned learn(const table& scores, std::string_view options_json) {
  const settings given("k_means", options_json, options);
  if (given.has("centres")) return {.options_json = std::string(options_json), .quality = nullptr};
  space s = read_space(given, scores);
  const cluster_options o = read_cluster_options(given);
  const points all = read_points(s, scores);
  json::object rule;
  write_space(s, rule);
  learned out;
  json::array names, rows;
  if (all.size() > 0) {
    const points some = thinned(all, most_points);
    choice chosen = choose(some, o);
    const auto cluster_of = [&](std::size_t point) {
      return nearest(chosen.found, chosen.k, all[point], all.dimensions);
    };
    const auto order = by_worth(scores, all, chosen.k, cluster_of);
    rows = centre_rows(chosen.found, order, all.dimensions);
    for (std::size_t g = 0; g < chosen.k; ++g) {
      const std::string name = cluster_name(o, g);
      names.emplace_back(json::string(name));
    }
    out.quality = chosen.quality;
  }
  rule["centres"] = std::move(rows);
  rule["names"] = std::move(names);
  out.options_json = math::to_json(rule);
  return out;
}

centres read_centres(const settings& given, std::size_t n, std::size_t& k) {
  const auto rows = given.matrix("centres");
  centres c;
  for (const std::vector<double>& row : *rows) {
    if (row.size() != n) given.refuse("centres", std::to_string(n) + " numbers in each row");
    c.at.insert(c.at.end(), row.begin(), row.end());
  }
  k = rows->size();
  return c;
}

table assign(const table& scores, std::string_view options_json) {
  const std::string rule = learn(scores, options_json).options_json;
  const settings given("k_means", rule, options);
  space s = read_space(given, scores);
  const cluster_options o = read_cluster_options(given);
  if (s.mean.empty()) given.refuse("mean", "to be given together with centres");
  std::size_t k = 0;
  const centres c = read_centres(given, s.size(), k);
  const points p = read_points(s, scores);
  table out = assignment_of(scores, "k_means");
  column& segment = *out.find("segment");
  column& distance = out.add("distance", type::f64);
  for (const auto& at : p.point_of) {
    if (!at || k == 0) {
      segment.push("unknown");
      distance.push_absent();
      continue;
    }
    const std::size_t g = nearest(c, k, p[*at], p.dimensions);
    segment.push(std::string_view(cluster_name(o, g)));
    distance.push(
        std::sqrt(squared_distance(p[*at], c.at.data() + g * p.dimensions, p.dimensions)));
  }
  return out;
}

}  // namespace

constinit const segmentation k_means_clusters{
    .name = "k_means",
    .summary = "The nearest of k centres in scaled recency, frequency and spend; k chosen.",
    .learn = learn,
    .assign = assign,
};

}  // namespace clv
