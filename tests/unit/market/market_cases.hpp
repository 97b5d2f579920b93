// What the tests of the simulated market share: running its reports and reading their tables.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "clv/report.hpp"
#include "data/report_tables.hpp"
#include "market/reports.hpp"

namespace clv::test {

using table_of = std::shared_ptr<const table>;

inline outcome run_market(std::string_view options,
                          std::shared_ptr<const fitted_model> model = nullptr) {
  report_inputs in;
  in.model = std::move(model);
  job j = market_report.begin(std::move(in), options);
  j.run();
  return j.result();
}

inline outcome run_report(const report& r,
                          std::map<std::string, table_of> tables,
                          std::string_view options = "") {
  report_inputs in;
  for (auto& [name, rows] : tables) in.tables[name] = rows;
  job j = r.begin(std::move(in), options);
  j.run();
  return j.result();
}

inline const table& named(const outcome& o, std::string_view name) {
  return *o.tables.find(name)->second;
}

// The one row of table "profit", by column.
inline double profit_of(const outcome& o, std::string_view column) {
  return named(o, "profit").numbers(column)[0];
}

// A numeric cell of the row whose first column says `policy`.
inline double policy_number(const outcome& o, std::string_view policy, std::string_view column) {
  const table& t = named(o, "");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.find("policy")->text(row) == policy) return t.numbers(column)[row];
  }
  ADD_FAILURE() << "no policy " << policy;
  return std::nan("");
}

// Decisions: `action` ("" = nothing) for every customer of the truth that `wanted` accepts by row.
template <class Wanted>
table_of decisions_for(const table& truth, Wanted wanted) {
  report_writer rows({{"customer", type::utf8}, {"action", type::utf8}});
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    if (wanted(row)) {
      rows.row(truth.find("customer")->text(row), truth.find("action")->text(row));
    }
  }
  return rows.sealed("decisions");
}

inline table_of blanket(const table& truth, std::string_view action) {
  return decisions_for(truth,
                       [&](std::size_t row) { return truth.find("action")->text(row) == action; });
}

inline double sum_where(const table& t,
                        std::string_view column,
                        std::string_view by,
                        std::string_view is) {
  double sum = 0;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.find(by)->text(row) == is) sum += t.numbers(column)[row];
  }
  return sum;
}

// What the error of `work` says, with its hint; "" when it throws none.
template <class Work>
std::string complaint(Work work) {
  try {
    work();
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return {};
}

}  // namespace clv::test
