#include "store/attributes.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "math/hash.hpp"
#include "store/derived.hpp"
#include "store/fact_rows.hpp"

namespace clv::store {
namespace {

constexpr std::string_view state_name = "attribute";

// A whole number hashes as the double of the same value: a column may be widened later.
std::uint64_t hash_of_value(std::int64_t customer, const column& c, std::size_t row) {
  std::string bytes = std::to_string(customer) + '\0' + c.name() + '\0';
  const auto add = [&bytes](double value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  if (c.kind() == type::utf8) {
    bytes.append(c.text(row));
  } else if (c.kind() == type::f64) {
    add(c.numbers()[row] == 0 ? 0.0 : c.numbers()[row]);
  } else {
    add(static_cast<double>(c.integers()[row]));
  }
  return math::hash64(bytes);
}

void push_stored(const statement& s, int place, column& to) {
  if (to.kind() == type::f64) return to.push(s.number(place));
  if (to.kind() == type::utf8) return to.push(s.text(place));
  to.push(s.integer(place));
}

bool is_there(const column& c, std::size_t row) {
  return c.present(row) && (c.kind() != type::utf8 || !c.text(row).empty());
}

}  // namespace

// ---- writing

attribute_writer::attribute_writer(connection& db, const table& customers)
    : db_(&db),
      find_(db, "SELECT value FROM attribute WHERE customer = ? AND name = ?"),
      put_(db,
           "INSERT INTO attribute(customer, name, value) VALUES(?, ?, ?) "
           "ON CONFLICT(customer, name) DO UPDATE SET value = excluded.value"),
      remove_(db, "DELETE FROM attribute WHERE customer = ? AND name = ?") {
  const fact_state state = read_fact_state(db, state_name);
  rows_ = state.rows;
  checksum_ = state.checksum;
  for (const column& c : customers.columns()) {
    if (c.name().starts_with(attribute_prefix)) agree(c);
  }
}

// The first values of an attribute say its type; whole numbers and others meet as f64.
void attribute_writer::agree(const column& c) {
  statement known(*db_, "SELECT type, unit FROM attribute_column WHERE name = ?");
  if (!known.bind(1, std::string_view(c.name())).step()) {
    statement(*db_, "INSERT INTO attribute_column(name, type, unit) VALUES(?, ?, ?)")
        .bind(1, std::string_view(c.name()))
        .bind(2, stored_type(c.kind()))
        .bind(3, std::string_view(c.unit()))
        .run();
    columns_.push_back({&c, c.kind()});
    return;
  }
  const std::string stored(known.text(0)), unit(known.text(1));
  known.reset();
  const std::string given(stored_type(c.kind()));
  const bool numbers = (stored == "i64" || stored == "f64") && (given == "i64" || given == "f64");
  if ((stored != given && !numbers) || unit != c.unit()) {
    throw error({.code = status::data,
                 .column = c.name(),
                 .message = "column '" + c.name() + "' is recorded as " + stored +
                            (unit.empty() ? "" : " in " + unit) + ", this one is " + given +
                            (c.unit().empty() ? "" : " in " + c.unit()),
                 .hint = "give it in the type of before, or under another name"});
  }
  if (stored == "i64" && given == "f64") {
    for (const char* widen : {"UPDATE attribute_column SET type = 'f64' WHERE name = ?",
                              "UPDATE attribute SET value = CAST(value AS REAL) WHERE name = ?"}) {
      statement(*db_, widen).bind(1, std::string_view(c.name())).run();
    }
  }
  columns_.push_back({&c, stored == given ? c.kind() : type::f64});
}

bool attribute_writer::set(std::size_t row, std::int64_t customer_id) {
  bool changed = false;
  for (const kept& k : columns_) changed = set_one(k, row, customer_id) || changed;
  return changed;
}

bool attribute_writer::set_one(const kept& k, std::size_t row, std::int64_t customer_id) {
  const column& c = *k.from;
  const std::string_view name = c.name();
  column before(c.name(), k.kind);
  if (find_.bind(1, customer_id).bind(2, name).step()) push_stored(find_, 0, before);
  find_.reset();
  const bool was = before.size() > 0, is = is_there(c, row);
  const std::uint64_t old = was ? hash_of_value(customer_id, before, 0) : 0;
  const std::uint64_t now = is ? hash_of_value(customer_id, c, row) : 0;
  if (was == is && old == now) return false;
  rows_ += static_cast<std::int64_t>(is) - static_cast<std::int64_t>(was);
  checksum_ += now - old;
  if (!is) {
    remove_.bind(1, customer_id).bind(2, name).run();
    return true;
  }
  put_.bind(1, customer_id).bind(2, name);
  if (c.kind() == type::utf8) {
    put_.bind(3, c.text(row));
  } else if (c.kind() == type::f64) {
    put_.bind(3, c.numbers()[row]);
  } else if (k.kind == type::f64) {
    put_.bind(3, static_cast<double>(c.integers()[row]));
  } else {
    put_.bind(3, c.integers()[row]);
  }
  put_.run();
  return true;
}

void attribute_writer::finish() {
  write_fact_state(*db_, state_name, {.rows = rows_, .checksum = checksum_});
}

// ---- reading

void read_attributes(connection& db, table& customers, std::int64_t customer_id) {
  fact_state found;
  const column& whose = customers.get("customer", type::utf8);
  statement names(db, "SELECT name, type, unit FROM attribute_column ORDER BY name");
  statement values(db,
                   "SELECT c.ext_id, a.value, c.id FROM customer AS c CROSS JOIN attribute AS a "
                   "ON a.customer = c.id WHERE a.name = ?1 AND (?2 = 0 OR c.id = ?2) "
                   "ORDER BY c.ext_id");
  while (names.step()) {
    column c(std::string(names.text(0)), type_named(names.text(1)), std::string(names.text(2)));
    values.bind(1, std::string_view(c.name())).bind(2, customer_id);
    bool more = values.step(), any = false;
    for (std::size_t row = 0; row < whose.size(); ++row) {
      const bool here = more && values.text(0) == whose.text(row);
      if (!here) {
        c.push_absent();
        continue;
      }
      push_stored(values, 1, c);
      found.checksum += hash_of_value(values.integer(2), c, row);
      ++found.rows;
      more = values.step();
      any = true;
    }
    values.reset();
    if (any) customers.columns().push_back(std::move(c));
  }
  const fact_state expected = read_fact_state(db, state_name);
  const bool whole = customer_id == 0;
  if (whole && (found.rows != expected.rows || found.checksum != expected.checksum)) {
    throw error(status::corrupt,
                db.label() +
                    " is damaged: the recorded attributes of customers do not add up to "
                    "their checksum",
                "restore the store from a backup");
  }
}

std::int64_t erase_attributes(connection& db, std::int64_t customer_id) {
  fact_state state = read_fact_state(db, state_name);
  statement rows(db,
                 "SELECT a.name, n.type, a.value FROM attribute AS a JOIN attribute_column AS n "
                 "ON n.name = a.name WHERE a.customer = ?");
  std::int64_t erased = 0;
  for (rows.bind(1, customer_id); rows.step(); ++erased) {
    column c(std::string(rows.text(0)), type_named(rows.text(1)));
    push_stored(rows, 2, c);
    state.checksum -= hash_of_value(customer_id, c, 0);
  }
  rows.reset();
  if (erased == 0) return 0;
  state.rows -= erased;
  statement(db, "DELETE FROM attribute WHERE customer = ?").bind(1, customer_id).run();
  write_fact_state(db, state_name, state);
  return erased;
}

}  // namespace clv::store
