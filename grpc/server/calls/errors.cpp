#include "calls/errors.hpp"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace clvd {
namespace {

using grpc::StatusCode;

struct error_row {
  clv_status status;
  StatusCode code;
  const char* reason;
  const char* text;  // nullptr: libclv's own words; else these, and libclv's go to the log
};

// The error map. UNAVAILABLE only where sending the same request again is safe.
constexpr std::array error_map{
    error_row{CLV_E_INVALID, StatusCode::INVALID_ARGUMENT, "INVALID_VALUE", nullptr},
    error_row{CLV_E_UNSUPPORTED, StatusCode::INVALID_ARGUMENT, "UNKNOWN_OPTION", nullptr},
    error_row{CLV_E_ABI, StatusCode::FAILED_PRECONDITION, "ABI_MISMATCH", nullptr},
    error_row{CLV_E_NO_MEMORY, StatusCode::RESOURCE_EXHAUSTED, "OUT_OF_MEMORY", nullptr},
    error_row{CLV_E_STATE, StatusCode::FAILED_PRECONDITION, "STAGE_NOT_READY", nullptr},
    error_row{CLV_E_NOT_FOUND, StatusCode::NOT_FOUND, "NAME_UNKNOWN", nullptr},
    error_row{CLV_E_DATA, StatusCode::INVALID_ARGUMENT, "ROWS_REJECTED", nullptr},
    error_row{CLV_E_NUMERIC, StatusCode::INVALID_ARGUMENT, "OUT_OF_DOMAIN", nullptr},
    error_row{CLV_E_BUSY,
              StatusCode::UNAVAILABLE,
              "STORE_BUSY",
              "another program holds the store's lock: nothing was written"},
    error_row{
        CLV_E_IO, StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE", "the store cannot be reached"},
    error_row{CLV_E_CANCELLED, StatusCode::CANCELLED, "CANCELLED", nullptr},
    error_row{CLV_E_PLUGIN, StatusCode::ABORTED, "PLUGIN_FAILED", nullptr},
    error_row{CLV_E_PERMISSION, StatusCode::PERMISSION_DENIED, "FIELD_NOT_GRANTED", nullptr},
    error_row{CLV_E_EXISTS, StatusCode::ALREADY_EXISTS, "NAME_TAKEN", nullptr},
    error_row{CLV_E_CONFLICT, StatusCode::ABORTED, "JOB_IN_PROGRESS", nullptr},
    error_row{CLV_E_LIMIT, StatusCode::RESOURCE_EXHAUSTED, "LIMIT_REACHED", nullptr},
    error_row{
        CLV_E_FULL, StatusCode::FAILED_PRECONDITION, "READ_ONLY_DISK_FULL", "the disk is full"},
    error_row{CLV_E_CORRUPT, StatusCode::DATA_LOSS, "STORE_CORRUPT", "the store is damaged"},
};
// CLV_E_INTERNAL and whatever a newer library may say: a bug on the server's side.
constexpr error_row bug{CLV_E_INTERNAL, StatusCode::INTERNAL, "INTERNAL", "internal error"};

// Details travel in a header, and clients refuse headers above 8 KiB.
constexpr std::size_t max_violations = 8;
constexpr std::size_t max_text = 512;

const error_row& row_of(clv_status status) {
  const auto* row = std::find_if(
      error_map.begin(), error_map.end(), [&](const error_row& r) { return r.status == status; });
  return row == error_map.end() ? bug : *row;
}

std::string shortened(std::string text) {
  if (text.size() <= max_text) return text;
  std::size_t end = max_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return text.substr(0, end) + "...";
}

std::string text_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

// libclv names its store by the path of the file, which is none of the client's business.
std::string without_paths(std::string text) {
  constexpr std::string_view begin = "store '", instead = "the store";
  for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
    const auto end = text.find('\'', at + begin.size());
    if (end == text.npos) break;
    text.replace(at, end + 1 - at, instead);
  }
  return text;
}

// One entry of the diagnostics about a row or a column becomes a violation and metadata.
void add_entry(call_error& error, const clv_diag_entry& entry) {
  if (entry.row < 0 && entry.column == nullptr) return;
  std::string field = entry.row < 0 ? "" : "rows[" + std::to_string(entry.row) + "]";
  if (entry.column != nullptr) field += (field.empty() ? "" : ".") + std::string(entry.column);
  if (entry.row >= 0) error.metadata.emplace("row", std::to_string(entry.row));
  if (entry.column != nullptr) error.metadata.emplace("column", entry.column);
  error.violations.push_back({std::move(field), without_paths(text_of(entry.message))});
}

void add_entries(call_error& error, const clv_diag* diag) {
  for (std::int64_t i = 0; i < clv_diag_count(diag); ++i) {
    auto entry = CLV_SIZED(clv_diag_entry);
    if (clv_diag_get(diag, i, &entry) != CLV_OK || entry.level != CLV_LOG_ERROR) continue;
    add_entry(error, entry);
    if (entry.hint != nullptr) error.metadata.emplace("hint", without_paths(entry.hint));
    if (entry.plugin_id != nullptr) error.metadata.emplace("plugin", entry.plugin_id);
  }
}

template <typename Detail>
void attach(google::rpc::Status& status, const Detail& detail) {
  status.add_details()->PackFrom(detail);
}

google::rpc::ErrorInfo info_of(const call_error& error) {
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain("libclv");
  for (const auto& [key, value] : error.metadata) {
    (*info.mutable_metadata())[key] = shortened(value);
  }
  return info;
}

google::rpc::BadRequest bad_request_of(const call_error& error) {
  google::rpc::BadRequest bad;
  const std::size_t n = std::min(error.violations.size(), max_violations);
  for (std::size_t i = 0; i < n; ++i) {
    auto* field = bad.add_field_violations();
    field->set_field(shortened(error.violations[i].field));
    field->set_description(shortened(error.violations[i].description));
  }
  return bad;
}

google::rpc::PreconditionFailure precondition_of(const call_error& error) {
  google::rpc::PreconditionFailure failure;
  auto* v = failure.add_violations();
  v->set_type(error.reason);
  v->set_subject("store");
  v->set_description(shortened(error.message));
  return failure;
}

google::rpc::QuotaFailure quota_of(const call_error& error) {
  google::rpc::QuotaFailure failure;
  auto* v = failure.add_violations();
  v->set_subject("request");
  v->set_description(shortened(error.message));
  return failure;
}

google::rpc::RetryInfo retry_in_a_second() {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  return retry;
}

void attach_by_code(google::rpc::Status& status, const call_error& error) {
  if (!error.violations.empty()) attach(status, bad_request_of(error));
  if (error.code == StatusCode::FAILED_PRECONDITION) attach(status, precondition_of(error));
  constexpr std::array again{"QUEUE_FULL", "INGEST_QUEUE_FULL", "JOB_IN_PROGRESS", "OUT_OF_MEMORY"};
  if (error.code == StatusCode::UNAVAILABLE ||
      std::find(again.begin(), again.end(), error.reason) != again.end()) {
    attach(status, retry_in_a_second());
  } else if (error.code == StatusCode::RESOURCE_EXHAUSTED) {
    attach(status, quota_of(error));
  }
}

}  // namespace

call_error invalid_field(std::string reason, std::string field, std::string description) {
  call_error error(StatusCode::INVALID_ARGUMENT, std::move(reason), field + ": " + description);
  error.metadata["field"] = field;
  error.violations.push_back({std::move(field), std::move(description)});
  return error;
}

call_error no_store() {
  return {StatusCode::FAILED_PRECONDITION,
          "STORE_NOT_CONFIGURED",
          "this server has no store: start clvd with --data DIR or --store FILE"};
}

call_error core_failure(clv_status status, const clv_diag* diag) {
  const error_row& row = row_of(status);
  const std::string words = clv_diag_count(diag) > 0 ? clv_diag_text(diag) : "";
  call_error error(row.code, row.reason, row.text != nullptr ? row.text : without_paths(words));
  error.core = status;
  if (error.message.empty()) error.message = clv_status_name(status);
  error.metadata["status"] = clv_status_name(status);
  if (row.text == nullptr) {
    add_entries(error, diag);
  } else {
    error.hidden = words;
  }
  return error;
}

void check(clv_status status, const clv_diag* diag) {
  if (status < 0) throw core_failure(status, diag);
}

const char* code_name(StatusCode code) {
  static constexpr std::array names{"ok",
                                    "canceled",
                                    "unknown",
                                    "invalid_argument",
                                    "deadline_exceeded",
                                    "not_found",
                                    "already_exists",
                                    "permission_denied",
                                    "resource_exhausted",
                                    "failed_precondition",
                                    "aborted",
                                    "out_of_range",
                                    "unimplemented",
                                    "internal",
                                    "unavailable",
                                    "data_loss",
                                    "unauthenticated"};
  const auto number = static_cast<std::size_t>(code);
  return number < names.size() ? names[number] : "unknown";
}

grpc::Status to_status(const call_error& error) {
  const std::string message = shortened(error.message);
  google::rpc::Status details;
  details.set_code(static_cast<int>(error.code));
  details.set_message(message);
  attach(details, info_of(error));
  attach_by_code(details, error);
  return {error.code, message, details.SerializeAsString()};
}

}  // namespace clvd
