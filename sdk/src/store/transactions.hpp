// The log: customers, sources and their transactions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clv/table.hpp"
#include "data/row_range.hpp"
#include "store/customer_ids.hpp"
#include "store/sqlite.hpp"

namespace clv::store {

struct log_row {
  std::string_view customer;
  std::int64_t occurred_us = 0;
  std::int64_t amount_minor = 0;
  std::string_view currency;
  std::string_view kind;      // "" = not given
  std::string_view event_id;  // "" = none
};

// How much the log holds. The checksum is a sum over the rows, so their order does not matter; it
// finds a changed value that SQLite's own structure checks cannot see.
struct log_state {
  std::int64_t rows = 0;
  std::int64_t last_seq = 0;
  std::uint64_t checksum = 0;
};
log_state read_log_state(connection& db);

// Adds rows inside the caller's write transaction: first the customer, then the event where it has
// an id, then the row. `place` is the row's place in the batch, from 0.
class log_writer {
 public:
  log_writer(connection& db, std::string_view source);
  // The id of the customer, who is added when new.
  std::int64_t customer_id(std::string_view ext_id) { return customers_.find_or_add(ext_id); }
  std::vector<std::int64_t> customer_ids_of(std::span<const std::string_view> ext_ids) {
    return customers_.find_or_add(ext_ids);
  }

  struct event {
    enum class outcome { added, same, other } what;
    std::int64_t place;  // of the row that has the id, in this batch; negative: before it
  };
  // same, other: the id is there, with the same or with other content; nothing was written.
  event add_event(const log_row& row, std::int64_t customer_id, std::int64_t place) {
    queue_event(row, customer_id, place);
    return queued_event(row);
  }
  // add_event in two halves: many are queued, then each is asked for, in the same order.
  void queue_event(const log_row& row, std::int64_t customer_id, std::int64_t place);
  event queued_event(const log_row& row);
  // The row of an earlier batch with that event id, as describe() tells it.
  std::string stored_event(std::string_view event_id);

  void add(const log_row& row, std::int64_t customer_id, std::int64_t place);
  void finish(std::int64_t rows_offered);  // writes the new log_state

 private:
  connection* db_;
  std::string source_;
  std::int64_t source_id_ = 0;
  log_state state_;
  customer_ids customers_;
  statement add_event_, find_event_, add_row_;
  std::string scratch_;
};

// Takes every row of that customer out of the log inside the caller's write transaction, its events
// included, and says how many.
std::int64_t erase_from_log(connection& db, std::int64_t customer_id);

// The number of that source, which is added when new.
std::int64_t source_id(connection& db, std::string_view name);

// "customer 'a', 2026-01-31T00:00:00Z, 12.50 EUR, refund": a row's content for a message.
std::string describe(const log_row& row);

// The log as a table of schema "transactions", read in blocks. One currency is the amounts' unit,
// several are a column. for_fit walks the file in its own order without event ids
// and its fingerprint does not depend on the order of ingest; for_people orders by customer, time.
class log_reader {
 public:
  // for_check keeps no row: it only adds up.
  enum class purpose { for_fit, for_people, for_check };
  // Some rows are not checked against the state of all.
  log_reader(connection& db, purpose what, row_range which = {});
  // The rows of one customer, for_people.
  log_reader(connection& db, std::int64_t customer_id);
  // Reads up to `rows` more; how much is done, in [0, 1]. At 1 the log has been checked against
  // its state: error{corrupt} when they differ.
  double read(std::size_t rows);
  std::shared_ptr<const table> take();
  // The sum of the hashes of the rows read so far that have an event id: that of event.content.
  std::uint64_t events_checksum() const { return events_checksum_; }

 private:
  void push_row();
  void check();

  connection* db_;
  purpose what_;
  bool some_ = false;  // of one customer, or a range
  log_state expected_;
  log_state found_;
  std::uint64_t events_checksum_ = 0;
  statement rows_;
  column customer_, time_, amount_;
  std::optional<column> event_id_, currency_, kind_;  // only where a row needs them
  std::string first_currency_;
  std::string scratch_;
};

}  // namespace clv::store
