// the log of decisions -> each receipt computed again, and the last run decided again.
#include <algorithm>
#include <bit>

#include "engine/core.hpp"
#include "engine/decide_run.hpp"
#include "engine/decision_inputs.hpp"
#include "engine/memory_need.hpp"

namespace clv {
namespace detail {
namespace {

class replay_work {
 public:
  replay_work(std::shared_ptr<core> owner, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        seen_(*engine_),
        result_(std::move(result)),
        inputs_(*engine_, {}) {
    require_readable(*engine_, "decision_log");
    require_memory(*engine_,
                   "replay",
                   {.customers = rows_of_table(*engine_, "scores"),
                    .proposals = rows_of_table(*engine_, "proposals"),
                    .rows = rows_of_table(*engine_, "decision_log")});
    last_ = latest_decide_run(engine_->sql());
    again_ = last_.has_value();
  }

  double load() { return log_.step(*engine_, "decision_log"); }
  double replay();
  double load_scores() { return again_ ? inputs_.load_scores() : 1.0; }
  double load_segments() { return again_ ? inputs_.load_segments() : 1.0; }
  double load_facts() { return again_ ? inputs_.load_facts() : 1.0; }
  double load_proposals() { return again_ ? proposals_.step(*engine_, "proposals") : 1.0; }
  double load_decisions() { return again_ ? decisions_.step(*engine_, "decisions") : 1.0; }
  double decide();
  double compare();
  void abandon() { seen_.end(); }

 private:
  bool is_unchanged();
  void note(log_level level, std::string message);
  void mark_different(const table& before, const table& now);

  lease engine_;  // released last
  snapshot seen_;
  std::shared_ptr<outcome> result_;
  decision_inputs inputs_;
  std::optional<decide_run> last_;
  bool again_ = false;  // the last run can be decided again
  decide_options options_;
  stored_input log_, proposals_, decisions_;
  std::shared_ptr<const table> now_;
  inner_job inner_;
};

bool same_value(const column& a, const column& b, std::size_t row) {
  if (a.present(row) != b.present(row)) return false;
  if (!a.present(row)) return true;
  if (a.kind() == type::utf8) return a.text(row) == b.text(row);
  if (a.kind() != type::f64) return a.integers()[row] == b.integers()[row];
  return std::bit_cast<std::uint64_t>(a.numbers()[row]) ==
         std::bit_cast<std::uint64_t>(b.numbers()[row]);
}

bool same_row(const table& a, const table& b, std::size_t row) {
  auto other = b.columns().begin();
  return std::ranges::all_of(a.columns(),
                             [&](const column& c) { return same_value(c, *other++, row); });
}

bool same_shape(const table& a, const table& b) {
  const auto same = [](const column& x, const column& y) {
    return x.name() == y.name() && x.kind() == y.kind() && x.unit() == y.unit() &&
           x.size() == y.size();
  };
  return std::ranges::equal(a.columns(), b.columns(), same);
}

void replay_work::note(log_level level, std::string message) {
  result_->notes.push_back({.code = status::ok, .level = level, .message = std::move(message)});
}

double replay_work::replay() {
  const double done = inner_.step([this] { return clv::replay(log_.rows()); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  return 1.0;
}

bool replay_work::is_unchanged() {
  std::string changed;
  try {
    options_ = options_from_json(last_->options);
    options_.model = model_of_run(*engine_, last_->run).model;
    options_.facts = inputs_.facts();
    changed =
        first_change(last_->inputs, fingerprints_of(inputs_, *proposals_.rows(), *options_.model));
  } catch (const error& e) {
    changed = e.what();
  }
  if (changed.empty()) return true;
  note(log_level::info,
       "the receipts were computed again; the last run (" + std::to_string(last_->run) +
           ") was not decided again as a whole, because what it was made from has changed since: " +
           changed);
  return false;
}

double replay_work::decide() {
  if (again_ && !options_.model) again_ = is_unchanged();
  seen_.end();
  if (!again_) return 1.0;
  const double done =
      inner_.step([this] { return clv::decide(inputs_.customers(), proposals_.rows(), options_); });
  if (done < 1.0) return done;
  now_ = inner_.main_table();
  outcome told_before;  // the notes of a decision are those of the run that stored it
  inner_.finish(told_before);
  return 1.0;
}

double replay_work::compare() {
  if (!again_) return 1.0;
  const table& before = *decisions_.rows();
  std::size_t different = same_shape(before, *now_) ? 0 : before.rows();
  for (std::size_t row = 0; different == 0 && row < before.rows(); ++row) {
    different += same_row(before, *now_, row) ? 0 : 1;
  }
  if (different == 0) {
    note(log_level::info,
         "the receipts were computed again, and the last run (" + std::to_string(last_->run) +
             ") was decided again from the stored tables: its " + std::to_string(before.rows()) +
             " decisions are the same, byte for byte");
    return 1.0;
  }
  mark_different(before, *now_);
  return 1.0;
}

// The rows of the last run are the last ones of the log, in its order.
void replay_work::mark_different(const table& before, const table& now) {
  const table& checked = *result_->tables.at("");
  const std::size_t first = checked.rows() - before.rows();
  const bool comparable = same_shape(before, now);
  auto marked = std::make_shared<table>(checked);
  column matches("matches", type::i64), difference("difference", type::utf8);
  std::size_t different = 0;
  for (std::size_t row = 0; row < checked.rows(); ++row) {
    const bool last = row >= first;
    const bool other = last && (!comparable || !same_row(before, now, row - first));
    different += other ? 1 : 0;
    matches.push(other ? std::int64_t{0} : checked.get("matches", type::i64).integers()[row]);
    const column& why = checked.get("difference", type::utf8);
    if (why.present(row)) {
      difference.push(why.text(row));
    } else if (other) {
      difference.push(std::string_view("deciding again from the stored tables gives another row"));
    } else {
      difference.push_absent();
    }
  }
  *marked->find("matches") = std::move(matches);
  *marked->find("difference") = std::move(difference);
  marked->seal("replay of a store|" + checked.fingerprint());
  result_->tables[""] = std::move(marked);
  note(log_level::error,
       "the last run (" + std::to_string(last_->run) +
           ") was decided again from the stored tables: " + std::to_string(different) +
           " of its decisions are others");
}

}  // namespace
}  // namespace detail

job engine::replay() {
  using detail::replay_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<replay_work>(impl_->core, result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &replay_work::load));
  phases.push_back(detail::phase_of("replay", work, &replay_work::replay));
  phases.push_back(detail::phase_of("load scores", work, &replay_work::load_scores));
  phases.push_back(detail::phase_of("load segments", work, &replay_work::load_segments));
  phases.push_back(detail::phase_of("load facts", work, &replay_work::load_facts));
  phases.push_back(detail::phase_of("load proposals", work, &replay_work::load_proposals));
  phases.push_back(detail::phase_of("load decisions", work, &replay_work::load_decisions));
  phases.push_back(detail::phase_of("decide", work, &replay_work::decide));
  phases.push_back(detail::phase_of("compare", work, &replay_work::compare));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv
