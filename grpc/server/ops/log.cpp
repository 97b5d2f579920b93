#include "ops/log.hpp"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace clvd {
namespace {

std::string json_of(const log_value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return "\"" + json_escaped(*text) + "\"";
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  return fmt::format("{:.3f}", std::get<double>(value));
}

void write(spdlog::level::level_enum level, std::string_view event, log_fields fields) {
  std::string line = "\"event\":\"" + json_escaped(event) + "\"";
  for (const auto& [key, value] : fields) {
    line += ",\"" + json_escaped(key) + "\":" + json_of(value);
  }
  spdlog::log(level, "{}", line);
}

void from_grpc(gpr_log_func_args* args) {
  if (args->severity != GPR_LOG_SEVERITY_ERROR) return;
  write(spdlog::level::warn, "grpc", {{"text", args->message}});
}

// protobuf names the field of a bad string; the client is told, the log is not flooded.
void from_protobuf(google::protobuf::LogLevel level, const char*, int, const std::string& text) {
  if (level == google::protobuf::LOGLEVEL_FATAL) {
    write(spdlog::level::err, "protobuf", {{"text", text}});
  }
}

}  // namespace

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

void start_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("clvd");
  logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(from_grpc);
  google::protobuf::SetLogHandler(from_protobuf);
}

bool change_log_level(const std::string& level) {
  const auto known = spdlog::level::from_str(level);
  if (known == spdlog::level::off) return false;  // also what an unknown name becomes
  spdlog::default_logger()->set_level(known);
  return true;
}

void log_info(std::string_view event, log_fields fields) {
  write(spdlog::level::info, event, fields);
}

void log_error(std::string_view event, log_fields fields) {
  write(spdlog::level::err, event, fields);
}

}  // namespace clvd
