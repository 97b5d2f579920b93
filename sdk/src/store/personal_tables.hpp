// Where a customer's data is: the one list that export and forget walk, and the tables of the file
// that hold nothing of a customer. A table in neither fails personal_tables_test.
#pragma once

#include <span>
#include <string_view>

namespace clv::store {

enum class personal_kind { identity, log, facts, derived };

struct personal_table {
  std::string_view name;  // as export calls it; a schema's where there is one
  std::string_view held;  // the tables of the file, comma separated
  personal_kind kind;
};

// Scores come before proposals, which count their rows.
std::span<const personal_table> personal_tables();
std::span<const std::string_view> impersonal_tables();

}  // namespace clv::store
