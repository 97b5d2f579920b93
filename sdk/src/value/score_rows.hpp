// The rows of a summary joined to their distinct (x, t_x, T).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clv/summary.hpp"

namespace clv {

// Finds the distinct (x, t_x, T) of a summary's rows by hashing, in the order they first occur, and
// remembers which row has which. Reads a slice at a time. [one]
class row_index {
 public:
  explicit row_index(const table& summary);
  // Reads up to `count` more rows; true when all are read and found valid. Throws error{numeric}
  // naming row, column and value for what distinct() refuses.
  bool read(std::size_t count);
  const tuples& found() const { return found_; }
  std::size_t tuple_of(std::size_t row) const { return tuple_of_[row]; }
  std::size_t rows_read() const { return tuple_of_.size(); }

 private:
  std::uint32_t place(double x, double t_x, double T);
  void grow();
  void check() const;

  const table& summary_;
  std::span<const double> x_, t_x_, T_;
  tuples found_;
  std::vector<std::uint32_t> slots_;  // open addressing; 0 is empty, else 1 + index into found_
  std::vector<std::uint32_t> tuple_of_;
};

}  // namespace clv
