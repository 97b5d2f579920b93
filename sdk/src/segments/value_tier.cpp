// Tiers by what a customer is worth with some certainty, not on average: the highest cut c with
// P(CLV > c) >= confidence, from no_purchase, clv_mu, clv_sigma and clv_skew (0 where there is no
// such column).
//
// Options: "cuts": rising list above zero in major currency units; "names": one more than the cuts,
// lowest tier first (default low, medium, high for two cuts, else tier_0, tier_1, ...);
// "confidence": in (0, 1), default .8.
// Default cuts: the lower and the upper quartile of the values above zero that customers exceed
// with probability `confidence` (their own 1 - confidence quantile). Where nobody has such a value
// there is no cut, and everybody with a value is in the lowest tier.
//
// Column cut: the cut passed, or in the lowest tier the first one, which was not passed; p_above is
// P(CLV > cut). A row without clv_mu and clv_sigma gets segment "unknown" and neither.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <optional>

#include "clv/error.hpp"
#include "clv/score.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "segments/segments.hpp"
#include "value/scoring/interval.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> options{"cuts", "names", "confidence"};

// The columns, or nothing where a row (or the table) has no value.
class value_columns {
 public:
  struct entry {
    double no_purchase, mu, sigma, skew;
    double p_above(double cut) const {
      return probability_above(cut, no_purchase, mu, sigma, skew);
    }
  };
  explicit value_columns(const table& scores)
      : no_purchase_(scores.find("no_purchase")),
        mu_(scores.find("clv_mu")),
        sigma_(scores.find("clv_sigma")),
        skew_(scores.find("clv_skew")) {
    if (no_purchase_ != nullptr) scores.get("no_purchase", type::f64);
    if (mu_ != nullptr) scores.get("clv_mu", type::f64);
    if (sigma_ != nullptr) scores.get("clv_sigma", type::f64);
    if (skew_ != nullptr) scores.get("clv_skew", type::f64);
  }
  std::optional<entry> at(std::size_t row) const {
    for (const column* c : {no_purchase_, mu_, sigma_}) {
      if (c == nullptr || !c->present(row)) return std::nullopt;
    }
    const bool skewed = skew_ != nullptr && skew_->present(row);
    return entry{no_purchase_->numbers()[row],
                 mu_->numbers()[row],
                 sigma_->numbers()[row],
                 skewed ? skew_->numbers()[row] : 0.0};
  }

 private:
  const column* no_purchase_;
  const column* mu_;
  const column* sigma_;
  const column* skew_;
};

std::vector<double> quartile_cuts(const value_columns& of, std::size_t rows, double confidence) {
  std::vector<double> sure;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto v = of.at(row);
    if (!v) continue;
    const double least =
        value_at(quantile_normal(1.0 - confidence, v->no_purchase), v->mu, v->sigma, v->skew);
    if (std::isfinite(least) && least > 0.0) sure.push_back(least);
  }
  if (sure.empty()) return {};
  std::sort(sure.begin(), sure.end());
  const double low = sure[sure.size() / 4];
  const double high = sure[sure.size() * 3 / 4];
  return high > low ? std::vector<double>{low, high} : std::vector<double>{low};
}

std::vector<std::string> default_names(std::size_t tiers) {
  if (tiers == 3) return {"low", "medium", "high"};
  if (tiers == 2) return {"low", "high"};
  if (tiers == 1) return {"low"};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tiers; ++i) names.push_back("tier_" + std::to_string(i));
  return names;
}

struct tiers {
  std::vector<double> cuts;
  std::vector<std::string> names;
  double confidence = 0.8;
};

tiers read_tiers(const settings& given, const value_columns& of, std::size_t rows) {
  tiers out{.confidence = given.number("confidence", 0.8)};
  if (!(out.confidence > 0.0 && out.confidence < 1.0)) {
    given.refuse("confidence", "a probability between 0 and 1, such as 0.8");
  }
  const auto cuts = given.cuts("cuts");
  if (cuts && !cuts->empty() && !(cuts->front() > 0.0)) {
    given.refuse("cuts", "amounts above zero in major currency units");
  }
  out.cuts = cuts ? *cuts : quartile_cuts(of, rows, out.confidence);
  const auto names = given.names("names");
  if (names && !cuts) given.refuse("cuts", "a list of amounts to go with the names");
  out.names = names ? *names : default_names(out.cuts.size() + 1);
  if (out.names.size() != out.cuts.size() + 1) {
    given.refuse("names", std::to_string(out.cuts.size() + 1) + " names, one more than cuts");
  }
  if (std::find(out.names.begin(), out.names.end(), "unknown") != out.names.end()) {
    given.refuse("names", "other names: 'unknown' means a customer without a value");
  }
  return out;
}

learned learn(const table& scores, std::string_view options_json) {
  const settings given("value_tier", options_json, options);
  const tiers of = read_tiers(given, value_columns(scores), scores.rows());
  json::object rule;
  rule["cuts"] = json::array(of.cuts.begin(), of.cuts.end());
  json::array names;
  for (const std::string& name : of.names) names.emplace_back(json::string(name));
  rule["names"] = std::move(names);
  rule["confidence"] = of.confidence;
  return {.options_json = math::to_json(rule), .quality = nullptr};
}

void push_row(table& out, const tiers& of, const std::optional<value_columns::entry>& v) {
  column& segment = *out.find("segment");
  column& cut = *out.find("cut");
  column& p_above = *out.find("p_above");
  std::size_t tier = 0;
  while (v && tier < of.cuts.size() && v->p_above(of.cuts[tier]) >= of.confidence) {
    ++tier;
  }
  segment.push(v ? std::string_view(of.names[tier]) : "unknown");
  if (!v || of.cuts.empty()) {
    cut.push_absent();
    p_above.push_absent();
    return;
  }
  const double shown = of.cuts[tier > 0 ? tier - 1 : 0];
  cut.push(shown);
  p_above.push(v->p_above(shown));
}

table assign(const table& scores, std::string_view options_json) {
  const settings given("value_tier", options_json, options);
  const value_columns values(scores);
  const tiers of = read_tiers(given, values, scores.rows());
  table out;
  if (const column* customer = scores.find("customer"); customer != nullptr) {
    out.add("customer", type::utf8) = *customer;
  }
  column& scheme = out.add("scheme", type::utf8);
  const column* clv = scores.find("clv");
  out.add("segment", type::utf8);
  out.add("cut", type::f64, clv == nullptr ? "" : clv->unit());
  out.add("p_above", type::f64);
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    scheme.push("value_tier");
    push_row(out, of, values.at(row));
  }
  return out;
}

}  // namespace

constinit const segmentation value_tier{
    .name = "value_tier",
    .summary =
        "Tiers by the highest cut that the customer's value exceeds with a stated certainty.",
    .learn = learn,
    .assign = assign,
};

}  // namespace clv
