// Which column of a CSV file feeds which word of the dictionary.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/schema.hpp"

namespace clv::data {

struct binding {
  const field* what;   // points into the schema's table
  std::size_t column;  // index in the header
};

struct column_plan {
  std::vector<std::string> header;  // trimmed, in file order; "column_3" where the file has no name
  std::vector<binding> bindings;    // in schema order, then the extra ones
  bool open = false;  // no schema: whether a column is numbers is for its values to say
  // What bindings point to that no schema has. Deques: they keep their addresses when moved.
  std::deque<field> own_fields;
  std::deque<std::string> own_names;
};

// Finds each word of `to` in the header: by `map` ("word=header,word=header"; "word=" says that the
// file has no such column), else by the word itself, else by its lower-case aliases in dictionary
// order. The aliases that were taken, and the columns that are not read, leave a note each.
// `extra` (comma list) names further columns, kept as numbers; `map` may rename them too.
// Throws error{invalid}: a map entry that names no word or no header, a required or extra word that
// is not there, a header that is there twice and needed. Messages list what is there.
column_plan plan_columns(std::span<const std::string_view> header,
                         const schema& to,
                         std::string_view map,
                         std::string_view extra,
                         issues& notes);

// Every column of the header under its own name, or the one that `map` gives it; "word=" leaves out
// the column called word. Throws error{invalid} for a map entry without a header and for two
// columns of one name.
column_plan plan_open_columns(std::span<const std::string_view> header, std::string_view map);

std::string_view trimmed(std::string_view text);  // without spaces and tabs at either end

}  // namespace clv::data
