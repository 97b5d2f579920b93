// Checked access to one table of the host's facts, and the small lists of words in it. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"

namespace clv::retention {

// Borrows the table. Every complaint is error{data} naming table, row, column and value.
class fact_rows {
 public:
  fact_rows(const table& rows, std::string_view name);  // error{limit} from 2^32 - 1 rows on

  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_->rows()); }
  // The column, or nullptr. Throws error{invalid} for one of another type.
  const column* find(std::string_view name, type kind) const;
  const column& get(std::string_view name, type kind) const { return rows_->get(name, kind); }

  std::string_view text(const column& c, std::uint32_t row) const;  // present and not empty
  std::int64_t instant(const column& c, std::uint32_t row) const;   // present
  bool flag(const column* c, std::uint32_t row) const;              // 0 or 1; absent: false
  double number(const column* c, std::uint32_t row, double fallback) const;  // finite, >= 0

  [[noreturn]] void refuse(std::string_view column,
                           std::uint32_t row,
                           const std::string& what,
                           const std::string& hint) const;

 private:
  const table* rows_;
  std::string name_;
};

inline std::string_view text_or_nothing(const column* c, std::uint32_t row) {
  return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
}

// Different texts of a column as numbers, in order of appearance.
class word_list {
 public:
  std::uint32_t number_of(std::string_view word);
  std::string_view operator[](std::uint32_t number) const { return words_[number]; }
  std::size_t size() const { return words_.size(); }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string_view> words_;  // of the keys above, which a map does not move
};

// "a, b,c" has a word: the items of a comma list, blanks around them left out.
bool lists(std::string_view list, std::string_view word);
// Calls see(item) for each until it returns true; whether one did.
template <class See>
bool any_item(std::string_view list, const See& see) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty() && see(item)) return true;
  }
  return false;
}

}  // namespace clv::retention
