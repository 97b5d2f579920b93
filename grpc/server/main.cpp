// clvd: libclv as a gRPC service. A client of clv.h like any other.
#include <grpc/grpc.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>

#include "errors.hpp"
#include "log.hpp"
#include "options.hpp"
#include "server.hpp"

namespace {

using namespace clvd;

// Before any thread exists, so that all of them inherit it and only wait_for_stop sees signals.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, s);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait_for_stop(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0 || signal == SIGHUP) {
    log_info("signal_ignored", {{"signal", std::int64_t{signal}}});
  }
}

// Runs `open`, with libclv's failure as a reason not to start.
template <typename Open>
auto or_start_error(Open open) {
  try {
    return open();
  } catch (const call_error& e) {
    const std::string text = e.hidden.empty() ? e.message : e.hidden;
    throw start_error(e.core == CLV_E_BUSY ? already_running : usage, text);
  }
}

std::unique_ptr<store> open_store(const options& o) {
  if (o.store.empty()) return nullptr;
  return or_start_error([&] { return std::make_unique<store>(o.store, o.plugins, false); });
}

// Serves nothing and writes to no store; one that is not there yet is fine and is not made.
void check_config(const options& o) {
  or_start_error([&] { return load_all(o.plugins, 0, 0); });
  if (std::filesystem::exists(o.store)) {
    or_start_error([&] { return std::make_unique<store>(o.store, o.plugins, true); });
  }
  if (!o.socket.empty()) const socket_path checked(o.socket);
  std::cout << "configuration is valid\n";
}

int run(const options& o, const sigset_t& signals) {
  umask(0177);  // sockets, locks and stores are for this user alone
  if (o.store.empty() && !o.plugins.empty())
    throw start_error(usage, "--plugin needs --store FILE");
  if (o.check_config) {
    check_config(o);
    return ok;
  }
  // Never given back: gRPC 1.51's own shutdown joins a thread that may sleep for another 10 s
  // (measured), long after the last call has ended.
  grpc_init();
  const std::unique_ptr<store> actions = open_store(o);
  server s(o, actions.get());
  wait_for_stop(signals);
  s.drain();
  log_info("stopped", {});
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const options o = parse_options(argc, argv);
    const sigset_t signals = block_signals();
    start_log(o.log_level);
    return run(o, signals);
  } catch (const start_error& e) {
    std::cerr << "clvd: " << e.what() << "\n";
    return e.status;
  } catch (const std::exception& e) {
    std::cerr << "clvd: " << e.what() << "\n";
    return failed;
  }
}
