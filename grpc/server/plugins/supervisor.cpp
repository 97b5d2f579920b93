#include "plugins/supervisor.hpp"

#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>

#include "plugins/isolated.hpp"
#include "plugins/remote.hpp"
#include "plugins/trusted.hpp"

namespace clvd::plugins {
namespace {

std::unique_ptr<home> home_of(const plugin_config& c,
                              const supervisor_options& options,
                              spawner& starter,
                              const ticks& clock) {
  if (c.where == mode::remote) {
    return std::make_unique<remote_home>(remote_setup{c.path, c.config_json}, clock);
  }
  if (c.path.empty() || c.path.front() != '/') {
    throw std::invalid_argument("plugin '" + c.name + "': the path '" + c.path +
                                "' is not absolute");
  }
  if (c.where == mode::trusted) {
    return std::make_unique<trusted_home>(
        trusted_setup{c.path, c.config_json, c.grant, options.trusted_sha256}, clock);
  }
  return std::make_unique<isolated_home>(isolated_setup{.host_program = options.host_program,
                                                        .path = c.path,
                                                        .config_json = c.config_json,
                                                        .grant = c.grant,
                                                        .memory_bytes = c.memory_bytes,
                                                        .cpu_seconds = c.cpu_seconds},
                                         starter,
                                         clock);
}

std::string name_of(const supervised& plugin) {
  const std::string id = plugin.says().id;
  return id.empty() ? plugin.config().name : id;
}

served not_served(const supervised& plugin, const plugin_failure& why) {
  return {.plugin = name_of(plugin),
          .by = {},
          .reason = reason_of(why.what_kind),
          .message = why.message};
}

// What breaks the rules here comes from a process that is no longer itself: libclv checked in
// there.
void take(const home_answer& answer, supervised& plugin, proposal_table& to) {
  try {
    to.add(answer.proposals(), plugin.says());
  } catch (const plugin_failure& e) {
    plugin.distrust(e);
    throw;
  }
}

}  // namespace

supervisor::supervisor(supervisor_options options, const ticks& clock, event_log log) {
  // Every change of a plugin's condition is an event.
  const event_log noticed =
      [this, log = std::move(log)](
          std::string_view event, std::string_view plugin, std::string_view reason, int signal) {
        log(event, plugin, reason, signal);
        tell();
      };
  std::set<std::string> names;
  for (plugin_config& c : options.plugins) {
    if (c.name.empty()) c.name = std::filesystem::path(c.path).stem().string();
    if (!names.insert(c.name).second) {
      throw std::invalid_argument("two plugins are named '" + c.name + "'");
    }
    auto where = home_of(c, options, spawner_, clock);
    plugins_.push_back(
        std::make_unique<supervised>(c, std::move(where), options.restarts, clock, noticed));
  }
  if (options.housekeeping) housekeeper_ = std::thread([this] { keep_house(); });
}

supervisor::~supervisor() {
  {
    const std::scoped_lock held(mutex_);
    ending_ = true;
  }
  ending_now_.notify_all();
  if (housekeeper_.joinable()) housekeeper_.join();
  plugins_.clear();  // before the thread that started their processes ends
}

void supervisor::keep_house() {
  std::unique_lock held(mutex_);
  while (!ending_now_.wait_for(held, std::chrono::seconds(1), [&] { return ending_; })) {
    held.unlock();
    tick();
    held.lock();
  }
}

void supervisor::tick() {
  for (const auto& plugin : plugins_) plugin->tick();
}

std::vector<served> supervisor::start_all() {
  std::vector<served> failed;
  for (const auto& plugin : plugins_) {
    try {
      if (plugin->config().enabled) plugin->reload();
    } catch (const plugin_failure& e) {
      failed.push_back(not_served(*plugin, e));
    }
  }
  return failed;
}

run_outcome supervisor::propose(const clv_batch& candidates,
                                std::int64_t now_us,
                                std::uint64_t seed,
                                const patience& until) {
  run_outcome out;
  out.proposals = std::make_unique<proposal_table>(candidates);
  for (const auto& plugin : plugins_) {
    try {
      const auto answer = plugin->propose(candidates, now_us, seed, until);
      take(*answer, *plugin, *out.proposals);
      out.served_by.push_back(
          {.plugin = name_of(*plugin), .by = plugin->state().where, .reason = {}, .message = {}});
      for (warning& w : answer->warnings) out.warnings.push_back(std::move(w));
    } catch (const plugin_failure& e) {
      if (e.what_kind == fault::cancelled) throw;
      out.served_by.push_back(not_served(*plugin, e));
      out.warnings.push_back(
          {.plugin = name_of(*plugin),
           .message = "plugin " + name_of(*plugin) + " gave no proposals: " + e.message});
      // One that an operator switched off is not missed.
      const bool missed = e.what_kind != fault::disabled;
      if (missed && plugin->config().then == on_failure::fail && !out.refused) out.refused = e;
    }
  }
  return out;
}

std::shared_ptr<void> supervisor::watch(readiness told) {
  {
    const std::scoped_lock held(watching_);
    told_ = std::move(told);
    said_.clear();
  }
  tell();
  return {this, [this](void*) {
            const std::scoped_lock held(watching_);
            told_ = nullptr;
          }};
}

void supervisor::tell() {
  const std::scoped_lock held(watching_);
  if (!told_) return;
  for (const plugin_state& s : states()) {
    const auto said = said_.find(s.name);
    if (said != said_.end() && said->second == s.is_ready()) continue;
    said_[s.name] = s.is_ready();
    told_(s.name, s.is_ready());
  }
}

std::vector<plugin_state> supervisor::states() const {
  std::vector<plugin_state> all;
  for (const auto& plugin : plugins_) all.push_back(plugin->state());
  return all;
}

supervised* supervisor::find(const std::string& name) {
  for (const auto& plugin : plugins_) {
    if (plugin->config().name == name || plugin->says().id == name) return plugin.get();
  }
  return nullptr;
}

}  // namespace clvd::plugins
