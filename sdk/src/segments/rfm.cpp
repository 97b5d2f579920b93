// Recency, frequency, monetary value: each customer gets a bin of each, 1 (worst) to `bins` (best).
//
// Recency is T - t_x (for a customer who never came back that is T, the age of the first purchase):
// small is good. Frequency is x. Monetary value is mean_spend, an absent one counts as 0.
//
// Tie rule: bin = 1 + floor(bins * worse / n), where `worse` customers of n have a strictly worse
// value. Equal values always share a bin, and a value that many share leaves the bins it covers
// empty: of 90 % one-time buyers and five bins, frequency keeps bins 1 and 5. segment() notes which
// bins are left.
//
// Options: "bins" (2 to 100, default 5); "recency_cuts", "frequency_cuts", "monetary_cuts": rising
// lists that replace the quantiles of that column. A frequency or monetary value equal to a cut is
// in the better bin above it; a recency equal to a cut is in the better bin below it.
//
// Names. A bin is high in the upper 40 % of its column's bins, low in the lower 40 %.
//   never came back (x = 0):  promising  recency high
//                             one_time   else
//   came back, recency low:   at_risk    frequency or monetary high
//                             hibernating else
//   came back, recency not low: champions recency and frequency high, monetary not low
//                             loyal      else, frequency not low
//                             promising  else
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "segments/segments.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> options{
    "bins", "recency_cuts", "frequency_cuts", "monetary_cuts"};

struct binned {
  std::vector<std::int64_t> bin;
  double bins = 5;
  bool high(std::size_t row) const { return place(row) > 0.6; }
  bool low(std::size_t row) const { return place(row) < 0.4; }

 private:
  double place(std::size_t row) const { return (static_cast<double>(bin[row]) - 0.5) / bins; }
};

// `goodness` rises with how good the value is.
binned by_quantile(const std::vector<double>& goodness, double bins) {
  std::vector<double> sorted = goodness;
  std::sort(sorted.begin(), sorted.end());
  binned out{.bins = bins};
  out.bin.reserve(goodness.size());
  const auto n = static_cast<double>(sorted.size());
  for (const double v : goodness) {
    const auto worse = std::lower_bound(sorted.begin(), sorted.end(), v) - sorted.begin();
    out.bin.push_back(1 + static_cast<std::int64_t>(bins * static_cast<double>(worse) / n));
  }
  return out;
}

// `cuts` rise; a value equal to a cut is above it.
binned by_cuts(const std::vector<double>& goodness, const std::vector<double>& cuts) {
  binned out{.bins = static_cast<double>(cuts.size() + 1)};
  out.bin.reserve(goodness.size());
  for (const double v : goodness) {
    out.bin.push_back(1 + (std::upper_bound(cuts.begin(), cuts.end(), v) - cuts.begin()));
  }
  return out;
}

binned bin_column(const std::vector<double>& goodness,
                  std::optional<std::vector<double>> cuts,
                  double bins) {
  return cuts ? by_cuts(goodness, *cuts) : by_quantile(goodness, bins);
}

// Rising numbers; equal ones leave the bin between them empty.
std::optional<std::vector<double>> rising(const settings& given, std::string_view name) {
  auto cuts = given.numbers(name);
  if (cuts && !std::is_sorted(cuts->begin(), cuts->end())) {
    given.refuse(name, "a list of finite numbers, none below the one before");
  }
  return cuts;
}

std::vector<double> recency_goodness(const table& scores) {
  const auto t_x = scores.numbers("t_x");
  const auto T = scores.numbers("T");
  std::vector<double> out(T.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = -(T[i] - t_x[i]);
  return out;
}

std::vector<double> copied(std::span<const double> from) {
  return {from.begin(), from.end()};
}

std::string_view name_for(
    const binned& r, const binned& f, const binned& m, bool back, std::size_t i) {
  if (!back) return r.high(i) ? "promising" : "one_time";
  if (r.low(i)) return f.high(i) || m.high(i) ? "at_risk" : "hibernating";
  if (r.high(i) && f.high(i) && !m.low(i)) return "champions";
  return f.low(i) ? "promising" : "loyal";
}

// The smallest value of each bin above the first, so that cuts give the same bins: a bin that ties
// left empty repeats the cut of the next one. Past the largest value, that of nothing.
std::vector<double> cuts_of(const binned& b, const std::vector<double>& goodness) {
  constexpr double nothing = std::numeric_limits<double>::max();
  std::vector<double> cuts(static_cast<std::size_t>(b.bins) - 1, nothing);
  for (std::size_t i = 0; i < goodness.size(); ++i) {
    for (std::int64_t bin = 2; bin <= b.bin[i]; ++bin) {
      double& cut = cuts[static_cast<std::size_t>(bin) - 2];
      cut = std::min(cut, goodness[i]);
    }
  }
  return cuts;
}

struct bins_of_all {
  binned recency, frequency, monetary;
  std::vector<double> goodness[3];
};

bins_of_all bin_all(const table& scores, std::string_view options_json) {
  const settings given("rfm", options_json, options);
  const double bins = given.number("bins", 5.0);
  if (!(bins >= 2.0 && bins <= 100.0) || bins != std::floor(bins)) {
    given.refuse("bins", "a whole number from 2 to 100");
  }
  auto recency_cuts = rising(given, "recency_cuts");
  if (recency_cuts) {
    std::reverse(recency_cuts->begin(), recency_cuts->end());
    for (double& cut : *recency_cuts) cut = -cut;
  }
  const auto x = scores.numbers("x");
  const bool has_spend = scores.find("mean_spend") != nullptr;
  bins_of_all out;
  out.goodness[0] = recency_goodness(scores);
  out.goodness[1] = copied(x);
  out.goodness[2] =
      has_spend ? copied(scores.numbers("mean_spend")) : std::vector<double>(x.size(), 0.0);
  out.recency = bin_column(out.goodness[0], recency_cuts, bins);
  out.frequency = bin_column(out.goodness[1], rising(given, "frequency_cuts"), bins);
  out.monetary = bin_column(out.goodness[2], rising(given, "monetary_cuts"), bins);
  return out;
}

learned learn(const table& scores, std::string_view options_json) {
  const bins_of_all all = bin_all(scores, options_json);
  json::object rule;
  auto recency = cuts_of(all.recency, all.goodness[0]);
  std::reverse(recency.begin(), recency.end());
  for (double& cut : recency) cut = -cut;
  const auto frequency = cuts_of(all.frequency, all.goodness[1]);
  const auto monetary = cuts_of(all.monetary, all.goodness[2]);
  rule["recency_cuts"] = json::array(recency.begin(), recency.end());
  rule["frequency_cuts"] = json::array(frequency.begin(), frequency.end());
  rule["monetary_cuts"] = json::array(monetary.begin(), monetary.end());
  return {.options_json = math::to_json(rule), .quality = nullptr};
}

table assign(const table& scores, std::string_view options_json) {
  const bins_of_all all = bin_all(scores, options_json);
  const binned &r = all.recency, &f = all.frequency, &m = all.monetary;
  const auto x = scores.numbers("x");
  table out;
  if (const column* customer = scores.find("customer"); customer != nullptr) {
    out.add("customer", type::utf8) = *customer;
  }
  column& scheme = out.add("scheme", type::utf8);
  column& segment = out.add("segment", type::utf8);
  for (std::size_t i = 0; i < x.size(); ++i) {
    scheme.push("rfm");
    segment.push(name_for(r, f, m, x[i] > 0.0, i));
  }
  out.add("recency_bin", type::i64).adopt(r.bin);
  out.add("frequency_bin", type::i64).adopt(f.bin);
  out.add("monetary_bin", type::i64).adopt(m.bin);
  return out;
}

}  // namespace

constinit const segmentation rfm{
    .name = "rfm",
    .summary = "Recency, frequency and monetary bins by quantile, and six named groups of them.",
    .learn = learn,
    .assign = assign,
};

}  // namespace clv
