#include "plugin_files.hpp"

#include <algorithm>
#include <filesystem>

#include "rows.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> libraries_under(const fs::path& folder, int depth) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (auto at = fs::recursive_directory_iterator(folder, ignored);
       at != fs::recursive_directory_iterator();
       at.increment(ignored)) {
    if (at.depth() >= depth) at.disable_recursion_pending();
    if (at->path().extension() == ".so") found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

struct config {
  std::string key;
  std::string json;
  bool used = false;
};

std::vector<config> parse_configs(const std::vector<std::string>& texts) {
  std::vector<config> configs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      misuse("--plugin-config: '" + text + "' is not an id, '=' and a JSON object");
    }
    configs.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return configs;
}

plugins new_set(const diag& d) {
  clv_plugins* raw = nullptr;
  d.check(clv_plugins_new(&raw, d.get()), "");
  return plugins(raw);
}

// Beside the command where it is installed, else those of the build tree.
std::vector<std::string> shipped_plugins() {
  std::error_code ignored;
  const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::vector<std::string> installed =
      libraries_under(here / CLV_PLUGINS_FROM_BIN, 0);  // a definition of CMakeLists.txt
  return installed.empty() ? libraries_under(here / "../../plugins", 1) : installed;
}

// "winback" is the plugin of that name beside the command; anything else is a file.
std::string file_of(const std::string& given) {
  const fs::path path(given);
  if (path.has_parent_path() || path.has_extension()) return given;
  const std::vector<std::string> shipped = shipped_plugins();
  const auto at = std::ranges::find(shipped, path, [](const fs::path& p) { return p.stem(); });
  if (at != shipped.end()) return *at;
  if (fs::exists(path)) return given;
  std::string names;
  for (const fs::path p : shipped) names += (names.empty() ? "" : ", ") + p.stem().string();
  misuse("--plugin: there is no plugin '" + given + "' beside the command",
         names.empty() ? "name its file" : "known: " + names + "; or name a file");
}

// The id a file says it has, or "" when it cannot be loaded without a configuration.
std::string id_of(const std::string& path, const diag& d) {
  const plugins alone = new_set(d);
  auto options = sized<clv_plugin_options>();
  if (clv_plugins_load(alone.get(), &options, path.c_str(), nullptr) != CLV_OK) return "";
  return text_at(list_plugins(alone, d), "id", 0);
}

const char* config_for(const std::string& path, std::vector<config>& configs, const diag& d) {
  const std::string stem = fs::path(path).stem().string();
  const std::string id = configs.empty() ? "" : id_of(path, d);
  for (config& c : configs) {
    if (c.key != stem && c.key != id) continue;
    c.used = true;
    return c.json.c_str();
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> default_plugins() {
  std::vector<std::string> shipped = shipped_plugins();
  std::erase_if(shipped, [](const std::string& p) {
    const fs::path name = fs::path(p).stem();
    return name == "smallest" || name == "template" || name == "template_cpp" ||
           name == "blanket_20pct";
  });
  return shipped;
}

plugins load_plugins(const plugin_request& request, const diag& d) {
  std::vector<config> configs = parse_configs(request.configs);
  plugins loaded = new_set(d);
  for (const std::string& given : request.paths.empty() ? default_plugins() : request.paths) {
    const std::string path = fs::absolute(file_of(given)).lexically_normal().string();
    auto options = sized<clv_plugin_options>();
    options.config_json = config_for(path, configs, d);
    options.seed = request.seed;
    options.now_us = request.now_us;
    d.check(clv_plugins_load(loaded.get(), &options, path.c_str(), d.get()), path);
  }
  for (const config& c : configs) {
    if (!c.used) misuse("--plugin-config: no plugin has the id or file name '" + c.key + "'");
  }
  return loaded;
}

result list_plugins(const plugins& loaded, const diag& d) {
  clv_result* raw = nullptr;
  d.check(clv_plugins_list(loaded.get(), &raw, d.get()), "");
  return result(raw);
}

}  // namespace cli
