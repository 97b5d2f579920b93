// What word of mouth is worth: Kumar, Petersen & Leone (2007), HBR 85(10) 139-146.
//   type 1 (would not have come): CLV_j / (1+d)^(t_j)
//   type 2 (would have come anyway): acquisition cost saved / (1+d)^(t_j)
//   referral value = both sums over the referred less the rewards paid
// t_j is years from `as_of` to the referral, negative for the past: what was is compounded, as the
// formula says. A type left empty or "unknown" counts as type 2, the cautious reading.
// Cells by the medians of value and referral value (or the cuts given): Champions high in both,
// Affluents in value, Advocates in referrals, Misers in neither.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "data/report_tables.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr double us_per_year = 365.25 * 86'400e6;

constexpr std::array<report_input, 2> inputs{
    {{"referrals", "", true, "referrer,referee,time,type (1, 2, unknown),reward"},
     {"values", "", true, "customer,clv (or total)"}}};
constexpr std::array<report_option, 7> options{
    {{"as_of", "", "values count from this day; left out: no discounting"},
     {"annual_discount", "0", "0.1 is ten per cent a year"},
     {"acquisition_cost", "0", "what a referred customer saves"},
     {"credit_cost_to_type_1", "false", "count the saved cost for type 1 too"},
     {"count_referred_once", "true", "customer equity counts a referred customer's CLV once"},
     {"value_cut", "", "left out: the median"},
     {"referral_cut", "", "left out: the median of those who referred"}}};
constexpr std::array<report_output, 2> outputs{
    {{"", "customer,clv,referrals,type_1_value,type_2_value,rewards,referral_value,cell"},
     {"equity", "customers,clv,referral_value,counted_twice,customer_equity"}}};

struct referrer {
  double referrals = 0, type_1 = 0, type_2 = 0, rewards = 0;
  double value() const { return type_1 + type_2 - rewards; }
};

double median_of(std::vector<double> v) {
  if (v.empty()) return 0;
  std::sort(v.begin(), v.end());
  const std::size_t half = v.size() / 2;
  return v.size() % 2 == 1 ? v[half] : (v[half - 1] + v[half]) / 2;
}

// The rules by which referrals are counted.
struct counting {
  double discount = 0, cost = 0;
  bool credit_type_1 = false;
  std::int64_t as_of_us = 0;
  bool dated = false;
  double factor(std::int64_t time) const {
    if (!dated) return 1;
    return std::pow(1 + discount, -static_cast<double>(time - as_of_us) / us_per_year);
  }
};

counting counting_of(const settings& s) {
  counting c{.discount = s.number_in("annual_discount", 0, 0, 10),
             .cost = s.number_in("acquisition_cost", 0, 0, 1e15),
             .credit_type_1 = s.flag("credit_cost_to_type_1", false)};
  if (s.has("as_of")) {
    const auto at = parse_time(s.text("as_of", ""), zone("UTC"));
    if (!at) s.refuse("as_of", "a date");
    c.as_of_us = *at;
    c.dated = true;
  }
  return c;
}

struct referral_sums {
  std::vector<referrer> by_customer;  // in the order of the values' rows
  double counted_twice = 0;           // CLV of type 1 customers who are in the values themselves
};

referral_sums sum_referrals(const report_inputs& in,
                            const counting& how,
                            const std::vector<std::string>& ids,
                            const std::vector<double>& clv,
                            const report_rows& values) {
  const report_rows rows(in.of("referrals"), "referral", "referrals");
  const auto at = positions(ids, values, "customer");
  const auto who = rows.texts("referrer");
  const auto whom = rows.texts("referee");
  const auto rewards = rows.numbers_or("reward", 0);
  const auto times =
      how.dated ? rows.times("time", zone("UTC")) : std::vector<std::int64_t>(rows.size(), 0);
  const auto types =
      rows.has("type") ? rows.texts("type") : std::vector<std::string>(rows.size(), "unknown");
  referral_sums out{.by_customer = std::vector<referrer>(ids.size())};
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (who[row] == whom[row]) rows.refuse("referee", row, "is the referrer");
    if (!seen.emplace(whom[row], row).second) {
      rows.refuse("referee", row, "'" + whom[row] + "' was referred in an earlier row");
    }
    const auto referring = at.find(who[row]);
    if (referring == at.end()) rows.refuse("referrer", row, "'" + who[row] + "' has no value");
    if (types[row] != "1" && types[row] != "2" && types[row] != "unknown") {
      rows.refuse("type", row, "'" + types[row] + "' is not 1, 2 or unknown");
    }
    referrer& r = out.by_customer[referring->second];
    const auto referred = at.find(whom[row]);
    const double factor = how.factor(times[row]);
    r.referrals += 1;
    r.rewards += rewards[row];
    if (types[row] != "1") {
      r.type_2 += factor * how.cost;
      continue;
    }
    if (referred == at.end()) rows.refuse("referee", row, "'" + whom[row] + "' has no value");
    r.type_1 += factor * (clv[referred->second] + (how.credit_type_1 ? how.cost : 0));
    out.counted_twice += factor * clv[referred->second];
  }
  return out;
}

const char* cell_of(bool rich, bool refers) {
  if (rich) return refers ? "Champions" : "Affluents";
  return refers ? "Advocates" : "Misers";
}

void weigh(const report_inputs& in, const settings& s, outcome& out) {
  const report_rows values(in.of("values"), "referral", "values");
  const auto ids = values.texts("customer");
  const auto clv = values.numbers_or(values.has("clv") ? "clv" : "total", 0);
  const referral_sums sums = sum_referrals(in, counting_of(s), ids, clv, values);
  std::vector<double> of_referrers;
  for (const referrer& r : sums.by_customer) {
    if (r.referrals > 0) of_referrers.push_back(r.value());
  }
  const double value_cut = s.number("value_cut", median_of(clv));
  const double referral_cut = s.number("referral_cut", median_of(of_referrers));
  report_writer rows({{"customer", type::utf8},
                      {"clv", type::f64},
                      {"referrals", type::f64},
                      {"type_1_value", type::f64},
                      {"type_2_value", type::f64},
                      {"rewards", type::f64},
                      {"referral_value", type::f64},
                      {"cell", type::utf8}});
  double total_clv = 0, total_referral = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const referrer& r = sums.by_customer[i];
    const bool refers = r.referrals > 0 && r.value() >= referral_cut;
    rows.row(ids[i],
             clv[i],
             r.referrals,
             r.type_1,
             r.type_2,
             r.rewards,
             r.value(),
             cell_of(clv[i] >= value_cut, refers));
    total_clv += clv[i];
    total_referral += r.value();
  }
  const double twice = s.flag("count_referred_once", true) ? sums.counted_twice : 0;
  report_writer equity({{"customers", type::f64},
                        {"clv", type::f64},
                        {"referral_value", type::f64},
                        {"counted_twice", type::f64},
                        {"customer_equity", type::f64}});
  equity.row(static_cast<double>(ids.size()),
             total_clv,
             total_referral,
             twice,
             total_clv + total_referral - twice);
  out.tables[""] =
      rows.sealed("referral|" + in.of("referrals").fingerprint() + in.of("values").fingerprint());
  out.tables["equity"] = equity.sealed("referral.equity");
}

job begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("referral", options_json, options);
  return report_at_once("weigh", [in = std::move(in), s](outcome& out) { weigh(in, *s, out); });
}

}  // namespace

constinit const report referral_report{
    .name = "referral",
    .summary = "What word of mouth is worth, per customer and for the whole base",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
