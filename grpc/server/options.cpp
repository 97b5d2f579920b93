#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "clv.h"

namespace clvd {
namespace {

constexpr auto default_socket = "/run/clvd/clvd.sock";
constexpr auto example = R"(Example:
  clvd --socket /tmp/clvd.sock --store shop.clv --plugin ./winback.so
  clvd --check-config --socket ./clvd.sock --store shop.clv --plugin ./winback.so

Only this user can reach the socket. --listen takes loopback addresses only: there is no
authentication in this version. SIGTERM drains and exits with 0.
Exit status: 0 stopped as asked, 1 failed, 2 usage or configuration, 3 another clvd runs there.)";

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw start_error(usage, "--plugin-config: cannot read '" + path + "'");
  return {std::istreambuf_iterator<char>(file), {}};
}

// "winback=winback.json" belongs to the plugin whose file is called winback.so.
void add_config(std::vector<plugin_file>& plugins, const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos) {
    throw start_error(usage, "--plugin-config '" + pair + "': write NAME=FILE");
  }
  const std::string name = pair.substr(0, equals);
  const auto plugin = std::find_if(plugins.begin(), plugins.end(), [&](const plugin_file& p) {
    return std::filesystem::path(p.path).stem() == name;
  });
  if (plugin == plugins.end()) {
    throw start_error(usage, "--plugin-config: no --plugin file is called '" + name + "'");
  }
  plugin->config_json = read_text(pair.substr(equals + 1));
}

// There is no authentication: anyone who reaches the port may use it.
void check_loopback(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  const std::string host = listen.substr(0, colon);
  const bool loopback = host.starts_with("127.") || host == "localhost" || host == "[::1]";
  if (colon == std::string::npos || colon + 1 == listen.size() || !loopback) {
    throw start_error(usage,
                      "--listen '" + listen +
                          "': this version serves loopback only; write "
                          "127.0.0.1:PORT, or use the socket");
  }
}

std::string version_text() {
  return std::string("clvd ") + clv_version() + " " + clv_build_info_json();
}

}  // namespace

options parse_options(int argc, char** argv) {
  options o;
  std::vector<std::string> plugins;
  std::vector<std::string> configs;
  std::int64_t drain_seconds = o.drain.count();
  CLI::App app("clvd: libclv as a gRPC service (clv.v1)");
  app.footer(example);
  app.add_option("--socket", o.socket, "Unix socket to serve on")->default_str(default_socket);
  app.add_option("--listen", o.listen, "Loopback address to serve on: 127.0.0.1:PORT; 0: any port");
  app.add_option("--store", o.store, "Engine file, for ActionService");
  app.add_option("--plugin", plugins, "Plugin to load; repeat for more")->allow_extra_args(false);
  app.add_option("--plugin-config", configs, "NAME=FILE: JSON settings of plugin NAME.so")
      ->allow_extra_args(false);
  app.add_option("--workers", o.workers, "Threads that compute; 0: one per processor");
  app.add_option("--queue", o.queue, "Calls that may wait; more are refused")
      ->capture_default_str();
  app.add_option("--drain-seconds", drain_seconds, "Time for calls in progress after SIGTERM")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--log-level", o.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_flag("--check-config", o.check_config, "Check everything, serve nothing");
  app.set_version_flag("--version", version_text());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    std::exit(code == 0 ? ok : usage);
  }
  o.drain = std::chrono::seconds(drain_seconds);
  for (const std::string& path : plugins) {
    o.plugins.push_back({std::filesystem::absolute(path).string(), ""});
  }
  for (const std::string& pair : configs) add_config(o.plugins, pair);
  if (!o.listen.empty()) check_loopback(o.listen);
  if (o.socket.empty() && o.listen.empty()) o.socket = default_socket;
  return o;
}

}  // namespace clvd
