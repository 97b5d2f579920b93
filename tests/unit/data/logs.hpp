// Short ways to make and read tables in the tests of this room.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/job.hpp"
#include "clv/summary.hpp"
#include "clv/table.hpp"
#include "clv/time.hpp"

namespace clv::test {

inline std::int64_t instant(std::string_view text, std::string_view zone_name = "UTC") {
  return parse_time(text, zone(zone_name)).value();
}

// The rows of a CSV text; throws what the job throws.
inline std::shared_ptr<const table> read_rows(std::string_view text, csv_options options = {}) {
  options.text = text;
  job j = read_csv(std::move(options));
  j.run();
  return j.result().tables.at("");
}

inline std::shared_ptr<const table> summary_of(std::shared_ptr<const table> log,
                                               summarize_options options = {}) {
  job j = summarize(std::move(log), std::move(options));
  j.run();
  return j.result().tables.at("");
}

// What went wrong, or status ok and an empty message when nothing did.
template <typename Work>
issue failure_of(Work work) {
  try {
    work();
  } catch (const error& e) {
    return e.details();
  }
  return {.code = status::ok};
}

}  // namespace clv::test
