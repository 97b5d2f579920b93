// The tenants of this server, opened when they are first asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "calls/caller.hpp"
#include "tenants/tenant.hpp"

namespace clvd {

class tenants {
 public:
  // `folder`: a data folder, with DATA/tenants/NAME for each; or one `store` file, tenant
  // "default".
  struct places {
    std::string folder, store;
    writer_limits limits;
  };
  tenants(places where, metrics& m, server_state& server);

  // The caller's own, opened when it is not. Throws call_error: PERMISSION_DENIED where the caller
  // names none that may exist, and what opening throws.
  tenant& of(const caller& who);
  // A body may repeat the tenant of the credential and nothing else: PERMISSION_DENIED, with one
  // text whether the other exists or not.
  static void check_named(const caller& who, const std::string& tenant_in_body);

  // Called with each tenant right after it was opened. Set before the first call.
  std::function<void(tenant&)> on_open;

  // Opens every tenant that is there. Throws call_error.
  void open_all();
  void for_each(const std::function<void(tenant&)>& visit);

 private:
  tenant_options options_of(const std::string& name) const;

  const places where_;
  metrics& metrics_;
  server_state& server_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<tenant>> open_;
};

// 1 to 64 of a-z, 0-9, '-', '_', beginning with a letter or digit: also a name of a folder.
bool is_tenant_name(const std::string& name);

}  // namespace clvd
