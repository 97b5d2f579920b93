#include "ops/gauges.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <string>

#include "calls/errors.hpp"
#include "ops/metrics.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

// Names of aliases come from clients: more than these are not shown.
constexpr std::size_t most_aliases = 32;

std::string label(const char* name, const std::string& value) {
  return std::string(name) + "=\"" + value + "\"";
}

// Of one tenant, oldest kept where several have the same alias.
void add_ages(tenant& of, double now_us, std::map<std::string, double>& seconds) {
  const auto aliases = of.table_at_hand("aliases");
  const auto models = of.table_at_hand("models");
  if (aliases == nullptr || models == nullptr) return;
  std::map<std::string, double> as_of;
  for (std::int64_t row = 0; row < models->size(); ++row) {
    as_of[text_at(models->rows(), "name", row)] = number_at(models->rows(), "as_of_us", row);
  }
  for (std::int64_t row = 0; row < aliases->size(); ++row) {
    const auto model = as_of.find(text_at(aliases->rows(), "model", row));
    if (model == as_of.end() || std::isnan(model->second)) continue;
    double& age = seconds[text_at(aliases->rows(), "alias", row)];
    age = std::max(age, (now_us - model->second) / 1e6);
  }
}

void set_ages(metrics& m, tenants& stores) {
  std::map<std::string, double> seconds;
  stores.for_each([&](tenant& of) {
    try {
      add_ages(of, static_cast<double>(server_now_us()), seconds);
    } catch (const call_error&) {  // a store that cannot be read now is told by its calls
    }
  });
  std::size_t shown = 0;
  for (const auto& [alias, age] : seconds) {
    if (++shown > most_aliases) return;
    m.set("clv_model_age_seconds", label("alias", alias), age);
  }
}

void set_sizes(metrics& m, tenants& stores) {
  double rows = 0, store = 0, wal = 0;
  double free = std::numeric_limits<double>::infinity();
  stores.for_each([&](tenant& of) {
    const tenant::disk_use use = of.disk();
    rows += static_cast<double>(of.write().rows_waiting());
    store += use.store;
    wal += use.wal;
    free = std::min(free, use.free);
  });
  m.set("clv_ingest_queue_rows", "", rows);
  m.set("clv_db_bytes", "", store);
  m.set("clv_wal_bytes", "", wal);
  if (std::isfinite(free)) m.set("clv_disk_free_bytes", "", free);
}

void set_jobs(metrics& m, job_board& jobs) {
  const job_board::tally now = jobs.unfinished();
  m.set("clv_jobs", "state=\"queued\"", static_cast<double>(now.queued));
  m.set("clv_jobs", "state=\"running\"", static_cast<double>(now.running));
}

// The supervisor counts for itself; the page's counters follow it.
class plugin_counters {
 public:
  void set(metrics& m, const plugins::supervisor& plugins) {
    const std::lock_guard lock(mutex_);
    for (const plugins::plugin_state& s : plugins.states()) {
      const std::string plugin = label("plugin", s.name);
      m.set("clv_plugin_up", plugin, s.condition == "serving" ? 1 : 0);
      m.set("clv_plugin_rss_bytes", plugin, static_cast<double>(s.used.rss_bytes));
      follow(m, "clv_plugin_restarts_total", plugin, s.restarts);
      follow(m, "clv_plugin_timeouts_total", plugin, s.timeouts);
    }
  }

 private:
  void follow(metrics& m, const char* name, const std::string& plugin, std::uint64_t total) {
    std::uint64_t& shown = shown_[name + plugin];
    m.count(name, plugin, static_cast<std::int64_t>(total - shown));
    shown = total;
  }

  std::mutex mutex_;  // two may ask for the page at once
  std::map<std::string, std::uint64_t> shown_;
};

}  // namespace

void watch_state(metrics& m, tenants* stores, job_board* jobs, const plugins::supervisor& plugins) {
  const auto counters = std::make_shared<plugin_counters>();
  m.on_scrape([=, &plugins](metrics& page) {
    if (stores != nullptr) {
      set_sizes(page, *stores);
      set_ages(page, *stores);
    }
    if (jobs != nullptr) set_jobs(page, *jobs);
    counters->set(page, plugins);
  });
}

}  // namespace clvd
