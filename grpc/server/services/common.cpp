#include "services/common.hpp"

#include <charconv>

#include "calls/repeats.hpp"
#include "calls/tables.hpp"

namespace clvd {
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

std::string model_argument(const char* field, const std::string& name) {
  if (name.empty()) return name;
  for (const std::string prefix : {"models/", "aliases/"}) {
    if (name.starts_with(prefix) && name.size() > prefix.size()) {
      return text_argument(field, name).substr(prefix.size());
    }
  }
  throw invalid_field("INVALID_VALUE", field, "write models/NUMBER or aliases/NAME");
}

std::int64_t etag_argument(const std::string& etag, std::int64_t absent) {
  if (etag.empty()) return absent;
  std::int64_t value = 0;
  const char* end = etag.data() + etag.size();
  const auto read = std::from_chars(etag.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end && value > 0) return value;
  throw invalid_field("INVALID_VALUE", "etag", "it is not one that this server gave");
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

std::shared_ptr<const cached_table> table_if_any(tenant& of, const std::string& name) {
  try {
    return of.table(name);
  } catch (const call_error& e) {
    if (e.core == CLV_E_STATE || e.core == CLV_E_NOT_FOUND) return nullptr;
    throw;
  }
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

std::vector<std::string> tables_of_report(const std::string& report) {
  const result_ptr outputs = catalogue("report_outputs");
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
