// A batch of rows on its way into the file, of the log or of facts: checked row by row, then
// written row by row inside the caller's transaction. One path for all who bring rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/engine.hpp"
#include "engine/core.hpp"

namespace clv::detail {

// What becomes of a wrong row: the batch fails with it, or it alone is left out.
class refused_rows {
 public:
  struct one {
    std::int64_t row;
    std::string column;
    std::string_view reason;  // UPPER_SNAKE
    std::string message;
  };
  explicit refused_rows(bool one_by_one) : one_by_one_(one_by_one) {}

  bool one_by_one() const { return one_by_one_; }
  // Throws `why` unless rows are refused one by one.
  void refuse(issue why, std::string_view reason);
  bool contains(std::size_t row) const { return row < out_.size() && out_[row]; }
  bool any() const { return !rows_.empty(); }
  std::vector<one> take();  // in the order of the rows

 private:
  bool one_by_one_;
  std::vector<bool> out_;
  std::vector<one> rows_;
};

inline constexpr std::string_view invalid_row = "INVALID";
inline constexpr std::string_view conflicting_duplicate = "CONFLICTING_DUPLICATE";

class incoming_batch {
 public:
  incoming_batch(incoming_batch&&) = default;
  virtual ~incoming_batch() = default;

  // Each does a bounded part and says how much is done, in [0, 1]. Throws error{data} for a wrong
  // row unless rows are refused one by one.
  virtual double check() = 0;
  virtual double store(core& c) = 0;  // inside a transaction
  // After store(): writes what is known of all rows. Before the transaction ends. Without it the
  // transaction must not be committed; with no row accepted there is nothing to commit.
  virtual void finish() = 0;
  virtual void abandon() = 0;  // lets go of the store
  virtual const std::string& fingerprint() const = 0;

  std::int64_t accepted() const { return accepted_; }
  std::int64_t duplicates() const { return duplicates_; }
  std::int64_t erased() const { return erased_; }  // among the duplicates
  const std::string& source() const { return options_.source; }
  refused_rows& refused() { return refused_; }

 protected:
  incoming_batch(ingest_options o, bool one_by_one)
      : options_(std::move(o)), refused_(one_by_one) {}

  ingest_options options_;
  refused_rows refused_;
  std::int64_t accepted_ = 0, duplicates_ = 0, erased_ = 0;
};

// The log's name among the tables that take rows; the others are recordable().
inline constexpr std::string_view log_name = "transactions";

// Throws as incoming_rows and incoming_facts do.
std::unique_ptr<incoming_batch> make_batch(std::string_view name,
                                           std::shared_ptr<const table> rows,
                                           ingest_options o,
                                           bool one_by_one);

// The run that a commit of such rows is: what was computed from older ones is outdated by it.
inline std::string_view verb_of(std::string_view name) {
  return name == log_name ? "ingest" : "record";
}

}  // namespace clv::detail
