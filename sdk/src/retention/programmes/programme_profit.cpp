// Profit and loss of a loyalty programme, its present value and when it pays back.
//
// Per segment, member and month: `margin_lift`, the margin that a holdout shows the programme to
// add (mean and standard error, before the rewards' cost), and `reward`, what is given out at full
// cost. Of the rewards the share baseline / purchases goes to purchases that would have come anyway
// (the holdout's purchases against the members'): that is the cannibalisation; without both columns
// all of it counts so, which changes the split and not the profit. A share `breakage` of the
// rewards is never redeemed.
//   profit of a month = members x (margin_lift - reward x (1 - breakage)) - running cost
//   members in month t = members (1 - attrition)^(t-1)
//   present value = -setup_cost + sum_t profit_t (1 + annual_discount)^(-t/12)
// The standard error is that of the lift, the same in all months and independent between segments.
// Cost items are negative, so that each row adds up to its profit.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "math/normal.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

constexpr const char* programme_profit_name = "programme";

constexpr std::array<report_input, 1> programme_profit_inputs{
    {{"lift",
      "",
      true,
      "segment,members,margin_lift,margin_lift_sd (of a member and month, from a holdout); "
      "optional: reward,purchases,baseline (of a member and month; baseline: of the holdout)"}}};
constexpr std::array<report_option, 8> programme_profit_options{
    {{"months", "36", "over which it is valued"},
     {"annual_discount", "0.1", "0.1 is ten per cent a year"},
     {"running_cost", "0", "a month, whoever takes part"},
     {"setup_cost", "0", "once, at the start"},
     {"breakage", "0", "share of the rewards that is never redeemed"},
     {"attrition", "0", "share of the members that leaves each month"},
     {"level", "0.9", "of the interval"},
     {"currency", "\"XXX\"", "in which the amounts are"}}};
constexpr std::array<report_output, 3> programme_profit_outputs{
    {{"",
      "months,npv,npv_sd,npv_low,npv_high,p_pays,payback_month,discounted_payback_month,verdict,"
      "sentence"},
     {"profit_and_loss",
      "segment,members,incremental_margin,rewards_on_incremental,cannibalisation,breakage,"
      "running_cost,setup_cost,profit,profit_sd"},
     {"months",
      "month,members,incremental_margin,rewards,breakage,running_cost,cash,cumulative,"
      "discounted_cumulative"}}};

struct programme_profit_request {
  std::int64_t months;
  double discount, running, setup, breakage, attrition, level;
  std::string currency;
};

struct segment_lift {
  std::string segment;
  double members = 0, lift = 0, sd = 0, reward = 0, anyway = 1;
};

double share_anyway(double purchases, double baseline) {
  if (std::isnan(purchases) || std::isnan(baseline)) return 1;
  return purchases > 0 ? std::clamp(baseline / purchases, 0.0, 1.0) : 1;
}

// By segment, so that no order of the rows changes a bit.
std::vector<segment_lift> read_lift(const table& of) {
  const report_rows rows(of, programme_profit_name, "lift");
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto segments = rows.texts("segment");
  positions(segments, rows, "segment");  // refuses one that is there twice
  const auto members = rows.numbers("members"), lift = rows.numbers("margin_lift");
  const auto sd = rows.numbers("margin_lift_sd"), reward = rows.numbers_or("reward", 0);
  const auto purchases = rows.numbers_or("purchases", none);
  const auto baseline = rows.numbers_or("baseline", none);
  std::vector<segment_lift> out;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto at_least_zero = [&](const char* column, double value) {
      if (value < 0) rows.refuse(column, row, math::to_text(value) + " is negative");
    };
    at_least_zero("members", members[row]);
    at_least_zero("margin_lift_sd", sd[row]);
    at_least_zero("reward", reward[row]);
    at_least_zero("purchases", purchases[row]);
    at_least_zero("baseline", baseline[row]);
    out.push_back({segments[row],
                   members[row],
                   lift[row],
                   sd[row],
                   reward[row],
                   share_anyway(purchases[row], baseline[row])});
  }
  if (out.empty()) throw error(status::data, "report 'programme': table 'lift' is empty");
  std::sort(
      out.begin(), out.end(), [](const auto& a, const auto& b) { return a.segment < b.segment; });
  return out;
}

// Of one month, or of all; costs are negative.
struct items {
  double margin = 0, on_incremental = 0, anyway = 0, breakage = 0, running = 0, setup = 0;
  double rewards() const { return on_incremental + anyway; }
  double profit() const { return margin + rewards() + breakage + running + setup; }
  void add(const items& o, double weight) {
    margin += weight * o.margin;
    on_incremental += weight * o.on_incremental;
    anyway += weight * o.anyway;
    breakage += weight * o.breakage;
    running += weight * o.running;
    setup += weight * o.setup;
  }
};

items month_of(const segment_lift& s, double breakage) {
  const double given = s.members * s.reward;
  return {.margin = s.members * s.lift,
          .on_incremental = -given * (1 - s.anyway),
          .anyway = -given * s.anyway,
          .breakage = given * breakage};
}

struct valuation {
  std::vector<items> by_segment;  // discounted
  std::vector<double> sd;
  items all;
  double all_sd = 0;
  std::optional<std::int64_t> payback, discounted_payback;
  std::shared_ptr<const table> months;
};

class programme_work {
 public:
  programme_work(std::vector<segment_lift> segments, const programme_profit_request& asked)
      : segments_(std::move(segments)), asked_(asked) {}

  void answer(outcome& out, const std::string& seal);

 private:
  void value_segments();
  void value_months();
  std::shared_ptr<const table> summary(const std::string& seal) const;
  std::shared_ptr<const table> profit_and_loss() const;
  double stay(std::int64_t month) const {
    return std::pow(1 - asked_.attrition, static_cast<double>(month - 1));
  }
  double discount(std::int64_t month) const {
    return std::pow(1 + asked_.discount, -static_cast<double>(month) / 12);
  }
  std::string money(double value) const;

  std::vector<segment_lift> segments_;
  const programme_profit_request& asked_;
  valuation v_;
};

void programme_work::value_segments() {
  double weight = 0, cost_weight = 0;  // present value of one for each who stays, and for ever
  for (std::int64_t t = 1; t <= asked_.months; ++t) {
    weight += stay(t) * discount(t);
    cost_weight += discount(t);
  }
  double square = 0;
  for (const segment_lift& s : segments_) {
    items sum;
    sum.add(month_of(s, asked_.breakage), weight);
    v_.by_segment.push_back(sum);
    v_.sd.push_back(s.members * s.sd * weight);
    v_.all.add(sum, 1);
    square += v_.sd.back() * v_.sd.back();
  }
  v_.all.running = -asked_.running * cost_weight;
  v_.all.setup = -asked_.setup;
  v_.all_sd = std::sqrt(square);
}

void programme_work::value_months() {
  const std::string& c = asked_.currency;
  report_writer rows({{"month", type::i64},
                      {"members", type::f64},
                      {"incremental_margin", type::f64, c},
                      {"rewards", type::f64, c},
                      {"breakage", type::f64, c},
                      {"running_cost", type::f64, c},
                      {"cash", type::f64, c},
                      {"cumulative", type::f64, c},
                      {"discounted_cumulative", type::f64, c}});
  items first;
  double members = 0;
  for (const segment_lift& s : segments_) {
    first.add(month_of(s, asked_.breakage), 1);
    members += s.members;
  }
  double sum = -asked_.setup, discounted = -asked_.setup;
  for (std::int64_t t = 1; t <= asked_.months; ++t) {
    items now;
    now.add(first, stay(t));
    now.running = -asked_.running;
    sum += now.profit();
    discounted += now.profit() * discount(t);
    // The month after which it stays above: a later loss takes a payback back.
    if (!(sum >= 0)) v_.payback.reset();
    if (sum >= 0 && !v_.payback) v_.payback = t;
    if (!(discounted >= 0)) v_.discounted_payback.reset();
    if (discounted >= 0 && !v_.discounted_payback) v_.discounted_payback = t;
    rows.row(t,
             members * stay(t),
             now.margin,
             now.rewards(),
             now.breakage,
             now.running,
             now.profit(),
             sum,
             discounted);
  }
  v_.months = rows.sealed("programme.months");
}

std::string programme_work::money(double value) const {
  const int exponent = *currency_exponent(asked_.currency);
  const double minor = std::nearbyint(value * minor_per_major(asked_.currency));
  if (std::fabs(minor) > 9e18) return math::to_text(value) + " " + asked_.currency;
  return format_money(static_cast<std::int64_t>(minor), exponent) + " " + asked_.currency;
}

std::shared_ptr<const table> programme_work::summary(const std::string& seal) const {
  const double npv = v_.all.profit(), sd = v_.all_sd;
  const double z = math::normal_quantile(0.5 + asked_.level / 2);
  const double low = npv - z * sd, high = npv + z * sd;
  const double p = sd > 0 ? math::normal_cdf(npv / sd) : npv > 0 ? 1 : 0;
  const char* verdict = low > 0 ? "pays" : high < 0 ? "loses" : "not proven";
  const std::string paid =
      v_.payback ? "paid back in month " + std::to_string(*v_.payback) : "not paid back by then";
  const std::string sentence =
      std::string(low > 0    ? "The programme pays: "
                  : high < 0 ? "The programme loses money: "
                             : "It is not proven that the programme pays: ") +
      money(npv) + " over " + std::to_string(asked_.months) + " months (from " + money(low) +
      " to " + money(high) + "), " + paid;
  report_writer rows({{"months", type::i64},
                      {"npv", type::f64, asked_.currency},
                      {"npv_sd", type::f64, asked_.currency},
                      {"npv_low", type::f64, asked_.currency},
                      {"npv_high", type::f64, asked_.currency},
                      {"p_pays", type::f64},
                      {"payback_month", type::i64},
                      {"discounted_payback_month", type::i64},
                      {"verdict", type::utf8},
                      {"sentence", type::utf8}});
  rows.row(
      asked_.months, npv, sd, low, high, p, v_.payback, v_.discounted_payback, verdict, sentence);
  return rows.sealed(seal);
}

std::shared_ptr<const table> programme_work::profit_and_loss() const {
  const std::string& c = asked_.currency;
  report_writer rows({{"segment", type::utf8},
                      {"members", type::f64},
                      {"incremental_margin", type::f64, c},
                      {"rewards_on_incremental", type::f64, c},
                      {"cannibalisation", type::f64, c},
                      {"breakage", type::f64, c},
                      {"running_cost", type::f64, c},
                      {"setup_cost", type::f64, c},
                      {"profit", type::f64, c},
                      {"profit_sd", type::f64, c}});
  const auto write = [&](const std::string& who, double members, const items& i, double sd) {
    rows.row(who,
             members,
             i.margin,
             i.on_incremental,
             i.anyway,
             i.breakage,
             i.running,
             i.setup,
             i.profit(),
             sd);
  };
  double members = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    write(segments_[i].segment, segments_[i].members, v_.by_segment[i], v_.sd[i]);
    members += segments_[i].members;
  }
  write("all", members, v_.all, v_.all_sd);
  return rows.sealed("programme.profit_and_loss");
}

void programme_work::answer(outcome& out, const std::string& seal) {
  value_segments();
  value_months();
  if (!std::isfinite(v_.all.profit()) || !std::isfinite(v_.all_sd)) {
    throw error(status::numeric,
                "report 'programme': the present value is too large for a number",
                "check members, margin_lift and the options");
  }
  out.tables[""] = summary(seal);
  out.tables["profit_and_loss"] = profit_and_loss();
  out.tables["months"] = v_.months;
}

programme_profit_request read_request(const settings& s) {
  programme_profit_request r{
      .months = static_cast<std::int64_t>(s.number_in("months", 36, 1, 1200)),
      .discount = s.number_in("annual_discount", 0.1, 0, 10),
      .running = s.number_in("running_cost", 0, 0, 1e15),
      .setup = s.number_in("setup_cost", 0, 0, 1e15),
      .breakage = s.number_in("breakage", 0, 0, 1),
      .attrition = s.number_in("attrition", 0, 0, 1),
      .level = s.number_in("level", 0.9, 0.01, 0.9999),
      .currency = s.text("currency", "XXX")};
  if (!currency_exponent(r.currency)) s.refuse("currency", "an ISO 4217 code such as \"EUR\"");
  return r;
}

job programme_profit_begin(report_inputs in, std::string_view options_json) {
  programme_profit_request r =
      read_request(settings(programme_profit_name, options_json, programme_profit_options));
  return report_at_once("value", [in = std::move(in), r = std::move(r)](outcome& out) {
    const table& lift = in.of("lift");
    programme_work(read_lift(lift), r).answer(out, "programme|" + lift.fingerprint());
  });
}

}  // namespace

constinit const report programme_report{
    .name = programme_profit_name,
    .summary = "Profit and loss of a loyalty programme, its present value and its payback",
    .needs_model = false,
    .inputs = programme_profit_inputs,
    .options = programme_profit_options,
    .outputs = programme_profit_outputs,
    .begin = programme_profit_begin,
};

}  // namespace clv
