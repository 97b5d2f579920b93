#include "report.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <new>
#include <string>

namespace cli {
namespace {

constexpr std::int64_t most_shown = 10;  // a terminal page; the rest is in the rejects file

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + "\n  hint: " + hint;
}

std::string sentence(const clv_diag_entry& entry, const std::string& about) {
  const std::string message =
      entry.message == nullptr ? clv_status_name(entry.status) : entry.message;
  const bool named = about.empty() || message.find(about) != std::string::npos;
  std::string text = named ? "" : about + ": ";
  if (entry.plugin_id != nullptr) text += "plugin " + std::string(entry.plugin_id) + ": ";
  return with_hint(text + message, entry.hint == nullptr ? "" : entry.hint);
}

// The entries of these levels, one sentence a line.
std::string sentences(const clv_diag* diag,
                      clv_log_level least,
                      clv_log_level most,
                      const std::string& about) {
  std::string text;
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < clv_diag_count(diag); ++i) {
    auto entry = sized<clv_diag_entry>();
    if (clv_diag_get(diag, i, &entry) != CLV_OK) continue;
    if (entry.level < least || entry.level > most || ++found > most_shown) continue;
    text += (text.empty() ? "" : "\n") + sentence(entry, about);
  }
  if (found > most_shown) text += "\n... and " + std::to_string(found - most_shown) + " more";
  return text;
}

}  // namespace

void fail(const std::string& message, const std::string& hint) {
  throw failure(exit_failed, with_hint(message, hint));
}

void misuse(const std::string& message, const std::string& hint) {
  throw failure(exit_usage, with_hint(message, hint));
}

diag::diag() : handle_(clv_diag_new()) {
  if (handle_ == nullptr) throw std::bad_alloc();
}

void diag::check(clv_status status, const std::string& about) const {
  if (status >= 0) return;
  std::string text = sentences(get(), CLV_LOG_ERROR, CLV_LOG_ERROR, about);
  if (text.empty()) text = (about.empty() ? "" : about + ": ") + clv_status_name(status);
  throw failure(exit_failed, text);
}

void diag::print_notes(const std::string& about) const {
  const clv_log_level least = isatty(STDERR_FILENO) == 1 ? CLV_LOG_INFO : CLV_LOG_WARN;
  const std::string text = sentences(get(), least, CLV_LOG_WARN, about);
  if (!text.empty()) std::fprintf(stderr, "clv: %s\n", text.c_str());
  clv_diag_clear(get());
}

}  // namespace cli
