#include "support/shared_data.hpp"

#include <cstdlib>
#include <filesystem>

namespace clv::test {

std::string shared_data(const std::string& file) {
  const char* folder = std::getenv("CLV_SHARED_DATA");
  if (folder == nullptr) return {};
  const std::filesystem::path path = std::filesystem::path(folder) / file;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

}  // namespace clv::test
