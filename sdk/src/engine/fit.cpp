// the log -> summary and model.
#include <algorithm>

#include "clv/time.hpp"
#include "data/instants.hpp"
#include "engine/memory_need.hpp"
#include "engine/result_writer.hpp"
#include "store/transactions.hpp"
#include "value/fitting/auto.hpp"

namespace clv {
namespace detail {
namespace {

class fit_work {
 public:
  fit_work(std::shared_ptr<core> owner,
           summarize_options s,
           fit_options f,
           std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        summarize_(std::move(s)),
        fit_(std::move(f)),
        result_(std::move(result)),
        seen_(*engine_),
        writer_(*engine_, "fit", result_) {
    data::require_instant("as_of_us", summarize_.as_of_us);
    data::require_instant("now_us", fit_.now_us);
    require_fresh(*engine_, {"ingest"}, result_->notes);
    require_memory(
        *engine_,
        "fit",
        {.transactions = rows_of_log(*engine_), .customers = rows_of_customers(*engine_)});
    reader_.emplace(engine_->sql(), store::log_reader::purpose::for_fit);
    if (fit_.threads == 0) fit_.threads = engine_->threads;
    fit_.unit = summarize_.unit;
    fit_.time_zone = summarize_.time_zone;
  }

  double read();
  double choose();
  double summarise();
  double fit();
  double store() { return writer_.advance(); }
  void abandon() {
    reader_.reset();
    writer_.abandon();
    seen_.end();
  }

 private:
  void keep_as_of();

  lease engine_;  // released last
  summarize_options summarize_;
  fit_options fit_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  std::optional<store::log_reader> reader_;
  std::shared_ptr<const table> log_, summary_;
  inner_job inner_;
  result_writer writer_;
};

double fit_work::read() {
  const double done = reader_->read(rows_a_unit);
  if (done < 1.0) return done;
  log_ = reader_->take();
  reader_.reset();
  seen_.end();
  keep_as_of();
  return 1.0;
}

// The model's as_of: the start of the day after the last one that the summary observes, which is
// the day of the last event unless the options say another.
void fit_work::keep_as_of() {
  const zone where(summarize_.time_zone);
  const auto times = log_->integers("time", type::time);
  const std::int64_t last =
      summarize_.as_of_us != 0 || times.empty() ? summarize_.as_of_us : std::ranges::max(times);
  fit_.as_of_us = where.start_of(where.day_of(last) + 1);
}

// "auto" becomes the name of a model; any other name stays.
double fit_work::choose() {
  if (!is_auto(fit_.model)) return 1.0;
  const double done = inner_.step([this] { return choose_automatically(log_, summarize_, fit_); });
  if (done < 1.0) return done;
  fit_.model = automatic_choice(inner_.result(), fit_.model);
  result_->tables["backtest"] = inner_.main_table();
  inner_.finish(*result_);
  return 1.0;
}

double fit_work::summarise() {
  const double done = inner_.step([this] { return clv::summarize(log_, summarize_); });
  if (done < 1.0) return done;
  summary_ = inner_.main_table();
  fit_.currency = summary_->get("mean_spend", type::f64).unit();
  inner_.finish(*result_);
  log_.reset();
  return 1.0;
}

double fit_work::fit() {
  const double done = inner_.step([this] { return clv::fit(summary_, fit_); });
  if (done < 1.0) return done;
  result_->tables[""] = inner_.main_table();
  result_->tables["summary"] = summary_;
  result_->model = inner_.result().model;
  inner_.finish(*result_);
  writer_.add("summary", summary_);
  writer_.add("parameters", result_->tables[""]);
  writer_.add(result_->model, fit_.now_us);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::fit(summarize_options s, fit_options f) {
  using detail::fit_work;
  if (is_auto(f.model)) check_auto(f);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<fit_work>(impl_->core, std::move(s), std::move(f), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("read", work, &fit_work::read));
  phases.push_back(detail::phase_of("choose", work, &fit_work::choose));
  phases.push_back(detail::phase_of("summarise", work, &fit_work::summarise));
  phases.push_back(detail::phase_of("fit", work, &fit_work::fit));
  phases.push_back(detail::phase_of("store", work, &fit_work::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
