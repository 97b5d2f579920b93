// Any bytes as the small texts that come with a call: both readers of UTF-8 agree, and what is
// shown or logged of a stranger's text is harmless.
#include <algorithm>

#include "calls/trace.hpp"
#include "calls/utf8.hpp"
#include "config/address.hpp"
#include "config/start_error.hpp"
#include "ops/log.hpp"
#include "plugins/text.hpp"
#include "promise.hpp"

namespace {

using clv::fuzz::require;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ';
}

bool is_harmless(std::string_view text) {
  return std::none_of(
      text.begin(), text.end(), [](char c) { return is_control(c) || c == '\x7f'; });
}

void check_address(const std::string& text) {
  try {
    const clvd::address a = clvd::parse_address("--listen", text);
    require(a.is_unix() != !a.host.empty(), "a path or a host");
    require(a.port >= 0 && a.port <= 65'535, "a port");
  } catch (const clvd::start_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(clv::fuzz::text_of(data, size));
  const bool has_nul = text.find('\0') != text.npos;
  require(clvd::plugins::is_utf8(text) == (clvd::is_utf8(text) && !has_nul), "one UTF-8", text);
  const std::string shown = clvd::plugins::printable(text);
  require(
      shown.size() <= 1000 && clvd::is_utf8(shown) && is_harmless(shown), "fit to be shown", shown);
  const std::string logged = clvd::json_escaped(text);
  require(std::none_of(logged.begin(), logged.end(), is_control), "a log line is one line");
  const auto trace = clvd::new_trace(text);
  require(trace.traceparent.empty() || trace.traceparent == text, "a traceparent, or none");
  check_address(text);
  return 0;
}
