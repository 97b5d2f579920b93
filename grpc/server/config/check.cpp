#include "config/check.hpp"

#include <string>

#include "calls/handles.hpp"
#include "clv.h"
#include "config/crash_check.hpp"
#include "config/data_folder.hpp"
#include "config/or_start_error.hpp"
#include "config/storage_mark.hpp"
#include "doors/socket_path.hpp"
#include "plugins/supervisor.hpp"
#include "plugins/ticks.hpp"
#include "security/credentials.hpp"
#include "security/tls.hpp"
#include "server.hpp"
#include "tenants/other_storage.hpp"

namespace clvd {
namespace {

void check_plugins(const options& o) {
  const plugins::ticks clock;
  plugins::supervisor_options s = plugins_of(o);
  s.housekeeping = false;
  plugins::supervisor all(s, clock, [](auto&&...) {});
  for (const plugins::served& failure : all.start_all()) {
    throw start_error(usage, "plugin '" + failure.plugin + "': " + failure.message);
  }
}

// A reader of its own changes nothing, not even where a server is at work.
void check_store(const std::string& path, const clv_storage* storage = nullptr) {
  or_start_error(
      [&] {
        clv_engine* engine = nullptr;
        const diag_ptr diag(clv_diag_new());
        auto o = CLV_SIZED(clv_engine_options);
        o.path = path.c_str();
        o.flags = CLV_OPEN_READ_ONLY;
        o.storage = storage;
        check(clv_engine_open(&o, &engine, diag.get()), diag.get());
        const engine_ptr closes(engine);
      },
      storage == nullptr ? usage : failed);
}

void check_stores(const options& o) {
  if (!o.data.empty()) data_folder::check(o.data);
  for (const std::string& store : stores_of(o)) check_store(store);
  check_storage_mark(o);
  if (o.storage.empty()) return;
  const other_storage elsewhere(o.storage, o.storage_options);
  for (const std::string& name : tenants_of(o)) {
    check_store(elsewhere.place_of(name), elsewhere.table());
  }
}

}  // namespace

void check_together(const options& o) {
  if (!o.plugins.empty() && o.store.empty() && o.data.empty()) {
    throw start_error(usage, "--plugin needs --data DIR or --store FILE");
  }
}

void check_config(const options& o) {
  if (!o.tokens.empty()) const credentials checked(o.tokens);
  if (o.tls.wanted()) tls::check(o.tls);
  check_plugins(o);
  check_stores(o);
  if (!o.socket.empty()) const socket_path checked(o.socket);
}

}  // namespace clvd
