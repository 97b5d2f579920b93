#include "plugins.hpp"

#include <algorithm>
#include <string>

#include "diag.hpp"
#include "guard.hpp"
#include "options.hpp"
#include "result.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

void make(clv_plugins** out) {
  required(out, "out");
  *out = new clv_plugins{std::make_shared<plugin_set>()};
}

// A job that was begun with the instances goes on calling them until it has ended.
void require_unused(const clv_plugins* plugins) {
  if (required(plugins, "plugins")->set.use_count() == 1) return;
  throw error(status::conflict,
              "a job still uses these plugins",
              "step the job to its end, or free it, first");
}

void load(clv_plugins* plugins,
          const clv_plugin_options* options,
          const char* path,
          clv_diag* diag) {
  plugin_set& set = *required(plugins, "plugins")->set;
  const exclusive held(set.busy, "plugins handle");
  require_unused(plugins);
  plugin_setup setup = open_plugin(path, options);
  set.check_new(setup);
  set.loaded.reserve(set.loaded.size() + 1);
  set.loaded.push_back(std::make_unique<plugin>(std::move(setup), set.log));
  try {
    set.trace_sources();
  } catch (...) {  // out of memory: a load that failed leaves nothing loaded
    set.loaded.pop_back();
    throw;
  }
  for (const issue& log : set.loaded.back()->take_logs()) append(diag, log);
}

void renew(clv_plugins* plugins, std::int64_t now_us, std::uint64_t seed, clv_diag* diag) {
  const auto& set = required(plugins, "plugins")->set;
  const exclusive held(set->busy, "plugins handle");
  require_unused(plugins);
  std::vector<plugin_setup> setups;
  for (const auto& p : set->loaded) {
    plugin_setup& setup = setups.emplace_back(p->setup());
    setup.now_us = now_us;
    setup.seed = seed;
  }
  set->loaded.clear();
  try {
    for (plugin_setup& setup : setups) {
      set->loaded.push_back(std::make_unique<plugin>(std::move(setup), set->log));
      for (const issue& log : set->loaded.back()->take_logs()) append(diag, log);
    }
    set->trace_sources();
  } catch (...) {
    set->loaded.clear();  // half a set would propose half of what it should
    throw;
  }
}

table empty_list() {
  table t;
  for (const char* name : {"id",
                           "name",
                           "version",
                           "vendor",
                           "licence",
                           "summary",
                           "reads",
                           "actions",
                           "path",
                           "capabilities",
                           "segments",
                           "features",
                           "effects"}) {
    t.add(name, type::utf8);
  }
  t.add("deterministic", type::i64);
  t.add("config_schema", type::utf8);
  return t;
}

void add_row(const plugin_setup& p, table& to) {
  const clv_plugin_entry& e = *p.entry;
  const std::string reads = join_list(p.says.reads);
  const std::string actions = join_list(p.says.actions);
  const std::string offers = ids_of(p.offers);
  const std::string segments = join_list(p.says.segments);
  const std::string features = join_list(p.says.features);
  const std::string_view cells[] = {e.id,
                                    e.name,
                                    e.version,
                                    e.vendor,
                                    e.licence,
                                    e.summary,
                                    reads,
                                    actions,
                                    p.path,
                                    offers,
                                    segments,
                                    features,
                                    p.says.effects};
  for (std::size_t i = 0; i < std::size(cells); ++i) to.columns()[i].push(cells[i]);
  to.find("deterministic")->push(std::int64_t{p.says.deterministic});
  column& schema = *to.find("config_schema");
  p.says.config_schema.empty() ? schema.push_absent() : schema.push(p.says.config_schema);
}

void describe(const clv_run_options* options, const char* path, clv_result** out) {
  required(out, "out");
  check_answerless(options);
  table t = empty_list();
  add_row(describe_plugin(path), t);
  t.seal("plugins/1");
  *out = new_result(std::make_shared<const table>(std::move(t)));
}

void list(const clv_plugins* plugins, clv_result** out) {
  plugin_set& set = *required(plugins, "plugins")->set;
  required(out, "out");
  const exclusive held(set.busy, "plugins handle");
  table t = empty_list();
  for (const auto& p : set.loaded) add_row(p->setup(), t);
  t.seal("plugins/1");
  *out = new_result(std::make_shared<const table>(std::move(t)));
}

void take_log(clv_plugins* plugins, clv_result** out) {
  plugin_set& set = *required(plugins, "plugins")->set;
  required(out, "out");
  const exclusive held(set.busy, "plugins handle");
  plugin_log::drained d = set.log->read();
  *out = new_result(std::make_shared<const table>(std::move(d.rows)));
  set.log->forget(d.last);
}

}  // namespace
}  // namespace clv::abi

clv_status clv_plugins_new(clv_plugins** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::make(out); });
}

clv_status clv_plugins_load(clv_plugins* plugins,
                            const clv_plugin_options* options,
                            const char* absolute_path,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::load(plugins, options, absolute_path, diag); });
}

clv_status clv_plugin_describe(const clv_run_options* options,
                               const char* absolute_path,
                               clv_result** out,
                               clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::describe(options, absolute_path, out); });
}

clv_status clv_plugins_list(const clv_plugins* plugins, clv_result** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::list(plugins, out); });
}

clv_status clv_plugins_renew(clv_plugins* plugins,
                             int64_t now_us,
                             uint64_t seed,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::renew(plugins, now_us, seed, diag); });
}

clv_status clv_plugins_take_log(clv_plugins* plugins, clv_result** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::take_log(plugins, out); });
}

void clv_plugins_free(clv_plugins* plugins) noexcept {
  clv::abi::release(plugins);
}
