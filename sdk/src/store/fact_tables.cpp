#include "store/fact_tables.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace clv::store {
namespace {

constexpr std::array all{
    fact_table{"customers", fact_kind::current, "customer"},
    fact_table{"consent", fact_kind::happened, ""},
    fact_table{"contacts", fact_kind::happened, ""},
    fact_table{"outcomes", fact_kind::happened, ""},
    fact_table{"evidence", fact_kind::current, "action,customer,segment"},
    fact_table{"touches", fact_kind::happened, ""},
    fact_table{"feedback", fact_kind::happened, ""},
    fact_table{"costs", fact_kind::happened, ""},
    fact_table{"referrals", fact_kind::happened, ""},
    fact_table{"ledger", fact_kind::happened, ""},
    fact_table{"ticket_events", fact_kind::happened, ""},
    fact_table{"identities", fact_kind::happened, ""},
    fact_table{"agents", fact_kind::current, "agent"},
    fact_table{"clock_events", fact_kind::happened, ""},
    fact_table{"follow_ups", fact_kind::happened, ""},
    fact_table{"decision_log", fact_kind::chained, ""},
};

}  // namespace

std::span<const fact_table> fact_tables() {
  return all;
}

const fact_table* find_fact_table(std::string_view name) {
  const auto found = std::ranges::find(all, name, &fact_table::name);
  return found == all.end() ? nullptr : &*found;
}

fact_state read_fact_state(connection& db, std::string_view name) {
  statement s(db, "SELECT row_count, last_seq, checksum, currency FROM fact_state WHERE name = ?");
  if (!s.bind(1, name).step()) return {};
  return {.rows = s.integer(0),
          .last_seq = s.integer(1),
          .checksum = std::bit_cast<std::uint64_t>(s.integer(2)),
          .currency = std::string(s.text(3))};
}

void write_fact_state(connection& db, std::string_view name, const fact_state& state) {
  statement(db,
            "INSERT INTO fact_state(name, row_count, last_seq, checksum, currency) "
            "VALUES(?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET row_count = excluded.row_count, "
            "last_seq = excluded.last_seq, checksum = excluded.checksum, "
            "currency = excluded.currency")
      .bind(1, name)
      .bind(2, state.rows)
      .bind(3, state.last_seq)
      .bind(4, std::bit_cast<std::int64_t>(state.checksum))
      .bind(5, std::string_view(state.currency))
      .run();
}

bool has_customer(const fact_table& what) {
  const auto fields = find_schema(what.name).fields;
  return std::ranges::any_of(fields, [](const field& f) { return f.name == "customer"; });
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

std::string select_facts(const fact_table& what, fact_walk walk) {
  std::string columns;
  for (const field& f : find_schema(what.name).fields) {
    const std::string name = quoted(f.name);
    columns += columns.empty() ? "" : ", ";
    if (f.name == "customer") {
      columns += "c.ext_id";
    } else if (names_a_customer(f)) {
      columns += "(SELECT ext_id FROM customer WHERE id = t." + name + ")";
    } else {
      columns += "t." + name;
    }
  }
  columns += ", t.content";
  const bool happened = what.kind == fact_kind::happened;
  if (happened) columns += ", s.name";
  const std::string facts = quoted(what.name) + " AS t";
  const bool by_customer = walk == fact_walk::all && (happened || what.name == "customers");
  // SQLite walks the tables of a CROSS JOIN in the order they are written in.
  std::string from =
      by_customer ? "customer AS c CROSS JOIN " + facts + " ON t.customer = c.id" : facts;
  if (!by_customer && has_customer(what)) from += " LEFT JOIN customer AS c ON c.id = t.customer";
  if (happened) from += " CROSS JOIN source AS s ON s.id = t.source";
  return "SELECT " + columns + " FROM " + from;
}

}  // namespace clv::store
