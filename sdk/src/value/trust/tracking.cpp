// Does what happens still follow the model? Expected against actual repeat purchases by period,
// and an alert when they drift apart. MODELS.md, "Tracking", has the formulas.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "math/json.hpp"
#include "value/reports.hpp"
#include "value/trust/drift.hpp"
#include "value/trust/histories.hpp"
#include "value/trust/months.hpp"
#include "value/trust/period_forecast.hpp"
#include "value/trust/report_options.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> tracking_inputs{{{"transactions", "transactions", true, ""}}};
constexpr std::array<report_option, 8> tracking_options{{
    {"period", "\"week\"", "day, week (seven days) or month (of the calendar)"},
    {"from", "", "first day of the first period; left out: that of the first purchase"},
    {"until", "", "last day; left out: the last of the log. A period that it cuts is left out"},
    {"watch_from", "", "first day watched for drift; left out: the day after the model's data"},
    {"false_alarm", "0.05", "chance of ever raising an alert while the model is right"},
    {"tolerance", "0.1", "share by which the model may be off before that counts as drift"},
    {"currency", "\"\"", "of which events; empty: the model's"},
    {"drop_zero_value", "false", "leave zero-value orders out altogether"},
}};
constexpr std::array<report_output, 1> tracking_outputs{
    {{"",
      "period,start,expected_incremental,actual_incremental,expected_cumulative,"
      "actual_cumulative,forecast,drift_statistic,drift_bound,drift_alert"}}};

struct tracking_request {
  std::string period;
  summarize_options log;
  std::string from;
  std::string watch_from;
  double false_alarm = 0, tolerance = 0;
};

tracking_request read_request(const fitted_model& m, std::string_view options_json) {
  const settings s = settings_of(tracking_report, options_json);
  tracking_request r{.period = s.text("period", "week"),
                     .from = s.text("from", ""),
                     .watch_from = s.text("watch_from", ""),
                     .false_alarm = s.number_in("false_alarm", 0.05, 1e-6, 0.5),
                     .tolerance = s.number_in("tolerance", 0.1, 0.0, 1.0)};
  if (r.period != "day" && r.period != "week" && r.period != "month") {
    s.refuse("period", "day, week or month");
  }
  r.log = log_options(s,
                      {.unit = m.unit,
                       .time_zone = m.time_zone,
                       .currency = m.currency == "XXX" ? "" : m.currency});
  r.log.as_of_us = instant_option(s, "until", m.time_zone);
  for (const char* name : {"from", "watch_from"}) instant_option(s, name, m.time_zone);
  return r;
}

struct period {
  std::int64_t begin = 0, end = 0;  // days [begin, end)
  double expected = 0, actual = 0;
  std::optional<double> forecast;
  drift_watch::verdict drift;
};

// What the phases share.
class tracking_work {
 public:
  tracking_work(std::shared_ptr<const table> log,
                std::shared_ptr<const fitted_model> m,
                tracking_request asked)
      : asked_(std::move(asked)),
        model_(std::move(m)),
        zone_(asked_.log.time_zone),
        unit_days_(days_per_unit(asked_.log.unit)),
        fingerprint_(log->fingerprint()),
        reader_(std::in_place, std::move(log), asked_.log) {}

  double read();
  double expect();
  double watch();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void cut_periods();
  void count_actual();
  std::int64_t end_of(std::int64_t begin) const;
  void start_watch();
  void note(log_level level, std::string message, std::string hint = "");
  void finish();

  tracking_request asked_;
  std::shared_ptr<const fitted_model> model_;
  zone zone_;
  double unit_days_;
  std::string fingerprint_;
  std::optional<history_reader> reader_;
  histories all_;
  std::int64_t first_day_ = 0;
  std::vector<double> born_;    // customers by first day, counted from first_day_
  std::vector<double> by_age_;  // expected_new at each age in days
  std::vector<period> periods_;
  std::size_t at_ = 0;
  bool begun_ = false;  // the forecast of period at_
  std::optional<period_forecast> forecast_;
  std::optional<drift_watch> drift_;
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

void tracking_work::note(log_level level, std::string message, std::string hint) {
  result_->notes.push_back(
      {.code = status::ok, .level = level, .message = std::move(message), .hint = std::move(hint)});
}

double tracking_work::read() {
  const double done = reader_->advance();
  if (done < 1.0) return done;
  all_ = reader_->take();
  reader_.reset();
  if (all_.size() == 0) {
    throw error(status::data, "the log has no purchase up to 'until'", "check until");
  }
  first_day_ = all_.of(0)[0];
  for (std::size_t c = 0; c < all_.size(); ++c) {
    first_day_ = std::min<std::int64_t>(first_day_, all_.of(c)[0]);
  }
  born_.assign(static_cast<std::size_t>(all_.last_day - first_day_ + 1), 0.0);
  for (std::size_t c = 0; c < all_.size(); ++c) {
    born_[static_cast<std::size_t>(all_.of(c)[0] - first_day_)] += 1.0;
  }
  cut_periods();
  count_actual();
  return 1.0;
}

std::int64_t tracking_work::end_of(std::int64_t begin) const {
  if (asked_.period == "month") return first_day_of(month_of(begin) + 1);
  return begin + (asked_.period == "week" ? 7 : 1);
}

void tracking_work::cut_periods() {
  std::int64_t begin =
      asked_.from.empty() ? first_day_ : zone_.day_of(*parse_time(asked_.from, zone_));
  for (; end_of(begin) <= all_.last_day + 1; begin = periods_.back().end) {
    periods_.push_back({.begin = begin, .end = end_of(begin)});
  }
  if (periods_.empty()) {
    throw error(status::invalid,
                "report 'tracking': no whole " + asked_.period + " lies between " +
                    format_day(begin) + " and " + format_day(all_.last_day),
                "choose an earlier from, a later until or a shorter period");
  }
}

void tracking_work::count_actual() {
  for (std::size_t c = 0; c < all_.size(); ++c) {
    const auto days = all_.of(c);
    for (std::size_t i = 1; i < days.size(); ++i) {
      const auto after = std::ranges::upper_bound(periods_, days[i], {}, &period::begin);
      if (after != periods_.begin() && days[i] < (after - 1)->end) (after - 1)->actual += 1.0;
    }
  }
}

// Sum over customers of E[X(end - first)] - E[X(begin - first)]: both clocks run from midnight to
// midnight, a customer's from the one at the start of its first day (as Fader & Hardie track).
double tracking_work::expect() {
  constexpr std::size_t ages_a_unit = 64;
  const auto ages = static_cast<std::size_t>(periods_.back().end - first_day_ + 1);
  const estimates& e = model_->purchase;
  for (std::size_t n = 0; n < ages_a_unit && by_age_.size() < ages; ++n) {
    const double age = static_cast<double>(by_age_.size()) / unit_days_;
    by_age_.push_back(e.which->expected_new(e.parameters, age));
  }
  if (by_age_.size() < ages) return static_cast<double>(by_age_.size()) / static_cast<double>(ages);
  const auto at = [this](std::int64_t age) {
    return age > 0 ? by_age_[static_cast<std::size_t>(age)] : 0.0;
  };
  for (period& p : periods_) {
    for (std::size_t born = 0; born < born_.size(); ++born) {
      const std::int64_t day = first_day_ + static_cast<std::int64_t>(born);
      p.expected += born_[born] * (at(p.end - day) - at(p.begin - day));
    }
  }
  return 1.0;
}

void tracking_work::start_watch() {
  std::int64_t from = 0;
  if (!asked_.watch_from.empty()) {
    from = zone_.day_of(*parse_time(asked_.watch_from, zone_));
  } else if (model_->as_of_us != 0) {
    from = zone_.day_of(model_->as_of_us);
  } else {
    note(log_level::info,
         "drift was not watched: the model does not say where its data ended",
         "give watch_from");
    at_ = periods_.size();
    return;
  }
  while (at_ < periods_.size() && periods_[at_].begin < from) ++at_;
  if (at_ == periods_.size()) {
    note(log_level::info,
         "drift was not watched: no whole period begins on or after " + format_day(from),
         "give a log that goes on after the model's data, or watch_from");
    return;
  }
  forecast_.emplace(all_, model_->purchase, unit_days_);
}

double tracking_work::watch() {
  if (!forecast_) start_watch();
  if (at_ == periods_.size()) {
    finish();
    return 1.0;
  }
  period& p = periods_[at_];
  if (!begun_) {
    forecast_->begin(p.begin, p.end);
    begun_ = true;
  }
  if (!drift_) {
    const double ahead = static_cast<double>(periods_.back().end - p.begin) / unit_days_;
    const double unsure = 2.0 * forecast_->relative_error(ahead);
    drift_.emplace(asked_.false_alarm, asked_.tolerance + unsure);
    note(log_level::info,
         "watched for drift from " + format_day(p.begin) + "; the model may be off by " +
             math::to_text(asked_.tolerance) + ", and by " +
             math::to_text(std::round(1e4 * unsure) / 1e4) +
             " because its estimates are (two standard errors), before that counts");
  }
  if (forecast_->advance()) {
    p.forecast = forecast_->mean();
    p.drift = drift_->add(forecast_->actual(), forecast_->mean(), forecast_->variance());
    begun_ = false;
    ++at_;
  }
  return 0.999 * static_cast<double>(at_) / static_cast<double>(periods_.size());
}

void tracking_work::finish() {
  report_writer rows({{"period", type::i64},
                      {"start", type::utf8},
                      {"expected_incremental", type::f64},
                      {"actual_incremental", type::f64},
                      {"expected_cumulative", type::f64},
                      {"actual_cumulative", type::f64},
                      {"forecast", type::f64},
                      {"drift_statistic", type::f64},
                      {"drift_bound", type::f64},
                      {"drift_alert", type::i64}});
  double expected = 0, actual = 0;
  std::int64_t number = 0;
  for (const period& p : periods_) {
    expected += p.expected;
    actual += p.actual;
    const bool judged = p.drift.judged;
    rows.row(++number,
             format_day(p.begin),
             p.expected,
             p.actual,
             expected,
             actual,
             p.forecast,
             judged ? std::optional(p.drift.statistic) : std::nullopt,
             judged ? std::optional(p.drift.bound) : std::nullopt,
             judged ? std::optional<std::int64_t>(p.drift.alert ? 1 : 0) : std::nullopt);
  }
  const auto alarm = std::ranges::find_if(periods_, [](const period& p) { return p.drift.alert; });
  if (alarm != periods_.end()) {
    note(log_level::warn,
         std::string("drift: since ") + format_day(alarm->begin) + " customers buy " +
             (alarm->drift.statistic > 0 ? "more" : "less") + " than the model can explain",
         "fit again on recent data, or backtest other models");
  }
  result_->tables[""] = rows.sealed("tracking|" + fingerprint_ + "|" + save_model(*model_));
}

job tracking_begin(report_inputs in, std::string_view options_json) {
  settings_of(tracking_report, options_json);  // names an unknown option before any work
  require_continuous(*in.model, "tracking");
  tracking_request asked = read_request(*in.model, options_json);
  auto work =
      std::make_shared<tracking_work>(in.tables.at("transactions"), in.model, std::move(asked));
  return job({{"read", [work] { return work->read(); }},
              {"expect", [work] { return work->expect(); }},
              {"watch", [work] { return work->watch(); }}},
             work->result());
}

}  // namespace

constinit const report tracking_report{
    .name = "tracking",
    .summary =
        "Whether purchases still follow the model: expected against actual by period, and "
        "an alert when they drift apart",
    .needs_model = true,
    .inputs = tracking_inputs,
    .options = tracking_options,
    .outputs = tracking_outputs,
    .begin = tracking_begin,
};

}  // namespace clv
