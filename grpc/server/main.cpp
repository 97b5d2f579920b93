// clvd: libclv as a service. A client of clv.h like any other.
#include <grpc/grpc.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>
#include <memory>

#include "calls/errors.hpp"
#include "config/check.hpp"
#include "config/options.hpp"
#include "ops/last_resort.hpp"
#include "ops/log.hpp"
#include "ops/notify.hpp"
#include "ops/signals.hpp"
#include "security/token_command.hpp"
#include "server.hpp"

namespace {

using namespace clvd;

// As many descriptors as the system allows: each connection, store and worker takes some.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void reload(server& s) {
  try {
    log_info("reloaded", {{"what", s.reload()}});
  } catch (const call_error& e) {
    log_error("reload_failed", {{"text", e.hidden.empty() ? e.message : e.hidden}});
  }
}

void serve(const options& o, const signals& asked, int argc, char** argv) {
  notifier systemd;
  // Never given back: gRPC 1.51's own shutdown joins a thread that may sleep for another 10 s
  // (measured), long after the last call has ended.
  grpc_init();
  auto s = std::make_unique<server>(o, [argc, argv] { return parse_options(argc, argv); });
  systemd.tell("READY=1");
  systemd.watch([&s] { return s->alive(); });
  while (asked.wait() == SIGHUP) reload(*s);
  systemd.tell("STOPPING=1");
  last_resort leave(o.drain_delay + o.drain_timeout + longest_closing);
  s->drain(asked, leave);
  systemd.stop();
  s.reset();
  log_info("stopped", {});
}

int run(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "token") == 0) return token_command(argc - 1, argv + 1);
  const options o = parse_options(argc, argv);
  check_together(o);
  const signals asked;
  start_log(o.log_level);
  umask(0077);  // what is made is for this user alone
  if (o.check_config) {
    check_config(o);
    std::cout << "configuration is valid\n";
    return ok;
  }
  raise_descriptor_limit();
  serve(o, asked, argc, argv);
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const start_error& e) {
    std::cerr << "clvd: " << e.what() << "\n";
    return e.status;
  } catch (const std::exception& e) {
    std::cerr << "clvd: " << e.what() << "\n";
    return failed;
  }
}
