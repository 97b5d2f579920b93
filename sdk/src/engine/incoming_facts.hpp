// The rows of a batch of facts as the store takes them: checked, with their currency settled.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "clv/engine.hpp"
#include "store/fact_tables.hpp"

namespace clv::detail {

class incoming_facts {
 public:
  // Throws error: not_found (no recordable facts are called `name`), invalid (a required column is
  // missing or has another type, the source or the currency of the options is not usable), data
  // (amounts of two currencies).
  incoming_facts(std::string_view name, const table& rows, const ingest_options& o);

  const store::fact_table& what() const { return *what_; }
  // Conforming to the schema; of customers with the columns named "attr.*".
  const table& rows() const { return rows_; }
  const std::string& currency() const { return currency_; }  // "" when there are no amounts

  // Throws error{data} naming row, column and value: an empty cell that is needed, an id that is
  // too long, text that is not UTF-8, a time out of range or in the future, an amount out of range,
  // a number that is not finite, a word that is not one of its column's.
  void check(std::size_t row) const;

 private:
  void settle_currency(const ingest_options& o);
  void check_cell(const field& f, const column& c, std::size_t row) const;
  void check_text(const field& f, const column& c, std::size_t row) const;
  void check_integer(const field& f, const column& c, std::size_t row) const;

  const store::fact_table* what_;
  table rows_;
  std::string currency_;
  std::int64_t now_us_;
};

}  // namespace clv::detail
