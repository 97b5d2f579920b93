// The host job of ../README.md in C++20: host LIBRARY PLUGIN ORDERS. LIBRARY is linked already.
#include <cstdio>
#include <string>
#include <vector>

#include "clv.hpp"

namespace {

using namespace clv::host;
constexpr std::int64_t now_us = 1'735'689'600'000'000;  // 2025-01-01T00:00:00Z
constexpr std::int64_t week_us = 604'800'000'000;

// A line per row in which every column named has a value; whole numbers have no decimals.
void show(const char* label, const table& from, const std::vector<const char*>& columns) {
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    std::string line = label;
    for (const char* column : columns) {
      const clv_column_info about = from.info(from.find(column));
      const char* form = about.type == CLV_T_F64 ? "%.6f" : "%.0f";
      char number[32];
      std::snprintf(number, sizeof number, form, from.number(column, row));
      if (about.type == CLV_T_UTF8 && !from.text(column, row)) line.clear();
      if (line.empty()) break;
      line.append(" ").append(from.text(column, row).value_or(number));
      if (about.type == CLV_T_MONEY) line.append(" ").append(about.unit);
    }
    if (!line.empty()) std::puts(line.c_str());
  }
}

void store_and_decide(const char* plugin, const char* orders) {
  const clv_csv_options csv{.struct_size = sizeof csv, .path = orders, .currency = "EUR"};
  const table log = begin(clv_csv_begin, &csv).answer();
  std::printf("read %.0f transactions\n", static_cast<double>(log.rows()));
  const engine store = engine::in_memory();
  const clv_ingest_options shop{.struct_size = sizeof shop, .source = "shop", .currency = "EUR"};
  const table taken = begin(clv_engine_ingest_begin, store, &shop, log.batch()).answer();
  std::printf("ingested %.0f accepted ", taken.number("accepted", 0));
  std::printf("%.0f duplicates\n", taken.number("duplicates", 0));

  const clv_fit_options fit{.struct_size = sizeof fit, .model = "bg_nbd+gamma_gamma"};
  const table fitted = begin(clv_engine_fit_begin, store, nullptr, &fit).answer();
  show("parameter", fitted, {"model", "parameter", "value"});
  const clv_score_options value{.struct_size = sizeof value, .annual_discount = .1, .margin = .3};
  const table scores = begin(clv_engine_score_begin, store, &value).answer();
  double sum = 0;
  for (const double clv : scores.numbers("clv")) sum += clv;
  std::printf("scores %.0f ", static_cast<double>(scores.rows()));
  std::printf("%s\nvalue %.6f\n", scores.fingerprint().c_str(), sum);
  const clv_segment_options tiers{.struct_size = sizeof tiers, .scheme = "value_tier"};
  job segmenting = begin(clv_engine_segment_begin, store, &tiers);
  while (segmenting.step(50)) continue;  // in between: redraw a window, look for a signal
  show("segment", segmenting.take("profile"), {"segment", "customers"});

  // The plugin proposes, libclv decides within 5 cents.
  plugins retention;
  const clv_plugin_options clock{.struct_size = sizeof clock, .seed = 7, .now_us = now_us};
  retention.load(plugin, &clock);
  const clv_decide_options spend{.struct_size = sizeof spend,
                                 .flags = CLV_DECIDE_HAS_BUDGET | CLV_DECIDE_NO_HOLDOUT,
                                 .budget_minor = 5,
                                 .margin = .3,
                                 .now_us = now_us};
  const table decided = begin(clv_engine_decide_begin, store, retention, &spend).answer();
  show("decision", decided, {"customer", "action", "net"});
  const clv_score one = scorer(store.latest_model(), &value).row(3, 20, 30, 25);
  std::printf("customer %.6f %.6f\n", one.p_alive, one.clv);
}

// The host's own arrays, without an engine.
void summarize(const std::vector<std::string>& customers) {
  const std::vector<std::int64_t> times{now_us, now_us + week_us, now_us + 2 * week_us};
  const std::vector<std::int64_t> cents{1999, 500, 2450};
  columns log;
  log.texts("customer", customers).integers("time", times, CLV_T_TIME);
  log.integers("amount", cents, CLV_T_MONEY, "EUR");
  const table summary = begin(clv_summarize_begin, nullptr, log).answer();
  show("summary", summary, {"customer", "x", "t_x", "T", "mean_spend", "revenue"});
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) return 2;
  std::printf("abi %u.%u\n", clv_abi() >> 16, clv_abi() & 0xffff);
  store_and_decide(argv[2], argv[3]);
  summarize({"anna", "björn", "anna"});
  summarize({"anna", "", "anna"});
} catch (const error& e) {
  std::printf("refused %.0f ", static_cast<double>(e.reason().row));
  std::printf("%s %s %s\n", e.reason().column.c_str(), e.status_name(), e.what());
}
