// A stored result parted into the rows of one customer and those of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "store/derived.hpp"

namespace clv::store {

class customer_split {
 public:
  enum class part { theirs, others };
  // Keeps one part. Throws error{state} when no such table is stored.
  customer_split(connection& db, std::string name, std::string customer, part kept);
  // Reads and parts up to `rows` more; how much is done, in [0, 1].
  double read(std::size_t rows);

  // Afterwards. The kept rows; `others` have a fingerprint of their own.
  std::shared_ptr<const table> take();
  std::int64_t found() const { return found_; }
  std::int64_t run() const { return run_; }  // that wrote the table
  // The place of the customer's first row.
  std::optional<std::size_t> first_found() const { return first_; }
  // Of proposals: their rows count those of the scores, where this one is missing from now on.
  void skip_row(std::size_t missing) { missing_ = missing; }

 private:
  void part_some(std::size_t rows);
  void renumber(table& kept) const;

  std::string customer_;
  part kept_part_;
  std::int64_t run_ = 0;
  std::optional<table_reader> reader_;
  std::shared_ptr<const table> all_;
  std::shared_ptr<table> kept_;
  std::size_t next_ = 0;
  std::int64_t found_ = 0;
  std::optional<std::size_t> first_, missing_;
};

}  // namespace clv::store
