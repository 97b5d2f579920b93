// The summary of some customers of an engine.
#include <string>
#include <vector>

#include "clv_service.h"
#include "engine_job.hpp"
#include "options.hpp"

namespace clv::abi {
namespace {

void begin_summarize(clv_engine* engine,
                     const clv_summarize_options* options,
                     const char* const* customers,
                     std::int32_t n_customers,
                     clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  if (n_customers < 0) throw error(status::invalid, "n_customers is negative");
  if (n_customers > 0) required(customers, "customers");
  std::vector<std::string> ids;
  for (std::int32_t i = 0; i < n_customers; ++i) {
    ids.emplace_back(required(customers[i], "customers"));
  }
  summarize_options o = to_core(options);
  begin_on(engine, out, [&](auto& core) { return core.summarize(std::move(o), std::move(ids)); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_summarize_begin(clv_engine* engine,
                                      const clv_summarize_options* options,
                                      const char* const* customers,
                                      int32_t n_customers,
                                      clv_job** out,
                                      clv_diag* diag) noexcept {
  return clv::abi::guard(
      diag, [&] { clv::abi::begin_summarize(engine, options, customers, n_customers, out); });
}
