#include "engine/recorder.hpp"

#include "engine/notes.hpp"
#include "store/kept_answers.hpp"

namespace clv::detail {

void recorder::make_batches() {
  made_ = true;
  for (const report_output& o : what_->outputs) {
    if (o.records.empty()) continue;
    const auto found = result_->tables.find(o.name);
    if (found == result_->tables.end() || found->second->rows() == 0) continue;
    facts_.emplace_back(o.records);
    batches_.emplace_back(o.records, *found->second, options_);
  }
}

double recorder::check() {
  if (!made_) make_batches();
  if (next_ == batches_.size()) return 1.0;
  const double inside = batches_[next_].check();
  if (inside < 1.0) return part(next_, inside);
  return part(++next_, 0);
}

double recorder::store() {
  if (!all_or_nothing_) {
    all_or_nothing_.emplace(core_->sql());
    next_ = 0;
  }
  if (next_ == batches_.size()) return 1.0;
  const double inside = batches_[next_].store(*core_);
  if (inside < 1.0) return part(next_, inside);
  batches_[next_].finish();  // another batch of the same facts goes on from here
  return part(++next_, 0);
}

// What only repeats what is there leaves no trace but its answer.
void recorder::commit(std::int64_t accepted) {
  if (accepted == 0) {
    abandon();
    if (!answer_) return;
    all_or_nothing_.emplace(core_->sql());
  } else {
    store::add_run(core_->sql(), "record", result_->tables.at("")->fingerprint());
  }
  if (answer_) {
    answer_->made = accepted;
    store::keep_answer(core_->sql(), *answer_);
  }
  all_or_nothing_->commit();
}

double recorder::commit() {
  std::int64_t accepted = 0, erased = 0;
  auto counts = std::make_shared<table>();
  column& facts = counts->add("facts", type::utf8);
  column& taken = counts->add("accepted", type::i64);
  column& known = counts->add("duplicates", type::i64);
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    accepted += batches_[i].accepted();
    erased += batches_[i].erased();
    facts.push(std::string_view(facts_[i]));
    taken.push(batches_[i].accepted());
    known.push(batches_[i].duplicates());
  }
  note_erased(erased, result_->notes);
  counts->seal("apply|" + std::string(what_->name) + "|" + options_.source);
  result_->tables["recorded"] = std::move(counts);
  commit(accepted);  // nothing may fail afterwards
  abandon();
  return 1.0;
}

}  // namespace clv::detail
