#include "doors/connect_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "config/address.hpp"
#include "doors/connect_error.hpp"

namespace clvd {
namespace {

using grpc::StatusCode;

constexpr auto types = "application/json, application/proto";
// Without side effects and without a customer: what may stand in the logs of a proxy.
constexpr std::string_view get_method = "/clv.v1.AdminService/GetServerInfo";
constexpr std::chrono::minutes longest_call{10};

// "Application/JSON; charset=utf-8" -> "application/json"
std::string media_type(const httplib::Request& request) {
  std::string type = request.get_header_value("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return request.get_header_value_count("Content-Type") == 1 ? type : "";
}

call_error invalid(const char* text) {
  return {StatusCode::INVALID_ARGUMENT, "INVALID_HEADER", text};
}

http_failure wrong_verb(const std::string& allowed) {
  return {{StatusCode::UNIMPLEMENTED, "VERB_UNSUPPORTED", "call this with " + allowed},
          405,
          {{"Allow", allowed}}};
}

// "LocalHost:7101" -> "localhost", "[::1]:7101" -> "::1".
std::string host_name(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::string name(host);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name;
}

// A proxy says so, as a rule: whom the kernel knows is the proxy then, not the caller.
bool was_handed_on(const httplib::Request& request) {
  constexpr std::array<const char*, 7> told{"Forwarded",
                                            "Via",
                                            "X-Forwarded-For",
                                            "X-Forwarded-Host",
                                            "X-Forwarded-Proto",
                                            "X-Real-IP",
                                            "Origin"};
  return std::any_of(
      told.begin(), told.end(), [&](const char* name) { return request.has_header(name); });
}

// A page of the web reaches loopback doors with its user's browser: from elsewhere with an Origin,
// or under a name of its own that it made to mean this machine (DNS rebinding), with that as Host.
bool may_be_a_page(const httplib::Request& request) {
  const address asked{.path = "", .host = host_name(request.get_header_value("Host"))};
  return request.has_header("Origin") || !asked.is_loopback();
}

std::optional<std::string> header(const httplib::Request& request,
                                  const char* name,
                                  bool& repeated) {
  repeated |= request.get_header_value_count(name) > 1;
  if (!request.has_header(name)) return std::nullopt;
  return request.get_header_value(name);
}

}  // namespace

http_failure::http_failure(call_error e) : error(std::move(e)), status(http_status(error.code)) {}

void check_transport(const httplib::Request& request) {
  if (request.method != "GET" && request.method != "POST") throw wrong_verb("POST");
  const std::string encoding = request.get_header_value("Content-Encoding");
  if (!encoding.empty() && encoding != "identity") {
    throw http_failure({StatusCode::UNIMPLEMENTED,
                        "ENCODING_UNSUPPORTED",
                        "Content-Encoding: this server reads identity only"},
                       501,
                       {{"Accept-Encoding", "identity"}});
  }
  const std::string type = media_type(request);
  if (request.method == "POST" && type != "application/json" && type != "application/proto") {
    throw http_failure({StatusCode::INVALID_ARGUMENT,
                        "CONTENT_TYPE_UNSUPPORTED",
                        std::string("Content-Type: send one of ") + types},
                       415,
                       {{"Accept-Post", types}});
  }
  if (request.has_header("Connect-Protocol-Version") &&
      request.get_header_value("Connect-Protocol-Version") != "1") {
    throw http_failure(invalid("Connect-Protocol-Version: this server speaks version 1"));
  }
}

const method& routed(const httplib::Request& request) {
  const std::string_view path = path_of(request);
  const method* m = find_method(path);
  const bool may_get = path == get_method;
  const bool has_query = path.size() != request.target.size();
  if (m == nullptr || (has_query && request.method != "GET")) {
    throw http_failure(
        {StatusCode::UNIMPLEMENTED, "METHOD_UNKNOWN", "this server has no such method"}, 404);
  }
  if (request.method == "GET" && !may_get) throw wrong_verb("POST");
  if (m->handle == nullptr) {
    throw http_failure({StatusCode::UNIMPLEMENTED,
                        "STREAMING_METHOD",
                        "streams go over gRPC; here there are IngestBatch, the List methods and "
                        "GetJob"},
                       415);
  }
  return *m;
}

std::string_view path_of(const httplib::Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

body_format format_of(const httplib::Request& request) {
  const bool proto = request.method == "POST" && media_type(request) == "application/proto";
  return proto ? body_format::proto : body_format::json;
}

std::chrono::system_clock::time_point deadline_of(const httplib::Request& request) {
  std::chrono::milliseconds patience = longest_call;
  if (request.has_header("Connect-Timeout-Ms")) {
    const std::string text = request.get_header_value("Connect-Timeout-Ms");
    std::int64_t ms = -1;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (failed != std::errc() || end != text.data() + text.size() || ms < 0 || text.size() > 10) {
      throw invalid("Connect-Timeout-Ms: write at most 10 digits");
    }
    patience = std::min(patience, std::chrono::milliseconds(ms));
  }
  return std::chrono::system_clock::now() + patience;
}

std::string query_message(const httplib::Request& request) {
  const auto is = [&](const char* name, const char* value) {
    return !request.has_param(name) || request.get_param_value(name) == value;
  };
  if (!is("encoding", "json") || !is("base64", "0") || !is("connect", "v1") ||
      !is("compression", "identity")) {
    throw call_error(StatusCode::INVALID_ARGUMENT,
                     "INVALID_QUERY",
                     "a GET is ?connect=v1&encoding=json&message={} or has no query");
  }
  return request.has_param("message") ? request.get_param_value("message") : "{}";
}

evidence evidence_of(const httplib::Request& request, bool unix_socket) {
  evidence shown;
  shown.unix_socket = unix_socket;
  shown.plain_loopback = !unix_socket;
  shown.handed_on = unix_socket ? was_handed_on(request) : may_be_a_page(request);
  shown.authorization = header(request, "Authorization", shown.repeated_header);
  shown.wanted_tenant = header(request, "Clv-Tenant", shown.repeated_header);
  return shown;
}

}  // namespace clvd
