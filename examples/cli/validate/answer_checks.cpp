// What a plugin says of customers, whatever they look like and however they are laid before it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>

#include "../rows.hpp"
#include "../text.hpp"
#include "check_groups.hpp"
#include "tried_plugin.hpp"

namespace cli {
namespace {

using row_list = std::vector<std::size_t>;

row_list rows_from(std::size_t first, std::size_t last) {
  row_list rows(last - first);
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

// Fisher and Yates with a generator of 64 bits (Knuth's MMIX): the same order for the same seed.
row_list shuffled_rows(std::size_t n, std::uint64_t seed) {
  row_list rows = rows_from(0, n);
  for (std::size_t i = n; i > 1; --i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    std::swap(rows[i - 1], rows[(seed >> 33) % i]);
  }
  return rows;
}

std::string what_was_said(const plugin_facts& by, std::int64_t count, std::size_t rows) {
  std::string what;
  const auto add = [&](const std::vector<std::string>& names, const char* word) {
    if (!names.empty()) what += (what.empty() ? "" : " and ") + std::string(word);
  };
  add(by.actions, "proposals");
  add(by.features, "features");
  add(by.segments, "segments");
  return grouped(count) + " " + what + " for " + grouped(static_cast<std::int64_t>(rows)) +
         " simulated customers";
}

// ---- Taken by libclv, which checks every number and text.

finding check_answers(const subject& s) {
  tried_plugin plugin(s);
  ask_by_libclv(s, plugin.facts(), s.customers);
  const auto one = plugin.instance();
  const spoken all = expect_answer(*one, s.customers);
  return {verdict::ok, what_was_said(plugin.facts(), all.count, s.customers.rows())};
}

finding check_customers(const subject& s, const customer_table& customers) {
  tried_plugin plugin(s);
  ask_by_libclv(s, plugin.facts(), customers);
  const auto one = plugin.instance();
  const spoken said = expect_answer(*one, customers);
  if (customers.rows() == 0 && said.count != 0) fail("it says something of no customer");
  return {};
}

finding check_empty(const subject& s) {
  return check_customers(s, s.customers.first(0));
}

finding check_one_row(const subject& s) {
  return check_customers(s, s.customers.first(1));
}

finding check_absent(const subject& s) {
  return check_customers(s, s.customers.without_numbers());
}

finding check_absurd(const subject& s) {
  return check_customers(s, s.customers.with_absurd_numbers());
}

finding check_foreign(const subject& s) {
  return check_customers(s, s.customers.with_foreign_texts());
}

// Of scores without a spend part, say, or a CRM that knows nothing: each column once, and all.
finding check_missing(const subject& s) {
  tried_plugin plugin(s);
  const auto one = plugin.instance();
  for (const std::string& name : plugin.facts().reads) {
    std::vector<std::string> others{"customer"};
    for (const customer_column& c : s.customers.columns()) {
      if (c.name != name && c.name != "customer") others.push_back(c.name);
    }
    const spoken said = one->ask(s.customers.granted(others));
    if (!said.holds()) fail("without the column '" + name + "': " + said.why);
  }
  expect_answer(*one, s.customers.granted({"customer"}));
  return {};
}

// ---- The same, whatever lies around it.

finding nothing_to_compare() {
  return {verdict::skipped, "its manifest says that it is not deterministic"};
}

finding check_repeatable(const subject& s) {
  tried_plugin plugin(s);
  if (!plugin.facts().deterministic) return nothing_to_compare();
  const auto first = plugin.instance(), second = plugin.instance();
  const spoken once = expect_answer(*first, s.customers);
  if (expect_answer(*second, s.customers).of_row != once.of_row) {
    fail("a second instance answers otherwise");
  }
  if (expect_answer(*first, s.customers).of_row != once.of_row) {
    fail("asked again, it answers otherwise");
  }
  return {};
}

std::string digest(const spoken& answer) {  // FNV-1a
  std::uint64_t sum = 0xCBF29CE484222325ULL;
  for (const std::string& words : answer.of_row) {
    for (const char c : words + "\f")
      sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  std::string text;
  for (int i = 60; i >= 0; i -= 4) text += "0123456789abcdef"[sum >> i & 15];
  return text;
}

finding check_process(const subject& s) {
  tried_plugin plugin(s);
  if (!plugin.facts().deterministic) return nothing_to_compare();
  const auto one = plugin.instance();
  return {verdict::ok, "digest " + digest(expect_answer(*one, s.customers))};
}

// Asked about these rows only, each must get what it got among all.
void expect_same_rows(direct_instance& of,
                      const customer_table& customers,
                      const spoken& all,
                      const row_list& rows,
                      const std::string& otherwise) {
  const spoken part = expect_answer(of, customers.picked(rows));
  if (!of.is_deterministic()) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (part.of_row[i] != all.of_row[rows[i]]) {
      fail(otherwise + " (customer of row " + std::to_string(rows[i] + 1) + ")");
    }
  }
}

finding check_independence(const subject& s) {
  constexpr const char* peeks = "what a row gets depends on the other rows";
  tried_plugin plugin(s);
  if (!plugin.facts().deterministic) return nothing_to_compare();
  const auto one = plugin.instance();
  const spoken all = expect_answer(*one, s.customers);
  const std::size_t n = s.customers.rows(), middle = n / 2 + 3;
  expect_same_rows(*one, s.customers, all, rows_from(0, middle), peeks);
  expect_same_rows(*one, s.customers, all, rows_from(middle, n), peeks);
  for (const std::size_t row : shuffled_rows(n, s.seed)) {
    if (row % 40 == 0) expect_same_rows(*one, s.customers, all, {row}, peeks);
  }
  return {};
}

finding check_order(const subject& s) {
  tried_plugin plugin(s);
  if (!plugin.facts().deterministic) return nothing_to_compare();
  const auto one = plugin.instance();
  const spoken all = expect_answer(*one, s.customers);
  const row_list order = shuffled_rows(s.customers.rows(), s.seed);
  expect_same_rows(*one, s.customers, all, order, "what a row gets depends on where it stands");
  return {};
}

constexpr std::size_t many_rows = 100'000;

row_list many_times(std::size_t n) {
  row_list rows(many_rows);
  for (std::size_t i = 0; i < many_rows; ++i) rows[i] = i % n;
  return rows;
}

finding check_many(const subject& s) {
  tried_plugin plugin(s);
  const auto one = plugin.instance();
  const spoken all = expect_answer(*one, s.customers);
  const row_list rows = many_times(s.customers.rows());
  const auto start = std::chrono::steady_clock::now();
  expect_same_rows(*one, s.customers, all, rows, "among very many it answers otherwise");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {verdict::ok, rounded(took.count(), 1) + " s for 100,000 rows, laid out and compared"};
}

// ---- Told to stop, and on an older host.

finding check_cancelled(const subject& s) {
  constexpr double most_seconds = 2;
  tried_plugin plugin(s);
  host_manner stopping = plugin.manner();
  stopping.cancelled = true;
  const auto one = plugin.instance(stopping);
  const customer_table many = s.customers.picked(many_times(s.customers.rows()));
  plain_arena memory;
  const auto start = std::chrono::steady_clock::now();
  const spoken said = one->ask(many, memory);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (said.status < 0 && said.status != CLV_E_CANCELLED) {
    fail("told to stop, it fails with another status than CLV_E_CANCELLED: " + said.why);
  }
  if (took.count() > most_seconds) {
    fail("told to stop, it went on for " + rounded(took.count(), 1) +
         " seconds: ask host->cancelled every thousand rows or so");
  }
  return {};
}

finding check_capped(const subject& s) {
  tried_plugin plugin(s);
  if (plugin.facts().actions.empty()) {
    load_by_libclv(s, CLV_ABI_PACK(1, 0));
    return {};
  }
  const result today = propose_by_libclv(load_by_libclv(s), s.customers);
  const result capped = propose_by_libclv(load_by_libclv(s, CLV_ABI_PACK(1, 0)), s.customers);
  const diag d;
  const auto first = customer_table::copy_of(batch_of(today, d));
  if (plugin.facts().deterministic &&
      first.packed() != customer_table::copy_of(batch_of(capped, d)).packed()) {
    fail("on a host of plugin ABI 1.0 it proposes otherwise than on this one");
  }
  return {};
}

}  // namespace

std::vector<plugin_check> answer_checks() {
  return {
      {.name = "answers", .title = "answers for a simulated market", .run = check_answers},
      {.name = "repeatable",
       .title = "same input, same answers, also from a second instance",
       .run = check_repeatable},
      {.name = "process",
       .title = "same answers from another process",
       .run = check_process,
       .twice = true},
      {.name = "independence",
       .title = "a row's answers do not depend on other rows",
       .run = check_independence},
      {.name = "order", .title = "the order of the rows does not matter", .run = check_order},
      {.name = "empty", .title = "takes a batch of no rows", .run = check_empty},
      {.name = "one_row", .title = "takes a batch of one row", .run = check_one_row},
      {.name = "many", .title = "takes a batch of 100,000 rows", .run = check_many},
      {.name = "absent", .title = "takes customers whose numbers are absent", .run = check_absent},
      {.name = "absurd", .title = "takes customers whose numbers are absurd", .run = check_absurd},
      {.name = "foreign", .title = "takes texts that are not ASCII", .run = check_foreign},
      {.name = "missing", .title = "takes scores that lack a column", .run = check_missing},
      {.name = "cancelled", .title = "stops when told to", .run = check_cancelled},
      {.name = "capped", .title = "works on a host of plugin ABI 1.0", .run = check_capped},
  };
}

}  // namespace cli
