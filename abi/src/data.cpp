// Reading CSV and summarising a log: the verbs before a model.
#include <memory>
#include <string>

#include "batch.hpp"
#include "job.hpp"
#include "options.hpp"
#include "sized.hpp"

namespace clv::abi {
namespace {

void begin_csv(const clv_csv_options* options, clv_job** out) {
  required(out, "out");
  required(options, "options");
  const clv_csv_options given = read_sized(options, "options");
  csv_options core = to_core(options);
  if (core.path.empty()) required(given.text, "options->path or options->text");
  if (given.size < 0) {
    throw error(status::invalid, "options->size is " + std::to_string(given.size));
  }
  if (given.text != nullptr && !core.path.empty()) {
    throw error(status::invalid, "options names a path and a text; give one of them");
  }
  std::shared_ptr<const std::string> text;
  if (given.text != nullptr) {
    text = std::make_shared<const std::string>(static_cast<const char*>(given.text),
                                               static_cast<std::size_t>(given.size));
    core.text = *text;
  }
  *out = new_job([&] { return read_csv(std::move(core)); }, {.kept = text});
}

void begin_summarize(const clv_summarize_options* options,
                     const clv_batch* transactions,
                     clv_job** out) {
  required(out, "out");
  summarize_options core = to_core(options);
  auto log = read_batch(transactions, "transactions", "transactions");
  *out = new_job([&] { return summarize(std::move(log), std::move(core)); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_csv_begin(const clv_csv_options* options, clv_job** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_csv(options, out); });
}

clv_status clv_summarize_begin(const clv_summarize_options* options,
                               const clv_batch* transactions,
                               clv_job** out,
                               clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_summarize(options, transactions, out); });
}
