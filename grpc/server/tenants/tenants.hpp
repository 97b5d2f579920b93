// The tenants of this server, opened when they are first asked for.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "calls/caller.hpp"
#include "tenants/other_storage.hpp"
#include "tenants/tenant.hpp"

namespace clvd {

class tenants {
 public:
  // `folder`: a data folder, with DATA/tenants/NAME for each; or one `store` file, tenant
  // "default".
  struct places {
    std::string folder, store;
    writer_limits limits;
    std::shared_ptr<const other_storage> elsewhere;  // the stores of `folder` are there
  };
  tenants(places where, metrics& m, server_state& server);

  // The caller's own, opened when it is not; who asks for it meanwhile waits, and nobody else does.
  // One that is not there is made for a caller who may_found it, and "default" for everybody.
  // Throws call_error: PERMISSION_DENIED where the caller names none that may exist, NOT_FOUND
  // TENANT_UNKNOWN where it does not, and what opening throws.
  tenant& of(const caller& who);
  // The operator's word: opens it, and makes it when it is not there. Throws call_error.
  tenant& found(const std::string& name);
  // A body may repeat the tenant of the credential and nothing else: PERMISSION_DENIED, with one
  // text whether the other exists or not.
  static void check_named(const caller& who, const std::string& tenant_in_body);

  // Called with each tenant right after it was opened, before anybody has it. Set before the first
  // call.
  std::function<void(tenant&)> on_open;

  // Opens every tenant that is there. Throws call_error.
  void open_all();
  // Of those that are open.
  void for_each(const std::function<void(tenant&)>& visit);

 private:
  // Where a tenant is, or comes to be.
  struct place {
    std::mutex opening;  // held while it is opened: a migration may take minutes
    std::atomic<tenant*> open = nullptr;
    std::unique_ptr<tenant> owned;
  };

  tenant_options options_of(const std::string& name) const;
  bool is_there(const std::string& name) const;
  place& place_of(const std::string& name);
  void open(place& at, const std::string& name);

  const places where_;
  metrics& metrics_;
  server_state& server_;
  std::mutex mutex_;                     // guards the map, never held while one is opened
  std::map<std::string, place> places_;  // only of names that exist or may be made; none goes again
};

}  // namespace clvd
