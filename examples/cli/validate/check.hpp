// What is asked of every plugin: one question per check, each asked in a process of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "customer_table.hpp"

namespace cli {

// How a plugin is tried in simulated markets.
struct market_options {
  int markets = 4;           // with seeds from that of the subject on
  std::string effects_json;  // of its actions: "actions" of report market; "": market_trial.cpp
  bool json = false;         // the answer
};

// What a check is about and what it may use.
struct subject {
  std::string path;    // absolute
  std::string config;  // JSON, or "": none was given
  std::uint64_t seed = 7;
  std::int64_t now_us = 1'750'550'400'000'000;  // 2025-06-22: when the simulated log ends
  market_options market;
  customer_table customers;  // of the simulated market
};

enum class verdict { ok, warning, failed, skipped };
struct finding {
  verdict result = verdict::ok;
  std::string detail;  // what is wrong, or worth knowing
};

struct plugin_check {
  const char* name;   // for --check and for programs; never changes
  const char* title;  // what holds when it is passed
  // Throws failure saying what is wrong.
  finding (*run)(const subject&);
  // What follows makes no sense where this failed.
  bool first_of_all = false;
  // Tried so often before it fails: a time that others on this machine can only make longer.
  int attempts = 1;
  // Two processes must give the same detail.
  bool twice = false;
};

const std::vector<plugin_check>& all_checks();
// No check of a checklist, but run like one: its detail is the answer, lines apart by line_break.
const plugin_check& market_check();
inline constexpr char line_break = '\x1e';
// nullptr when there is none of that name; that of the market is one, too.
const plugin_check* find_check(const std::string& name);

// Where a check that cannot return (from a signal handler) leaves what it found. In the command's
// own process it goes to standard error.
void tell_at_once(const char* sentence);
void tell_at_once_to(int descriptor);

}  // namespace cli
