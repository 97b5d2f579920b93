// The log: one JSON object a line, on standard error. Never an id, an amount or a text of a client.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace clvd {

using log_value = std::variant<std::string_view, std::int64_t, double>;
using log_fields = std::initializer_list<std::pair<std::string_view, log_value>>;

// Level: "debug", "info", "warn" or "error". Also takes over what gRPC and protobuf would print.
// Call once, before any thread starts.
void start_log(const std::string& level);
// False: there is no such level. [any]
bool change_log_level(const std::string& level);

// {"time": ..., "level": ..., "event": ..., fields...}. [any]
void log_info(std::string_view event, log_fields fields);
void log_error(std::string_view event, log_fields fields);

// Text with quotes, backslashes and control characters escaped for JSON.
std::string json_escaped(std::string_view text);

}  // namespace clvd
