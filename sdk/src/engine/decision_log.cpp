#include "engine/decision_log.hpp"

#include <algorithm>
#include <vector>

namespace clv::detail {
namespace {

table same_for_all(std::size_t rows, std::int64_t run, std::int64_t now_us) {
  table beside;
  beside.add("run", type::i64).adopt(std::vector<std::int64_t>(rows, run));
  beside.add("time", type::time, "us").adopt(std::vector<std::int64_t>(rows, now_us));
  return beside;
}

}  // namespace

decision_appender::decision_appender(store::connection& db,
                                     const table& decisions,
                                     std::int64_t run,
                                     std::int64_t now_us)
    : rows_(decisions.rows()),
      beside_(same_for_all(rows_, run, now_us)),
      writer_(db,
              {.what = store::find_fact_table("decision_log"),
               .rows = &decisions,
               .source = {},
               .currency = decisions.get("net", type::f64).unit(),
               .beside = &beside_}) {}

double decision_appender::append(std::size_t rows) {
  const std::size_t last = std::min(rows_, next_ + rows);
  for (; next_ < last; ++next_) writer_.add(next_);
  if (next_ < rows_) return static_cast<double>(next_) / static_cast<double>(rows_);
  writer_.finish();
  return 1.0;
}

}  // namespace clv::detail
