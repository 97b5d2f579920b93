// What a verb of clv desk prints and writes.
#pragma once

#include <cstdint>
#include <string>

#include "failure.hpp"
#include "report_facts.hpp"
#include "report_run.hpp"

namespace cli {

struct desk_output {
  std::string table = "all";
  std::string out;      // the first table, or the one that is named; "-" standard output
  std::string out_dir;  // every table
  std::int64_t top = 20;
  bool json = false;
};

// Text leaves out what is only for recording; JSON and files hold every table.
void show_answer(const report_facts& report, named_tables& tables, const desk_output& how, diag& d);

}  // namespace cli
