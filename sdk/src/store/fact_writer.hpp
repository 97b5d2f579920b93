// Recorded facts, written row by row inside the caller's transaction. The same code for every table
// of fact_tables().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/attributes.hpp"
#include "store/customer_ids.hpp"
#include "store/fact_rows.hpp"

namespace clv::store {

struct fact_batch {
  const fact_table* what;
  const table* rows;  // columns of the schema's types; of customers also "attr.*"
  std::string source;
  std::string currency;           // of its amounts; "" when they name none
  const table* beside = nullptr;  // further columns, as fact_rows takes them
};

class fact_writer {
 public:
  // The tables of the batch must outlive the writer. Throws error{data} when the store has amounts
  // in another currency, or attributes of another type.
  fact_writer(connection& db, const fact_batch& batch);

  // same: it is there already; erased: of a customer who was forgotten; other: the event is there
  // with other content. None of them writes anything.
  enum class outcome { added, same, erased, other };
  outcome add(std::size_t row);
  // After `other`: the sentence that names row, id and what differs.
  issue conflict(std::size_t row);
  void finish();  // writes the new fact_state

 private:
  void settle_currency(const std::string& currency);
  bool is_erased(std::size_t row);
  void bind_row(const fact_rows& rows, std::size_t row, std::int64_t content);
  outcome add_event(std::size_t row);
  void take_back_customers();
  outcome add_current(std::size_t row);
  table merged_row(std::size_t row, const std::optional<table>& before) const;
  std::int64_t customer_number(std::size_t row);  // 0: the row names none
  std::optional<table> stored_row(std::size_t row);

  connection* db_;
  const fact_table* what_;
  const table* given_;
  fact_rows rows_;  // of given_
  std::string source_;
  std::int64_t source_id_ = 0;
  fact_state state_;
  customer_ids customers_;
  std::vector<std::int64_t> new_customers_;  // of the last row
  erased_customers erased_;
  std::optional<attribute_writer> attributes_;  // of customers
  statement insert_, find_;
  std::string scratch_;
};

}  // namespace clv::store
