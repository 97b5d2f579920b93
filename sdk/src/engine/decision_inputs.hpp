// What a decision is made from, read from the store a little each call: by decide, and by replay to
// decide again.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/core.hpp"

namespace clv::detail {

// Segments are not needed to decide, but those there are must be those of the scores. Throws
// error{state} naming the verb to run.
void require_decidable(core& c, issues& notes);

class decision_inputs {
 public:
  // `unsegmented`: of the facts the customers, and no segments.
  enum class facts_wanted { all, customers, unsegmented };
  // Facts that are `given` stand for the recorded ones of their name.
  decision_inputs(core& c, decision_facts given, facts_wanted wanted = facts_wanted::all);

  std::int64_t rows_of_facts();  // that are given or will be read
  double load_scores() { return scores_.step(*core_, "scores"); }
  double load_segments();
  double load_facts();

  // After the three: scores with the columns "segment" and those of the customers.
  std::shared_ptr<const table> customers() const { return customers_; }
  const decision_facts& facts() const { return facts_; }
  // What the segments rest on, a comma list; "" where no plugin made them.
  const std::string& segment_sources() const { return segment_sources_; }

 private:
  core* core_;
  bool segmented_;
  stored_input scores_, segments_, fact_;
  std::size_t next_fact_ = 0, last_fact_;
  decision_facts facts_;
  std::string segment_sources_;
  std::shared_ptr<const table> customers_;
};

// One line per table and one for the model, with their fingerprints: while it is the same text, the
// same is decided.
std::string fingerprints_of(const decision_inputs& in,
                            const table& proposals,
                            const fitted_model& model);
// The first name whose line differs, or "".
std::string first_change(std::string_view before, std::string_view now);

}  // namespace clv::detail
