// Which model forecasts this business best? Each is fitted to the first part of the log and held
// against the rest. MODELS.md, "Choosing a model", says what each figure means.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"
#include "value/reports.hpp"
#include "value/trust/backtest_tables.hpp"
#include "value/trust/report_options.hpp"
#include "value/trust/stepped_job.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> inputs{{{"transactions", "transactions", true, ""}}};
constexpr std::array<report_option, 10> options{{
    {"models", "\"\"", "comma list of purchase models; empty: all of the table"},
    {"spend", "\"gamma_gamma\"", "spend model for the value columns; empty: none"},
    {"split", "", "last day of the calibration; left out: the last third of the days is held out"},
    {"as_of", "", "last day of the holdout; left out: the last day of the log"},
    {"by", "\"log_score\"", "what the choice goes by: log_score, mae or rmse"},
    {"unit", "\"week\"", "time unit of the fits: day or week"},
    {"time_zone", "\"UTC\"", "whose midnight separates purchase days"},
    {"currency", "\"\"", "of which events; empty: the log must have one"},
    {"drop_zero_value", "false", "leave zero-value orders out altogether"},
    {"threads", "1", "the same bits for any number"},
}};
constexpr std::array<report_output, 2> outputs{
    {{"", backtest_columns}, {"calibration", calibration_columns}}};

std::vector<std::string> listed(std::string_view comma_list) {
  std::vector<std::string> names;
  while (!comma_list.empty()) {
    const auto comma = comma_list.find(',');
    names.emplace_back(comma_list.substr(0, comma));
    comma_list = comma == std::string_view::npos ? "" : comma_list.substr(comma + 1);
  }
  return names;
}

std::string known(bool spend) {
  std::string names;
  for (const model* m : models()) {
    if ((m->key == tuple_key::spend) == spend) {
      names += (names.empty() ? "" : ", ") + std::string(m->name);
    }
  }
  return names;
}

const model* row_of(std::string_view name, bool spend) {
  for (const model* m : models()) {
    if (m->name == name && (m->key == tuple_key::spend) == spend) return m;
  }
  return nullptr;
}

struct request {
  std::vector<const model*> wanted;
  std::string spend;
  std::string split;
  criterion by = criterion::log_score;
  summarize_options log;
  unsigned threads = 1;
};

criterion criterion_of(const settings& s) {
  const std::string by = s.text("by", "log_score");
  if (by == "rmse") return criterion::rmse;
  if (by == "mae") return criterion::mae;
  if (by != "log_score") s.refuse("by", "log_score, mae or rmse");
  return criterion::log_score;
}

request read_request(std::string_view options_json) {
  const settings s = settings_of(backtest_report, options_json);
  request r{.spend = s.text("spend", "gamma_gamma"),
            .split = s.text("split", ""),
            .by = criterion_of(s),
            .log = log_options(s)};
  for (const std::string& name : listed(s.text("models", ""))) {
    const model* m = row_of(name, false);
    if (m == nullptr) s.refuse("models", "a comma list of " + known(false));
    r.wanted.push_back(m);
  }
  if (r.wanted.empty()) {
    for (const model* m : models()) {
      if (m->key != tuple_key::spend) r.wanted.push_back(m);
    }
  }
  if (!r.spend.empty() && row_of(r.spend, true) == nullptr)
    s.refuse("spend", "one of " + known(true));
  if (!r.split.empty()) instant_option(s, "split", r.log.time_zone);
  const double threads = s.number("threads", 1);
  if (!(threads >= 1 && threads <= 1024)) s.refuse("threads", "a number from 1 to 1024");
  r.threads = static_cast<unsigned>(threads);
  return r;
}

// What the phases share.
class backtest_work {
 public:
  backtest_work(std::shared_ptr<const table> log, request asked)
      : log_(std::move(log)), asked_(std::move(asked)), zone_(asked_.log.time_zone) {}

  double whole();
  double calibration();
  double spend();
  double test();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void choose_days();
  void join();
  void sort_rows();
  void finish();
  void say(log_level level, std::string message, std::string hint = "");

  std::shared_ptr<const table> log_, whole_;
  request asked_;
  zone zone_;
  std::int64_t first_day_ = 0, split_day_ = 0, last_day_ = 0;
  stepped_job inner_;
  backtest_case case_;
  std::optional<backtest_candidate> running_;
  std::vector<backtest_result> results_;
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

void backtest_work::say(log_level level, std::string message, std::string hint) {
  result_->notes.push_back(
      {.code = status::ok, .level = level, .message = std::move(message), .hint = std::move(hint)});
}

double backtest_work::whole() {
  const double done = inner_.step([this] { return summarize(log_, asked_.log); });
  if (done < 1.0) return done;
  whole_ = inner_.main_table();
  inner_.clear();
  if (whole_->rows() == 0) {
    throw error(status::data, "the log has no purchase up to as_of", "check as_of");
  }
  choose_days();
  return 1.0;
}

void backtest_work::choose_days() {
  const auto first = whole_->integers("first_time", type::time);
  const double age = whole_->numbers("T")[0] * days_per_unit(asked_.log.unit);
  last_day_ = zone_.day_of(first[0]) + std::llround(age);
  first_day_ = zone_.day_of(std::ranges::min(first));
  split_day_ = asked_.split.empty() ? last_day_ - (last_day_ - first_day_ + 1) / 3
                                    : zone_.day_of(*parse_time(asked_.split, zone_));
  if (split_day_ < first_day_ || split_day_ >= last_day_) {
    throw error(status::invalid,
                "report 'backtest' option 'split': " + format_day(split_day_) +
                    " leaves nothing to fit or nothing to compare with, the purchases begin on " +
                    format_day(first_day_) + " and the holdout ends on " + format_day(last_day_),
                "choose a day between the two; a log of a few days cannot be backtested");
  }
}

double backtest_work::calibration() {
  const double done = inner_.step([this] {
    summarize_options o = asked_.log;
    o.as_of_us = zone_.start_of(split_day_);
    return summarize(log_, o);
  });
  if (done < 1.0) return done;
  case_.calibration = inner_.main_table();
  inner_.clear();
  log_.reset();
  join();
  sort_rows();
  return 1.0;
}

// Both summaries are in the order of the customers' ids; what came in between is their difference.
void backtest_work::join() {
  const table& before = *case_.calibration;
  const column& id = before.get("customer", type::utf8);
  const column& whole_id = whole_->get("customer", type::utf8);
  const std::string currency = before.get("mean_spend", type::f64).unit();
  const double minor = minor_per_major(currency);
  for (std::size_t row = 0, at = 0; row < before.rows(); ++row, ++at) {
    while (whole_id.text(at) != id.text(row)) ++at;
    const std::int64_t spent =
        whole_->integers("revenue", type::money)[at] - before.integers("revenue", type::money)[row];
    case_.purchases.push_back(whole_->numbers("x")[at] - before.numbers("x")[row]);
    case_.value.push_back(static_cast<double>(spent) / minor);
  }
  case_.holdout = static_cast<double>(last_day_ - split_day_) / days_per_unit(asked_.log.unit);
  case_.fit = {.threads = asked_.threads,
               .unit = asked_.log.unit,
               .time_zone = asked_.log.time_zone,
               .currency = currency,
               .as_of_us = zone_.start_of(split_day_ + 1)};
  say(log_level::info,
      "calibration from " + format_day(first_day_) + " to " + format_day(split_day_) + ", " +
          std::to_string(before.rows()) + " customers; holdout to " + format_day(last_day_) + "; " +
          std::to_string(whole_->rows() - before.rows()) + " later customers are in neither");
  whole_.reset();
}

void backtest_work::sort_rows() {
  const auto x = case_.calibration->numbers("x");
  const auto t_x = case_.calibration->numbers("t_x");
  const auto T = case_.calibration->numbers("T");
  case_.order.resize(x.size());
  std::iota(case_.order.begin(), case_.order.end(), std::size_t{0});
  std::ranges::sort(case_.order, [&](std::size_t a, std::size_t b) {
    return std::tuple(x[a], t_x[a], T[a], a) < std::tuple(x[b], t_x[b], T[b], b);
  });
}

// The same spend model serves every purchase model.
double backtest_work::spend() {
  if (asked_.spend.empty()) return 1.0;
  fit_options how = case_.fit;
  how.model = asked_.spend;
  try {
    const double done = inner_.step([&] { return fit(case_.calibration, how); });
    if (done < 1.0) return done;
    case_.spend = inner_.result().model->spend;
  } catch (const error& e) {
    if (e.details().code != status::data && e.details().code != status::numeric) throw;
    say(log_level::warn, "value was not compared: " + e.details().message);
  }
  inner_.clear();
  return 1.0;
}

double backtest_work::test() {
  if (results_.size() == asked_.wanted.size()) {
    finish();
    return 1.0;
  }
  const model& m = *asked_.wanted[results_.size()];
  double done = 1.0;
  if (m.key != tuple_key::purchases) {
    results_.push_back({.which = &m,
                        .status = "not_applicable",
                        .reason = m.key == tuple_key::renewals
                                      ? "counts renewals of contracts; a log of purchases has none"
                                      : "counts purchase opportunities; a log in continuous time "
                                        "has none"});
  } else {
    if (!running_) running_.emplace(m, asked_.by);
    done = running_->advance(case_);
    if (done >= 1.0) {
      results_.push_back(running_->take());
      running_.reset();
    }
  }
  const double finished = static_cast<double>(results_.size()) + (done < 1.0 ? done : 0.0);
  return 0.999 * finished / static_cast<double>(asked_.wanted.size());
}

void backtest_work::finish() {
  const backtest_choice choice = choose_model(results_, asked_.by);
  write_backtest(case_,
                 results_,
                 choice,
                 "backtest|" + case_.calibration->fingerprint() + "|" + format_day(last_day_),
                 *result_);
  if (choice.chosen) {
    say(log_level::info,
        "chosen: " + std::string(results_[*choice.chosen].which->name) + ", because " + choice.why);
  } else {
    say(log_level::warn, "no model was chosen: " + choice.why, "column reason says more");
  }
}

job begin(report_inputs in, std::string_view options_json) {
  request asked = read_request(options_json);
  auto work = std::make_shared<backtest_work>(in.tables.at("transactions"), std::move(asked));
  return job({{"whole", [work] { return work->whole(); }},
              {"calibration", [work] { return work->calibration(); }},
              {"spend", [work] { return work->spend(); }},
              {"test", [work] { return work->test(); }}},
             work->result());
}

}  // namespace

constinit const report backtest_report{
    .name = "backtest",
    .summary =
        "Which purchase model forecasts this business best: each is fitted to the first "
        "part of the log and held against the rest",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
