// One customer told in a few facts, and what a plugin proposes for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "plugin_harness.hpp"

namespace clv::test {

// The value of one column: a number, with a unit where it has one, a text or an amount.
struct fact {
  double number = 0;
  std::string text, unit;
  clv_type type = CLV_T_F64;
  fact(double value, std::string of = "") : number(value), unit(std::move(of)) {}
  fact(int value) : number(value) {}
  fact(const char* value) : text(value), type(CLV_T_UTF8) {}
};
inline fact yes() {
  fact f(1);
  f.type = CLV_T_I64;
  return f;
}
inline fact minor(double amount, const std::string& currency = "EUR") {
  fact f(amount, currency);
  f.type = CLV_T_MONEY;
  return f;
}

using told = std::map<std::string, fact>;

inline told with(told story, const std::string& column, const fact& value) {
  story.insert_or_assign(column, value);
  return story;
}
inline told without(told story, const std::string& column) {
  story.erase(column);
  return story;
}

inline sample one_customer(const told& story) {
  sample s;
  for (const auto& [column, f] : story) {
    sample_column& c = s[column];
    c.type = f.type;
    c.unit = f.unit;
    c.known = {true};
    if (f.type == CLV_T_UTF8) {
      c.texts = {f.text};
    } else {
      c.numbers = {f.number};
    }
  }
  return s;
}

inline const clv_plugin_entry* entry_of(const std::string& plugin) {
  std::istringstream files(CLV_PLUGIN_FILES);
  for (std::string file; std::getline(files, file, '|');) {
    if (file.rfind(plugin + "=", 0) != 0) continue;
    return load_entry(file.substr(plugin.size() + 1), CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR));
  }
  throw std::runtime_error("no plugin is called " + plugin);
}

inline run_result answer_of(const std::string& plugin,
                            const told& story,
                            const std::string& config) {
  plugin_instance mine(entry_of(plugin), config);
  EXPECT_EQ(mine.created(), CLV_OK) << mine.said();
  run_result r = mine.ask(one_customer(story));
  EXPECT_EQ(r.status, CLV_OK) << r.said;
  return r;
}

// The feature that a plugin computes for one customer; NaN where it says none.
inline double feature(const std::string& plugin,
                      const std::string& name,
                      const told& story,
                      const std::string& config = "{}") {
  for (const stated& one : answer_of(plugin, story, config).features) {
    if (one.name == name) return one.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

// The segment that a plugin puts one customer into; "" for none.
inline std::string segment_of(const std::string& plugin,
                              const told& story,
                              const std::string& config = "{}") {
  const run_result r = answer_of(plugin, story, config);
  return r.segments.empty() ? std::string() : r.segments.back().name;
}

inline std::vector<proposed> ask(const std::string& plugin,
                                 const sample& customers,
                                 const std::string& config = "{}") {
  plugin_instance mine(entry_of(plugin), config);
  EXPECT_EQ(mine.created(), CLV_OK) << mine.said();
  const run_result r = mine.propose(customers);
  EXPECT_EQ(r.status, CLV_OK) << r.said;
  return r.proposals;
}
inline std::vector<proposed> ask(const std::string& plugin,
                                 const told& story,
                                 const std::string& config = "{}") {
  return ask(plugin, one_customer(story), config);
}

// Which actions, in the order they were proposed: "a b".
inline std::string actions(const std::vector<proposed>& all) {
  std::string names;
  for (const proposed& p : all) names += (names.empty() ? "" : " ") + p.action;
  return names;
}

inline const proposed& the(const std::vector<proposed>& all, const std::string& action) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const proposed& p) { return p.action == action; });
  if (found == all.end()) throw std::runtime_error(action + " is not in: " + actions(all));
  return *found;
}

}  // namespace clv::test
