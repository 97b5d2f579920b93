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

// What a file, a CMake target and a struct of C++ can all be called.
std::string plugin_name_fault(const std::string& name) {
  constexpr std::array taken{
      "about",    "all",      "auto",    "bool",      "break",  "case",      "catch",    "char",
      "class",    "clean",    "columns", "concept",   "const",  "clv",       "decltype", "default",
      "delete",   "do",       "double",  "else",      "enum",   "explicit",  "export",   "extern",
      "false",    "float",    "for",     "friend",    "goto",   "help",      "if",       "inline",
      "install",  "int",      "long",    "mutable",   "new",    "namespace", "noexcept", "nullptr",
      "operator", "package",  "private", "protected", "public", "register",  "requires", "restrict",
      "return",   "settings", "short",   "signed",    "sizeof", "static",    "std",      "struct",
      "switch",   "template", "test",    "this",      "throw",  "true",      "try",      "typedef",
      "typeid",   "typename", "union",   "unsigned",  "using",  "validate",  "virtual",  "void",
      "volatile", "while"};
  const bool spelt = !name.empty() && name.size() <= 64 && std::islower(name[0]) != 0 &&
                     std::ranges::all_of(name, [](unsigned char c) {
                       return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
                     });
  if (!spelt) return "'" + name + "' is no name of a-z, 0-9 and _ that begins with a letter";
  if (std::ranges::find(taken, name) == taken.end()) return "";
  return "'" + name + "' means something else to the compiler or to CMake";
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

std::string source_of(const new_plugin_command& o) {
  const bool is_c = o.language == "c";
  std::string text(o.capability == "feature" ? (is_c ? feature_in_c : feature_in_cpp)
                   : o.capability == "segmentation"
                       ? (is_c ? segmentation_in_c : segmentation_in_cpp)
                       : (is_c ? action_in_c : action_in_cpp));
  replace_every(
      text, is_c ? "\"clv.template\"" : "\"clv.template_cpp\"", "\"org.example." + o.name + "\"");
  replace_every(
      text, is_c ? "\"Template\"" : "\"Template in C++\"", "\"" + title_of(o.name) + "\"");
  replace_every(text, "\"libclv\"", "\"Your name\"");
  replace_every(text, is_c ? "template" : "template_cpp", o.name);
  return text;
}

std::string filled_in(std::string_view of, const new_plugin_command& o) {
  std::string text(of);
  replace_every(text, "@name@", o.name);
  replace_every(text, "@title@", title_of(o.name));
  replace_every(text, "@source@", o.name + (o.language == "c" ? ".c" : ".cpp"));
  replace_every(text, "@language@", o.language == "c" ? "C" : "CXX");
  return text;
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
  command.add_option("--dir", o->folder, "The folder (default: NAME)");
  command.footer(
      "It is built with CMake against the installed package; CMAKE_PREFIX_PATH says where that "
      "is,\n"
      "if not where CMake looks anyway.\n\n"
      "Example:\n  clv new-plugin birthday_gift --language c++");
  command.callback([o, &chosen] { chosen = [o] { return run_new_plugin(*o); }; });
}

}  // namespace cli
