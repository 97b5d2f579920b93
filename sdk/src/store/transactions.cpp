#include "store/transactions.hpp"

#include <algorithm>
#include <bit>

#include "clv/money.hpp"
#include "clv/time.hpp"
#include "math/hash.hpp"

namespace clv::store {
namespace {

// The hash of one row's content; internal ids and the order of ingest are not part of it.
std::uint64_t row_hash(const log_row& row, std::string_view source, std::string& scratch) {
  const auto add_number = [&](std::int64_t value) {
    scratch.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  scratch.assign(row.customer);
  scratch += '\0';
  add_number(row.occurred_us);
  add_number(row.amount_minor);
  for (const std::string_view text : {row.currency, row.kind, source, row.event_id}) {
    scratch.append(text);
    scratch += '\0';
  }
  return math::hash64(scratch);
}

// The content columns of a row, from column `first` on: occurred_us, amount, currency, kind.
log_row row_at(const statement& s, int first) {
  return {.customer = s.text(first),
          .occurred_us = s.integer(first + 1),
          .amount_minor = s.integer(first + 2),
          .currency = s.text(first + 3),
          .kind = s.is_null(first + 4) ? std::string_view() : s.text(first + 4),
          .event_id = s.is_null(first + 5) ? std::string_view() : s.text(first + 5)};
}

constexpr std::string_view add_event_sql =
    "INSERT INTO event(source, event_id, customer, occurred_us, seq, content) "
    "VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(source, event_id) DO NOTHING";
constexpr std::string_view stored_event_sql =
    "SELECT c.ext_id, t.occurred_us, t.amount_minor, t.currency, t.kind, t.event_id "
    "FROM event AS e JOIN txn AS t USING(customer, occurred_us, seq) "
    "JOIN customer AS c ON c.id = t.customer WHERE e.source = ? AND e.event_id = ?";
constexpr std::string_view add_row_sql =
    "INSERT INTO txn(customer, occurred_us, seq, amount_minor, currency, kind, source, event_id) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view rows_for_fit =
    "SELECT c.ext_id, t.occurred_us, t.amount_minor, t.currency, t.kind, t.event_id, s.name "
    "FROM txn AS t CROSS JOIN customer AS c ON c.id = t.customer "
    "CROSS JOIN source AS s ON s.id = t.source ORDER BY t.customer, t.occurred_us, t.seq";
constexpr std::string_view rows_for_people =
    "SELECT c.ext_id, t.occurred_us, t.amount_minor, t.currency, t.kind, t.event_id, s.name "
    "FROM customer AS c CROSS JOIN txn AS t ON t.customer = c.id "
    "CROSS JOIN source AS s ON s.id = t.source ORDER BY c.ext_id, t.occurred_us, "
    "t.event_id NULLS FIRST, t.amount_minor, t.currency, t.kind NULLS FIRST, s.name";

constexpr std::string_view rows_of_one =
    "SELECT c.ext_id, t.occurred_us, t.amount_minor, t.currency, t.kind, t.event_id, s.name, "
    "t.source FROM txn AS t JOIN customer AS c ON c.id = t.customer "
    "JOIN source AS s ON s.id = t.source WHERE t.customer = ? ORDER BY t.occurred_us, "
    "t.event_id NULLS FIRST, t.amount_minor, t.currency, t.kind NULLS FIRST, s.name";

void write_log_state(connection& db, const log_state& state) {
  statement s(db, "UPDATE log_state SET row_count = ?, last_seq = ?, checksum = ? WHERE id = 1");
  s.bind(1, state.rows)
      .bind(2, state.last_seq)
      .bind(3, std::bit_cast<std::int64_t>(state.checksum))
      .run();
}

}  // namespace

std::int64_t source_id(connection& db, std::string_view name) {
  statement add(db, "INSERT INTO source(name) VALUES(?) ON CONFLICT(name) DO NOTHING");
  add.bind(1, name).run();
  statement find(db, "SELECT id FROM source WHERE name = ?");
  find.bind(1, name).step();
  return find.integer(0);
}

log_state read_log_state(connection& db) {
  statement s(db, "SELECT row_count, last_seq, checksum FROM log_state WHERE id = 1");
  if (!s.step()) throw error(status::corrupt, db.label() + " is damaged: log_state has no row");
  return {s.integer(0), s.integer(1), std::bit_cast<std::uint64_t>(s.integer(2))};
}

std::string describe(const log_row& row) {
  const int exponent = currency_exponent(row.currency).value_or(2);
  std::string text = "customer '" + std::string(row.customer) + "', " +
                     format_time(row.occurred_us) + ", " +
                     format_money(row.amount_minor, exponent) + " " + std::string(row.currency);
  return row.kind.empty() ? text : text + ", " + std::string(row.kind);
}

// ---- writing

log_writer::log_writer(connection& db, std::string_view source)
    : db_(&db),
      source_(source),
      source_id_(source_id(db, source)),
      state_(read_log_state(db)),
      customers_(db),
      add_event_(db, add_event_sql),
      find_event_(db, "SELECT seq, content FROM event WHERE source = ? AND event_id = ?"),
      add_row_(db, add_row_sql) {}

void log_writer::queue_event(const log_row& row, std::int64_t customer_id, std::int64_t place) {
  const auto content = std::bit_cast<std::int64_t>(row_hash(row, source_, scratch_));
  add_event_.bind(1, source_id_)
      .bind(2, row.event_id)
      .bind(3, customer_id)
      .bind(4, row.occurred_us)
      .bind(5, state_.last_seq + 1 + place)
      .bind(6, content)
      .queue();
}

log_writer::event log_writer::queued_event(const log_row& row) {
  if (add_event_.next_outcome().rows > 0) return {event::outcome::added, -1};
  const auto content = std::bit_cast<std::int64_t>(row_hash(row, source_, scratch_));
  find_event_.bind(1, source_id_).bind(2, row.event_id).step();
  const std::int64_t stored_place = find_event_.integer(0) - state_.last_seq - 1;
  const bool same = find_event_.integer(1) == content;
  find_event_.reset();
  return {same ? event::outcome::same : event::outcome::other, stored_place};
}

std::string log_writer::stored_event(std::string_view event_id) {
  statement s(*db_, stored_event_sql);
  if (!s.bind(1, source_id_).bind(2, event_id).step()) {
    throw error(status::corrupt,
                db_->label() + " is damaged: event '" + std::string(event_id) + "' has no row",
                "restore the store from a backup");
  }
  return describe(row_at(s, 0));
}

void log_writer::add(const log_row& row, std::int64_t customer_id, std::int64_t place) {
  add_row_.bind(1, customer_id)
      .bind(2, row.occurred_us)
      .bind(3, state_.last_seq + 1 + place)
      .bind(4, row.amount_minor)
      .bind(5, row.currency)
      .bind(7, source_id_);
  row.kind.empty() ? add_row_.bind_null(6) : add_row_.bind(6, row.kind);
  row.event_id.empty() ? add_row_.bind_null(8) : add_row_.bind(8, row.event_id);
  add_row_.run();
  ++state_.rows;
  state_.checksum += row_hash(row, source_, scratch_);
}

void log_writer::finish(std::int64_t rows_offered) {
  state_.last_seq += rows_offered;
  write_log_state(*db_, state_);
}

std::int64_t erase_from_log(connection& db, std::int64_t customer_id) {
  log_state state = read_log_state(db);
  statement rows(db, rows_of_one);
  statement forget_event(db, "DELETE FROM event WHERE source = ? AND event_id = ?");
  std::string scratch;
  std::int64_t erased = 0;
  for (rows.bind(1, customer_id); rows.step(); ++erased) {
    const log_row row = row_at(rows, 0);
    state.checksum -= row_hash(row, rows.text(6), scratch);
    if (row.event_id.empty()) continue;
    forget_event.bind(1, rows.integer(7)).bind(2, row.event_id).run();
  }
  rows.reset();
  state.rows -= erased;
  statement(db, "DELETE FROM txn WHERE customer = ?").bind(1, customer_id).run();
  write_log_state(db, state);
  return erased;
}

// ---- reading

namespace {

std::string sql_of(log_reader::purpose what, bool some) {
  const bool people = what == log_reader::purpose::for_people;
  return std::string(people ? rows_for_people : rows_for_fit) + (some ? " LIMIT ? OFFSET ?" : "");
}

}  // namespace

log_reader::log_reader(connection& db, purpose what, row_range which)
    : db_(&db),
      what_(what),
      some_(!which.whole()),
      expected_(read_log_state(db)),
      rows_(db, sql_of(what, some_)),
      customer_("customer", type::utf8),
      time_("time", type::time, "us"),
      amount_("amount", type::money) {
  if (some_) rows_.bind(1, which.most()).bind(2, which.first);
  expected_.rows = which.of(expected_.rows);
  constexpr std::int64_t believable = std::int64_t{1} << 27;  // a damaged count must not reserve
  if (what != purpose::for_check && expected_.rows > 0 && expected_.rows < believable) {
    for (column* c : {&customer_, &time_, &amount_}) {
      c->reserve(static_cast<std::size_t>(expected_.rows));
    }
  }
}

log_reader::log_reader(connection& db, std::int64_t customer_id)
    : db_(&db),
      what_(purpose::for_people),
      some_(true),
      rows_(db, rows_of_one),
      customer_("customer", type::utf8),
      time_("time", type::time, "us"),
      amount_("amount", type::money) {
  rows_.bind(1, customer_id);
}

double log_reader::read(std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    if (!rows_.step()) {
      check();
      return 1.0;
    }
    push_row();
  }
  const double done = static_cast<double>(found_.rows) / static_cast<double>(expected_.rows + 1);
  return done < 0.999 ? done : 0.999;
}

void log_reader::push_row() {
  const log_row row = row_at(rows_, 0);
  const auto before = static_cast<std::size_t>(found_.rows);
  const std::uint64_t hash = row_hash(row, rows_.text(6), scratch_);
  found_.checksum += hash;
  if (!row.event_id.empty()) events_checksum_ += hash;
  ++found_.rows;
  if (what_ == purpose::for_check) return;
  customer_.push(row.customer);
  time_.push(row.occurred_us);
  amount_.push(row.amount_minor);
  // A column that only some rows need begins with the first of them.
  const auto push_text = [before](std::optional<column>& to,
                                  const char* name,
                                  std::string_view value,
                                  std::string_view earlier) {
    if (!to) {
      to.emplace(name, type::utf8);
      for (std::size_t i = 0; i < before; ++i) {
        earlier.empty() ? to->push_absent() : to->push(earlier);
      }
    }
    value.empty() ? to->push_absent() : to->push(value);
  };
  if (before == 0) first_currency_ = row.currency;
  if (currency_ || row.currency != first_currency_) {
    push_text(currency_, "currency", row.currency, first_currency_);
  }
  if (kind_ || !row.kind.empty()) push_text(kind_, "kind", row.kind, "");
  if (what_ == purpose::for_people && (event_id_ || !row.event_id.empty())) {
    push_text(event_id_, "event_id", row.event_id, "");
  }
}

void log_reader::check() {
  if (some_) return;  // they have no checksum of their own
  if (found_.rows == expected_.rows && found_.checksum == expected_.checksum) return;
  throw error(status::corrupt,
              db_->label() + " is damaged: the log holds " + std::to_string(found_.rows) +
                  " rows that do not add up to its checksum of " + std::to_string(expected_.rows) +
                  " rows",
              "restore the store from a backup, or import the transactions into a new file");
}

std::shared_ptr<const table> log_reader::take() {
  auto out = std::make_shared<table>();
  if (!currency_) amount_.set_unit(first_currency_);
  out->columns().push_back(std::move(customer_));
  out->columns().push_back(std::move(time_));
  out->columns().push_back(std::move(amount_));
  for (std::optional<column>* c : {&event_id_, &currency_, &kind_}) {
    if (*c) out->columns().push_back(std::move(**c));
  }
  if (what_ == purpose::for_fit) {
    math::fingerprint_builder builder;
    builder.add("log|" + std::to_string(found_.rows) + "|" + std::to_string(found_.checksum));
    out->restore_fingerprint(builder.hex());
  } else {
    out->seal("transactions");
  }
  return out;
}

}  // namespace clv::store
