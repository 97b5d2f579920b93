// Customers by the month of their first purchase: who came back, when, and who is still there.
// Who has not been watched long enough is not counted as lost. README.md, "Cohorts", has the terms.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "math/json.hpp"
#include "math/proportion.hpp"
#include "value/reports.hpp"
#include "value/trust/histories.hpp"
#include "value/trust/kaplan_meier.hpp"
#include "value/trust/months.hpp"
#include "value/trust/report_options.hpp"

namespace clv {
namespace {

constexpr double z95 = 1.959963984540054;

constexpr std::array<report_input, 1> cohorts_inputs{{{"transactions", "transactions", true, ""}}};
constexpr std::array<report_option, 5> cohorts_options{{
    {"window_days", "90", "days within which the second purchase counts as a return"},
    {"as_of", "", "last day observed; left out: the last day of the log"},
    {"time_zone", "\"UTC\"", "whose midnight separates days and months"},
    {"currency", "\"\"", "of which events; empty: the log must have one"},
    {"drop_zero_value", "false", "leave zero-value orders out altogether"},
}};
constexpr std::array<report_output, 3> cohorts_outputs{{
    {"",
     "cohort,customers,observed,returned,repeat_rate,repeat_lower,repeat_upper,"
     "repeat_kaplan_meier,median_days,purchases_per_customer"},
    {"triangle", "cohort,period,month,customers,active,active_share"},
    {"second_order", "cohort,days,at_risk,returned,censored,not_returned,lower,upper"},
}};

// One cohort; "all" of them together is one too.
struct cohort {
  std::string name;
  std::int64_t month = 0;
  double customers = 0, purchases = 0;
  double observed = 0, returned = 0;          // of the customers watched for the whole window
  std::vector<std::int64_t> events, watched;  // days to the second purchase, or watched without
  std::vector<double> active;                 // customers who bought, by months since the first
};

// What the phases share.
class cohort_work {
 public:
  cohort_work(std::shared_ptr<const table> log, const summarize_options& how, std::int64_t window)
      : window_(window),
        seal_("cohorts|" + log->fingerprint() + "|" + std::to_string(window) + "|" + how.time_zone),
        reader_(std::in_place, std::move(log), how) {}

  double read();
  double group();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void add(cohort& to, std::span<const std::int32_t> days);
  void add_months(cohort& to, std::span<const std::int32_t> days);
  void finish();
  std::vector<cohort*> listed();
  void write_main(const std::vector<cohort*>& list);
  void write_triangle(const std::vector<cohort*>& list);
  void write_second(const std::vector<cohort*>& list);

  std::int64_t window_;
  std::string seal_;
  std::optional<history_reader> reader_;
  histories all_;
  std::size_t customer_ = 0;
  std::int64_t last_whole_month_ = 0;  // all of whose days are observed
  std::map<std::int64_t, cohort> by_month_;
  cohort total_{.name = "all"};
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

double cohort_work::read() {
  const double done = reader_->advance();
  if (done < 1.0) return done;
  all_ = reader_->take();
  reader_.reset();
  last_whole_month_ = month_of(std::int64_t{all_.last_day} + 1) - 1;
  return 1.0;
}

double cohort_work::group() {
  constexpr std::size_t customers_a_unit = 1U << 15U;
  const std::size_t stop = std::min(all_.size(), customer_ + customers_a_unit);
  for (; customer_ < stop; ++customer_) {
    const auto days = all_.of(customer_);
    const std::int64_t month = month_of(days[0]);
    cohort& c = by_month_[month];
    c.month = month;
    add(c, days);
    add(total_, days);
    add_months(c, days);
  }
  if (customer_ < all_.size()) {
    return static_cast<double>(customer_) / static_cast<double>(all_.size());
  }
  finish();
  return 1.0;
}

void cohort_work::add(cohort& to, std::span<const std::int32_t> days) {
  const std::int64_t watched = all_.last_day - days[0];
  to.customers += 1;
  to.purchases += static_cast<double>(days.size());
  const bool again = days.size() > 1;
  const std::int64_t wait = again ? days[1] - days[0] : 0;
  (again ? to.events : to.watched).push_back(again ? wait : watched);
  if (watched < window_) return;
  to.observed += 1;
  to.returned += again && wait <= window_ ? 1 : 0;
}

void cohort_work::add_months(cohort& to, std::span<const std::int32_t> days) {
  if (to.active.empty() && last_whole_month_ >= to.month) {
    to.active.assign(static_cast<std::size_t>(last_whole_month_ - to.month + 1), 0.0);
  }
  std::int64_t before = -1;
  for (const std::int32_t day : days) {
    const std::int64_t period = month_of(day) - to.month;
    if (period == before) continue;
    before = period;
    const auto at = static_cast<std::size_t>(period);
    if (at < to.active.size()) to.active[at] += 1;
  }
}

std::vector<cohort*> cohort_work::listed() {
  std::vector<cohort*> list;
  for (auto& [month, c] : by_month_) {
    c.name = format_month(month);
    list.push_back(&c);
  }
  if (total_.customers > 0) list.push_back(&total_);
  return list;
}

void cohort_work::finish() {
  const std::vector<cohort*> list = listed();
  for (cohort* c : list) {
    std::ranges::sort(c->events);
    std::ranges::sort(c->watched);
  }
  write_main(list);
  write_triangle(list);
  write_second(list);
  const double cut = total_.customers - total_.observed;
  if (cut > 0) {
    result_->notes.push_back(
        {.code = status::ok,
         .level = log_level::info,
         .message = math::to_text(cut) + " of " + math::to_text(total_.customers) +
                    " customers were watched for less than " + std::to_string(window_) +
                    " days: they are not in repeat_rate, and in repeat_kaplan_meier as long as "
                    "they were watched"});
  }
}

void cohort_work::write_main(const std::vector<cohort*>& list) {
  report_writer rows({{"cohort", type::utf8},
                      {"customers", type::f64},
                      {"observed", type::f64},
                      {"returned", type::f64},
                      {"repeat_rate", type::f64},
                      {"repeat_lower", type::f64},
                      {"repeat_upper", type::f64},
                      {"repeat_kaplan_meier", type::f64},
                      {"median_days", type::f64},
                      {"purchases_per_customer", type::f64}});
  for (const cohort* c : list) {
    const auto steps = kaplan_meier(c->events, c->watched);
    // Beyond the longest watch nothing is known.
    std::int64_t longest = 0;
    if (!c->events.empty()) longest = c->events.back();
    if (!c->watched.empty()) longest = std::max(longest, c->watched.back());
    const auto half = std::ranges::find_if(steps, [](const auto& s) { return s.survival <= 0.5; });
    using number = std::optional<double>;
    const bool known = c->observed > 0;
    const auto w = known ? math::wilson(c->returned, c->observed, z95) : math::share_interval{};
    rows.row(c->name,
             c->customers,
             c->observed,
             c->returned,
             known ? number(w.share) : number(),
             known ? number(w.lower) : number(),
             known ? number(w.upper) : number(),
             longest >= window_ ? number(1 - survival_at(steps, window_)) : number(),
             half != steps.end() ? number(static_cast<double>(half->time)) : number(),
             c->purchases / c->customers);
  }
  result_->tables[""] = rows.sealed(seal_);
}

void cohort_work::write_triangle(const std::vector<cohort*>& list) {
  report_writer rows({{"cohort", type::utf8},
                      {"period", type::i64},
                      {"month", type::utf8},
                      {"customers", type::f64},
                      {"active", type::f64},
                      {"active_share", type::f64}});
  for (const cohort* c : list) {
    for (std::size_t period = 0; period < c->active.size(); ++period) {
      const auto number = static_cast<std::int64_t>(period);
      rows.row(c->name,
               number,
               format_month(c->month + number),
               c->customers,
               c->active[period],
               c->active[period] / c->customers);
    }
  }
  result_->tables["triangle"] = rows.sealed(seal_ + "|triangle");
}

void cohort_work::write_second(const std::vector<cohort*>& list) {
  report_writer rows({{"cohort", type::utf8},
                      {"days", type::i64},
                      {"at_risk", type::f64},
                      {"returned", type::f64},
                      {"censored", type::f64},
                      {"not_returned", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64}});
  for (const cohort* c : list) {
    for (const survival_step& s : kaplan_meier(c->events, c->watched)) {
      rows.row(c->name, s.time, s.at_risk, s.events, s.censored, s.survival, s.lower, s.upper);
    }
  }
  result_->tables["second_order"] = rows.sealed(seal_ + "|second_order");
}

job cohorts_begin(report_inputs in, std::string_view options_json) {
  const settings s = settings_of(cohorts_report, options_json);
  const double window = s.number_in("window_days", 90, 1, 36'525);
  if (window != std::floor(window)) s.refuse("window_days", "a whole number of days");
  auto work = std::make_shared<cohort_work>(
      in.tables.at("transactions"), log_options(s), static_cast<std::int64_t>(window));
  return job(
      {{"read", [work] { return work->read(); }}, {"group", [work] { return work->group(); }}},
      work->result());
}

}  // namespace

constinit const report cohorts_report{
    .name = "cohorts",
    .summary =
        "Customers by the month of their first purchase: who returned, how soon, and who "
        "is still active",
    .needs_model = false,
    .inputs = cohorts_inputs,
    .options = cohorts_options,
    .outputs = cohorts_outputs,
    .begin = cohorts_begin,
};

}  // namespace clv
