// Recorded facts read back, of everyone or of one customer, in an order that does not depend on
// when each row came; and one customer's taken out again. The same code for every table of
// fact_tables().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/fact_rows.hpp"

namespace clv::store {

struct one_customer {
  std::int64_t id = 0;
  std::string ext_id;
};

// Facts as a table of their schema, without the optional columns that no row has (decisions keep
// theirs), and sealed, so
// that two stores with the same facts give the same fingerprint. Customers come with their
// "attr.*".
class fact_reader {
 public:
  fact_reader(connection& db, const fact_table& what);
  // The rows that name the customer in any role.
  fact_reader(connection& db, const fact_table& what, const one_customer& whose);
  fact_reader(const fact_reader&) = delete;
  fact_reader& operator=(const fact_reader&) = delete;
  // Reads up to `rows` more; how much is done, in [0, 1]. At 1 the rows have been checked against
  // their state: error{corrupt} when they differ.
  double read(std::size_t rows);
  std::shared_ptr<const table> take();

 private:
  void check() const;
  [[noreturn]] void fail_row() const;

  connection* db_;
  const fact_table* what_;
  std::optional<one_customer> whose_;
  fact_state expected_, found_;
  table rows_;
  fact_rows read_;  // of rows_
  statement select_;
  std::string scratch_;
};

// The rows that name the customer in any role, as SQL over the alias t with the parameters ?1, the
// customer's number, and ?2, its id, where mentions_ids().
std::string names_customer(const fact_table& what);
bool mentions_ids(const fact_table& what);

// Takes the rows that name the customer out of the facts: its own and those where it is the other
// side. A merge into it is undone, and of decisions a tombstone stays. How many rows it was.
std::int64_t erase_facts(connection& db, const fact_table& what, const one_customer& whose);

}  // namespace clv::store
