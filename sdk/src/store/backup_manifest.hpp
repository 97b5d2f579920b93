// What is known of a backup without opening it: PATH.manifest.json beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clv::store {

struct backup_manifest {
  std::string file;  // its name without the folder
  std::int64_t bytes = 0;
  std::string sha256;
  std::int64_t schema_version = 0;
  std::vector<std::pair<std::string, std::int64_t>> tables;  // name, rows
};

std::string manifest_path(const std::string& backup);
std::string to_json(const backup_manifest& m);
// Throws error{corrupt} naming `path` and what is wrong.
backup_manifest parse_manifest(std::string_view json, const std::string& path);

}  // namespace clv::store
