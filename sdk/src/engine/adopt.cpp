// what a verb of an engine that only reads has computed -> stored, as if it had run here.
#include <array>

#include "engine/unstored.hpp"
#include "store/kept_answers.hpp"

namespace clv {
namespace detail {
namespace {

// What they took out would come back.
constexpr std::array<std::string_view, 2> deleting{"forget", "prune"};

[[noreturn]] void fail_replaced(core& c, std::string_view verb, const std::string& what) {
  throw error(status::conflict,
              c.sql().label() + ": since this " + std::string(verb) + " began, " + what,
              "run " + std::string(verb) + " again");
}

}  // namespace

past past_of(core& c) {
  return {.store = store::identity_of(c.sql()), .run = store::find_last_run(c.sql())};
}

void require_adoptable(core& c, const past& seen, std::string_view verb) {
  if (store::identity_of(c.sql()) != seen.store) {
    throw error(status::invalid,
                "the job's results are of another store than " + c.sql().label(),
                "adopt them with the engine that writes the job's store");
  }
  if (!store::has_run(c.sql(), seen.run)) {
    fail_replaced(c, verb, "an earlier state of it was restored");
  }
  const std::string_view deleted = store::ran_since(c.sql(), seen.run.seq, deleting);
  if (!deleted.empty()) fail_replaced(c, verb, std::string(deleted) + " has taken rows out");
}

void require_unwritten(core& c, const past& seen, std::string_view verb, std::string_view table) {
  if (store::run_of_table(c.sql(), table).value_or(0) <= seen.run.seq) return;
  fail_replaced(c, verb, "another run has stored newer " + std::string(table));
}

}  // namespace detail

job engine::adopt(const job& done, std::optional<request_answer> answer) {
  detail::require_ready(*impl_->core, "adopt");
  if (answer) {
    store::check_answer(*answer);
    // Before a conflict is looked for: what was done already needs no other try.
    store::require_unanswered(impl_->core->sql(), answer->key);
  }
  if (!done.finished()) {
    throw error(status::state, "the job to adopt has not finished", "step it to its end first");
  }
  if (!done.result().unstored) {
    throw error(status::state,
                "the job to adopt has nothing to store",
                "adopt a fit, score, segment, propose, decide or apply of a read-only engine");
  }
  return done.result().unstored->store_in(impl_->core, std::move(answer));
}

std::optional<request_answer> engine::answer(std::string_view key) {
  const detail::lease alone(impl_->core);
  return store::find_answer(alone->sql(), key);
}

}  // namespace clv
