// RFC 4180 text to tables and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clv/job.hpp"
#include "clv/table.hpp"

namespace clv {

struct csv_options {
  std::string path;       // read this file, or, when empty,
  std::string_view text;  // this text, which must outlive the job
  // A name of schemas(), or "" for any columns: numbers (f64) where every value of a column that is
  // not empty is one, else text; `map` then renames, and nothing is required.
  std::string schema = "transactions";
  std::string extra;  // further columns to keep, comma list, as numbers: "Gender,Channel"
  std::string map;    // "customer=sample_id,event_id=": word = header in the file, or nothing
  std::string currency = "XXX";   // of money columns without a currency column
  std::string time_zone = "UTC";  // of times without an offset
  std::int64_t now_us = 0;        // later times are rejected as being in the future; 0: not checked
  std::int64_t max_rejects = 0;   // -1: any number. One more rejected row and the job fails whole.
  std::int64_t memory_limit = 0;  // bytes of accepted and rejected rows; 0: no limit
};

// Phases: read. Tables: "" (the accepted rows, in file order, conforming to the schema) and
// "rejects" (row, line, column, value, reason), which is there also when the job fails with
// error{data}. `row` counts data records from 1 as a person does, `line` physical lines.
// Fails with error{io} (no such file), error{data} (empty file, header only is NOT an error: zero
// rows; too many rejects; binary junk), error{invalid} (missing or doubled column) or
// error{limit} naming the row at which the memory limit was reached.
job read_csv(csv_options options);

// One line per row, header first; f64 with 17 significant digits where needed (shortest text that
// reads back to the same double), money as decimal, times in ISO 8601 UTC, absent values empty.
void write_csv(const table& t, const std::string& path);  // "-" is standard output
std::string to_csv(const table& t);

}  // namespace clv
