// A report on stored tables, a little at a time: first its inputs are read, then it runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/core.hpp"

namespace clv::detail {

class stored_report {
 public:
  // Inputs that are not given are read from the file by their names, and its model. Throws
  // error{state} naming the verb to run for one that is required and not there yet.
  stored_report(core& c, const report& what, report_inputs given, std::string options_json);

  // Each does a bounded part and says how much is done, in [0, 1].
  double load(core& c);
  double run(outcome& into);  // at 1 the report's tables, model and notes are in `into`

 private:
  static bool is_there(core& c, const report_input& i);
  std::shared_ptr<const fitted_model> model_for(core& c) const;

  const report* report_;
  report_inputs inputs_;
  std::string options_;
  std::vector<std::string> missing_;  // to be read from the store
  std::size_t next_ = 0;
  stored_input input_;
  inner_job inner_;
};

}  // namespace clv::detail
