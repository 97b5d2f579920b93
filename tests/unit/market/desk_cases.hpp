// What the tests of the simulated desk share.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "market/desk/desk_settings.hpp"
#include "market/desk/dispatchers.hpp"
#include "market/desk/measures.hpp"
#include "market/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {

using rows_of = std::shared_ptr<const table>;

inline outcome desk_market(std::string_view options, std::map<std::string, rows_of> in = {}) {
  report_inputs given;
  for (auto& [name, rows] : in) given.tables[name] = rows;
  return run_report(desk_market_report, std::move(given), options);
}

inline outcome desk_policies(std::string_view options, std::map<std::string, rows_of> in = {}) {
  report_inputs given;
  for (auto& [name, rows] : in) given.tables[name] = rows;
  return run_report(desk_policies_report, std::move(given), options);
}

inline const table& named(const outcome& o, std::string_view name) {
  return *o.tables.find(name)->second;
}

inline std::string cell(const table& t, std::string_view column, std::size_t row) {
  return std::string(t.find(column)->text(row));
}

// Of report desk_policies: the mean of a measure under a policy.
inline double mean_under(const outcome& o, std::string_view policy, std::string_view measure) {
  const table& t = named(o, "");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.find("policy")->text(row) == policy) return t.numbers(measure)[row];
  }
  ADD_FAILURE() << "no policy " << policy;
  return std::nan("");
}

// Of its table differences, `column` of the first policy less another.
inline double difference(const outcome& o,
                         std::string_view against,
                         std::string_view measure,
                         std::string_view column) {
  const table& t = named(o, "differences");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const bool found =
        t.find("against")->text(row) == against && t.find("measure")->text(row) == measure;
    if (found) return t.numbers(column)[row];
  }
  ADD_FAILURE() << "no difference to " << against << " in " << measure;
  return std::nan("");
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

inline market_desk::desk_world world_of(std::string_view options) {
  return market_desk::read_world(settings("test", options, market_desk::world_options));
}

}  // namespace clv::test
