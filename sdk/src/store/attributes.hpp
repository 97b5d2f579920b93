// The host's own columns of customers, named "attr.*": one row per customer and name, typed per
// name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "store/sqlite.hpp"

namespace clv::store {

inline constexpr std::string_view attribute_prefix = "attr.";

class attribute_writer {
 public:
  // Takes the columns of `customers` that begin with "attr."; the table must outlive the writer.
  // Throws error{data} for a column whose stored values have another type or unit.
  attribute_writer(connection& db, const table& customers);
  // Sets the attributes of the row, absent ones are taken away; true when anything changed.
  bool set(std::size_t row, std::int64_t customer_id);
  void finish();  // writes the new fact_state of "attribute"

 private:
  struct kept {
    const column* from;
    type kind;  // as stored: whole numbers may be kept as f64
  };
  void agree(const column& c);
  bool set_one(const kept& k, std::size_t row, std::int64_t customer_id);

  connection* db_;
  std::vector<kept> columns_;
  std::int64_t rows_ = 0;
  std::uint64_t checksum_ = 0;
  statement find_, put_, remove_;
};

// Appends a column per attribute to a table with the column "customer" in rising order. Of one
// customer: its attributes only. Throws error{corrupt} when all are read and do not add up.
void read_attributes(connection& db, table& customers, std::int64_t customer_id = 0);

std::int64_t erase_attributes(connection& db, std::int64_t customer_id);  // how many

}  // namespace clv::store
