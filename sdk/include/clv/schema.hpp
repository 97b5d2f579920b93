// The tables that cross the library's borders, named once: CSV headers, C columns and proto fields
// use these words. sdk/README.md explains each; tests/every/names_test compares the two.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "clv/table.hpp"

namespace clv {

struct field {
  std::string_view name;
  type kind;
  bool required;
  std::string_view
      aliases;            // other CSV headers taken for it, comma separated, matched in lower case
  std::string_view unit;  // "" | "unit" (the spec's time unit) | "currency" | "us" | ...
};

struct schema {
  std::string_view name;  // "transactions", "summary", ...
  std::span<const field> fields;
};

std::span<const schema> schemas();
// Throws error{not_found} listing the known names.
const schema& find_schema(std::string_view name);

// A copy of `in` with exactly the schema's columns that are present, each converted to the
// schema's type (i64 to f64 where exact), then the columns named in `extra` as f64 (covariates).
// Other columns are dropped. Throws error{invalid} naming a missing required or extra column or a
// column that cannot be converted.
table conform(const table& in, const schema& to, std::span<const std::string> extra = {});
// The same without a copy of the columns that are as they should be: `in` is taken apart.
table conform(table&& in, const schema& to, std::span<const std::string> extra = {});

}  // namespace clv
