// clv new-plugin: a folder with a plugin that works, to be changed into another. The templates are
// part of the command (templates.cpp.in), so that it needs no file beside it.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "../command.hpp"
#include "../failure.hpp"
#include "../rows.hpp"
#include "templates.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

struct new_plugin_command {
  std::string name;
  std::string language = "c";
  std::string capability = "action";
  std::string folder;
};

constexpr std::size_t longest_name = 64;

// What a file, a CMake target and texts can all be called. The compiler sees it only as a part of a
// name, so that words of C and C++ are names like others.
std::string plugin_name_fault(const std::string& name) {
  constexpr std::array targets{"all",
                               "clean",
                               "clv",
                               "depend",
                               "edit_cache",
                               "help",
                               "install",
                               "list_install_components",
                               "package",
                               "package_source",
                               "preinstall",
                               "rebuild_cache",
                               "test"};
  const bool spelt =
      !name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (!spelt) return "'" + name + "' is no name of a-z, 0-9 and _ that begins with a letter";
  if (name.size() > longest_name) {
    return "a name has at most " + std::to_string(longest_name) + " letters, this one " +
           std::to_string(name.size());
  }
  if (std::ranges::find(targets, name) == targets.end()) return "";
  return "'" + name + "' is a target of CMake's own, or libclv itself";
}

void replace_every(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// "my_idea" -> "My idea"
std::string title_of(std::string name) {
  std::ranges::replace(name, '_', ' ');
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

// What differs between the capabilities, in the words of the README.
struct capability {
  const char* name;
  std::string_view in_c, in_cpp;
  const char *does, *market, *load, *verb, *headers;
};

const std::array<capability, 3>& capabilities() {
  static const std::array<capability, 3> all{
      capability{"action",
                 action_in_c,
                 action_in_cpp,
                 "proposes actions",
                 "clv validate build/@name@.so --market    # then: what would it earn?\n",
                 "clv decide --store shop.clv --plugin build/@name@.so --what-if",
                 "`clv_engine_decide_begin` (or `clv_propose_begin` on rows that you hand over)",
                 "`clv_action.h` and `clv_engine.h`"},
      capability{
          "feature",
          feature_in_c,
          feature_in_cpp,
          "computes features for other plugins",
          "",
          "clv decide --store shop.clv --plugin build/@name@.so --plugin READER.so --what-if",
          "`clv_features_begin`; plugins that read `feature.NAME` are loaded beside it",
          "`clv_action.h`"},
      capability{
          "segmentation",
          segmentation_in_c,
          segmentation_in_cpp,
          "puts customers into segments",
          "",
          "clv segment --store shop.clv --plugin build/@name@.so",
          "`clv_engine_plugin_segment_begin` (or `clv_plugins_segment_begin` on rows that you "
          "hand over)",
          "`clv_action.h` and `clv_engine.h`"}};
  return all;
}

const capability& capability_of(const new_plugin_command& o) {
  return *std::ranges::find(
      capabilities(), o.capability, [](const capability& c) { return std::string_view(c.name); });
}

std::string filled_in(std::string_view of, const new_plugin_command& o) {
  const capability& c = capability_of(o);
  std::string text(of);
  replace_every(text, "@does@", c.does);
  replace_every(text, "@market@", c.market);
  replace_every(text, "@load@", c.load);
  replace_every(text, "@verb@", c.verb);
  replace_every(text, "@headers@", c.headers);
  replace_every(text, "@name@", o.name);
  replace_every(text, "@title@", title_of(o.name));
  replace_every(text, "@source@", o.name + (o.language == "c" ? ".c" : ".cpp"));
  replace_every(text, "@language@", o.language == "c" ? "C" : "CXX");
  return text;
}

// Names are put in last: one of them may have "template" in it.
std::string source_of(const new_plugin_command& o) {
  const bool is_c = o.language == "c";
  const std::string old = is_c ? "template" : "template_cpp";
  std::string text(is_c ? capability_of(o).in_c : capability_of(o).in_cpp);
  replace_every(text, "\"clv." + old + "\"", "\"org.example.@name@\"");
  replace_every(text, is_c ? "\"Template\"" : "\"Template in C++\"", "\"@title@\"");
  replace_every(text, "\"libclv\"", "\"Your name\"");
  replace_every(text, "struct " + old + " {", "struct @name@_plugin {");
  replace_every(text, "ENTRY(" + old + ")", "ENTRY(@name@_plugin)");
  replace_every(text, old, "@name@");
  return filled_in(text, o);
}

int run_new_plugin(new_plugin_command o) {
  if (const std::string fault = plugin_name_fault(o.name); !fault.empty()) misuse(fault);
  if (o.folder.empty()) o.folder = o.name;
  const fs::path folder(o.folder);
  std::error_code failed;
  if (fs::exists(folder) && !fs::is_empty(folder, failed)) {
    fail(o.folder + ": there is something already", "name another folder with --dir");
  }
  fs::create_directories(folder, failed);
  if (failed) fail(o.folder + ": " + failed.message());
  const auto put = [&](const std::string& name, const std::string& text) {
    write_file((folder / name).string(), text);
    std::printf("%s\n", (folder / name).string().c_str());
  };
  put(o.name + (o.language == "c" ? ".c" : ".cpp"), source_of(o));
  put("CMakeLists.txt", filled_in(template_cmake, o));
  put("CMakePresets.json", filled_in(template_presets, o));
  put("README.md", filled_in(template_readme, o));
  std::printf("Build and validate it: cd %s && cmake --workflow --preset default\n",
              o.folder.c_str());
  return exit_ok;
}

}  // namespace

void add_new_plugin(CLI::App& app, action& chosen) {
  auto o = std::make_shared<new_plugin_command>();
  CLI::App& command =
      *app.add_subcommand("new-plugin", "Make a folder with a plugin that works, to be changed");
  command.add_option("name", o->name, "Of the folder, the file and the plugin: a-z, 0-9, _")
      ->required()
      ->type_name("NAME");
  command.add_option("--language", o->language, "c or c++")
      ->check(CLI::IsMember({"c", "c++"}))
      ->type_name("")
      ->capture_default_str();
  command
      .add_option("--capability", o->capability, "What it does: action, feature or segmentation")
      ->check(CLI::IsMember({"action", "feature", "segmentation"}))
      ->type_name("")
      ->capture_default_str();
  command
      .add_option("--dir", o->folder, "The folder to make, or an empty one (default: NAME, here)")
      ->type_name("FOLDER");
  command.footer(
      "It is built with CMake against the installed package; CMAKE_PREFIX_PATH says where that "
      "is,\n"
      "if not where CMake looks anyway.\n\n"
      "Example:\n  clv new-plugin birthday_gift --language c++");
  command.callback([o, &chosen] { chosen = [o] { return run_new_plugin(*o); }; });
}

}  // namespace cli
