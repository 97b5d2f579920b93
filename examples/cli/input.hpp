// What a person types or hands over as a file: CSV files, dates and amounts. All of it is read by
// libclv's own CSV reader, so that the command understands exactly what the library understands.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

struct csv_source {
  std::string path;
  std::string schema = "transactions";
  std::string map;
  std::string extra;  // further columns to keep as numbers, a comma list
  std::string currency = "XXX";
  std::string time_zone = "UTC";
  std::string max_rejects = "0";  // a count, or "all"
  std::string rejects_path;       // where rejected rows are written; "" = nowhere
  std::string now;                // later times are rejected; "" = the system clock, of a log
  bool all_notes = false;         // say also which columns were taken and which were not
};

struct csv_rows {
  result accepted;
  std::int64_t rejected = 0;
  std::vector<std::int64_t> rejected_rows;  // of the file, from 1, rising
};

// --map, --currency, --time-zone, --max-rejects, --rejects and --now for a log of transactions.
void add_csv_options(CLI::App& command, csv_source& source);
// Reads the file; rejected rows go to standard error (the first few) and to rejects_path (all).
// Throws failure when the file cannot be read or more rows are rejected than allowed.
csv_rows read_csv(const csv_source& source, diag& d);

// A date or time as in a log, in microseconds UTC; `option` names it in messages.
std::int64_t parse_time(const std::string& text, const std::string& zone, const char* option);
// An amount like 500.00, not below zero, in minor units of `currency`; exact or refused.
std::int64_t parse_money(const std::string& text, const std::string& currency, const char* option);
std::int64_t system_now_us();

// For an option that is "day" or "week"; of a model also "period".
CLI::Validator unit_name();
CLI::Validator model_unit_name();
// For an option that is a finite number above zero.
CLI::Validator above_zero();
// For an option that is a finite number, 0 or more.
CLI::Validator not_below_zero();

}  // namespace cli
