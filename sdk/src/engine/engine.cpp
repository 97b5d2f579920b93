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

// The run that made what `verb` makes. A score that summarised the log anew made a summary and
// has a model for it, as a fit does.
std::optional<std::int64_t> latest_result(core& c, std::string_view verb) {
  const auto run = store::latest_run(c.sql(), verb);
  return verb == "fit" ? std::max(run, store::run_of_table(c.sql(), "summary")) : run;
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

void require_sqlite(core& c, std::string_view verb) {
  if (c.sql().handle() != nullptr) return;
  throw error(status::unsupported,
              c.sql().label() + " is not a SQLite file: libclv cannot " + std::string(verb) + " it",
              "use the tools of its database, such as pg_dump");
}

void require_fresh(core& c, const std::vector<std::string_view>& verbs, issues& notes) {
  std::int64_t earlier = 0;
  std::string_view input;
  for (const std::string_view verb : verbs) {
    const std::optional<std::int64_t> run = latest_result(c, verb);
    const std::int64_t knows = run ? store::known_to(c.sql(), *run) : 0;
    const std::string run_it = "run " + std::string(verb);
    if (!run) {
      throw error(status::state,
                  c.sql().label() + " has no " + std::string(product_of(verb)) + " yet: run " +
                      std::string(verb) + " first",
                  run_it);
    }
    if (knows < earlier && *run != earlier) {  // one run may have made both
      const std::string older = c.sql().label() + ": the stored " + std::string(product_of(verb)) +
                                (verb == "fit" ? " is" : " are") + " older than the " +
                                std::string(product_of(input));
      if (!c.any_age) {
        throw error(status::state, older + ": run " + std::string(verb) + " again", run_it);
      }
      notes.push_back(
          {.code = status::ok,
           .level = log_level::warn,
           .message = older + (verb == "fit" ? " and was" : " and were") + " taken all the same",
           .hint = run_it + " to take in what is newer"});
    }
    earlier = *run;
    input = verb;
  }
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
