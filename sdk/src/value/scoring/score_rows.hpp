// The rows of a summary joined to their distinct histories.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "clv/model.hpp"
#include "data/summary_rows.hpp"

namespace clv {

// What makes two customers of a purchase model the same to score().
struct history_key {
  tuple_key key = tuple_key::purchases;
  bool litt = false;  // only where the log-likelihood is wanted and depends on it
  std::vector<std::string> covariates;
};

// Finds the distinct histories of a summary's rows by hashing, in the order they first occur, and
// remembers which row has which. Reads a slice at a time: rows are checked and hashed by several
// threads, then placed one by one. [one]
class row_index {
 public:
  row_index(const table& summary, history_key key);
  // Reads up to `count` more rows; true when all are read. Throws error{numeric} naming row,
  // column and value for what distinct() refuses.
  bool read(std::size_t count, unsigned threads);
  std::size_t found() const { return found_.size(); }
  const observation& history(std::size_t i) const { return found_[i]; }
  values covariates_of(std::size_t i) const {
    return values(covariates_).subspan(i * width_, width_);
  }
  std::size_t history_of(std::size_t row) const { return history_of_[row]; }
  std::size_t rows_read() const { return history_of_.size(); }

 private:
  // A slice of rows, read but not placed yet.
  struct slice {
    std::vector<observation> histories;
    std::vector<double> covariates;  // row-major
    std::vector<std::uint64_t> hashes;
  };
  observation read_row(std::size_t row, std::span<double> covariates) const;
  std::uint64_t hash_of(const observation& o, values covariates) const;
  bool same(std::size_t i, const observation& o, values covariates) const;
  std::uint32_t place(const observation& o, values covariates, std::uint64_t hash);
  void grow();

  history_key key_;
  data::summary_rows rows_;
  std::size_t width_;
  slice slice_;
  std::vector<observation> found_;
  std::vector<double> covariates_;    // of the found ones, row-major
  std::vector<std::uint32_t> slots_;  // open addressing; 0 is empty, else 1 + index into found_
  std::vector<std::uint32_t> history_of_;
};

}  // namespace clv
