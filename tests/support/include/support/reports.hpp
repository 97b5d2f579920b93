// Running one report on small tables written as CSV.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "clv/csv.hpp"
#include "clv/report.hpp"
#include "clv/schema.hpp"

namespace clv::test {

inline std::shared_ptr<const table> table_of(std::string_view csv, std::string_view schema = "") {
  csv_options o;
  o.text = csv;
  o.schema = schema;
  o.currency = "EUR";
  job reading = read_csv(o);
  reading.run();
  return reading.result().tables.at("");
}

// "a,b,c" of a table's columns.
inline std::string columns_of(const table& t) {
  std::string names;
  for (const column& c : t.columns()) names += (names.empty() ? "" : ",") + c.name();
  return names;
}

// Runs it and expects exactly the tables and columns that the row declares.
inline outcome run_report(const report& r,
                          report_inputs in = {},
                          std::string_view options_json = "") {
  for (auto& [name, rows] : in.tables) {
    for (const report_input& i : r.inputs) {
      if (i.name == name && !i.schema.empty()) {
        rows = std::make_shared<const table>(conform(*rows, find_schema(i.schema)));
      }
    }
  }
  job work = r.begin(std::move(in), options_json);
  work.run();
  for (const report_output& o : r.outputs) {
    const auto found = work.result().tables.find(o.name);
    if (found == work.result().tables.end()) {
      ADD_FAILURE() << r.name << " has no table '" << o.name << "'";
      continue;
    }
    const std::string names = columns_of(*found->second);
    const bool open = o.columns.ends_with("...");
    std::string_view declared = open ? o.columns.substr(0, o.columns.size() - 3) : o.columns;
    if (open && declared.ends_with(',')) declared.remove_suffix(1);  // perhaps there are no more
    EXPECT_EQ(open ? std::string_view(names).substr(0, declared.size()) : names, declared);
  }
  EXPECT_EQ(work.result().tables.size(), r.outputs.size()) << r.name;
  return std::move(work.result());
}

inline double number(const outcome& o,
                     std::string_view column,
                     std::size_t row = 0,
                     std::string_view name = "") {
  const auto& c = *o.tables.find(name)->second->find(column);
  EXPECT_TRUE(c.present(row)) << column << " of row " << row;
  return c.kind() == type::f64 ? c.numbers()[row] : static_cast<double>(c.integers()[row]);
}

inline std::string text(const outcome& o,
                        std::string_view column,
                        std::size_t row = 0,
                        std::string_view name = "") {
  return std::string(o.tables.find(name)->second->find(column)->text(row));
}

inline bool absent(const outcome& o, std::string_view column, std::size_t row = 0) {
  return !o.tables.find("")->second->find(column)->present(row);
}

}  // namespace clv::test
