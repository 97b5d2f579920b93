// Who may include whom: reads the #include lines of the tree and fails on an arrow the wrong way.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace clv::test {
namespace {

namespace fs = std::filesystem;

// A room uses itself and what stands before it; store stands beside and is used by engine only.
constexpr std::array<std::string_view, 10> rooms{"math",
                                                 "data",
                                                 "features",
                                                 "models",
                                                 "value",
                                                 "segments",
                                                 "retention",
                                                 "desk",
                                                 "market",
                                                 "engine"};

std::size_t rank_of(std::string_view room) {
  return static_cast<std::size_t>(std::ranges::find(rooms, room) - rooms.begin());
}

bool room_may_use(std::string_view room, std::string_view other) {
  if (other == "store") return room == "store" || room == "engine";
  if (room == "store") return other == "math" || other == "data";
  return rank_of(other) <= rank_of(room) && rank_of(other) < rooms.size();
}

bool is_sdk_header(std::string_view include) {
  const std::string_view folder = include.substr(0, include.find('/'));
  const bool room = folder == "store" || rank_of(folder) < rooms.size();
  const bool in_folder = folder.size() < include.size();
  return in_folder && include.ends_with(".hpp") && (room || folder == "clv");
}

bool is_plugin_header(std::string_view include) {
  constexpr std::array<std::string_view, 5> headers{"clv_base.h",
                                                    "clv_plugin.h",
                                                    "clv_plugin.hpp",
                                                    "clv_plugin_detail.hpp",
                                                    "clv_plugin_text.hpp"};
  return std::ranges::find(headers, include) != headers.end();
}

bool is_host_header(std::string_view include) {  // clv.h with its parts, or clv.hpp with its own
  constexpr std::array<std::string_view, 3> comfort{
      "clv.hpp", "clv_columns.hpp", "clv_failure.hpp"};
  const bool c_header = include.ends_with(".h") && include.find('/') == std::string_view::npos;
  return std::ranges::find(comfort, include) != comfort.end() ||
         (c_header && include != "clv_plugin.h");
}

// Whether `file` (path from the root) may have this line. `quoted`: "x", else <x>.
bool allowed(std::string_view file, std::string_view include, bool quoted) {
  const bool c_header = include.ends_with(".h") && include.starts_with("clv");
  const bool public_header = c_header && include.find('/') == std::string_view::npos;
  if (file.starts_with("sdk/include/")) return !quoted || include.starts_with("clv/");
  if (file.starts_with("sdk/src/")) {
    const std::string_view path = file.substr(8);
    const std::string_view room = path.substr(0, path.find('/'));
    if (include == "sqlite3.h") return room == "store";
    if (public_header) return false;
    if (!quoted) return !is_sdk_header(include);
    const std::string_view folder = include.substr(0, include.find('/'));
    return include.starts_with("clv/") || room_may_use(room, folder);
  }
  if (file.starts_with("abi/include/") && file.ends_with(".hpp")) {  // comfort in C++
    const bool plugin = file.starts_with("abi/include/clv_plugin");
    if (!include.starts_with("clv")) return !quoted;
    return plugin ? is_plugin_header(include) : is_host_header(include);
  }
  if (file.starts_with("abi/include/")) {
    if (quoted) return public_header && include != "clv_run.h";  // comfort: nothing rests on it
    const bool prints = file == "abi/include/clv_run.h" && include == "stdio.h";
    return prints || include == "stddef.h" || include == "stdint.h";
  }
  if (file.starts_with("abi/src/")) return true;
  if (file.starts_with("abi/postgres/") && include.starts_with("clv")) {
    return include == "clv_base.h" || include.starts_with("clv_storage");
  }
  if (include == "sqlite3.h") {  // its own file, and the log of a store's
    return file.starts_with("grpc/server/tenants/registry") ||
           file == "grpc/server/tenants/checkpoint.cpp";
  }
  if (is_sdk_header(include)) return false;
  if (!file.starts_with("plugins/") || !include.starts_with("clv")) return true;
  return is_plugin_header(include);
}

TEST(layers, the_rule_itself_knows_both_directions) {
  EXPECT_TRUE(allowed("sdk/src/data/csv.cpp", "math/hash.hpp", true));
  EXPECT_TRUE(allowed("sdk/src/data/csv.cpp", "clv/csv.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/data/csv.cpp", "models/models.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/data/csv.cpp", "sdk/src/math/hash.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/data/csv.cpp", "clv.h", true));
  EXPECT_FALSE(allowed("sdk/src/value/fitting/fit.cpp", "store/database.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/value/fitting/fit.cpp", "sqlite3.h", false));
  EXPECT_TRUE(allowed("sdk/src/engine/fit.cpp", "store/database.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/engine/fit.cpp", "sqlite3.h", false));
  EXPECT_FALSE(allowed("sdk/src/store/database.cpp", "value/fit.hpp", true));
  EXPECT_TRUE(allowed("sdk/src/store/database.cpp", "sqlite3.h", false));
  EXPECT_FALSE(allowed("sdk/include/clv/table.hpp", "math/hash.hpp", true));
  EXPECT_FALSE(allowed("abi/include/clv.h", "stdbool.h", false));
  EXPECT_TRUE(allowed("abi/src/engine.cpp", "clv/engine.hpp", true));
  EXPECT_TRUE(allowed("abi/postgres/postgres.cpp", "clv_storage.h", true));
  EXPECT_FALSE(allowed("abi/postgres/postgres.cpp", "clv.h", true));
  EXPECT_FALSE(allowed("abi/postgres/postgres.cpp", "clv/storage.hpp", true));
  EXPECT_FALSE(allowed("plugins/x/x.c", "clv.h", true));
  EXPECT_FALSE(allowed("plugins/x/x.cpp", "clv/table.hpp", true));
  EXPECT_TRUE(allowed("plugins/x/x.c", "clv_plugin.h", false));
  EXPECT_TRUE(allowed("plugins/x/x.cpp", "clv_plugin.hpp", true));
  EXPECT_TRUE(allowed("plugins/x/x.c", "../c_helpers.h", true));
  EXPECT_TRUE(allowed("abi/include/clv_plugin.hpp", "string_view", false));
  EXPECT_FALSE(allowed("abi/include/clv_plugin.hpp", "clv.h", true));
  EXPECT_FALSE(allowed("abi/include/clv_plugin.hpp", "clv.hpp", true));
  EXPECT_TRUE(allowed("abi/include/clv_run.h", "stdio.h", false));
  EXPECT_FALSE(allowed("abi/include/clv_table.h", "stdio.h", false));
  EXPECT_FALSE(allowed("abi/include/clv_engine.h", "clv_run.h", true));
  EXPECT_FALSE(allowed("abi/include/clv_plugin.h", "clv_plugin.hpp", true));
  EXPECT_TRUE(allowed("abi/include/clv_failure.hpp", "clv.h", true));
  EXPECT_TRUE(allowed("abi/include/clv.hpp", "clv_columns.hpp", true));
  EXPECT_FALSE(allowed("abi/include/clv.hpp", "clv_plugin.hpp", true));
  EXPECT_FALSE(allowed("abi/include/clv.hpp", "clv/table.hpp", true));
  EXPECT_FALSE(allowed("sdk/src/data/csv.cpp", "clv_plugin.hpp", true));
  EXPECT_FALSE(allowed("grpc/server/main.cpp", "clv/engine.hpp", false));
  EXPECT_FALSE(allowed("grpc/server/services/ingest.cpp", "sqlite3.h", false));
  EXPECT_TRUE(allowed("grpc/server/tenants/registry.cpp", "sqlite3.h", false));
  EXPECT_TRUE(allowed("grpc/server/main.cpp", "clv/v1/scoring.pb.h", true));
  EXPECT_TRUE(allowed("examples/cli/main.cpp", "clv.h", true));
  EXPECT_FALSE(allowed("examples/cli/main.cpp", "store/database.hpp", true));
}

bool is_source(const fs::path& file) {
  constexpr std::array<std::string_view, 5> extensions{".h", ".hpp", ".c", ".cpp", ".cc"};
  return std::ranges::find(extensions, file.extension().string()) != extensions.end();
}

int check_file(const fs::path& root, const fs::path& path) {
  const std::string file = path.lexically_relative(root).generic_string();
  std::ifstream in(path);
  std::string line;
  int found = 0;
  for (int number = 1; std::getline(in, line); ++number) {
    line.erase(std::remove(line.begin(), line.end(), ' '), line.end());
    if (!line.starts_with("#include") || line.size() < 10) continue;
    const bool quoted = line[8] == '"';
    const std::size_t end = line.find(quoted ? '"' : '>', 9);
    EXPECT_TRUE(allowed(file, std::string_view(line).substr(9, end - 9), quoted))
        << file << ':' << number << ": " << line << " is an arrow the wrong way";
    ++found;
  }
  return found;
}

TEST(layers, every_include_line_follows_the_arrows) {
  const fs::path root(CLV_SOURCE_DIR);
  int includes = 0;
  for (const char* top : {"sdk", "abi", "plugins", "grpc", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.is_regular_file() && is_source(entry.path())) {
        includes += check_file(root, entry.path());
      }
    }
  }
  EXPECT_GT(includes, 100);  // or the walk found nothing
}

}  // namespace
}  // namespace clv::test
