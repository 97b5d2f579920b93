#include "clv/engine.hpp"

#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

// What a verb writes, in the words of a message.
std::string_view product_of(std::string_view verb) {
  if (verb == "ingest") return "transactions";
  if (verb == "fit") return "model";
  if (verb == "score") return "scores";
  if (verb == "segment") return "segments";
  return verb;
}

void require_idle(const core& c) {
  if (!c.busy) return;
  throw error(status::conflict,
              "another job of this engine is not finished",
              "step it to the end or free it first");
}

}  // namespace

lease::lease(std::shared_ptr<core> owner) : owner_(std::move(owner)) {
  require_idle(*owner_);
  owner_->busy = true;
}

void require_ready(core& c, std::string_view verb) {
  require_idle(c);
  if (!c.store.read_only()) return;
  throw error(status::state,
              c.sql().label() + " was opened read only: " + std::string(verb) + " writes to it",
              "open it without read_only");
}

void require_fresh(core& c, const std::vector<std::string_view>& verbs) {
  std::int64_t earlier = 0;
  std::string_view input;
  for (const std::string_view verb : verbs) {
    const std::optional<std::int64_t> run = store::latest_run(c.sql(), verb);
    const std::string run_it = "run " + std::string(verb);
    if (!run) {
      throw error(status::state,
                  c.sql().label() + " has no " + std::string(product_of(verb)) + " yet: run " +
                      std::string(verb) + " first",
                  run_it);
    }
    if (*run < earlier) {
      throw error(status::state,
                  c.sql().label() + ": the stored " + std::string(product_of(verb)) +
                      (verb == "fit" ? " is" : " are") + " older than the " +
                      std::string(product_of(input)) + ": run " + std::string(verb) + " again",
                  run_it);
    }
    earlier = *run;
    input = verb;
  }
}

// ---- result_writer

void result_writer::add(std::string name, std::shared_ptr<const table> rows) {
  tables_.emplace_back(std::move(name), std::move(rows));
}

void result_writer::begin() {
  store::connection& sql = owner_->sql();
  all_or_nothing_.emplace(sql);
  run_ = store::add_run(sql, verb_, tables_.empty() ? "" : tables_.front().second->fingerprint());
  if (!model_) return;
  const std::string name = model_->name();
  const std::string json = save_model(*model_);
  store::add_model(sql, run_, {name, model_->data_fingerprint, json});
}

double result_writer::advance() {
  if (!all_or_nothing_) {
    begin();
  } else if (current_ < tables_.size()) {
    const auto& [name, rows] = tables_[current_];
    if (!writer_) writer_.emplace(owner_->sql(), name, *rows, run_);
    if (writer_->write(rows_a_unit) >= 1.0) {
      writer_.reset();
      ++current_;
    }
  } else if (last_step_ && last_step_(run_) < 1.0) {
    return 0.999;
  } else {
    last_step_ = nullptr;  // may hold statements, which end before their transaction
    all_or_nothing_->commit();
    return 1.0;
  }
  return static_cast<double>(current_) / static_cast<double>(tables_.size() + 1);
}

void result_writer::abandon() {
  writer_.reset();
  last_step_ = nullptr;
  all_or_nothing_.reset();
}

// ---- inner_job

void inner_job::finish(outcome& to) {
  for (issue& note : job_->result().notes) to.notes.push_back(std::move(note));
  job_.reset();
}

}  // namespace detail

engine::engine(engine_options options) : impl_(new impl{std::make_shared<detail::core>(options)}) {}

engine::~engine() = default;

}  // namespace clv
