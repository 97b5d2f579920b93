// One call of a report of the desk: options and rules are checked when it begins, tables are read
// by the job. [any]
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/report.hpp"
#include "data/settings.hpp"
#include "desk/desk_view.hpp"

namespace clv::desk {

struct desk_call {
  // `name` of the report must be a constant text. Throws error{invalid} for options that it has not
  // and for rules (option "desk") that are none.
  desk_call(std::string_view name,
            report_inputs tables,
            std::string_view options_json,
            std::span<const report_option> known);

  std::string_view report;
  report_inputs in;
  settings given;
  std::string seal;  // what every table of the answer is sealed with: the report and its options

  desk_view view() const { return read_desk(in, given, report); }
  const table* find(std::string_view input) const;  // nullptr: not given
};

// A job of one step.
using desk_answer = void (*)(const desk_call& asked, outcome& out);
job desk_job(std::string phase, desk_call asked, desk_answer answer);

// A job of three phases: read(), then advance() until it gives 1, then write(outcome).
template <class Run>
job desk_job(std::string phase, std::shared_ptr<Run> run) {
  auto result = std::make_shared<outcome>();
  std::vector<clv::phase> phases;
  phases.push_back({"read", [run] { return run->read(); }});
  phases.push_back({std::move(phase), [run] { return run->advance(); }});
  phases.push_back({"write", [run, result] {
                      run->write(*result);
                      return 1.0;
                    }});
  return {std::move(phases), std::move(result)};
}

// A note of a report: what the caller should know, and what to do about it.
void warn(outcome& out, std::string message, std::string hint);

}  // namespace clv::desk
