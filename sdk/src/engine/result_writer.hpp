// What a verb stores, and its writing in one transaction: by the engine that computed it, or, when
// that one only reads, by another engine of the same store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core.hpp"
#include "engine/unstored.hpp"

namespace clv::detail {

// Holds nothing of the engine that computed it.
struct verb_results {
  std::string verb;
  std::vector<std::pair<std::string, std::shared_ptr<const table>>> tables;
  std::shared_ptr<const fitted_model> model;
  std::int64_t created_us = 0;  // of the model; 0: not known
  std::optional<std::int64_t>
      made_with;  // the number of the kept model that all this was made with
  // One more step before the commit, called with the run's number until it returns 1; then it is
  // destroyed, and with it the statements it may hold.
  std::function<double(core&, std::int64_t)> last_step;
  std::function<void(core&)>
      require;  // throws error{conflict} when another engine may not write it
};

// Everything a verb writes, in one transaction: begun at the first unit, committed in the last,
// rolled back when the writer is destroyed before that. On an engine that only reads nothing is
// written: the results are kept in the job's outcome.
class result_writer {
 public:
  // What the verb reads is read from here on: on an engine that only reads, inside a snapshot.
  result_writer(core& owner, std::string verb, std::shared_ptr<outcome> told);
  // Writes what was computed as of `seen` elsewhere, and the answer. Throws error{conflict} in
  // advance().
  result_writer(core& owner, verb_results what, past seen, std::optional<request_answer> answer);

  void add(std::string name, std::shared_ptr<const table> rows) {
    what_.tables.emplace_back(std::move(name), std::move(rows));
  }
  void add(std::shared_ptr<const fitted_model> model, std::int64_t created_us) {
    what_.model = std::move(model);
    what_.created_us = created_us;
  }
  void made_with(std::int64_t model) { what_.made_with = model; }
  void add(std::function<double(core&, std::int64_t)> last_step) {
    what_.last_step = std::move(last_step);
  }
  void require(std::function<void(core&)> what) { what_.require = std::move(what); }
  double advance();
  // Rolls back at once what advance() has written so far.
  void abandon();

 private:
  void begin();
  void keep();

  core* owner_;
  verb_results what_;
  past seen_;
  std::optional<request_answer> answer_;
  std::shared_ptr<outcome> told_;  // nullptr: of another engine's verb
  std::int64_t run_ = 0;
  std::size_t current_ = 0;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::table_writer> writer_;  // destroyed before the transaction
};

}  // namespace clv::detail
