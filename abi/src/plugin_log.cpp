#include "plugin_log.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace clv::abi {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};

}  // namespace

void plugin_log::add(const issue& said) {
  line kept{said.plugin, said.message, said.level};
  const std::scoped_lock held(lock_);
  lines_.push_back(std::move(kept));
  if (lines_.size() <= most) return;
  lines_.pop_front();
  ++first_;
}

plugin_log::drained plugin_log::read() const {
  drained d;
  for (const char* name : {"plugin", "level", "message"}) d.rows.add(name, type::utf8);
  d.rows.add("dropped", type::i64);
  const std::scoped_lock held(lock_);
  std::uint64_t gone = first_ - taken_;
  for (const line& l : lines_) {
    d.rows.find("plugin")->push(std::string_view(l.plugin));
    d.rows.find("level")->push(level_names[static_cast<std::size_t>(l.level)]);
    d.rows.find("message")->push(std::string_view(l.message));
    d.rows.find("dropped")->push(static_cast<std::int64_t>(std::exchange(gone, 0)));
  }
  d.last = first_ + lines_.size();
  d.rows.seal("plugin_log/1");
  return d;
}

void plugin_log::forget(std::uint64_t last) {
  const std::scoped_lock held(lock_);
  for (; first_ < last && !lines_.empty(); ++first_) lines_.pop_front();
  taken_ = last;
}

}  // namespace clv::abi
