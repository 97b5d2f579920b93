// A supervisor over one plugin, with a clock that stands still until it is moved, and customers.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "plugins/digest.hpp"
#include "plugins/isolated.hpp"
#include "plugins/supervisor.hpp"

namespace clvd::plugins::test {

class hand_clock final : public ticks {
 public:
  instant now() const override { return instant(milliseconds(now_.load())); }
  void move(milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{1'000'000};
};

// Customers c0, c1, ... with p_alive, clv in EUR, and a column that nobody is granted.
class customers {
 public:
  explicit customers(int rows, double first_p_alive = 0.5) {
    auto& id = table_.add("customer", CLV_T_UTF8);
    auto& alive = table_.add("p_alive", CLV_T_F64);
    auto& clv = table_.add("clv", CLV_T_F64, "EUR");
    auto& secret = table_.add("attr.secret", CLV_T_UTF8);
    for (int i = 0; i < rows; ++i) {
      id.push(std::string_view("c" + std::to_string(i)));
      alive.push(i == 0 ? first_p_alive : 0.25 + 0.5 / (i + 1));
      clv.push(10.0 + i);
      secret.push(std::string_view("secret"));
    }
    table_.batch();
  }
  const clv_batch& batch() { return table_.batch(); }

 private:
  clv::worker::owned_table table_;
};

inline plugin_config bad_plugin(const std::string& name) {
  plugin_config c;
  c.path = std::string(BAD_PLUGINS) + "/" + name + ".so";
  c.time_limit = milliseconds(20'000);
  return c;
}

inline supervisor_options options_for(std::vector<plugin_config> plugins) {
  return {.plugins = std::move(plugins),
          .trusted_sha256 = {},
          .host_program = CLV_PLUGIN_HOST,
          .restarts = {},
          .housekeeping = false};
}

inline void no_log(std::string_view, std::string_view, std::string_view, int) {}

// "REASON" of the only plugin of a run, or "" when it served.
inline std::string reason(const run_outcome& out) {
  return out.served_by.at(0).reason;
}

inline std::string cell(const run_outcome& out, const char* column, std::int64_t row) {
  return clv::worker::text_of(out.proposals->batch(), column, row);
}

}  // namespace clvd::plugins::test
