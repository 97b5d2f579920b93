#include "config/plugin_options.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "config/address.hpp"
#include "config/start_error.hpp"
#include "security/owned_file.hpp"

namespace clvd {
namespace {

using plugins::plugin_config;

constexpr long longest_limit_ms = 600'000;

struct named_value {
  std::string option, name, value;
};

// "winback=winback.json"
named_value split(const std::string& option, const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals != std::string::npos && equals != 0 && equals + 1 != pair.size()) {
    return {option, pair.substr(0, equals), pair.substr(equals + 1)};
  }
  throw start_error(usage, option + " '" + pair + "': write NAME=VALUE");
}

start_error wrong(const named_value& v, const std::string& what) {
  return {usage, v.option + " '" + v.name + "=" + v.value + "': " + what};
}

plugin_config* find(std::vector<plugin_config>& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const plugin_config& p) { return p.name == name; });
  return found == all.end() ? nullptr : &*found;
}

plugin_config& known(std::vector<plugin_config>& all, const named_value& v) {
  plugin_config* found = find(all, v.name);
  if (found != nullptr) return *found;
  throw start_error(usage, v.option + ": no plugin is called '" + v.name + "'");
}

void add(std::vector<plugin_config>& all, plugin_config p) {
  if (find(all, p.name) != nullptr) {
    throw start_error(usage, "plugin '" + p.name + "' is there twice");
  }
  all.push_back(std::move(p));
}

plugin_config from_file(const std::string& path) {
  if (path.empty()) throw start_error(usage, "--plugin is empty: write the path of a plugin");
  plugin_config p;
  p.name = std::filesystem::path(path).stem().string();
  p.path = std::filesystem::absolute(path).string();
  return p;
}

plugin_config remote(const named_value& v) {
  const address a = parse_address(v.option, v.value);
  if (!a.is_unix() && !a.is_loopback()) {
    throw wrong(v, "what plugins are told is not encrypted; use unix:PATH or a loopback address");
  }
  plugin_config p;
  p.name = v.name;
  p.path = v.value;
  p.where = plugins::mode::remote;
  return p;
}

void trust(plugin_config& p, const named_value& v, std::vector<std::string>& hashes) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (p.where == plugins::mode::remote) throw wrong(v, "a remote plugin has no file to trust");
  if (v.value.size() != 64 || !std::all_of(v.value.begin(), v.value.end(), hex)) {
    throw wrong(v, "write the 64 hex digits that sha256sum prints for the file of --plugin");
  }
  p.where = plugins::mode::trusted;
  hashes.push_back(v.value);
}

void set_failure(plugin_config& p, const named_value& v) {
  if (v.value != "fail" && v.value != "fallback") throw wrong(v, "write fail or fallback");
  p.then = v.value == "fail" ? plugins::on_failure::fail : plugins::on_failure::fallback;
}

void set_limit(plugin_config& p, const named_value& v) {
  long ms = 0;
  const char* end = v.value.data() + v.value.size();
  const auto [stop, error] = std::from_chars(v.value.data(), end, ms);
  if (error != std::errc() || stop != end || ms < 1 || ms > longest_limit_ms) {
    throw wrong(v, "write milliseconds, 1 to " + std::to_string(longest_limit_ms));
  }
  p.time_limit = plugins::milliseconds(ms);
}

template <typename Set>
void each(std::vector<plugin_config>& all,
          const std::string& option,
          const std::vector<std::string>& pairs,
          Set set) {
  for (const std::string& pair : pairs) {
    const named_value v = split(option, pair);
    set(known(all, v), v);
  }
}

}  // namespace

void add_plugin_options(CLI::App& app, plugin_words& w) {
  const auto add_list = [&app](const char* name, std::vector<std::string>& to, const char* help) {
    app.add_option(name, to, help)->allow_extra_args(false);
  };
  add_list("--plugin", w.files, "Plugin to load, in a process of its own; repeat for more");
  add_list("--plugin-remote", w.remotes, "NAME=ADDRESS: a plugin that another process serves");
  add_list("--plugin-config", w.configs, "NAME=FILE: JSON settings of plugin NAME.so");
  add_list("--plugin-trust", w.trusted, "NAME=SHA256: load this very file into clvd itself");
  add_list("--plugin-grant", w.grants, "NAME=COLUMN,...: it sees no other columns");
  add_list("--plugin-on-failure", w.on_failure, "NAME=fail or NAME=fallback: go on without it");
  add_list("--plugin-limit-ms", w.time_limits, "NAME=MILLISECONDS of one run of it");
}

std::vector<plugin_config> plugins_of(const plugin_words& w, std::vector<std::string>& hashes) {
  std::vector<plugin_config> all;
  for (const std::string& path : w.files) add(all, from_file(path));
  for (const std::string& pair : w.remotes) add(all, remote(split("--plugin-remote", pair)));
  each(all, "--plugin-config", w.configs, [](plugin_config& p, const named_value& v) {
    p.config_json = read_owned_file(v.value, owned::config);
  });
  each(all, "--plugin-trust", w.trusted, [&](plugin_config& p, const named_value& v) {
    trust(p, v, hashes);
  });
  each(all, "--plugin-grant", w.grants, [](plugin_config& p, const named_value& v) {
    p.grant = v.value;
  });
  each(all, "--plugin-on-failure", w.on_failure, set_failure);
  each(all, "--plugin-limit-ms", w.time_limits, set_limit);
  return all;
}

}  // namespace clvd
