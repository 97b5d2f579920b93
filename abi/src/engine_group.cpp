// Many senders' batches in one commit.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "clv_service.h"
#include "engine_job.hpp"
#include "options.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

// What is not recordable is refused by the core, which names what is.
std::shared_ptr<const table> read_rows(const std::string& name, const clv_batch* rows) {
  if (name == "customers") return read_customers(rows, name.c_str());
  const auto known = recordable();
  const bool can_be_read =
      name == "transactions" || std::find(known.begin(), known.end(), name) != known.end();
  return read_batch(rows, name.c_str(), can_be_read ? name : "");
}

// Rows that cannot be read are that sender's affair: the others' are taken all the same.
keyed_batch to_core(const clv_keyed_batch* in, const std::string& name) {
  const clv_keyed_batch b = read_sized(required(in, name.c_str()), name.c_str());
  check_flags(b.flags, CLV_BATCH_PARTIAL | CLV_BATCH_VALIDATE_ONLY);
  keyed_batch out;
  out.table = printable(text_or(b.table, "transactions"), 60);
  out.options = {.source = text_of(b.source), .currency = text_of(b.currency), .now_us = b.now_us};
  out.partial = (b.flags & CLV_BATCH_PARTIAL) != 0;
  out.validate_only = (b.flags & CLV_BATCH_VALIDATE_ONLY) != 0;
  out.key = text_of(b.key);
  out.sequence = b.sequence;
  required(b.rows, (name + "->rows").c_str());
  try {
    out.rows = read_rows(out.table, b.rows);
  } catch (const error& e) {
    out.unreadable = e.details();
  }
  return out;
}

void begin_group(clv_engine* engine,
                 const clv_run_options* options,
                 const clv_keyed_batch* const* batches,
                 std::int32_t n_batches,
                 clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  check_answerless(options);
  if (n_batches < 0) {
    throw error(status::invalid, "n_batches is " + std::to_string(n_batches));
  }
  if (n_batches > 0) required(batches, "batches");
  std::vector<keyed_batch> all;
  for (std::int32_t i = 0; i < n_batches; ++i) {
    all.push_back(to_core(batches[i], "batches[" + std::to_string(i) + "]"));
  }
  begin_on(engine, out, [&](auto& core) { return core.group(std::move(all)); });
}

void sequence(clv_engine* engine, const char* key, std::int64_t* out) {
  required(out, "out");
  required(key, "key");
  engine_state& state = *required(engine, "engine")->state;
  const exclusive held(state.busy, "engine");
  *out = state.core.last_sequence(key);
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_group_begin(clv_engine* engine,
                                  const clv_run_options* options,
                                  const clv_keyed_batch* const* batches,
                                  int32_t n_batches,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag,
                         [&] { clv::abi::begin_group(engine, options, batches, n_batches, out); });
}

clv_status clv_engine_sequence(clv_engine* engine,
                               const char* key,
                               int64_t* out,
                               clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::sequence(engine, key, out); });
}
