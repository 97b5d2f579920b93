// Everything that can be told of a store by reading it: SQLite's structure, references between
// tables, and the checksums of what was written. SQLite's own checks see pages and keys, not
// whether a number on a page is still the one that was written. [one]
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/connection.hpp"
#include "store/derived.hpp"
#include "store/fact_reader.hpp"
#include "store/transactions.hpp"

namespace clv::store {

struct check_line {
  std::string check;   // structure, schema, references, events, or the table whose values were read
  std::string damage;  // "" = ok
};

class store_check {
 public:
  // Reads `db` inside one snapshot. `cancelled` may be nullptr; a check of structure that takes
  // long ends with error{cancelled} when it becomes true.
  store_check(connection& db, const std::atomic<bool>* cancelled);
  ~store_check();
  store_check(const store_check&) = delete;
  store_check& operator=(const store_check&) = delete;
  // A bit more; how much is done, in [0, 1]. Damage becomes a line and the other checks go on;
  // throws what is not damage: io, no_memory, cancelled.
  double step();
  const std::vector<check_line>& lines() const { return lines_; }
  // One more check after those, called until it returns 1; it throws error{corrupt} for damage.
  void add(std::string name, std::function<double()> more);

 private:
  struct open_check {
    std::string name;
    std::function<double()> advance;
  };
  bool has(std::string_view table);
  void add_structure();
  void add_log();
  void add_facts();
  void add_derived();

  connection* db_;
  std::optional<transaction> snapshot_;
  std::optional<log_reader> log_;
  std::optional<std::uint64_t> events_checksum_;  // once the log was read and is whole
  std::optional<fact_reader> facts_;
  std::optional<table_reader> derived_;
  std::vector<open_check> checks_;
  std::size_t next_ = 0;
  std::vector<check_line> lines_;
};

// The line of the first damage, as a sentence; "" when there is none.
std::string first_damage(const std::vector<check_line>& lines);

// Tables of the schema and how many rows each has, in the order of their names.
std::vector<std::pair<std::string, std::int64_t>> count_rows(connection& db);

}  // namespace clv::store
