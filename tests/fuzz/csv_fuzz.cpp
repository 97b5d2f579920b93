// Any bytes as a transaction log: an error with a message or a table, and what was read can be
// written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/summary.hpp"

namespace {

using table_ptr = std::shared_ptr<const clv::table>;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

table_ptr read(std::string_view text, const std::string& currency, std::int64_t max_rejects) {
  clv::job j = clv::read_csv({.text = text, .currency = currency, .max_rejects = max_rejects});
  j.run();
  return j.result().tables.at("");
}

void check_log(const table_ptr& log) {
  const std::string unit = log->find("amount")->unit();
  const std::string currency = unit.empty() ? "XXX" : unit;
  const std::string text = clv::to_csv(*log);
  require(read(text, currency, 0)->fingerprint() == log->fingerprint(), "written, read, the same");
  try {
    clv::job j = clv::summarize(log, {.unit = "day"});
    j.run();
    const table_ptr summary = j.result().tables.at("");
    const auto tuples = clv::distinct(*summary, clv::tuple_key::purchases);
    require(tuples.customers == static_cast<double>(summary->rows()), "no customer is lost");
    clv::distinct(*summary, clv::tuple_key::spend);
  } catch (const clv::error& e) {  // mixed currencies, a sum that overflows
    require(e.details().code == clv::status::data, "a log that was read fails as data only");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  table_ptr log;
  try {
    log = read(text, "EUR", -1);
  } catch (const clv::error& e) {
    require(!e.details().message.empty(), "an error has a message");
    return 0;
  }
  check_log(log);
  return 0;
}
