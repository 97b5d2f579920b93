// everything stored of one customer -> nothing but tombstones.
#include "engine/answered.hpp"
#include "engine/core.hpp"
#include "engine/one_customer.hpp"
#include "store/attributes.hpp"
#include "store/customer_split.hpp"
#include "store/kept_answers.hpp"
#include "store/personal_tables.hpp"
#include "store/transactions.hpp"

namespace clv {
namespace detail {
namespace {

using store::personal_kind;
using store::personal_table;

class forget_work {
 public:
  forget_work(std::shared_ptr<core> owner,
              std::string customer,
              std::optional<request_answer> answer,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        people_(find_customer(*engine_, std::move(customer))),
        answer_(std::move(answer)),
        result_(std::move(result)) {
    check_answer();
  }

  double erase();
  double erase_answers();
  double commit();
  void abandon() {
    writer_.reset();
    split_.reset();
    answers_.reset();
    all_or_nothing_.reset();
  }

 private:
  bool erase_derived(const personal_table& t);
  std::int64_t erase_kept(const personal_table& t);
  void count(const personal_table& t, std::int64_t rows) {
    if (rows > 0) counts_.add(t.name, rows);
  }
  void clean();
  void check_answer() const;
  static issue residue(const std::string& why);

  lease engine_;                             // released last
  std::vector<store::one_customer> people_;  // the customer, then its identities
  const store::one_customer& whose() const { return people_[person_]; }
  std::optional<request_answer> answer_;
  std::shared_ptr<outcome> result_;
  personal_counts counts_;
  issue unexplained_;  // the note of a residue, should there be no memory for a better one
  std::size_t next_ = 0, person_ = 0;
  std::optional<std::size_t> score_row_;  // of the customer, among the scores
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::customer_split> split_;
  std::shared_ptr<const table> others_;
  std::optional<store::table_writer> writer_;  // of others_, destroyed before the transaction
  std::optional<store::answer_eraser> answers_;
};

// What is kept by the commit is not looked through afterwards.
void forget_work::check_answer() const {
  if (!answer_) return;
  for (const store::one_customer& who : people_) {
    if (answer_->bytes.find(who.ext_id) == std::string::npos) continue;
    throw error(status::invalid,
                "the answer to keep holds the id of the customer who is to be forgotten",
                "leave the id out of the answer");
  }
}

// The identity goes last, with the commit: everything else refers to it.
std::int64_t forget_work::erase_kept(const personal_table& t) {
  store::connection& sql = engine_->sql();
  if (t.kind == personal_kind::identity) return 1;
  if (t.kind == personal_kind::log) return store::erase_from_log(sql, whose().id);
  if (t.name == "customers") store::erase_attributes(sql, whose().id);
  return store::erase_facts(sql, *store::find_fact_table(t.name), whose());
}

// True when the table is done: read, parted, and written again if the customer was in it.
bool forget_work::erase_derived(const personal_table& t) {
  if (writer_) {
    if (writer_->write(rows_a_unit) < 1.0) return false;
    writer_.reset();
    split_.reset();
    others_.reset();
    return true;
  }
  if (!split_) {
    if (!store::is_stored(engine_->sql(), t.name)) return true;
    split_.emplace(
        engine_->sql(), std::string(t.name), whose().ext_id, store::customer_split::part::others);
    if (t.name == "proposals" && score_row_) split_->skip_row(*score_row_);
  }
  if (split_->read(rows_a_unit) < 1.0) return false;
  if (t.name == "scores") score_row_ = split_->first_found();
  count(t, split_->found());
  const bool renumbered = t.name == "proposals" && score_row_;
  if (split_->found() == 0 && !renumbered) {
    split_.reset();
    return true;
  }
  others_ = split_->take();
  writer_.emplace(engine_->sql(), std::string(t.name), *others_, split_->run());
  return false;
}

double forget_work::erase() {
  if (!all_or_nothing_) all_or_nothing_.emplace(engine_->sql());
  const auto all = store::personal_tables();
  const personal_table& t = all[next_];
  if (t.kind == personal_kind::derived) {
    if (erase_derived(t)) ++next_;
  } else {
    count(t, erase_kept(t));
    ++next_;
  }
  if (next_ == all.size() && person_ + 1 < people_.size()) {
    ++person_;
    next_ = 0;
    score_row_.reset();
  }
  const double done = static_cast<double>(next_) / static_cast<double>(all.size());
  return (static_cast<double>(person_) + done) / static_cast<double>(people_.size());
}

double forget_work::erase_answers() {
  if (!answers_) answers_.emplace(engine_->sql());
  std::vector<std::string> ids;
  for (const store::one_customer& who : people_) ids.push_back(who.ext_id);
  if (!answers_->erase_next(ids)) return 0.0;
  answers_.reset();
  return 1.0;
}

double forget_work::commit() {
  store::connection& sql = engine_->sql();
  for (const store::one_customer& who : people_) {
    store::statement(sql, "DELETE FROM customer WHERE id = ?").bind(1, who.id).run();
    store::erased_customers(sql).add(who.ext_id);
  }
  store::add_run(sql, "forget", "");
  result_->tables[""] = counts_.sealed();
  keep(*engine_, answer_, counts_.total());
  // What may have to be said afterwards has its memory now: from the commit on nothing may fail.
  result_->notes.reserve(result_->notes.size() + 1);
  unexplained_ = residue("memory is out");
  all_or_nothing_->commit();
  all_or_nothing_.reset();
  clean();  // in this unit: after the commit there is nothing left to be cancelled
  return 1.0;
}

// Deleted rows live on in free pages and in the write-ahead log. Writing the file anew from its
// rows is the one way that SQLite offers to be rid of them all; it is one long step, and when it
// fails the customer is forgotten all the same.
void forget_work::clean() {
  try {
    try {
      if (!engine_->store.rewrite()) result_->notes.push_back(residue("a reader holds it open"));
    } catch (const error& e) {
      result_->notes.push_back(residue(e.what()));
    }
  } catch (const std::bad_alloc&) {
    result_->notes.push_back(std::move(unexplained_));
  }
}

issue forget_work::residue(const std::string& why) {
  return {.code = status::io,
          .level = log_level::warn,
          .message = "the customer is forgotten, but the file could not be written anew (" + why +
                     "): deleted bytes may remain in its free pages and in its write-ahead log "
                     "until the next customer is forgotten",
          .hint = "close other readers, make room on the disk"};
}

}  // namespace
}  // namespace detail

job engine::forget_customer(std::string customer, std::optional<request_answer> answer) {
  using detail::forget_work;
  detail::require_ready(*impl_->core, "forget");
  detail::require_unanswered(*impl_->core, answer);  // a repeat no longer finds the customer
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<forget_work>(impl_->core, std::move(customer), std::move(answer), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("erase", work, &forget_work::erase));
  phases.push_back(detail::phase_of("answers", work, &forget_work::erase_answers));
  phases.push_back(detail::phase_of("commit", work, &forget_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
