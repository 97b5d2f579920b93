// Batches of transactions written to a store as ingest does, with event ids that a history knows.
#pragma once

#include <string>
#include <vector>

#include "history.hpp"
#include "store/database.hpp"
#include "store/transactions.hpp"

namespace clv::test {

// One batch in one transaction; it is acknowledged once committed.
inline void write_batch(store::database& to, int batch, std::size_t rows, history& told) {
  told.sent(batch, rows);
  store::transaction all_or_nothing(to.sql());
  store::log_writer log(to.sql(), "shop");
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string event = history::id(batch, i);
    const std::string customer = "c" + std::to_string((batch * 31 + static_cast<int>(i)) % 200);
    const store::log_row row{.customer = customer,
                             .occurred_us = batch * 1000000,
                             .amount_minor = 100 + batch,
                             .currency = "EUR",
                             .kind = {},
                             .event_id = event};
    const std::int64_t id = log.customer_id(customer);
    log.add_event(row, id, static_cast<std::int64_t>(i));
    log.add(row, id, static_cast<std::int64_t>(i));
  }
  log.finish(static_cast<std::int64_t>(rows));
  all_or_nothing.commit();
  told.acknowledged(batch);
}

// Event ids of all rows. Throws error{corrupt} when the log does not add up.
inline std::vector<std::string> stored_events(store::connection& db) {
  store::log_reader log(db, store::log_reader::purpose::for_check);
  while (log.read(4096) < 1.0) {
  }
  std::vector<std::string> events;
  store::statement rows(db, "SELECT event_id FROM txn");
  while (rows.step()) events.emplace_back(rows.text(0));
  return events;
}

}  // namespace clv::test
