// What word of mouth is worth: Kumar, Petersen & Leone (2007), HBR 85(10) 139-146.
//   type 1 (would not have come): CLV_j / (1+d)^(t_j)
//   type 2 (would have come anyway): acquisition cost saved / (1+d)^(t_j)
//   referral value = both sums over the referred less the rewards paid
// t_j is years from `as_of` to the referral, negative for the past: what was is compounded, as the
// formula says. A type left empty or "unknown" counts as type 2, the cautious reading.
// Cells by the medians of value and referral value (or the cuts given): Champions high in both,
// Affluents in value, Advocates in referrals, Misers in neither. Who has no value has no cell.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr double us_per_year = 365.25 * 86'400e6;

constexpr std::array<report_input, 2> referral_inputs{
    {{"referrals", "", true, "referrer,referee,time,type (1, 2, unknown),reward"},
     {"values", "", true, "customer,clv (or total)"}}};
constexpr std::array<report_option, 7> referral_options{
    {{"as_of", "", "values count from this day; left out: no discounting"},
     {"annual_discount", "0", "0.1 is ten per cent a year"},
     {"acquisition_cost", "0", "what a referred customer saves"},
     {"credit_cost_to_type_1", "false", "count the saved cost for type 1 too"},
     {"count_referred_once", "true", "customer equity counts a referred customer's CLV once"},
     {"value_cut", "", "left out: the median of those valued"},
     {"referral_cut", "", "left out: the median of those who referred"}}};
constexpr std::array<report_output, 2> referral_outputs{
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
  bool credit_type_1 = false, count_once = true;
  std::optional<double> value_cut, referral_cut;
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
             .credit_type_1 = s.flag("credit_cost_to_type_1", false),
             .count_once = s.flag("count_referred_once", true)};
  if (s.has("value_cut")) c.value_cut = s.number("value_cut", 0);
  if (s.has("referral_cut")) c.referral_cut = s.number("referral_cut", 0);
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

// Who was valued; NaN where the value is absent.
struct valued {
  std::vector<std::string> ids;
  std::vector<double> clv;
};

valued read_values(const report_rows& rows) {
  const char* name = rows.has("clv") || !rows.has("total") ? "clv" : "total";
  if (!rows.has(name)) rows.numbers(name);  // throws and names what is there
  return {rows.texts("customer"), rows.numbers_or(name, std::numeric_limits<double>::quiet_NaN())};
}

// "1", "2" or "unknown" of each row.
std::vector<std::string> read_types(const table& referrals, const report_rows& rows) {
  std::vector<std::string> types(rows.size(), "unknown");
  const column* c = referrals.find("type");
  for (std::size_t row = 0; c != nullptr && row < types.size(); ++row) {
    if (!c->present(row)) continue;
    types[row] = c->kind() == type::utf8  ? std::string(c->text(row))
                 : c->kind() == type::f64 ? math::to_text(c->numbers()[row])
                                          : std::to_string(c->integers()[row]);
    if (types[row].empty()) types[row] = "unknown";
    if (types[row] != "1" && types[row] != "2" && types[row] != "unknown") {
      rows.refuse("type", row, "'" + types[row] + "' is not 1, 2 or unknown");
    }
  }
  return types;
}

referral_sums sum_referrals(const table& referrals,
                            const counting& how,
                            const valued& base,
                            const report_rows& values) {
  const report_rows rows(referrals, "referral", "referrals");
  const auto at = positions(base.ids, values, "customer");
  const auto who = rows.texts("referrer");
  const auto whom = rows.texts("referee");
  const auto rewards = rows.numbers_or("reward", 0);
  const auto times =
      how.dated ? rows.times("time", zone("UTC")) : std::vector<std::int64_t>(rows.size(), 0);
  const auto types = read_types(referrals, rows);
  positions(whom, rows, "referee");  // refuses who was referred twice
  // By who was referred: sums do not depend on the order of the rows then.
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return whom[a] < whom[b]; });
  referral_sums out{.by_customer = std::vector<referrer>(base.ids.size())};
  for (const std::size_t row : order) {
    if (who[row] == whom[row]) rows.refuse("referee", row, "is the referrer");
    const auto referring = at.find(who[row]);
    if (referring == at.end()) rows.refuse("referrer", row, "'" + who[row] + "' has no value");
    if (rewards[row] < 0) rows.refuse("reward", row, "is negative; a reward is 0 or more");
    referrer& r = out.by_customer[referring->second];
    const auto referred = at.find(whom[row]);
    const double factor = how.factor(times[row]);
    r.referrals += 1;
    r.rewards += rewards[row];
    if (types[row] != "1") {
      r.type_2 += factor * how.cost;
      continue;
    }
    if (referred == at.end() || std::isnan(base.clv[referred->second])) {
      rows.refuse("referee", row, "'" + whom[row] + "' has no value");
    }
    const double clv = base.clv[referred->second];
    r.type_1 += factor * (clv + (how.credit_type_1 ? how.cost : 0));
    out.counted_twice += factor * clv;
  }
  return out;
}

const char* cell_of(bool rich, bool refers) {
  if (rich) return refers ? "Champions" : "Affluents";
  return refers ? "Advocates" : "Misers";
}

// Sorted before they are summed: no order of the rows changes a bit.
double sum_of(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return std::accumulate(v.begin(), v.end(), 0.0);
}

std::shared_ptr<const table> equity_rows(const valued& base,
                                         const referral_sums& sums,
                                         bool count_once) {
  std::vector<double> clv, referral;
  for (std::size_t i = 0; i < base.ids.size(); ++i) {
    if (!std::isnan(base.clv[i])) clv.push_back(base.clv[i]);
    referral.push_back(sums.by_customer[i].value());
  }
  const double total_clv = sum_of(std::move(clv)), total_referral = sum_of(std::move(referral));
  const double twice = count_once ? sums.counted_twice : 0;
  const double equity = total_clv + total_referral - twice;
  if (!std::isfinite(equity)) {
    throw error(status::numeric,
                "report 'referral': the customer equity is too large for a number",
                "check the values, and annual_discount over the years since the referrals");
  }
  report_writer rows({{"customers", type::f64},
                      {"clv", type::f64},
                      {"referral_value", type::f64},
                      {"counted_twice", type::f64},
                      {"customer_equity", type::f64}});
  rows.row(static_cast<double>(base.ids.size()), total_clv, total_referral, twice, equity);
  return rows.sealed("referral.equity");
}

std::shared_ptr<const table> referrer_rows(const valued& base,
                                           const referral_sums& sums,
                                           const counting& how,
                                           const std::string& seal) {
  std::vector<double> of_referrers, known;
  for (std::size_t i = 0; i < base.ids.size(); ++i) {
    const referrer& r = sums.by_customer[i];
    if (r.referrals > 0) of_referrers.push_back(r.value());
    if (!std::isnan(base.clv[i])) known.push_back(base.clv[i]);
  }
  const double value_cut = how.value_cut.value_or(median_of(std::move(known)));
  const double referral_cut = how.referral_cut.value_or(median_of(std::move(of_referrers)));
  report_writer rows({{"customer", type::utf8},
                      {"clv", type::f64},
                      {"referrals", type::f64},
                      {"type_1_value", type::f64},
                      {"type_2_value", type::f64},
                      {"rewards", type::f64},
                      {"referral_value", type::f64},
                      {"cell", type::utf8}});
  for (std::size_t i = 0; i < base.ids.size(); ++i) {
    const referrer& r = sums.by_customer[i];
    const bool refers = r.referrals > 0 && r.value() >= referral_cut;
    std::optional<double> clv;
    std::optional<std::string_view> cell;
    if (!std::isnan(base.clv[i])) {
      clv = base.clv[i];
      cell = cell_of(*clv >= value_cut, refers);
    }
    rows.row(base.ids[i], clv, r.referrals, r.type_1, r.type_2, r.rewards, r.value(), cell);
  }
  return rows.sealed(seal);
}

void weigh(const report_inputs& in, const counting& how, outcome& out) {
  const report_rows values(in.of("values"), "referral", "values");
  const valued base = read_values(values);
  const referral_sums sums = sum_referrals(in.of("referrals"), how, base, values);
  out.tables["equity"] = equity_rows(base, sums, how.count_once);
  out.tables[""] =
      referrer_rows(base,
                    sums,
                    how,
                    "referral|" + in.of("referrals").fingerprint() + in.of("values").fingerprint());
}

job referral_begin(report_inputs in, std::string_view options_json) {
  const counting how = counting_of(settings("referral", options_json, referral_options));
  return report_at_once("weigh", [in = std::move(in), how](outcome& out) { weigh(in, how, out); });
}

}  // namespace

constinit const report referral_report{
    .name = "referral",
    .summary = "What word of mouth is worth, per customer and for the whole base",
    .needs_model = false,
    .inputs = referral_inputs,
    .options = referral_options,
    .outputs = referral_outputs,
    .begin = referral_begin,
};

}  // namespace clv
