// What the plugins of one set have logged, until somebody asks. The last 10,000 are kept.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "clv/error.hpp"
#include "clv/table.hpp"

namespace clv::abi {

class plugin_log {
 public:
  static constexpr std::size_t most = 10'000;

  // [any]
  void add(const issue& said);

  // Columns plugin, level, message and dropped, and the number of the last row, counted from the
  // first message of all.
  struct drained {
    table rows;
    std::uint64_t last = 0;
  };
  drained read() const;
  // These were handed out. Not done by read(): what could not be handed over is not lost.
  void forget(std::uint64_t last);

 private:
  struct line {
    std::string plugin, message;
    log_level level;
  };
  mutable std::mutex lock_;
  std::deque<line> lines_;
  std::uint64_t first_ = 0;  // number of the front line
  std::uint64_t taken_ = 0;  // lines before it were handed out
};

}  // namespace clv::abi
