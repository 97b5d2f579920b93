// What a plugin leaves alone: memory that is not its own, the process it is a guest in, the world.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "../text.hpp"
#include "check_groups.hpp"
#include "effects.hpp"
#include "other_threads.hpp"
#include "process_state.hpp"
#include "tried_plugin.hpp"

namespace cli {
namespace {

// What one instance says that has the process to itself.
spoken alone(tried_plugin& plugin, const customer_table& customers) {
  plain_arena memory;
  direct_instance one(plugin.entry(), plugin.facts(), plugin.manner(), memory);
  return expect_answer(one, customers);
}

// Compares nothing where the manifest says that two answers may differ.
class expected_answer {
 public:
  expected_answer(tried_plugin& plugin, const customer_table& customers)
      : answer_(alone(plugin, customers)), compares_(plugin.facts().deterministic) {}
  void expect(const spoken& other, const std::string& otherwise) const {
    if (compares_ && other.of_row != answer_.of_row) fail(otherwise);
  }

 private:
  spoken answer_;
  bool compares_;
};

// ---- Instances and threads.

finding check_instances(const subject& s) {
  constexpr const char* mixed_up = "beside a second instance it answers otherwise";
  tried_plugin plugin(s);
  const expected_answer expected(plugin, s.customers);
  auto first = plugin.instance();
  const auto second = plugin.instance();
  expected.expect(expect_answer(*second, s.customers), mixed_up);
  expected.expect(expect_answer(*first, s.customers), mixed_up);
  first.reset();
  expected.expect(expect_answer(*second, s.customers), mixed_up);
  return {};
}

finding check_threads(const subject& s) {
  tried_plugin plugin(s);
  const expected_answer expected(plugin, s.customers);
  std::array<std::unique_ptr<direct_instance>, 2> ones{plugin.instance(), plugin.instance()};
  std::array<spoken, 2> answers;
  const auto ask = [&](std::size_t i) { answers[i] = ones[i]->ask(s.customers); };
  on_other_threads({[&] { ask(0); }, [&] { ask(1); }});
  for (const spoken& answer : answers) {
    if (!answer.holds()) fail(answer.why);
    expected.expect(answer, "on another thread it answers otherwise");
  }
  on_other_threads({[&] { ones = {}; }});
  return {};
}

// ---- Memory.

finding check_poison(const subject& s) {
  tried_plugin plugin(s);
  // Outlives the instance; large tables would need too many pages of their own.
  guarded_arena memory(tell_at_once);
  direct_instance one(plugin.entry(), plugin.facts(), plugin.manner(), memory);
  for (const std::size_t rows :
       {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{301}}) {
    const spoken said = one.ask(s.customers.first(rows), memory);
    if (!said.holds()) fail(said.why);
  }
  return {};
}

// The sanitizers' allocators say here what mallinfo2 does not. What was freed they keep for a
// while: the pages of the process tell nothing then.
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

struct memory_use {
  std::int64_t heap = 0, resident = 0;
};

memory_use memory_now() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) {
    return {static_cast<std::int64_t>(__sanitizer_get_current_allocated_bytes()), 0};
  }
  const auto info = mallinfo2();
  std::ifstream pages("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  pages >> all >> resident;
  const std::size_t heap = info.uordblks + info.hblkhd;
  return {static_cast<std::int64_t>(heap), resident * sysconf(_SC_PAGESIZE)};
}

// Measured between the hundredth and the thousandth time: caches are full by then.
template <typename Step>
void expect_flat_memory(const std::string& what, Step&& step) {
  constexpr int warm = 100, times = 1000;
  constexpr std::int64_t most_heap = std::int64_t{16} << 10, most_resident = std::int64_t{4} << 20;
  for (int i = 0; i < warm; ++i) step();
  const memory_use before = memory_now();
  for (int i = warm; i < times; ++i) step();
  const memory_use after = memory_now();
  const std::int64_t heap = after.heap - before.heap, resident = after.resident - before.resident;
  if (heap <= most_heap && resident <= most_resident) return;
  fail(what + " " + std::to_string(times - warm) + " times took " +
       grouped(std::max(heap, resident)) + " bytes that did not come back");
}

finding check_memory(const subject& s) {
  tried_plugin plugin(s);
  const customer_table few = s.customers.first(64);
  const auto one = plugin.instance();
  expect_flat_memory("asking", [&] { expect_answer(*one, few); });
  expect_flat_memory("creating and destroying", [&] { alone(plugin, few.first(1)); });
  return {};
}

// ---- The process.

// Load, create, ask and destroy; the state must be the same behind each step. What is given time
// may take a moment to be as it was.
template <typename State>
finding expect_unchanged(const subject& s,
                         State&& state,
                         bool also_between,
                         std::chrono::milliseconds patience = {}) {
  const process_state before = state();
  const auto compare = [&](const std::string& after) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string changed = first_difference(before, state());
    while (!changed.empty() && std::chrono::steady_clock::now() < until) {
      usleep(1000);
      changed = first_difference(before, state());
    }
    if (!changed.empty()) fail("after " + after + " " + changed);
  };
  tried_plugin plugin(s);
  if (also_between) compare("loading,");
  auto one = plugin.instance();
  if (also_between) compare("create");
  expect_answer(*one, s.customers);
  if (also_between) compare("answering,");
  one.reset();
  compare("destroy");
  return {};
}

finding check_float(const subject& s) {
  return expect_unchanged(s, float_state, true);
}

finding check_surroundings(const subject& s) {
  return expect_unchanged(s, surroundings, true);
}

// The system lists a thread for a moment after it was joined.
finding check_resources(const subject& s) {
  return expect_unchanged(s, resources, false, std::chrono::milliseconds(100));
}

// What a plugin does once only, it does in its first instance: that is watched, too.
finding check_effects(const subject& s) {
  const plugin_facts facts = read_facts(s);
  const clv_plugin_entry& entry = call_plugin_entry(find_plugin_entry(s.path), CLV_ABI_TARGET);
  const std::string declared = facts.effects.empty() ? "none" : facts.effects;
  const std::string unwatched = watch_effects(declared, tell_at_once);
  if (!unwatched.empty()) return {verdict::skipped, unwatched};
  plain_arena memory;
  direct_instance one(entry, facts, manner_for(s), memory);
  expect_answer(one, s.customers);
  return {verdict::ok, "declared: " + declared};
}

}  // namespace

std::vector<plugin_check> conduct_checks() {
  return {
      {.name = "instances",
       .title = "two instances do not disturb each other",
       .run = check_instances},
      {.name = "threads", .title = "works on any thread", .run = check_threads},
      {.name = "poison",
       .title = "touches no memory beyond the tables it is given",
       .run = check_poison},
      {.name = "memory", .title = "takes no more memory the longer it runs", .run = check_memory},
      {.name = "float",
       .title = "leaves rounding and floating-point settings alone",
       .run = check_float},
      {.name = "surroundings",
       .title = "leaves environment, folder, locale and signals alone",
       .run = check_surroundings},
      {.name = "resources",
       .title = "leaves no thread, descriptor or process behind",
       .run = check_resources},
      {.name = "effects",
       .title = "does nothing to the world but what it declares",
       .run = check_effects},
  };
}

}  // namespace cli
