#include "tenants/tenants.hpp"

#include <filesystem>

#include "calls/errors.hpp"
#include "security/names.hpp"

namespace clvd {
namespace {

call_error not_yours() {
  return {grpc::StatusCode::PERMISSION_DENIED,
          "TENANT_NOT_PERMITTED",
          "this credential does not belong to that tenant"};
}

// Told only to the local user, who may use every tenant: a wrong name makes none.
call_error unknown() {
  return {grpc::StatusCode::NOT_FOUND,
          "TENANT_UNKNOWN",
          "this server has no such tenant: start clvd with --tenant NAME, or make a token for it "
          "with clvd token add and call with that"};
}

}  // namespace

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
  const auto& elsewhere = where_.elsewhere;
  return {.name = name,
          .store = elsewhere ? elsewhere->place_of(name) : (folder / "store.clv").string(),
          .storage = elsewhere ? elsewhere->table() : nullptr,
          .registry = folder / "clvd.db",
          .backups = folder / "backups",
          .limits = where_.limits};
}

bool tenants::is_there(const std::string& name) const {
  std::error_code unreadable;  // then opening it tells why
  const std::string registry = options_of(name).registry;
  return !where_.store.empty() ||
         std::filesystem::exists(std::filesystem::path(registry).parent_path(), unreadable) ||
         unreadable;
}

tenants::place& tenants::place_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return places_[name];
}

tenant& tenants::of(const caller& who) {
  if (!is_plain_name(who.tenant)) throw not_yours();
  if (!where_.store.empty() && who.tenant != "default") throw not_yours();
  const bool may_make = who.may_found || who.tenant == "default";
  {
    const std::lock_guard lock(mutex_);
    const auto known = places_.find(who.tenant);
    tenant* open = known == places_.end() ? nullptr : known->second.open.load();
    if (open != nullptr) return *open;
  }
  if (!may_make && !is_there(who.tenant)) throw unknown();
  return found(who.tenant);
}

tenant& tenants::found(const std::string& name) {
  place& at = place_of(name);
  const std::lock_guard lock(at.opening);
  if (at.open == nullptr) open(at, name);
  return *at.open;
}

// at.opening is held.
void tenants::open(place& at, const std::string& name) {
  const tenant_options options = options_of(name);
  const std::filesystem::path folder = std::filesystem::path(options.registry).parent_path();
  std::error_code failure;  // what fails is told when the store is opened
  const bool is_new = where_.store.empty() && std::filesystem::create_directories(folder, failure);
  try {
    auto opened = std::make_unique<tenant>(options, metrics_, server_);
    if (on_open) on_open(*opened);
    at.owned = std::move(opened);
  } catch (...) {  // what is left would be a tenant at the next start
    if (is_new) std::filesystem::remove_all(folder, failure);
    throw;
  }
  at.open = at.owned.get();
}

void tenants::open_all() {
  if (!where_.store.empty()) {
    found("default");
    return;
  }
  const std::filesystem::path folder = std::filesystem::path(where_.folder) / "tenants";
  if (!std::filesystem::exists(folder)) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.is_directory() && is_plain_name(name)) found(name);
  }
}

void tenants::for_each(const std::function<void(tenant&)>& visit) {
  std::vector<tenant*> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, at] : places_) {
      if (tenant* open = at.open) all.push_back(open);
    }
  }
  for (tenant* t : all) visit(*t);
}

}  // namespace clvd
