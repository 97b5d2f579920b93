// a model and the stored summary, or the log as of a day -> scores.
#include "engine/memory_need.hpp"
#include "engine/result_writer.hpp"
#include "store/transactions.hpp"

namespace clv {
namespace detail {
namespace {

summarize_options counted_as(const fitted_model& m, std::int64_t as_of_us) {
  return {.unit = m.unit, .time_zone = m.time_zone, .as_of_us = as_of_us, .currency = m.currency};
}

// A model that was made elsewhere may come before any fit.
void require_something_to_score(core& c, const score_source& from, issues& notes) {
  if (from.summarise) return require_fresh(c, {"ingest"}, notes);
  if (from.as_of_us != 0) {
    throw error(status::invalid,
                "as_of_us is given, but the log is not summarised anew",
                "set CLV_SCORE_SUMMARIZE, or leave as_of_us 0");
  }
  if (!store::is_stored(c.sql(), "summary") && store::latest_model(c.sql())) {
    require_fresh(c, {"ingest"}, notes);
    throw error(status::state,
                c.sql().label() + " has no summary yet: run fit, or let score summarise the log",
                "run fit");
  }
  require_fresh(c, {"ingest", "fit"}, notes);
}

void require_memory_to_score(core& c, bool summarises) {
  if (!summarises) {
    return require_memory(c, "score", {.customers = rows_of_table(c, "summary")});
  }
  require_memory(
      c, "score the log", {.transactions = rows_of_log(c), .customers = rows_of_customers(c)});
}

class score_work {
 public:
  score_work(std::shared_ptr<core> owner,
             score_options o,
             const score_source& from,
             std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        options_(std::move(o)),
        summarise_(from.summarise),
        as_of_us_(from.as_of_us),
        result_(std::move(result)),
        seen_(*engine_),
        writer_(*engine_, "score", result_) {
    require_something_to_score(*engine_, from, result_->notes);
    require_memory_to_score(*engine_, summarise_);
    with_ = model_to_score_with(*engine_, from.model);
    if (options_.threads == 0) options_.threads = engine_->threads;
    if (summarise_ && with_.model->unit == "period") {
      throw error(status::invalid,
                  "model " + std::to_string(with_.number) +
                      " counts periods, and a log says when things happened",
                  "score it with a summary of your own, without a store");
    }
    writer_.made_with(with_.number);
  }

  double load();
  double summarise();
  double score();
  double store() { return writer_.advance(); }
  void abandon() {
    writer_.abandon();
    log_reader_.reset();
    seen_.end();
  }

 private:
  lease engine_;  // released last
  score_options options_;
  bool summarise_;
  std::int64_t as_of_us_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  numbered_model with_;
  std::optional<store::log_reader> log_reader_;
  stored_input stored_;
  std::shared_ptr<const table> log_, summary_;
  inner_job inner_;
  result_writer writer_;
};

double score_work::load() {
  if (!summarise_) {
    const double done = stored_.step(*engine_, "summary");
    if (done < 1.0) return done;
    summary_ = stored_.rows();
    seen_.end();
    return 1.0;
  }
  if (!log_reader_) log_reader_.emplace(engine_->sql(), store::log_reader::purpose::for_fit);
  const double done = log_reader_->read(rows_a_unit);
  if (done < 1.0) return done;
  log_ = log_reader_->take();
  log_reader_.reset();
  seen_.end();
  return 1.0;
}

double score_work::summarise() {
  if (!summarise_) return 1.0;
  const double done =
      inner_.step([this] { return clv::summarize(log_, counted_as(*with_.model, as_of_us_)); });
  if (done < 1.0) return done;
  summary_ = inner_.main_table();
  inner_.finish(*result_);
  log_.reset();
  result_->tables["summary"] = summary_;
  writer_.add("summary", summary_);
  return 1.0;
}

double score_work::score() {
  const double done = inner_.step([this] { return clv::score(with_.model, summary_, options_); });
  if (done < 1.0) return done;
  result_->tables[""] = inner_.main_table();
  inner_.finish(*result_);
  writer_.add("scores", result_->tables[""]);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::score(score_options o, score_source from) {
  using detail::score_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<score_work>(impl_->core, std::move(o), from, result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &score_work::load));
  phases.push_back(detail::phase_of("summarise", work, &score_work::summarise));
  phases.push_back(detail::phase_of("score", work, &score_work::score));
  phases.push_back(detail::phase_of("store", work, &score_work::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
