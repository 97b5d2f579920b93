#include "engine/result_writer.hpp"

#include "engine/models.hpp"
#include "store/kept_answers.hpp"

namespace clv::detail {
namespace {

void require_current(core& c, const verb_results& what, const past& seen) {
  require_adoptable(c, seen, what.verb);
  for (const auto& [name, rows] : what.tables) require_unwritten(c, seen, what.verb, name);
  if (what.require) what.require(c);
}

// A finished job's results on their way into the file of another engine.
class adopt_work {
 public:
  adopt_work(std::shared_ptr<core> owner,
             verb_results what,
             past seen,
             std::optional<request_answer> answer)
      : engine_(std::move(owner)),
        writer_(*engine_, std::move(what), std::move(seen), std::move(answer)) {}
  double store() { return writer_.advance(); }
  void abandon() { writer_.abandon(); }

 private:
  lease engine_;  // released last
  result_writer writer_;
};

class unstored_results final : public unstored {
 public:
  unstored_results(verb_results what, past seen, const outcome& told)
      : what_(std::move(what)), seen_(std::move(seen)), tables_(told.tables), model_(told.model) {}

  job store_in(std::shared_ptr<core> writer, std::optional<request_answer> answer) const override {
    require_current(*writer, what_, seen_);
    auto result = std::make_shared<outcome>();
    result->tables = tables_;
    result->model = model_;
    const auto work =
        std::make_shared<adopt_work>(std::move(writer), what_, seen_, std::move(answer));
    std::vector<phase> phases;
    phases.push_back(phase_of("store", work, &adopt_work::store));
    return {std::move(phases), std::move(result)};
  }

 private:
  verb_results what_;
  past seen_;
  std::map<std::string, std::shared_ptr<const table>, std::less<>> tables_;  // of the job
  std::shared_ptr<const fitted_model> model_;
};

}  // namespace

result_writer::result_writer(core& owner, std::string verb, std::shared_ptr<outcome> told)
    : owner_(&owner), told_(std::move(told)) {
  what_.verb = std::move(verb);
  if (owner.store.read_only()) seen_ = past_of(owner);
}

result_writer::result_writer(core& owner,
                             verb_results what,
                             past seen,
                             std::optional<request_answer> answer)
    : owner_(&owner), what_(std::move(what)), seen_(std::move(seen)), answer_(std::move(answer)) {}

void result_writer::keep() {
  told_->unstored = std::make_shared<unstored_results>(std::move(what_), seen_, *told_);
}

void result_writer::begin() {
  store::connection& sql = owner_->sql();
  all_or_nothing_.emplace(sql);
  const bool elsewhere = told_ == nullptr;
  if (elsewhere) require_current(*owner_, what_, seen_);
  const std::string input = what_.tables.empty() ? "" : what_.tables.front().second->fingerprint();
  run_ = store::add_run(sql, what_.verb, input, elsewhere ? seen_.run.seq : 0);
  if (what_.made_with) store::set_model_of_run(sql, run_, *what_.made_with);
  std::int64_t made = 0;
  if (what_.model) made = keep_model(sql, run_, *what_.model, what_.created_us);
  if (!answer_) return;
  answer_->made = made;
  store::keep_answer(sql, *answer_);
}

double result_writer::advance() {
  if (owner_->store.read_only()) {
    keep();
    return 1.0;
  }
  const std::size_t tables = what_.tables.size();
  if (!all_or_nothing_) {
    begin();
  } else if (current_ < tables) {
    const auto& [name, rows] = what_.tables[current_];
    if (!writer_) writer_.emplace(owner_->sql(), name, *rows, run_);
    if (writer_->write(rows_a_unit) >= 1.0) {
      writer_.reset();
      ++current_;
    }
  } else if (what_.last_step && what_.last_step(*owner_, run_) < 1.0) {
    return 0.999;
  } else {
    what_.last_step = nullptr;
    all_or_nothing_->commit();
    return 1.0;
  }
  return static_cast<double>(current_) / static_cast<double>(tables + 1);
}

void result_writer::abandon() {
  writer_.reset();
  what_.last_step = nullptr;
  all_or_nothing_.reset();
}

}  // namespace clv::detail
