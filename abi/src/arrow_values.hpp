// One field of an Arrow table -> one column as libclv reads it: borrowed where it lies so already,
// else converted into memory of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "clv_arrow.h"

namespace clv::abi {

// One batch of the stream: all fields' arrays are children of `array`.
struct arrow_chunk {
  const ArrowArray* array;
  std::int64_t rows;
  std::int64_t rows_before;  // in the batches before it
};

// Memory behind the columns; addresses stay.
struct arrow_memory {
  std::deque<std::vector<double>> numbers;
  std::deque<std::vector<std::int64_t>> integers;
  std::deque<std::string> chars;
  std::deque<std::vector<std::uint8_t>> bits;
  std::deque<std::string> names;
};

// The column of child `field` over all chunks. Throws error: unsupported (another type), invalid (a
// missing buffer), data (a value that does not fit).
clv_column arrow_column(const ArrowSchema& field,
                        std::size_t number,
                        std::span<const arrow_chunk> chunks,
                        arrow_memory& memory);

}  // namespace clv::abi
