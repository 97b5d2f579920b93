// Reports: named batches in, a job of the core's table of reports out.
#include "clv/report.hpp"

#include <string>
#include <utility>

#include "job.hpp"
#include "model.hpp"
#include "report_inputs.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

struct report_call {
  const char* name;
  const char* options_json;
  const clv_model* model;
};

void begin(const report_call& call,
           const clv_named_batch* inputs,
           std::int32_t n_inputs,
           clv_job** out) {
  required(out, "out");
  const report& r = find_report(required(call.name, "report"));
  report_inputs in = read_inputs(r, inputs, n_inputs);
  if (call.model != nullptr) in.model = call.model->core;
  const std::string options = text_of(call.options_json);
  *out = new_job([&] { return begin_report(r.name, std::move(in), options); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_report_begin(const char* report,
                            const char* options_json,
                            const clv_model* model,
                            const clv_named_batch* inputs,
                            int32_t n_inputs,
                            clv_job** out,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] {
    clv::abi::begin({report, options_json, model}, inputs, n_inputs, out);
  });
}
