#include "services/common.hpp"

#include <chrono>

#include "calls/repeats.hpp"
#include "calls/tables.hpp"

namespace clvd {
namespace {

constexpr std::int64_t second = 1'000'000;
// What google.protobuf.Timestamp may hold: years 1 to 9999.
constexpr std::int64_t first_second = -62'135'596'800, last_second = 253'402'300'799;

}  // namespace

tenant& tenant_of(services& with, const call& c) {
  if (with.tenants == nullptr) throw no_store();
  return with.tenants->of(c.who());
}

void check_operator(const call& c) {
  if (c.who().may_operate) return;
  throw call_error(grpc::StatusCode::PERMISSION_DENIED,
                   "OPERATOR_ONLY",
                   "this call is answered over the Unix socket or mutual TLS only");
}

std::int64_t microseconds_of(const google::protobuf::Timestamp& time, const char* field) {
  if (time.seconds() < first_second || time.seconds() > last_second || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    throw invalid_field("INVALID_VALUE", field, "not a time of the years 1 to 9999");
  }
  if (time.nanos() % 1000 != 0) {
    throw invalid_field("INVALID_VALUE", field, "finer than a microsecond: it would be rounded");
  }
  return time.seconds() * second + time.nanos() / 1000;
}

std::int64_t day_of(const google::protobuf::Timestamp& time, const char* field) {
  const std::int64_t us = microseconds_of(time, field);
  return us == 0 ? 1 : us;
}

google::protobuf::Timestamp timestamp_of(std::int64_t us) {
  google::protobuf::Timestamp time;
  const std::int64_t rest = ((us % second) + second) % second;
  time.set_seconds((us - rest) / second);
  time.set_nanos(static_cast<std::int32_t>(rest) * 1000);
  return time;
}

std::string model_argument(const char* field, const std::string& name) {
  if (name.empty()) return name;
  for (const std::string prefix : {"models/", "aliases/"}) {
    if (name.starts_with(prefix) && name.size() > prefix.size()) {
      return text_argument(field, name).substr(prefix.size());
    }
  }
  throw invalid_field("INVALID_VALUE", field, "write models/NUMBER or aliases/NAME");
}

std::string request_id_argument(const std::string& id) {
  constexpr std::size_t longest = 128;
  if (id.size() > longest) throw invalid_field("INVALID_VALUE", "request_id", "above 128 bytes");
  return text_argument("request_id", id);
}

call_error plugin_error(const plugins::plugin_failure& failure) {
  using plugins::fault;
  grpc::StatusCode code = grpc::StatusCode::ABORTED;
  if (failure.what_kind == fault::timeout) code = grpc::StatusCode::DEADLINE_EXCEEDED;
  if (failure.what_kind == fault::disabled) code = grpc::StatusCode::FAILED_PRECONDITION;
  if (failure.what_kind == fault::cancelled) code = grpc::StatusCode::CANCELLED;
  call_error error(code, plugins::reason_of(failure.what_kind), failure.message);
  if (failure.signal != 0) error.metadata["signal"] = std::to_string(failure.signal);
  if (failure.retry_after.count() > 0) {
    error.metadata["retry_after_ms"] = std::to_string(failure.retry_after.count());
  }
  return error;
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& names,
                   const char* field) {
  std::string all;
  for (const std::string& name : names) {
    if (name.empty() || name.find(',') != std::string::npos) {
      throw invalid_field("INVALID_VALUE", field, "give one column name per item");
    }
    all += (all.empty() ? "" : ",") + text_argument(field, name);
  }
  return all;
}

std::string page_arguments(const call& c, const char* method, const std::string& rest) {
  return c.who().tenant + "|" + method + "|" + rest;
}

std::string fill_page(const clv_result& table,
                      const std::string& arguments,
                      const clv::v1::PageRequest& request,
                      clv::v1::Table& to,
                      const std::vector<std::string>& columns) {
  check_page_size(request.page_size());
  const page_source from{arguments, clv_result_fingerprint(&table), clv_result_rows(&table)};
  const page p = page_of(from, request.page_size(), request.page_token());
  fill_table(table, p.first, p.count, to, columns);
  return p.next_token;
}

std::string text_at(const clv_result& table, const char* column, std::int64_t row) {
  std::int64_t length = 0;
  const char* text = clv_result_text(&table, clv_result_find(&table, column), row, &length);
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

double number_at(const clv_result& table, const char* column, std::int64_t row) {
  return clv_result_number(&table, clv_result_find(&table, column), row);
}

result_ptr taken(clv_job* job, const char* name) {
  const diag_ptr diag(clv_diag_new());
  clv_result* table = nullptr;
  check(clv_job_take_result(job, name, &table, diag.get()), diag.get());
  return result_ptr(table);
}

std::vector<std::string> tables_of_report(const std::string& report) {
  const diag_ptr diag(clv_diag_new());
  clv_result* read = nullptr;
  check(clv_catalogue("report_outputs", &read, diag.get()), diag.get());
  const result_ptr outputs(read);
  std::vector<std::string> names;
  for (std::int64_t row = 0; row < clv_result_rows(outputs.get()); ++row) {
    if (text_at(*outputs, "report", row) == report)
      names.push_back(text_at(*outputs, "table", row));
  }
  return names;
}

std::string order_body(const google::protobuf::Message& request) {
  return body_of(request);
}

}  // namespace clvd
