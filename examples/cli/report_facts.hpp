// What clv_catalogue says of the reports: names, tables and options, so that this command need not
// know any of them.
#pragma once

#include <string>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

struct report_input {
  std::string name;
  std::string schema;   // "" = any columns
  std::string columns;  // of schema "": which are read
  bool required;
};

struct report_option {
  std::string name;
  std::string fallback;  // as JSON; "" = none
  std::string meaning;
};

struct report_output {
  std::string name;  // "" = the main table
  std::string columns;
  std::string records;  // the facts that clv_engine_apply_begin records this table as; "" none
};

struct report_facts {
  std::string name;
  std::string summary;
  bool needs_model;
  std::vector<report_input> inputs;
  std::vector<report_option> options;
  std::vector<report_output> outputs;
};

std::vector<report_facts> known_reports(const diag& d);
// Throws failure{exit_usage} listing the names.
report_facts report_named(const std::string& name, const diag& d);

// For people: one line per report; all about one report.
std::string report_list(const std::vector<report_facts>& reports);
std::string report_description(const report_facts& report);
// For programs: a JSON object.
std::string report_json(const report_facts& report);

}  // namespace cli
