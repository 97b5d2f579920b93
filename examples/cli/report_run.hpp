// One report, from files, a store or both: tables read as the catalogue says, options as JSON.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"
#include "input.hpp"
#include "report_facts.hpp"

namespace cli {

struct report_request {
  std::string store;
  bool create = false;                      // a store that is not there is made; apply_report only
  std::map<std::string, csv_source> files;  // by table
  std::map<std::string, std::string> options;  // by name, as typed
  std::string model_file;
};

// "table=FILE" and "table:word=header,.." into request.files; throws failure{exit_usage} for a
// table that the report does not take, or that is named twice.
void add_files(report_request& request,
               const report_facts& report,
               const std::vector<std::string>& inputs,
               const std::vector<std::string>& maps);
// "name=value" into request.options; throws failure{exit_usage} for an option it does not have.
void add_options(report_request& request,
                 const report_facts& report,
                 const std::vector<std::string>& options);
// The value as JSON: numbers, true, false, lists and objects as they are, all else a text. Where
// the default is a text it is always one; where that is a list, "a,b" is one.
std::string option_json(const report_option& option, const std::string& value);

// The tables of an answer by name, the main one ("") first.
using named_tables = std::vector<std::pair<std::string, result>>;
std::string shown_name(const std::string& table);  // "main" for ""
// Only the table that is named so; "all" keeps them. Throws failure{exit_usage} for one that is not
// there.
void keep_table(named_tables& tables, const std::string& name);

named_tables run_report(const report_facts& report, const report_request& request, diag& d);
// The report on request.store, given files before stored tables, and what it says is to be recorded
// recorded there as sent by `source`; the last table is "recorded": facts, accepted, duplicates.
named_tables apply_report(const report_facts& report,
                          const report_request& request,
                          const clv_ingest_options& source,
                          diag& d);
// {"report": .., "tables": {"main": [..], ..}, "warnings": [..]}
std::string answer_json(const std::string& report, const named_tables& tables, const diag& d);

}  // namespace cli
