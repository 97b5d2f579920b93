#include "segments/clustering.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "segments/clusters.hpp"

namespace clv {
namespace {

// Streams of the seed: 0, 1, ... are restarts, resamples come after them.
constexpr std::uint64_t first_resample = 1'000'000;

std::size_t whole(
    const settings& given, const char* name, double fallback, double least, double most) {
  const double found = given.number_in(name, fallback, least, most);
  if (found != std::floor(found)) given.refuse(name, "a whole number");
  return static_cast<std::size_t>(found);
}

const column* worth_column(const table& scores) {
  for (const char* name : {"clv", "expected_purchases", "x"}) {
    const column* c = scores.find(name);
    if (c != nullptr && c->kind() == type::f64) return c;
  }
  return nullptr;
}

}  // namespace

cluster_options read_cluster_options(const settings& given) {
  cluster_options o;
  o.k = whole(given, "k", 0, 0, 100);
  o.most_k = whole(given, "most_k", 8, 2, 100);
  o.seed = static_cast<std::uint64_t>(whole(given, "seed", 0, 0, 9e15));
  o.restarts = static_cast<int>(whole(given, "restarts", 10, 1, 1000));
  o.bootstraps = static_cast<int>(whole(given, "bootstraps", 20, 0, 1000));
  if (const auto names = given.names("names")) o.names = *names;
  if (std::find(o.names.begin(), o.names.end(), "unknown") != o.names.end()) {
    given.refuse("names", "other names: 'unknown' means a customer without the columns");
  }
  return o;
}

std::vector<std::size_t> candidates(const cluster_options& o, const points& p) {
  const std::size_t most = std::max<std::size_t>(1, p.size());
  if (o.k != 0) return {std::min(o.k, most)};
  std::vector<std::size_t> out;
  for (std::size_t k = 2; k <= std::min(o.most_k, most); ++k) out.push_back(k);
  if (out.empty()) out.push_back(1);
  return out;
}

std::vector<std::size_t> by_worth(const table& scores,
                                  const points& p,
                                  std::size_t k,
                                  const std::function<std::size_t(std::size_t)>& cluster_of) {
  std::vector<std::size_t> order(k);
  std::iota(order.begin(), order.end(), 0U);
  const column* worth = worth_column(scores);
  if (worth == nullptr) return order;
  // Values are sorted before they are summed: no order of the rows changes a bit.
  std::vector<std::vector<double>> found(k);
  for (std::size_t row = 0; row < p.point_of.size(); ++row) {
    if (!p.point_of[row] || !worth->present(row)) continue;
    found[cluster_of(*p.point_of[row])].push_back(worth->numbers()[row]);
  }
  std::vector<double> mean(k, 0.0);
  for (std::size_t g = 0; g < k; ++g) {
    std::sort(found[g].begin(), found[g].end());
    for (const double v : found[g]) mean[g] += v;
    if (!found[g].empty()) mean[g] /= static_cast<double>(found[g].size());
  }
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mean[a] > mean[b]; });
  return order;
}

std::string cluster_name(const cluster_options& o, std::size_t cluster) {
  return cluster < o.names.size() ? o.names[cluster] : "cluster_" + std::to_string(cluster + 1);
}

table assignment_of(const table& scores, std::string_view scheme) {
  table out;
  if (const column* customer = scores.find("customer"); customer != nullptr) {
    out.add("customer", type::utf8) = *customer;
  }
  column& name = out.add("scheme", type::utf8);
  for (std::size_t row = 0; row < scores.rows(); ++row) name.push(scheme);
  out.add("segment", type::utf8);
  return out;
}

double stability(const points& p,
                 const cluster_options& o,
                 const std::vector<std::size_t>& labels,
                 const std::function<std::vector<std::size_t>(const points&)>& labels_of) {
  double sum = 0;
  for (int i = 0; i < o.bootstraps; ++i) {
    const points again = resampled(p, o.seed, first_resample + static_cast<std::uint64_t>(i));
    sum += adjusted_rand(labels, labels_of(again), p.weight);
  }
  return o.bootstraps > 0 ? sum / o.bootstraps : 0;
}

}  // namespace clv
