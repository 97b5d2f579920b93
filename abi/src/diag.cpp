#include "diag.hpp"

#include <memory>

#include "guard.hpp"
#include "sized.hpp"

namespace clv::abi {
namespace {

constexpr const char* out_of_memory_text = "memory is out";
constexpr const char* out_of_memory_hint =
    "free results that are no longer needed, or work on fewer rows at a time";

const char* text_or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

clv_diag_entry view(const issue& i) {
  return {.struct_size = 0,
          .status = static_cast<clv_status>(i.code),
          .level = static_cast<clv_log_level>(i.level),
          .spare = 0,
          .row = i.row,
          .column = text_or_null(i.column),
          .message = i.message.c_str(),
          .hint = text_or_null(i.hint),
          .plugin_id = text_or_null(i.plugin)};
}

clv_diag_entry out_of_memory_entry() {
  clv_diag_entry entry{};
  entry.status = CLV_E_NO_MEMORY;
  entry.level = CLV_LOG_ERROR;
  entry.row = -1;
  entry.message = out_of_memory_text;
  entry.hint = out_of_memory_hint;
  return entry;
}

void get(const clv_diag* diag, std::int64_t i, clv_diag_entry* out) {
  required(diag, "diag");
  const std::scoped_lock held(diag->lock);
  const auto kept = static_cast<std::int64_t>(diag->entries.size());
  if (i < 0 || i >= kept + (diag->out_of_memory ? 1 : 0)) {
    throw error(status::invalid, "no diagnostic has that number");
  }
  const bool last_resort = i == kept;
  write_sized(
      out,
      last_resort ? out_of_memory_entry() : view(diag->entries[static_cast<std::size_t>(i)]),
      "out");
}

std::int64_t count(const clv_diag* diag) {
  if (!alive(diag)) return 0;
  const std::scoped_lock held(diag->lock);
  return static_cast<std::int64_t>(diag->entries.size()) + (diag->out_of_memory ? 1 : 0);
}

const char* text(const clv_diag* diag) {
  if (!alive(diag)) return "";
  const std::scoped_lock held(diag->lock);
  if (diag->out_of_memory) return out_of_memory_text;
  for (auto i = diag->entries.rbegin(); i != diag->entries.rend(); ++i) {
    if (i->level == log_level::error) return i->message.c_str();
  }
  return "";
}

void clear(clv_diag* diag) {
  if (!alive(diag)) return;
  const std::scoped_lock held(diag->lock);
  diag->entries.clear();
  diag->out_of_memory = false;
}

}  // namespace

void append(clv_diag* diag, const issue& entry) noexcept {
  if (!alive(diag)) return;
  const std::scoped_lock held(diag->lock);
  try {
    diag->entries.push_back(entry);
  } catch (...) {
    diag->out_of_memory = true;
  }
}

void append_out_of_memory(clv_diag* diag) noexcept {
  if (!alive(diag)) return;
  const std::scoped_lock held(diag->lock);
  diag->out_of_memory = true;
}

}  // namespace clv::abi

clv_diag* clv_diag_new(void) noexcept {
  return clv::abi::guard_or<clv_diag*>(nullptr,
                                       [] { return std::make_unique<clv_diag>().release(); });
}

void clv_diag_free(clv_diag* diag) noexcept {
  clv::abi::release(diag);
}

void clv_diag_clear(clv_diag* diag) noexcept {
  clv::abi::guard(nullptr, [&] { clv::abi::clear(diag); });
}

int64_t clv_diag_count(const clv_diag* diag) noexcept {
  return clv::abi::guard_or<int64_t>(0, [&] { return clv::abi::count(diag); });
}

clv_status clv_diag_get(const clv_diag* diag, int64_t i, clv_diag_entry* out) noexcept {
  return clv::abi::guard(nullptr, [&] { clv::abi::get(diag, i, out); });
}

const char* clv_diag_text(const clv_diag* diag) noexcept {
  return clv::abi::guard_or<const char*>("", [&] { return clv::abi::text(diag); });
}
