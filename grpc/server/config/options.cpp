#include "config/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "clv.h"
#include "config/address.hpp"
#include "config/config_file.hpp"
#include "config/plugin_options.hpp"
#include "security/names.hpp"

namespace clvd {
namespace {

constexpr auto default_socket = "/run/clvd/clvd.sock";
constexpr auto example = R"(Example:
  clvd --socket /tmp/clvd.sock --store shop.clv --plugin ./winback.so
  clvd --data /var/lib/clvd --tokens /etc/clvd/tokens --listen 127.0.0.1:7100
  clvd --check-config --config /etc/clvd/clvd.conf
  clvd token add --tokens /etc/clvd/tokens --name crm --scope ingest --scope read

Each option may stand in the file of --config (option = value) and in the environment
(CLVD_SOCKET for --socket); the command line wins over the environment, and that over the file.
The Unix socket is for this user; TCP needs a token, and certificates except on loopback. SIGTERM
drains and exits with 0, SIGHUP reads tokens, certificates and the log level again.
Exit status: 0 stopped as asked, 1 failed, 2 usage or configuration, 3 another clvd runs there,
4 a store is damaged: restore it from a backup.)";

// What CLI11 fills and clvd keeps in another shape.
struct raw {
  plugin_words plugins;
  std::int64_t drain_delay = 2;
  std::int64_t drain_timeout = 20;
  std::int64_t look_again = 10;
  gid_t allow_gid = 0;
};

void add_doors(CLI::App& app, options& o) {
  app.add_option("--socket", o.socket, "Unix socket for gRPC")->default_str(default_socket);
  app.add_option("--listen", o.listen, "gRPC over TCP, HOST:PORT; port 0: any free one");
  app.add_option("--http", o.http, "HTTP/JSON door: unix:PATH or 127.0.0.1:PORT");
  app.add_option("--ops", o.ops, "/livez, /readyz, /metrics: unix:PATH or 127.0.0.1:PORT");
  app.add_flag("--reflection", o.reflection, "Answer gRPC reflection over TCP too");
}

void add_data(CLI::App& app, options& o) {
  auto* data = app.add_option("--data", o.data, "Folder of the tenants' stores");
  app.add_option("--store", o.store, "One store file, for the one tenant \"default\"")
      ->excludes(data);
  app.add_option("--tenant", o.tenants, "Make this tenant in the folder; repeat for more")
      ->allow_extra_args(false)
      ->needs(data);
  auto* storage =
      app.add_option("--storage", o.storage, "Driver of the stores' database, libclv_postgres.so");
  auto* place = app.add_option(
      "--storage-options", o.storage_options, "File of what it opens, with {tenant} in it");
  storage->needs(place)->needs(data);
  place->needs(storage);
}

void add_security(CLI::App& app, options& o, raw& r) {
  app.add_option("--tokens", o.tokens, "File of tokens, made by clvd token add");
  auto* cert = app.add_option("--tls-cert", o.tls.certificate, "PEM certificate of --listen");
  auto* key = app.add_option("--tls-key", o.tls.key, "PEM private key of --tls-cert");
  cert->needs(key);
  key->needs(cert);
  app.add_option("--tls-client-ca", o.tls.client_ca, "PEM: clients must have a certificate of it")
      ->needs(cert);
  app.add_option("--tls-look-seconds", r.look_again, "How often certificates are looked at again")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  app.add_flag("--anonymous-loopback",
               o.anonymous_loopback,
               "Let every user of this machine call over loopback TCP without a token");
  app.add_option("--allow-uid", o.allow_uids, "User who may use the Unix socket; repeat for more")
      ->allow_extra_args(false);
  app.add_option("--allow-gid", r.allow_gid, "Group who may use the Unix socket (mode 0660)");
}

void add_limits(CLI::App& app, options& o, raw& r) {
  app.add_option("--workers", o.workers, "Threads that compute; 0: one per processor")
      ->check(CLI::Range(0, 1024));
  app.add_option("--queue", o.queue, "Calls that may wait; more are refused")
      ->capture_default_str();
  app.add_option("--streams", o.streams, "Calls at a time on one connection")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--memory-mib", o.memory_mib, "Memory for gRPC's messages in flight")
      ->check(CLI::Range(16, 1'048'576))
      ->capture_default_str();
  app.add_option("--max-model-days", o.max_model_days, "Older models are not promoted; 0: any age")
      ->check(CLI::Range(0, 36'500))
      ->capture_default_str();
  app.add_option("--ballast-mib", o.ballast_mib, "Given up when the disk is full; 16 with --data")
      ->check(CLI::Range(0, 65'536));
  app.add_option("--wal-alarm-mib", o.wal_alarm_mib, "A longer write-ahead log is told in the log")
      ->check(CLI::Range(1, 1'048'576))
      ->capture_default_str();
  app.add_option("--wal-limit-mib", o.wal_limit_mib, "A backup or check that keeps more is ended")
      ->check(CLI::Range(0, 1'048'576))
      ->capture_default_str();
  app.add_option("--drain-delay", r.drain_delay, "Seconds of full service after SIGTERM")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--drain-timeout,--drain-seconds", r.drain_timeout, "Then for calls in progress")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
}

void add_general(CLI::App& app, options& o) {
  app.add_option("--log-level", o.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_flag("--check-config", o.check_config, "Check everything, serve nothing")
      ->configurable(false);
  // CLI11 reads the file before it looks at the environment.
  const char* file = std::getenv("CLVD_CONFIG");
  const bool named = file != nullptr && *file != '\0';
  app.set_config(
      "--config", named ? file : "", "File of options, one `option = value` a line", named);
  app.config_formatter(std::make_shared<config_file>());
  app.allow_config_extras(CLI::config_extras_mode::error);
  for (CLI::Option* option : app.get_options()) {
    if (option->get_configurable()) option->envname(environment_name(option->get_name()));
  }
}

// What the TCP door may be: see the README's table.
void check_listen(const options& o) {
  if (o.listen.empty()) {
    if (o.tls.wanted()) throw start_error(usage, "--tls-cert needs --listen HOST:PORT");
    if (o.anonymous_loopback) throw start_error(usage, "--anonymous-loopback needs --listen");
    return;
  }
  const address a = parse_address("--listen", o.listen);
  if (a.is_unix()) throw start_error(usage, "--listen takes HOST:PORT; --socket takes a path");
  if (!o.tls.wanted() && !a.is_loopback()) {
    throw start_error(usage,
                      "--listen '" + o.listen +
                          "': without certificates, loopback only; give --tls-cert and --tls-key, "
                          "or write 127.0.0.1:PORT, or use the socket");
  }
  if (o.tls.wanted() && o.tokens.empty()) {
    throw start_error(usage,
                      "--listen with --tls-cert needs --tokens FILE, which says whose token or "
                      "client certificate may do what: see clvd token add");
  }
  if (o.tls.wanted() && o.anonymous_loopback) {
    throw start_error(usage, "--anonymous-loopback is for plaintext loopback, without --tls-cert");
  }
}

void check_tenants(const options& o) {
  for (const std::string& name : o.tenants) {
    if (is_plain_name(name)) continue;
    throw start_error(usage,
                      "--tenant '" + name +
                          "': write 1 to 64 of a-z, 0-9, '-', '_', beginning with a letter or "
                          "digit");
  }
}

void check_local(const std::string& option, const std::string& text) {
  if (text.empty()) return;
  const address a = parse_address(option, text);
  if (a.is_unix() || a.is_loopback()) return;
  throw start_error(usage,
                    option + " '" + text + "': this door is not encrypted, so loopback only: " +
                        "write 127.0.0.1:PORT and put a proxy with TLS before it, or unix:PATH "
                        "for programs of this machine");
}

std::string version_text() {
  return std::string("clvd ") + clv_version() + " " + clv_build_info_json();
}

}  // namespace

options parse_options(int argc, char** argv) {
  options o;
  raw r;
  CLI::App app("clvd: libclv as a gRPC service (clv.v1)");
  app.footer(example);
  add_doors(app, o);
  add_data(app, o);
  add_security(app, o, r);
  add_plugin_options(app, r.plugins);
  app.add_option("--plugin-host", o.plugin_host, "The workers' program; usually beside clvd");
  add_limits(app, o, r);
  add_general(app, o);
  app.set_version_flag("--version", version_text());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) std::exit(app.exit(e));  // --help, --version: printed
    throw start_error(usage, std::string(e.what()) + "; see --help");
  }
  o.config_file = app.get_config_ptr()->as<std::string>();
  o.drain_delay = std::chrono::seconds(r.drain_delay);
  o.drain_timeout = std::chrono::seconds(r.drain_timeout);
  o.tls.look_again = std::chrono::seconds(r.look_again);
  if (app.count("--allow-gid") > 0) o.allow_gid = r.allow_gid;
  o.plugins = plugins_of(r.plugins, o.trusted_sha256);
  check_tenants(o);
  check_listen(o);
  check_local("--http", o.http);
  check_local("--ops", o.ops);
  if (o.socket.empty() && o.listen.empty()) o.socket = default_socket;
  return o;
}

}  // namespace clvd
