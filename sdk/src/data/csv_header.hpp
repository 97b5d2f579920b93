// Which column of a CSV file feeds which word of the dictionary.
#pragma once

#include <cstddef>
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
  std::vector<std::string> header;  // trimmed, in file order
  std::vector<binding> bindings;    // in schema order
};

// Finds each word of `to` in the header: by `map` ("word=header,word=header"; "word=" says that the
// file has no such column), else by the word itself, else by its lower-case aliases in dictionary
// order. The aliases that were taken leave a note.
// Throws error{invalid}: a map entry that names no word or no header, a required word that is not
// there, a header that is there twice and needed. Messages list what is there.
column_plan plan_columns(std::span<const std::string_view> header,
                         const schema& to,
                         std::string_view map,
                         issues& notes);

std::string_view trimmed(std::string_view text);  // without spaces and tabs at either end

}  // namespace clv::data
