// Customer ids to dense numbers, in order of appearance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "clv/table.hpp"

namespace clv::data {

// Open addressing over the text column itself: ids are not copied. Ids of up to eight bytes, the
// common case, are compared inside the slot, without touching the column. [one]
class customer_index {
 public:
  explicit customer_index(const column& ids) : ids_(ids), slots_(std::size_t{1} << 12U) {}

  std::uint32_t number_of(std::size_t row);  // of the customer in that row
  void expect(std::size_t row) const;        // fetches what number_of(row) will look at
  // The three steps to the bytes of an id, each to be asked for some customers ahead.
  void expect_row(std::uint32_t number) const { __builtin_prefetch(&first_rows_[number]); }
  void expect_place(std::uint32_t number) const {
    __builtin_prefetch(ids_.offsets().data() + first_rows_[number]);
  }
  void expect_id(std::uint32_t number) const { __builtin_prefetch(id(number).data()); }
  std::size_t size() const { return first_rows_.size(); }
  std::string_view id(std::uint32_t number) const { return ids_.text(first_rows_[number]); }

 private:
  // key: the id itself (up to eight bytes, zero-padded), else its hash. length 0: an empty slot.
  struct slot {
    std::uint64_t key = 0;
    std::uint32_t number = 0;
    std::uint32_t length = 0;
  };

  void grow();

  const column& ids_;
  std::vector<slot> slots_;
  std::vector<std::size_t> first_rows_;
};

}  // namespace clv::data
