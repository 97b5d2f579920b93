// Retention: what happened before a moment is deleted, where what remains still says the truth.
// [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"
#include "store/fact_tables.hpp"

namespace clv::store {

// Of recorded facts single rows; of ticket_events and clock_events whole tickets and of follow_ups
// whole follow-ups, whose last row is that old; of transactions whole customers. Ids of customers
// that nothing refers to any more go as well.
class pruner {
 public:
  // Throws error{not_found} for what is not a recorded table, error{invalid} naming why for a table
  // of which all rows together say what holds now (consent, ledger, identities) and for one whose
  // rows are not events.
  pruner(connection& db, std::string_view table, std::int64_t before_us);
  // Each is called until it returns 1, erase() inside the caller's write transaction.
  double find();
  double erase();
  std::int64_t rows() const { return rows_; }  // that were deleted

 private:
  struct event {
    std::int64_t customer, time, seq;
    std::uint64_t content;
  };
  bool of_log() const { return what_ == nullptr; }
  void erase_event(const event& e);
  void erase_orphan(std::int64_t customer);
  double done(std::size_t of_all) const;

  connection* db_;
  const fact_table* what_ = nullptr;  // nullptr: transactions
  statement find_, remove_, orphan_;
  std::vector<event> found_;
  std::vector<std::int64_t> customers_;  // of found_, each once
  std::optional<fact_state> state_;
  std::size_t next_ = 0;
  std::int64_t rows_ = 0;
};

// Whether freed pages are overwritten with zeros inside this transaction: slower, and no deleted
// byte is left. Nothing happens in a storage that is not SQLite.
void wipe_deleted(connection& db, bool wipe);
// Takes the write-ahead log into the file and empties it, as far as readers allow.
void empty_log(connection& db);

}  // namespace clv::store
