// The engine's verbs on facts: record them, report on them, replay decisions, export and forget.
#include <algorithm>
#include <string>

#include "batch.hpp"
#include "engine_job.hpp"
#include "options.hpp"
#include "report_inputs.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

void begin_record(clv_engine* engine,
                  const clv_ingest_options* options,
                  const char* table,
                  const clv_batch* batch,
                  clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  const std::string name = required(table, "table");
  ingest_options o = to_core(options);
  const auto known = recordable();
  const bool can_be_read = std::find(known.begin(), known.end(), name) != known.end();
  // What is not recordable is refused by the core, which names what is.
  auto rows = name == "customers" ? read_customers(batch, name.c_str())
                                  : read_batch(batch, name.c_str(), can_be_read ? name : "");
  begin_on(
      engine, out, [&](auto& core) { return core.record(name, std::move(rows), std::move(o)); });
}

report_request asked_of_engine(const clv_report_options* options) {
  report_request asked = read_request(options);
  if (asked.inputs.model == nullptr) return asked;
  throw error(status::invalid,
              "a model is given to a report of an engine",
              "leave it out: the engine's own is used; clv_report_begin takes any");
}

void begin_report(clv_engine* engine, const clv_report_options* options, clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  report_request asked = asked_of_engine(options);
  begin_on(engine, out, [&](auto& core) {
    return core.report(asked.about->name, std::move(asked.inputs), asked.options_json);
  });
}

void begin_apply(clv_engine* engine,
                 const clv_report_options* options,
                 const clv_ingest_options* ingest,
                 clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  report_request asked = asked_of_engine(options);
  ingest_options o = to_core(ingest);
  begin_on(engine, out, [&](auto& core) {
    return core.apply(asked.about->name, std::move(asked.inputs), asked.options_json, std::move(o));
  });
}

std::string customer_id(const char* customer) {
  const std::string id = required(customer, "customer");
  if (first_bad_utf8(id) != std::string::npos) {
    throw error(status::invalid, "customer '" + printable(id, 60) + "' is not UTF-8 text");
  }
  return id;
}

void begin_replay(clv_engine* engine, const clv_run_options* options, clv_job** out) {
  check_answerless(options);
  begin_on(engine, out, [](auto& core) { return core.replay(); });
}

void begin_export(clv_engine* engine,
                  const clv_run_options* options,
                  const char* customer,
                  clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  check_answerless(options);
  std::string id = customer_id(customer);
  begin_on(engine, out, [&](auto& core) { return core.export_customer(std::move(id)); });
}

void begin_forget(clv_engine* engine,
                  const clv_run_options* options,
                  const char* customer,
                  clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  std::string id = customer_id(customer);
  auto kept = answer_of(options);
  begin_on(engine, out, [&](auto& core) {
    return core.forget_customer(std::move(id), std::move(kept));
  });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_record_begin(clv_engine* engine,
                                   const clv_ingest_options* options,
                                   const char* table,
                                   const clv_batch* rows,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_record(engine, options, table, rows, out); });
}

clv_status clv_engine_report_begin(clv_engine* engine,
                                   const clv_report_options* report,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_report(engine, report, out); });
}

clv_status clv_engine_apply_begin(clv_engine* engine,
                                  const clv_report_options* report,
                                  const clv_ingest_options* ingest,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_apply(engine, report, ingest, out); });
}

clv_status clv_engine_replay_begin(clv_engine* engine,
                                   const clv_run_options* options,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_replay(engine, options, out); });
}

clv_status clv_engine_export_begin(clv_engine* engine,
                                   const clv_run_options* options,
                                   const char* customer,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_export(engine, options, customer, out); });
}

clv_status clv_engine_forget_begin(clv_engine* engine,
                                   const clv_run_options* options,
                                   const char* customer,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_forget(engine, options, customer, out); });
}
