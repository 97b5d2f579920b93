// Whom a plugin says it is: the entry, the capabilities, the manifest and the settings.
#include <chrono>
#include <cstring>
#include <string>

#include "../rows.hpp"
#include "../text.hpp"
#include "check_groups.hpp"
#include "other_threads.hpp"
#include "tried_plugin.hpp"

namespace cli {
namespace {

constexpr std::uint32_t own_abi = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR);
constexpr double most_scan_ms = 5;

finding check_scan(const subject& s) {
  const auto start = std::chrono::steady_clock::now();
  const clv_plugin_entry& entry = call_plugin_entry(find_plugin_entry(s.path), own_abi);
  find_capability(entry, CLV_CAP_ACTION_1);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  const std::string words = rounded(took.count(), 2) + " ms";
  if (took.count() > most_scan_ms) {
    return {verdict::failed,
            "it took " + words + " to be loaded and asked who it is, of at most " +
                rounded(most_scan_ms, 0) + ": work belongs into create"};
  }
  return {verdict::ok, words};
}

finding check_entry(const subject& s) {
  const clv_plugin_entry_fn function = find_plugin_entry(s.path);
  const clv_plugin_entry* first = &call_plugin_entry(function, own_abi);
  clv_plugin_entry copy{};
  std::memcpy(&copy, first, std::min<std::size_t>(first->struct_size, sizeof copy));
  const clv_plugin_entry* elsewhere = nullptr;
  on_other_threads({[&] { elsewhere = ask_plugin_entry(function, own_abi); }});
  // Whatever it says to hosts that it cannot run on, it must not fall over them.
  for (const std::uint32_t abi : {CLV_ABI_PACK(0, 0), CLV_ABI_PACK(2, 0), ~std::uint32_t{0}}) {
    ask_plugin_entry(function, abi);
  }
  const clv_plugin_entry* again = &call_plugin_entry(function, own_abi);
  if (again != first || elsewhere != first) fail("asked again, it returns another table");
  if (std::memcmp(&copy, first, std::min<std::size_t>(first->struct_size, sizeof copy)) != 0) {
    fail("asked again, its table says something else");
  }
  return {};
}

// The size and the one function that every capability's table has.
void expect_table(const void* found, const char* id) {
  const auto* table = static_cast<const clv_action_v1*>(found);
  if (table->struct_size < sizeof(clv_action_v1) || table->propose == nullptr) {
    fail("its table " + std::string(id) + " states " + std::to_string(table->struct_size) +
         " bytes or has no function");
  }
}

finding check_capabilities(const subject& s) {
  const clv_plugin_entry& entry = call_plugin_entry(find_plugin_entry(s.path), own_abi);
  for (const char* unknown : {"",
                              "clv.action",
                              "clv.action/",
                              "clv.action/10",
                              "clv.action/1.1",
                              "clv.action/1 ",
                              "CLV.ACTION/1",
                              "clv.feature/10",
                              "clv.feature/1x",
                              "clv.segmentation/12",
                              "clv.segmentation/1/x",
                              "org.example.unknown/1"}) {
    if (find_capability(entry, unknown) != nullptr) {
      fail("it offers \"" + std::string(unknown) +
           "\", which nobody has defined: ids are compared to their end");
    }
  }
  std::string offered;
  for (const char* id : {CLV_CAP_ACTION_1, CLV_CAP_FEATURE_1, CLV_CAP_SEGMENTATION_1}) {
    const void* found = find_capability(entry, id);
    if (found != find_capability(entry, id))
      fail("asked again, it returns another " + std::string(id));
    if (found == nullptr) continue;
    expect_table(found, id);
    offered += (offered.empty() ? "" : ", ") + std::string(id);
  }
  if (offered.empty()) fail("it offers no capability that is known");
  return {verdict::ok, offered};
}

finding check_identity(const subject& s) {
  const result facts = facts_by_libclv(s);
  std::string text;
  for (const char* column : {"id", "name", "version", "vendor", "licence", "summary"}) {
    const std::string value = text_at(facts, column, 0);
    if (value.empty()) fail(std::string("it does not say its ") + column);
    text += (text.empty() ? "" : "; ") + (column + (": " + value));
  }
  for (const char* column : {"reads", "actions", "features", "segments"}) {
    const std::string value = text_at(facts, column, 0);
    if (!value.empty()) text += "; " + (column + (": " + value));
  }
  return {verdict::ok, text};
}

// "" or why libclv and the plugin refuse these settings.
std::string refusal_of(const subject& s, const std::string& config) {
  subject other = s;
  other.config = config;
  try {
    load_by_libclv(other);
    return "";
  } catch (const failure& e) {
    return e.what();
  }
}

finding check_settings(const subject& s) {
  if (!refusal_of(s, s.config).empty()) fail(refusal_of(s, s.config));
  for (const char* wrong : {"[]", "{", "7", R"({"no setting of anybody": 1})"}) {
    if (refusal_of(s, wrong).empty()) {
      fail("it takes the configuration " + std::string(wrong) +
           ": a setting that is not known must be refused (\"additionalProperties\": false)");
    }
  }
  return {};
}

}  // namespace

std::vector<plugin_check> entry_checks() {
  return {{.name = "scan",
           .title = "is loaded and asked who it is within 5 ms",
           .run = check_scan,
           .attempts = 5},
          {.name = "entry", .title = "its entry says the same at every call", .run = check_entry},
          {.name = "identity",
           .title = "loads and says who it is",
           .run = check_identity,
           .first_of_all = true},
          {.name = "capabilities",
           .title = "compares capability ids to their end",
           .run = check_capabilities},
          {.name = "settings",
           .title = "refuses settings that it does not know",
           .run = check_settings}};
}

}  // namespace cli
