#include "log_summary.hpp"

#include "rows.hpp"
#include "task.hpp"

namespace cli {

result summary_of(const log_request& o, diag& d) {
  const csv_rows log = read_csv(o.log, d);
  auto options = sized<clv_summarize_options>();
  options.flags = o.drop_zero_value ? std::uint32_t{CLV_SUMMARIZE_DROP_ZERO} : 0;
  options.unit = o.unit.c_str();
  options.time_zone = o.log.time_zone.c_str();
  if (!o.as_of.empty()) options.as_of_us = parse_time(o.as_of, o.log.time_zone, "--as-of");
  const bool mixed = has_column(log.accepted, "currency");  // of one currency, the column is gone
  if (mixed && o.log.currency != "XXX") options.currency = o.log.currency.c_str();
  const clv_batch batch = batch_of(log.accepted, d);
  task work(d, "summarize", o.log.path, clv_summarize_begin, &options, &batch);
  work.run();
  return work.take();
}

}  // namespace cli
