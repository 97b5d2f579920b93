#include "config/storage_mark.hpp"

#include <filesystem>

#include "config/crash_check.hpp"
#include "config/start_error.hpp"
#include "security/owned_file.hpp"
#include "tenants/other_storage.hpp"

namespace clvd {
namespace {

std::string mark_of(const options& o) {
  return o.data + "/storage";
}

start_error refused(const options& o, const std::string& why) {
  return {usage, "--data '" + o.data + "': " + why};
}

}  // namespace

void check_storage_mark(const options& o) {
  if (o.data.empty()) return;
  const std::string wanted = o.storage.empty() ? "" : driver_name(o.storage) + "\n";
  const bool marked = std::filesystem::exists(mark_of(o));
  const std::string found = marked ? read_owned_file(mark_of(o), owned::config) : "";
  if (marked && found != wanted) {
    throw refused(o,
                  "its tenants' stores are in another storage: give --storage "
                  "libclv_NAME.so with the NAME in its file 'storage'");
  }
  if (!marked && !o.storage.empty() && !stores_of(o).empty()) {
    throw refused(o, "its tenants have store files; --storage needs a folder of its own");
  }
}

void leave_storage_mark(const options& o) {
  if (!o.storage.empty()) replace_file(mark_of(o), driver_name(o.storage) + "\n");
}

}  // namespace clvd
