#include "doors/connect_error.hpp"

#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ops/log.hpp"

namespace clvd {
namespace {

namespace pb = google::protobuf;
using grpc::StatusCode;

std::string in_quotes(std::string_view text) {
  return "\"" + json_escaped(text) + "\"";
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k <= n; ++k) out += digits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

// The detail for eyes; clients read `value`.
std::string debug_of(const pb::Any& detail) {
  const std::string name = detail.type_url().substr(detail.type_url().rfind('/') + 1);
  const auto* type = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (type == nullptr) return {};
  const auto* empty = pb::MessageFactory::generated_factory()->GetPrototype(type);
  const std::unique_ptr<pb::Message> message(empty->New());
  std::string json;
  if (!detail.UnpackTo(message.get()) || !pb::util::MessageToJsonString(*message, &json).ok()) {
    return {};
  }
  return json;
}

std::string detail_json(const pb::Any& detail) {
  const std::string name = detail.type_url().substr(detail.type_url().rfind('/') + 1);
  std::string json =
      "{\"type\":" + in_quotes(name) + ",\"value\":" + in_quotes(base64(detail.value()));
  const std::string debug = debug_of(detail);
  if (!debug.empty()) json += ",\"debug\":" + debug;
  return json + "}";
}

struct refusal_row {
  int status;
  StatusCode code;
  const char* reason;
  const char* text;
};

constexpr std::array refusals{
    refusal_row{
        400, StatusCode::INVALID_ARGUMENT, "MALFORMED_REQUEST", "this is no HTTP/1.1 request"},
    refusal_row{408,
                StatusCode::DEADLINE_EXCEEDED,
                "REQUEST_TIMEOUT",
                "the request did not arrive in time"},
    refusal_row{411,
                StatusCode::INVALID_ARGUMENT,
                "LENGTH_REQUIRED",
                "send one Content-Length, or one Transfer-Encoding: chunked, not both"},
    refusal_row{413,
                StatusCode::RESOURCE_EXHAUSTED,
                "MESSAGE_TOO_LARGE",
                "the request has more than 4 MiB"},
    refusal_row{
        414, StatusCode::RESOURCE_EXHAUSTED, "HEADERS_TOO_LARGE", "the address is too long"},
    refusal_row{431,
                StatusCode::RESOURCE_EXHAUSTED,
                "HEADERS_TOO_LARGE",
                "the headers have more than 8 KiB or 63 lines"},
    refusal_row{
        503, StatusCode::UNAVAILABLE, "REQUESTS_TOO_MANY", "too many requests are on their way"},
    refusal_row{505, StatusCode::UNIMPLEMENTED, "HTTP_VERSION", "speak HTTP/1.1"},
};

}  // namespace

int http_status(StatusCode code) {
  static constexpr std::array by_code{
      200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401};
  const auto number = static_cast<std::size_t>(code);
  return number < by_code.size() ? by_code[number] : 500;
}

std::string connect_error_json(const call_error& error) {
  const grpc::Status status = to_status(error);
  google::rpc::Status rich;
  rich.ParseFromString(status.error_details());
  std::string json = "{\"code\":" + in_quotes(code_name(status.error_code())) +
                     ",\"message\":" + in_quotes(status.error_message());
  for (int i = 0; i < rich.details_size(); ++i) {
    json += (i == 0 ? ",\"details\":[" : ",") + detail_json(rich.details(i));
  }
  return json + (rich.details_size() > 0 ? "]}" : "}");
}

call_error http_refusal(int status) {
  const auto* row = std::find_if(
      refusals.begin(), refusals.end(), [&](const refusal_row& r) { return r.status == status; });
  if (row != refusals.end()) return {row->code, row->reason, row->text};
  return {StatusCode::INVALID_ARGUMENT, "MALFORMED_REQUEST", "the request cannot be understood"};
}

}  // namespace clvd
