#include "raw_store.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace clv::bench {
namespace {

void check(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    throw std::runtime_error(sqlite3_errstr(code));
  }
}

void bind(sqlite3_stmt* s, int index, const std::string& text) {
  sqlite3_bind_text(s, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void finish(sqlite3_stmt* s) {
  check(sqlite3_step(s));
  sqlite3_reset(s);
}

}  // namespace

std::vector<sale> some_sales(std::int64_t count) {
  std::vector<sale> all;
  std::uint64_t state = 7;
  const auto draw = [&state](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::int64_t>((state >> 33U) % below);
  };
  for (std::int64_t i = 0; i < count; ++i) {
    const auto buyer = draw(static_cast<std::uint64_t>(count) / 3);
    all.push_back({"customer-" + std::to_string(buyer),
                   "order-" + std::to_string(1'000'000 + i),
                   1'700'000'000'000'000 + draw(86'400) * 1'000'000,
                   100 + draw(10'000)});
  }
  return all;
}

raw_store::raw_store(const std::string& path) {
  check(sqlite3_open(path.c_str(), &db_));
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
      "CREATE TABLE customer(id INTEGER PRIMARY KEY, ext_id TEXT NOT NULL UNIQUE) STRICT;"
      "CREATE TABLE txn(customer INTEGER NOT NULL, occurred_us INTEGER NOT NULL, seq INTEGER NOT "
      "NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, event_id TEXT, "
      "PRIMARY KEY(customer, occurred_us, seq)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE event(event_id TEXT PRIMARY KEY, customer INTEGER NOT NULL, "
      "occurred_us INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;");
  add_customer_ = prepare("INSERT INTO customer(ext_id) VALUES(?) ON CONFLICT DO NOTHING");
  find_customer_ = prepare("SELECT id FROM customer WHERE ext_id = ?");
  add_event_ = prepare("INSERT INTO event VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING");
  add_row_ = prepare("INSERT INTO txn VALUES(?, ?, ?, ?, 'EUR', ?)");
}

raw_store::~raw_store() {
  for (sqlite3_stmt* s : {add_customer_, find_customer_, add_event_, add_row_}) {
    sqlite3_finalize(s);
  }
  sqlite3_close(db_);
}

void raw_store::insert(std::span<const sale> all) {
  run("BEGIN IMMEDIATE");
  for (const sale& s : all) insert(s);
  run("COMMIT");
}

void raw_store::run(const char* sql) {
  check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* raw_store::prepare(const char* sql) {
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(db_, sql, -1, &made, nullptr));
  return made;
}

void raw_store::insert(const sale& s) {
  ++seq_;
  bind(add_customer_, 1, s.customer);
  finish(add_customer_);
  bind(find_customer_, 1, s.customer);
  check(sqlite3_step(find_customer_));
  const std::int64_t customer = sqlite3_column_int64(find_customer_, 0);
  sqlite3_reset(find_customer_);
  bind(add_event_, 1, s.event_id);
  int index = 1;
  for (const std::int64_t v : {customer, s.time, seq_}) sqlite3_bind_int64(add_event_, ++index, v);
  finish(add_event_);
  index = 0;
  for (const std::int64_t v : {customer, s.time, seq_, s.amount}) {
    sqlite3_bind_int64(add_row_, ++index, v);
  }
  bind(add_row_, 5, s.event_id);
  finish(add_row_);
}

}  // namespace clv::bench
