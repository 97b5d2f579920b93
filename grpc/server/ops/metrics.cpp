#include "ops/metrics.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "clv.h"

namespace clvd {
namespace {

enum class kind { counter, gauge, histogram };

struct family {
  std::string_view name;
  kind is;
  std::string_view help;
};

// Every metric there is.
constexpr std::array families{
    family{"clv_rpc_total", kind::counter, "Calls that ended."},
    family{"clv_rpc_seconds", kind::histogram, "Time from a call's arrival to its answer."},
    family{"clv_inflight", kind::gauge, "Calls in progress or waiting for a worker."},
    family{"clv_ingest_items_total", kind::counter, "Items of ingest, by what became of them."},
    family{"clv_ingest_queue_rows", kind::gauge, "Rows that wait for the writer."},
    family{"clv_commit_seconds", kind::histogram, "Time of a transaction of the writer."},
    family{"clv_wal_bytes", kind::gauge, "Size of the write-ahead logs."},
    family{"clv_db_bytes", kind::gauge, "Size of the stores."},
    family{"clv_disk_free_bytes", kind::gauge, "Free space where the stores are."},
    family{"clv_ballast_bytes", kind::gauge, "Size of the file given up when the disk is full."},
    family{
        "clv_checkpoint_busy_total",
        kind::counter,
        "Checkpoints of a write-ahead log beyond its alarm that a reader kept from emptying it."},
    family{"clv_model_age_seconds", kind::gauge, "Age of the model behind an alias."},
    family{"clv_jobs", kind::gauge, "Jobs by state."},
    family{"clv_jobs_total", kind::counter, "Jobs that came into a state."},
    family{"clv_plugin_up", kind::gauge, "1 while the plugin serves."},
    family{
        "clv_plugin_restarts_total", kind::counter, "Starts of a plugin's worker after its first."},
    family{"clv_plugin_timeouts_total", kind::counter, "Calls of a plugin that took too long."},
    family{"clv_plugin_rss_bytes", kind::gauge, "Resident memory of a plugin's worker."},
    family{"clv_auth_failures_total", kind::counter, "Calls refused for their credential."},
    family{"clv_http_answers_dropped_total",
           kind::counter,
           "Answers that went unread because too many bytes waited to be read."},
    family{"clv_tls_cert_expiry_seconds", kind::gauge, "Time until the certificate ends."},
    family{"clv_tls_reload_failures_total", kind::counter, "New certificates that were not taken."},
    family{"clv_build_info", kind::gauge, "1; the version is the label."},
    family{"clv_series_dropped_total", kind::counter, "Samples beyond the budget of series."},
};

constexpr std::array bounds{
    .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1., 2.5, 10., 60.};
constexpr std::size_t lines_of_histogram = bounds.size() + 3;
// Lines of the page. Labels come from fixed sets, so this is a fuse and not a limit to be met.
constexpr std::size_t budget = 10'000;

const family* family_of(std::string_view name) {
  const auto* found = std::find_if(
      families.begin(), families.end(), [&](const family& f) { return f.name == name; });
  return found == families.end() ? nullptr : found;
}

std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

// 0.0005, where number() would say 5e-04.
std::string plain_number(double value) {
  std::array<char, 32> text{};
  const auto format = std::chars_format::fixed;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format).ptr;
  return {text.data(), end};
}

struct series {
  std::int64_t count = 0;  // of a counter; observations of a histogram
  double value = 0;        // of a gauge; sum of a histogram
  std::array<std::int64_t, bounds.size()> buckets{};
};

std::string braced(std::string_view labels, std::string_view more = {}) {
  const std::string comma = labels.empty() || more.empty() ? "" : ",";
  const std::string all = std::string(labels) + comma + std::string(more);
  return all.empty() ? "" : "{" + all + "}";
}

void add_line(std::string& page, const std::string& name, const std::string& value) {
  page += name + " " + value + "\n";
}

void add_histogram(std::string& page,
                   const std::string& name,
                   const std::string& labels,
                   const series& s) {
  std::int64_t below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    below += s.buckets[i];
    const std::string le = "le=\"" + plain_number(bounds[i]) + "\"";
    add_line(page, name + "_bucket" + braced(labels, le), std::to_string(below));
  }
  add_line(page, name + "_bucket" + braced(labels, "le=\"+Inf\""), std::to_string(s.count));
  add_line(page, name + "_sum" + braced(labels), number(s.value));
  add_line(page, name + "_count" + braced(labels), std::to_string(s.count));
}

void add_series(std::string& page, const family& f, const std::string& labels, const series& s) {
  const std::string name(f.name);
  if (f.is == kind::histogram) return add_histogram(page, name, labels, s);
  const bool whole = f.is == kind::counter;
  add_line(page, name + braced(labels), whole ? std::to_string(s.count) : number(s.value));
}

constexpr std::string_view word_of(kind k) {
  return k == kind::counter ? "counter" : k == kind::gauge ? "gauge" : "histogram";
}

}  // namespace

struct metrics::impl {
  std::mutex mutex;
  std::map<const family*, std::map<std::string, series, std::less<>>> all;
  std::size_t lines = 0;
  std::vector<std::function<void(metrics&)>> asked;

  // Null when there is no such metric, or no room.
  series* find(std::string_view name, std::string_view labels, kind is) {
    const family* f = family_of(name);
    assert(f != nullptr && f->is == is);
    if (f == nullptr || f->is != is) return nullptr;
    auto& of_family = all[f];
    const auto found = of_family.find(labels);
    if (found != of_family.end()) return &found->second;
    const std::size_t more = is == kind::histogram ? lines_of_histogram : 1;
    if (lines + more > budget) {
      ++all[family_of("clv_series_dropped_total")][""].count;
      return nullptr;
    }
    lines += more;
    return &of_family[std::string(labels)];
  }
};

metrics::metrics() : impl_(std::make_unique<impl>()) {
  set("clv_build_info", std::string("version=\"") + clv_version() + "\"", 1);
}

metrics::~metrics() = default;

void metrics::call_ended(std::string_view method,
                         std::string_view code,
                         std::string_view door,
                         std::chrono::steady_clock::duration took) {
  const std::string labels =
      "method=\"" + std::string(method) + "\",door=\"" + std::string(door) + "\"";
  count("clv_rpc_total", labels + ",code=\"" + std::string(code) + "\"");
  observe("clv_rpc_seconds", labels, std::chrono::duration<double>(took).count());
}

void metrics::count(std::string_view name, std::string_view labels, std::int64_t by) {
  const std::lock_guard lock(impl_->mutex);
  if (series* s = impl_->find(name, labels, kind::counter)) s->count += by;
}

void metrics::set(std::string_view name, std::string_view labels, double value) {
  const std::lock_guard lock(impl_->mutex);
  if (series* s = impl_->find(name, labels, kind::gauge)) s->value = value;
}

void metrics::observe(std::string_view name, std::string_view labels, double seconds) {
  const std::lock_guard lock(impl_->mutex);
  series* s = impl_->find(name, labels, kind::histogram);
  if (s == nullptr) return;
  ++s->count;
  s->value += seconds;
  const auto* bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  if (bucket != bounds.end()) ++s->buckets[static_cast<std::size_t>(bucket - bounds.begin())];
}

void metrics::on_scrape(std::function<void(metrics&)> ask) {
  const std::lock_guard lock(impl_->mutex);
  impl_->asked.push_back(std::move(ask));
}

bool metrics::answers() {
  const std::lock_guard lock(impl_->mutex);
  return !families.empty();
}

std::string metrics::page() {
  std::vector<std::function<void(metrics&)>> asked;
  {
    const std::lock_guard lock(impl_->mutex);
    asked = impl_->asked;
  }
  for (const auto& ask : asked) ask(*this);
  const std::lock_guard lock(impl_->mutex);
  std::string page;
  for (const family& f : families) {
    const auto found = impl_->all.find(&f);
    if (found == impl_->all.end() || found->second.empty()) continue;
    page += "# HELP " + std::string(f.name) + " " + std::string(f.help) + "\n# TYPE " +
            std::string(f.name) + " " + std::string(word_of(f.is)) + "\n";
    for (const auto& [labels, s] : found->second) add_series(page, f, labels, s);
  }
  return page;
}

}  // namespace clvd
