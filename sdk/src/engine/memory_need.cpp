#include "engine/memory_need.hpp"

#include <array>
#include <limits>
#include <string>

#include "store/fact_tables.hpp"
#include "store/transactions.hpp"

namespace clv::detail {
namespace {

struct bytes_a_row {
  std::string_view verb;
  std::int64_t transaction, customer, proposal, row;
  std::string_view remedy;
};

// Measured by `memory_bench` (tests/bench) with ids of 36 bytes; it fails when a verb's peak is
// above what is said here. Rounded up to a quarter more.
constexpr std::array table_of_needs{
    bytes_a_row{"ingest", 0, 0, 0, 220, "send fewer rows at once"},
    bytes_a_row{"record", 0, 0, 0, 300, "send fewer rows at once"},
    bytes_a_row{"fit", 90, 430, 0, 0, "prune the log, or fit on a sample"},
    bytes_a_row{"score", 0, 500, 0, 0, "score in parts, without a store (clv_score_begin)"},
    bytes_a_row{"score the log", 90, 430, 0, 0, "fit or score from the stored summary"},
    bytes_a_row{"segment", 0, 500, 0, 0, "segment in parts, without a store"},
    bytes_a_row{"segment by a plugin", 0, 800, 0, 250, "segment in parts, without a store"},
    bytes_a_row{"features", 0, 800, 0, 250, "make features in parts, without a store"},
    bytes_a_row{"propose", 0, 800, 750, 250, "load fewer plugins"},
    bytes_a_row{"decide", 0, 1200, 2400, 250, "load fewer plugins"},
    bytes_a_row{"replay", 0, 1200, 2400, 4500, "prune decisions"},
    bytes_a_row{"read", 170, 350, 3000, 0, "read it in parts"},
    bytes_a_row{"read as a whole", 0, 800, 3000, 300, "prune the store"},
    bytes_a_row{"report", 0, 0, 0, 1300, "give the report a part of the rows"},
};

constexpr std::int64_t whatever_the_rows = std::int64_t{6} << 20U;

const bytes_a_row* find(std::string_view verb) {
  for (const bytes_a_row& b : table_of_needs) {
    if (b.verb == verb) return &b;
  }
  return nullptr;
}

// Rows that a caller only says it has may be any number.
void add(std::int64_t& need, std::int64_t rows, std::int64_t bytes) {
  std::int64_t more = 0;
  if (__builtin_mul_overflow(rows, bytes, &more) || __builtin_add_overflow(need, more, &need)) {
    need = std::numeric_limits<std::int64_t>::max();
  }
}

void tell(std::string& to, std::int64_t n, const char* of_what) {
  if (n > 0) to += (to.empty() ? "" : ", ") + std::to_string(n) + " " + of_what;
}

std::string told(const row_counts& n) {
  std::string text;
  tell(text, n.transactions, "transactions");
  tell(text, n.customers, "customers");
  tell(text, n.proposals, "proposals");
  tell(text, n.rows, "rows");
  return text.empty() ? "no rows" : text;
}

}  // namespace

std::int64_t memory_need(std::string_view verb, const row_counts& n) {
  const bytes_a_row* a = find(verb);
  if (a == nullptr) return 0;
  std::int64_t need = whatever_the_rows;
  add(need, n.transactions, a->transaction);
  add(need, n.customers, a->customer);
  add(need, n.proposals, a->proposal);
  add(need, n.rows, a->row);
  return need;
}

void require_memory(const core& c, std::string_view verb, const row_counts& n) {
  if (c.memory_limit == 0) return;
  const std::int64_t need = memory_need(verb, n);
  if (need <= c.memory_limit) return;
  throw error(status::limit,
              std::string(verb) + " needs about " + std::to_string(need) + " bytes for " + told(n) +
                  "; the memory limit is " + std::to_string(c.memory_limit),
              "set memory_limit to at least " + std::to_string(need) + ", or " +
                  std::string(find(verb)->remedy));
}

std::int64_t rows_of_log(core& c) {
  return store::read_log_state(c.sql()).rows;
}

std::int64_t rows_of_customers(core& c) {
  return c.sql().integer("SELECT count(*) FROM customer");
}

std::int64_t rows_of_table(core& c, std::string_view name) {
  if (name == "transactions") return rows_of_log(c);
  if (store::find_fact_table(name) != nullptr) return store::read_fact_state(c.sql(), name).rows;
  return store::rows_stored(c.sql(), name);
}

}  // namespace clv::detail
