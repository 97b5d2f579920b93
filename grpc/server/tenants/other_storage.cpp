#include "tenants/other_storage.hpp"

#include <dlfcn.h>

#include <string_view>

#include "config/start_error.hpp"
#include "security/owned_file.hpp"

namespace clvd {
namespace {

constexpr std::string_view tenants_name = "{tenant}";

const clv_storage* load(const std::string& library) {
  const std::string function = "clv_storage_" + driver_name(library);
  // Never unloaded: its own libraries may have registered what runs at the exit.
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw start_error(usage, std::string("--storage: ") + dlerror());
  using entry = const clv_storage*(CLV_CALL*)();
  const auto get = reinterpret_cast<entry>(dlsym(handle, function.c_str()));
  const clv_storage* table = get == nullptr ? nullptr : get();
  if (table != nullptr) return table;
  throw start_error(
      usage, "--storage '" + library + "': it has no function " + function + ": is it a driver?");
}

std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace

std::string driver_name(const std::string& library) {
  constexpr std::string_view begin = "libclv_", end = ".so";
  const std::string file = library.substr(library.find_last_of('/') + 1);
  const auto stop = file.find(end);
  if (file.rfind(begin, 0) == 0 && stop != file.npos && stop > begin.size()) {
    return file.substr(begin.size(), stop - begin.size());
  }
  throw start_error(usage,
                    "--storage '" + library +
                        "': a driver's file is called libclv_NAME.so, as libclv_postgres.so is");
}

other_storage::other_storage(const std::string& library, const std::string& place_file)
    : table_(load(library)), place_(without_end(read_owned_file(place_file, owned::secret))) {
  if (place_.find(tenants_name) != place_.npos) return;
  throw start_error(usage,
                    "'" + place_file +
                        "' does not say {tenant}: each tenant needs a place of its own, as in "
                        "options=-csearch_path=clv_{tenant}");
}

std::string other_storage::place_of(const std::string& tenant) const {
  std::string place = place_;
  for (auto at = place.find(tenants_name); at != place.npos;
       at = place.find(tenants_name, at + tenant.size())) {
    place.replace(at, tenants_name.size(), tenant);
  }
  return place;
}

}  // namespace clvd
