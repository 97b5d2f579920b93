// Many senders' batches in one transaction: one wait for the disk instead of one each.
//
// What a batch has written can be undone alone to a savepoint, for which SQLite first copies every
// page that the batch touches: of small batches about as much work as the rows themselves. Hardly
// any batch fails once its rows have been checked, so that a group begins without savepoints; when
// one has failed, it begins again, with them.
#include <algorithm>

#include "engine/core.hpp"
#include "engine/group_batch.hpp"
#include "engine/memory_need.hpp"
#include "engine/notes.hpp"

namespace clv {
namespace detail {
namespace {

class group_work {
 public:
  group_work(std::shared_ptr<core> owner,
             std::vector<keyed_batch> batches,
             std::shared_ptr<outcome> result)
      : engine_(std::move(owner)), result_(std::move(result)) {
    for (keyed_batch& b : batches) {
      now_us_ = std::max(now_us_, b.options.now_us);
      batches_.emplace_back(std::move(b));
    }
  }

  double take();
  double commit();
  void abandon() {
    for (group_batch& b : batches_) b.abandon();
    log_.reset();
    all_or_nothing_.reset();
  }

 private:
  void begin();
  void begin_again();
  void add_run(std::string_view verb);
  void tell_answers();
  void tell_rejects();

  lease engine_;  // released last
  std::shared_ptr<outcome> result_;
  std::int64_t now_us_ = 0;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::request_log> log_;
  std::deque<group_batch> batches_;  // destroyed before the transaction
  std::size_t next_ = 0;
  bool with_savepoints_ = false;
};

void group_work::begin() {
  all_or_nothing_.emplace(engine_->sql());
  log_.emplace(engine_->sql());
  log_->forget_expired(now_us_);
}

void group_work::begin_again() {
  log_.reset();
  all_or_nothing_.reset();
  for (group_batch& b : batches_) b.restart();
  next_ = 0;
  with_savepoints_ = true;
}

double group_work::take() {
  if (batches_.empty()) return 1.0;
  if (!all_or_nothing_) begin();
  group_batch& batch = batches_[next_];
  const double inside = batch.advance(*engine_, *log_, with_savepoints_);
  if (batch.left_a_part()) {
    begin_again();
    return 0;
  }
  if (inside >= 1.0) ++next_;
  const double done = static_cast<double>(next_) + (inside >= 1.0 ? 0.0 : inside);
  return done / static_cast<double>(batches_.size());
}

// A group of nothing but duplicates without keys changes nothing.
double group_work::commit() {
  const bool wrote = std::ranges::any_of(batches_, &group_batch::wrote);
  if (wrote) {
    for (const std::string_view verb : {"ingest", "record"}) add_run(verb);
    log_.reset();
  }
  tell_answers();  // before the commit: what needs memory may fail, and nothing may fail afterwards
  tell_rejects();
  if (wrote) all_or_nothing_->commit();
  abandon();
  return 1.0;
}

// One run for all rows of its kind, so that what was computed from earlier ones is outdated once.
void group_work::add_run(std::string_view verb) {
  math::fingerprint_builder of_all;
  bool any = false;
  for (const group_batch& b : batches_) {
    if (!b.stored_rows() || verb_of(b.name()) != verb) continue;
    of_all.add(b.fingerprint());
    any = true;
  }
  if (any) store::add_run(engine_->sql(), verb, of_all.hex());
}

void push(column& to, std::int64_t value, bool known) {
  known ? to.push(value) : to.push_absent();
}

void push(column& to, const std::string& text) {
  text.empty() ? to.push_absent() : to.push(std::string_view(text));
}

void group_work::tell_answers() {
  auto answers = std::make_shared<table>();
  std::vector<column*> to;
  for (const char* name :
       {"status", "accepted", "duplicates", "rejected", "repeated", "sequence", "row"}) {
    to.push_back(&answers->add(name, type::i64));
  }
  for (const char* name : {"column", "message"}) to.push_back(&answers->add(name, type::utf8));
  std::int64_t erased = 0;
  for (const group_batch& b : batches_) {
    const batch_answer& a = b.answer();
    to[0]->push(static_cast<std::int64_t>(a.failure.code));
    push(*to[1], a.accepted, a.counted);
    push(*to[2], a.duplicates, a.counted);
    push(*to[3], a.rejected, a.counted);
    to[4]->push(static_cast<std::int64_t>(a.repeated));
    to[5]->push(a.sequence);
    push(*to[6], a.failure.row, a.failure.row >= 0);
    push(*to[7], a.failure.column);
    push(*to[8], a.failure.message);
    erased += a.erased;
  }
  note_erased(erased, result_->notes);
  answers->seal("group");
  result_->tables[""] = std::move(answers);
}

void group_work::tell_rejects() {
  auto rejects = std::make_shared<table>();
  column& batch = rejects->add("batch", type::i64);
  column& row = rejects->add("row", type::i64);
  column& name = rejects->add("column", type::utf8);
  column& reason = rejects->add("reason", type::utf8);
  column& message = rejects->add("message", type::utf8);
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    for (const refused_rows::one& r : batches_[i].answer().rejects) {
      batch.push(static_cast<std::int64_t>(i));
      row.push(r.row);
      push(name, r.column);
      reason.push(r.reason);
      message.push(std::string_view(r.message));
    }
  }
  rejects->seal("group rejects");
  result_->tables["rejects"] = std::move(rejects);
}

}  // namespace
}  // namespace detail

job engine::group(std::vector<keyed_batch> batches) {
  using detail::group_work;
  detail::require_ready(*impl_->core, "ingest");
  std::int64_t rows = 0;
  for (const keyed_batch& b : batches) {
    if (b.rows) rows += static_cast<std::int64_t>(b.rows->rows());
  }
  detail::require_memory_for_rows(*impl_->core, "ingest", rows);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<group_work>(impl_->core, std::move(batches), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("batches", work, &group_work::take));
  phases.push_back(detail::phase_of("commit", work, &group_work::commit));
  return {std::move(phases), std::move(result)};
}

std::int64_t engine::last_sequence(std::string_view key) {
  const detail::lease alone(impl_->core);
  return store::last_sequence(impl_->core->sql(), key);
}

}  // namespace clv
