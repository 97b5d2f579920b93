// What `clvd` was asked to do.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/start_error.hpp"
#include "plugins/config.hpp"

namespace clvd {

// Certificates for --listen; all "" = plaintext.
struct tls_files {
  std::string certificate;  // PEM, the server's first, then the chain
  std::string key;          // PEM
  std::string client_ca;    // PEM; "" = clients need no certificate
  std::chrono::seconds look_again{10};

  bool wanted() const { return !certificate.empty(); }
};

struct options {
  // Doors.
  std::string socket;  // Unix socket for gRPC, "" = none
  std::string listen;  // "HOST:PORT" for gRPC, "" = none
  std::string http;    // "unix:PATH" or "127.0.0.1:PORT" for HTTP/JSON, "" = none
  std::string ops;     // the same for /livez, /readyz and /metrics, "" = none

  // Data: at most one of the two.
  std::string data;                  // folder: DIR/tenants/TENANT/store.clv
  std::string store;                 // file: the one store of the tenant "default"
  std::vector<std::string> tenants;  // in the folder, made at the start when they are not there
  // Where the stores of `data` are instead of in files: tenants/other_storage.hpp; "" = nowhere
  // else.
  std::string storage, storage_options;

  // Who may call.
  std::string tokens;  // file, "" = none
  tls_files tls;
  bool anonymous_loopback = false;
  std::vector<uid_t> allow_uids;   // beside this user and root, on the Unix socket
  std::optional<gid_t> allow_gid;  // the socket's group, mode 0660

  // Plugins.
  std::vector<plugins::plugin_config> plugins;
  std::vector<std::string> trusted_sha256;  // of plugin files that may run in this process
  std::string plugin_host;                  // path of clv-plugin-host, "" = beside clvd

  // Limits.
  unsigned workers = 0;  // 0 = one per processor
  std::size_t queue = 64;
  std::int64_t streams = 64;        // calls at a time on one connection
  std::int64_t memory_mib = 256;    // for messages of all connections
  std::int64_t max_model_days = 0;  // since a model's data end, to be promoted; 0 = any
  // Of the file that is given up when the disk is full; absent: 16 with a data folder, else 0.
  std::optional<std::int64_t> ballast_mib;
  std::int64_t wal_alarm_mib = 128;   // of a store's write-ahead log: beyond, the log says so
  std::int64_t wal_limit_mib = 1024;  // beyond, jobs that hold it are ended; 0 = never
  bool reflection = false;            // over TCP too; the Unix socket always answers

  // Stopping.
  std::chrono::seconds drain_delay{0};
  std::chrono::seconds drain_timeout{10};

  std::string log_level = "info";
  std::string config_file;  // that was read, "" = none
  bool check_config = false;
};

// Parses the command line, the environment (CLVD_SOCKET for --socket, ...) and --config FILE: the
// line wins over the environment, and that over the file. --help and --version print and exit(0).
// Throws start_error{usage}.
options parse_options(int argc, char** argv);

}  // namespace clvd
