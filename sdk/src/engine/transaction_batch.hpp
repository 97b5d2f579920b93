// One batch of transactions on its way into the log.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/customer_index.hpp"
#include "engine/incoming.hpp"
#include "engine/incoming_batch.hpp"
#include "engine/ranking.hpp"
#include "store/customer_ids.hpp"
#include "store/transactions.hpp"

namespace clv::detail {

// Customers and events are stored in the order of their ids, and rows customer by customer: in the
// order of its file a large batch would touch every page of the store again and again.
class transaction_batch final : public incoming_batch {
 public:
  // Throws as incoming_rows does. `rows_before` were stored by the same transaction, in batches
  // before this one; not together with one_by_one.
  transaction_batch(std::shared_ptr<const table> transactions,
                    ingest_options o,
                    bool one_by_one = false,
                    std::int64_t rows_before = 0);

  double check() override;
  double store(core& c) override;
  void finish() override;
  void abandon() override;
  const std::string& fingerprint() const override { return rows_.fingerprint(); }

 private:
  using stage = double (transaction_batch::*)(core& c);
  double number_rows();
  void note_row(std::size_t row);
  double begin(core& c);
  double store_customers(core& c);
  double rank_events(core& c);
  double store_events(core& c);
  void store_event(std::size_t row);
  std::string other_event(std::int64_t place, const store::log_row& here);
  double order(core& c);
  double store_rows(core& c);
  double done(std::size_t end);

  static constexpr std::uint32_t left_out = UINT32_MAX;  // in place of a row's customer

  std::int64_t rows_before_;
  incoming_rows rows_;
  data::customer_index customers_;
  std::optional<ranking> ranking_;     // of the customers, then of the rows with an event id
  std::vector<std::uint32_t> number_;  // of the customer, per row
  std::vector<std::size_t> bucket_;    // rows per customer, then where the next one goes
  std::vector<std::uint32_t> sorted_;  // rows, customer by customer
  std::vector<bool> known_;            // rows whose event is stored already, or another
  std::vector<std::int64_t> ids_;      // of the customers in the store
  std::vector<std::uint32_t> ranked_;  // the customers by id
  std::vector<std::uint32_t> events_;  // rows with an event id
  bool numbered_ = false, conflicts_ = false;
  std::size_t stage_ = 0, next_ = 0;
  std::int64_t newest_before_ = 0;           // customer in the store
  std::optional<store::log_writer> writer_;  // destroyed before the transaction
  std::optional<store::erased_customers> erased_customers_;
};

}  // namespace clv::detail
