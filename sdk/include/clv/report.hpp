// Reports: answers that are tables but no stage of the pipeline. One explicit table of them, each
// row a file; addressed by name in C (clv_report_begin), in the command (clv report) and here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "clv/fit.hpp"
#include "clv/job.hpp"
#include "clv/table.hpp"

namespace clv {

struct report_input {
  std::string_view name;    // "transactions", "costs": what --input NAME=FILE says
  std::string_view schema;  // a name of schemas(); "" = any columns, taken as they are
  bool required;
  std::string_view columns;  // of schema "": which columns are read, for the catalogue
};

struct report_option {
  std::string_view name;
  std::string_view fallback;  // its default, as JSON; "" = none, it may be left out
  std::string_view meaning;
};

struct report_output {
  std::string_view name;     // "" is the main table
  std::string_view columns;  // comma list, in order; "..." at the end: more, named by the input
  // The recordable facts that engine::apply appends this table to; "" none. Its columns are then
  // of that schema, all required ones among them; rows of what happened have event ids, so that
  // nothing is recorded twice.
  std::string_view records{};
};

struct report_inputs {
  std::map<std::string, std::shared_ptr<const table>, std::less<>> tables;
  std::shared_ptr<const fitted_model> model;  // null when none was given
  bool has(std::string_view name) const { return tables.find(name) != tables.end(); }
  const table& of(std::string_view name) const { return *tables.find(name)->second; }
};

struct report {
  std::string_view name;
  std::string_view summary;  // one sentence
  bool needs_model;
  std::span<const report_input> inputs;
  std::span<const report_option> options;
  std::span<const report_output> outputs;  // what the job's outcome holds
  // Inputs have been checked against `inputs` (present, conformed to their schema). `options_json`
  // is a JSON object or "". Throws error{invalid} naming option and value before any work.
  job (*begin)(report_inputs in, std::string_view options_json);
};

std::span<const report* const> reports();
const report& find_report(std::string_view name);  // throws error{not_found} listing the names

// Checks and conforms the inputs, then begins. Throws error{invalid} naming a missing, unknown or
// unfit input.
job begin_report(std::string_view name, report_inputs in, std::string_view options_json);

// A report that is one quick computation, as a job of one phase.
job report_at_once(std::string phase, std::function<void(outcome&)> work);

}  // namespace clv
