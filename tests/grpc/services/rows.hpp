// Tables of a request written short, and cells of an answer.
#pragma once

#include <clv/v1/table.pb.h>

#include <string>
#include <vector>

namespace clv::test {

inline void add_texts(v1::Table& to, const std::string& name, const std::vector<std::string>& of) {
  v1::Column& column = *to.add_columns();
  column.set_name(name);
  for (const std::string& text : of) column.mutable_texts()->add_values(text);
  to.set_row_count(static_cast<std::int64_t>(of.size()));
}

inline void add_times(v1::Table& to, const std::string& name, const std::vector<std::int64_t>& of) {
  v1::Column& column = *to.add_columns();
  column.set_name(name);
  for (const std::int64_t us : of) column.mutable_times()->add_values(us);
  to.set_row_count(static_cast<std::int64_t>(of.size()));
}

inline const v1::Column* column_of(const v1::Table& table, const std::string& name) {
  for (const v1::Column& c : table.columns()) {
    if (c.name() == name) return &c;
  }
  return nullptr;
}

// "" where there is no such cell.
inline std::string text_in(const v1::Table& table, const std::string& column, int row) {
  const v1::Column* c = column_of(table, column);
  return c == nullptr || row >= c->texts().values_size() ? "" : c->texts().values(row);
}

}  // namespace clv::test
