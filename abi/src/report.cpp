// Reports: named batches in, a job of the core's table of reports out.
#include "clv/report.hpp"

#include <utility>

#include "job.hpp"
#include "report_inputs.hpp"

namespace clv::abi {
namespace {

void begin(const clv_report_options* options, clv_job** out) {
  required(out, "out");
  report_request asked = read_request(options);
  *out = new_job(
      [&] { return begin_report(asked.about->name, std::move(asked.inputs), asked.options_json); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_report_begin(const clv_report_options* options,
                            clv_job** out,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin(options, out); });
}
