// What the schema of an Arrow field says: how its values are stored and what they mean to libclv.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "clv_arrow.h"
#include "clv_base.h"

namespace clv::abi::arrow {

enum class stored {
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  i64,
  u64,
  f32,
  f64,
  bit,
  utf8,
  utf8_64,
  view,
  none
};

struct meaning {
  stored as;
  clv_type type;
  std::int64_t factor = 1;   // to microseconds
  std::int64_t divisor = 1;  // of nanoseconds
};

// Throws error; the message names the column and, from 0 on, the row of the table (-1: none).
[[noreturn]] void refuse(status code,
                         const std::string& column,
                         const std::string& what,
                         const std::string& hint = {},
                         std::int64_t row = -1);

// Throws error{unsupported} for a type that is not read.
meaning meaning_of(const ArrowSchema& field, const std::string& name);

// The value of a key in Arrow's encoding of metadata; "" when it is not there.
std::string metadata(const ArrowSchema& field, std::string_view wanted);

}  // namespace clv::abi::arrow
