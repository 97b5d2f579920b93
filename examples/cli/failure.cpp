#include "failure.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "json.hpp"
#include "wording.hpp"

namespace cli {
namespace {

constexpr std::string_view hint_start = "\n  hint: ";
constexpr std::size_t most_shown = 10;  // a terminal page; the rest is in the rejects file

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + std::string(hint_start) + hint;
}

// One text of many: a terminal page of them.
std::string page_of(const std::vector<std::string>& sentences) {
  std::string text;
  const std::size_t shown = std::min(sentences.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "\n") + sentences[i];
  if (sentences.size() > shown) {
    text += "\n... and " + std::to_string(sentences.size() - shown) + " more";
  }
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

std::string diag::sentence(const clv_diag_entry& entry, const std::string& about) const {
  std::string message =
      worded_message(entry.message == nullptr ? clv_status_name(entry.status) : entry.message);
  const bool of_file = !file_.empty() && entry.row >= 0;
  if (of_file) message = with_file_rows(std::move(message), rejected_);
  const std::string& place = of_file ? file_ : about;
  const bool named = place.empty() || message.find(place) != std::string::npos;
  std::string text = named ? "" : place + ": ";
  const std::string plugin =
      entry.plugin_id == nullptr ? "" : "plugin " + std::string(entry.plugin_id);
  if (!plugin.empty() && !message.starts_with(plugin)) text += plugin + ": ";
  const std::string hint = entry.hint == nullptr ? "" : worded_hint(entry.hint);
  const bool repeats = message.find(hint) != std::string::npos;
  return with_hint(text + message, repeats ? "" : hint);
}

std::vector<std::string> diag::sentences(clv_log_level least, const std::string& about) const {
  std::vector<std::string> found;
  for (std::int64_t i = 0; i < clv_diag_count(get()); ++i) {
    auto entry = sized<clv_diag_entry>();
    if (clv_diag_get(get(), i, &entry) != CLV_OK || entry.level < least) continue;
    found.push_back(sentence(entry, about));
  }
  return found;
}

void diag::check(clv_status status, const std::string& about) const {
  if (status >= 0) return;
  std::string text = page_of(sentences(CLV_LOG_ERROR, about));
  if (text.empty()) text = (about.empty() ? "" : about + ": ") + clv_status_name(status);
  throw failure(exit_failed, text);
}

void diag::print_notes(const std::string& about, bool all) {
  const clv_log_level least = all || isatty(STDERR_FILENO) == 1 ? CLV_LOG_INFO : CLV_LOG_WARN;
  const std::string text = page_of(sentences(least, about));
  if (!text.empty()) std::fprintf(stderr, "clv: %s\n", text.c_str());
  for (std::string& said : sentences(CLV_LOG_WARN, about)) warnings_.push_back(std::move(said));
  clv_diag_clear(get());
}

void diag::warn(const std::string& sentence) {
  std::fprintf(stderr, "clv: %s\n", sentence.c_str());
  warnings_.push_back(sentence);
}

void diag::name_rows_of(std::string file, std::vector<std::int64_t> rejected) {
  file_ = std::move(file);
  rejected_ = std::move(rejected);
}

std::string diag::warnings_json() const {
  json_array texts;
  for (std::string warning : warnings_) {
    const std::size_t at = warning.find(hint_start);
    if (at != std::string::npos) warning.replace(at, hint_start.size(), "; ");  // one line
    texts.add_json(json_text(warning));
  }
  return texts.text();
}

}  // namespace cli
