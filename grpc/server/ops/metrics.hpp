// Counters of this process as a Prometheus text page. Labels are names of methods, doors, codes,
// plugins, aliases and states: a fixed budget of series, never a customer, tenant or token.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace clvd {

class metrics {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  // clv_rpc_total{method,code,door} and clv_rpc_seconds. [any]
  void call_ended(std::string_view method,
                  std::string_view code,
                  std::string_view door,
                  std::chrono::steady_clock::duration took);
  // name, and labels as in the page: count("clv_ingest_items_total", "result=\"accepted\"", n). The
  // names, their help texts and kinds are a table in metrics.cpp; another name is a bug. [any]
  void count(std::string_view name, std::string_view labels, std::int64_t by = 1);
  void set(std::string_view name, std::string_view labels, double value);
  void observe(std::string_view name, std::string_view labels, double seconds);  // a histogram
  // Asked each time the page is written: for values that are somebody's state, such as the sizes of
  // files. `ask` calls set(). [any]
  void on_scrape(std::function<void(metrics&)> ask);

  std::string page();  // text/plain; version=0.0.4
  bool answers();      // whether its lock can be had; asks nobody else

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clvd
