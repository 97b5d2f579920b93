#include "tenants/tenants.hpp"

#include <algorithm>
#include <filesystem>

#include "calls/errors.hpp"

namespace clvd {
namespace {

constexpr std::size_t longest_name = 64;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

call_error not_yours() {
  return {grpc::StatusCode::PERMISSION_DENIED,
          "TENANT_NOT_PERMITTED",
          "this credential does not belong to that tenant"};
}

}  // namespace

bool is_tenant_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && name[0] != '-' && name[0] != '_' &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

tenants::tenants(places where, metrics& m, server_state& server)
    : where_(std::move(where)), metrics_(m), server_(server) {}

void tenants::check_named(const caller& who, const std::string& tenant_in_body) {
  if (!tenant_in_body.empty() && tenant_in_body != who.tenant) throw not_yours();
}

tenant_options tenants::options_of(const std::string& name) const {
  if (!where_.store.empty()) {
    return {.name = name,
            .store = where_.store,
            .registry = where_.store + "-clvd",
            .backups = where_.store + "-backups",
            .limits = where_.limits};
  }
  const std::filesystem::path folder = std::filesystem::path(where_.folder) / "tenants" / name;
  return {.name = name,
          .store = folder / "store.clv",
          .registry = folder / "clvd.db",
          .backups = folder / "backups",
          .limits = where_.limits};
}

tenant& tenants::of(const caller& who) {
  if (!is_tenant_name(who.tenant)) throw not_yours();
  if (!where_.store.empty() && who.tenant != "default") throw not_yours();
  const std::lock_guard lock(mutex_);
  std::unique_ptr<tenant>& found = open_[who.tenant];
  if (found == nullptr) {
    const tenant_options options = options_of(who.tenant);
    if (where_.store.empty()) {
      std::error_code failure;
      std::filesystem::create_directories(std::filesystem::path(options.store).parent_path(),
                                          failure);  // what fails is told when the store is opened
    }
    try {
      found = std::make_unique<tenant>(options, metrics_, server_);
      if (on_open) on_open(*found);
    } catch (...) {
      open_.erase(who.tenant);
      throw;
    }
  }
  return *found;
}

void tenants::open_all() {
  if (!where_.store.empty()) {
    of(caller());
    return;
  }
  const std::filesystem::path folder = std::filesystem::path(where_.folder) / "tenants";
  if (!std::filesystem::exists(folder)) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.is_directory() && is_tenant_name(name)) of({.tenant = name});
  }
}

void tenants::for_each(const std::function<void(tenant&)>& visit) {
  std::vector<tenant*> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, t] : open_) all.push_back(t.get());
  }
  for (tenant* t : all) visit(*t);
}

}  // namespace clvd
