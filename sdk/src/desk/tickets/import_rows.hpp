// A CRM's own table: which of its columns mean what, its cells, and what is wrong with them. [one]
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "clv/time.hpp"
#include "data/settings.hpp"
#include "desk/tickets/import_time.hpp"

namespace clv::desk {

// A word that an import understands, and headers that are taken for it where none is named.
struct import_word {
  std::string_view name;
  std::string_view aliases;  // comma list, in lower case with '_' for blanks
};
std::span<const import_word> import_words();

// What was found in one cell. `is_kept`: the other facts of the row count all the same.
struct finding {
  std::size_t row = 0;
  std::string ticket, column, value, reason;
  bool is_kept = false;
};

std::string lowered(std::string_view text);  // A to Z only

class import_rows {
 public:
  // Options "columns", "missing", "time_format", "time_zone" and "lower_case" of the report. Throws
  // error{invalid} for a word or a header that is not there.
  import_rows(const table& rows, const settings& given);

  std::size_t size() const { return rows_.rows(); }
  bool has(std::string_view word) const { return columns_.find(word) != columns_.end(); }
  // Throws error{invalid} naming the headers that would be taken for it.
  void need(std::string_view word) const;
  // The cell without blanks around it, "" when it is missing or its column is.
  std::string text(std::string_view word, std::size_t row) const;
  // In lower case where the option says so, so that rules find it.
  std::string lower_text(std::string_view word, std::size_t row) const;
  // The cell as an instant; one that is none is noted as a finding and sets `is_sound` to false.
  std::optional<std::int64_t> time(std::string_view word, std::size_t row, bool& is_sound);
  // 0 or more; anything else is noted, and the row is kept without it.
  std::optional<double> amount(std::string_view word, std::size_t row);

  void note(std::string_view word, std::size_t row, std::string reason, bool is_kept = false);
  const std::vector<finding>& findings() const { return findings_; }

 private:
  void bind(const settings& given);

  const table& rows_;
  std::map<std::string_view, const column*> columns_;
  std::vector<std::string> missing_;
  date_order order_ = date_order::ymd;
  zone zone_;
  bool lower_case_ = true;
  std::vector<finding> findings_;
};

}  // namespace clv::desk
