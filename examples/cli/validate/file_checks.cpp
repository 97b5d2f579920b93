// What the file is: read, not run.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "../failure.hpp"
#include "check_groups.hpp"
#include "clv_plugin.h"
#include "shared_object.hpp"

namespace cli {
namespace {

finding check_symbols(const subject& s) {
  const shared_object file = read_shared_object(s.path);
  bool has_entry = false;
  std::string strong, weak;
  for (const exported_symbol& symbol : file.exported) {
    if (symbol.name == CLV_PLUGIN_ENTRY_SYMBOL) {
      has_entry = true;
      continue;
    }
    std::string& list = symbol.weak ? weak : strong;
    if (list.size() < 200) list += (list.empty() ? "" : ", ") + symbol.name;
  }
  if (!has_entry) fail("it exports no function " CLV_PLUGIN_ENTRY_SYMBOL);
  const std::string remedy =
      "; build it with clv_add_plugin, or with its linker map clv_plugin.map";
  if (!strong.empty()) return {verdict::failed, "it also exports " + strong + remedy};
  if (!weak.empty()) return {verdict::warning, "it also exports, weakly, " + weak + remedy};
  return {};
}

struct clash {
  std::string_view library, why;
};

// Two copies of these in one process are known to abort it or to corrupt a file.
constexpr std::array clashes{
    clash{"libprotobuf", "two versions of protobuf in one process abort it"},
    clash{"libgrpc", "a process that forks after loading gRPC hangs"},
    clash{"libabsl", "its versions share one name for all their symbols"},
    clash{"libsqlite3", "a second copy on the same file loses locks and corrupts it"},
    clash{"libclv", "a plugin is given all it needs, and runs without libclv beside it"},
};

finding check_needed(const subject& s) {
  std::string all, doubtful;
  for (const std::string& library : read_shared_object(s.path).needed) {
    all += (all.empty() ? "" : ", ") + library;
    for (const clash& known : clashes) {
      if (!library.starts_with(known.library)) continue;
      doubtful += (doubtful.empty() ? "it links " : "; ") + library + ": " + std::string(known.why);
    }
  }
  if (!doubtful.empty()) return {verdict::warning, doubtful};
  return {verdict::ok, "links " + (all.empty() ? "nothing" : all)};
}

}  // namespace

std::vector<plugin_check> file_checks() {
  return {
      {.name = "symbols",
       .title = "exports one function and nothing else",
       .run = check_symbols,
       .first_of_all = true},
      {.name = "needed", .title = "links nothing that clashes with others", .run = check_needed}};
}

}  // namespace cli
