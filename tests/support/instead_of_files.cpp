// Puts every store that a test opens into PostgreSQL, when CLV_TEST_STORAGE names a folder where
// postgres.sh started one: the same tests, unchanged, on the other storage. Without the variable
// nothing happens. Programs link it with --wrap (tests/support/CMakeLists.txt), so that the linker
// sends the constructor of store::database here.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "clv_storage_postgres.h"
#include "math/hash.hpp"
#include "storage.hpp"
#include "store/database.hpp"

namespace {

using clv::store::database_options;
using clv::store::migration;

// A path is one store, and so is each store in memory.
std::string schema_of(const std::string& path) {
  static int in_memory = 0;
  if (path.empty()) return "m" + std::to_string(getpid()) + "_" + std::to_string(++in_memory);
  clv::math::fingerprint_builder name;
  name.add(std::filesystem::weakly_canonical(path).string());
  return "f" + name.hex();
}

database_options placed(database_options options) {
  const char* server = std::getenv("CLV_TEST_STORAGE");
  const bool nothing_to_read = options.path.empty() && options.read_only;
  if (server == nullptr || options.elsewhere != nullptr || nothing_to_read) return options;
  options.elsewhere = clv::abi::to_core(clv_storage_postgres());
  options.path = "host=" + std::string(server) +
                 " dbname=postgres user=clv options=-csearch_path=" + schema_of(options.path);
  return options;
}

}  // namespace

// clv::store::database::database(database_options, std::span<const migration>)
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): the names that the linker looks for
void __real__ZN3clv5store8databaseC1ENS0_16database_optionsESt4spanIKNS0_9migrationELm18446744073709551615EE(
    void* self, database_options options, std::span<const migration> steps);

void __wrap__ZN3clv5store8databaseC1ENS0_16database_optionsESt4spanIKNS0_9migrationELm18446744073709551615EE(
    void* self, database_options options, std::span<const migration> steps) {
  __real__ZN3clv5store8databaseC1ENS0_16database_optionsESt4spanIKNS0_9migrationELm18446744073709551615EE(
      self, placed(std::move(options)), steps);
}
// NOLINTEND(bugprone-reserved-identifier)
}
