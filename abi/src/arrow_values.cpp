#include "arrow_values.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "arrow_field.hpp"
#include "clv/error.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

using namespace arrow;

// ---- one array's values

// The child array of a chunk, whose rows count from 0 with its offset and its parent's added.
struct values {
  const ArrowArray& array;
  std::int64_t first;  // row 0 in the buffers
  std::int64_t rows;
  std::int64_t rows_before;  // in the batches before: people count rows over all of them
  const std::string& column;

  [[noreturn]] void refuse_row(status code, const std::string& what, std::int64_t row) const {
    refuse(code, column, what, {}, rows_before + row);
  }

  const void* buffer(std::int64_t i) const {
    const void* found = i < array.n_buffers ? array.buffers[i] : nullptr;
    if (found == nullptr && rows > 0) {
      refuse(status::invalid, column, "buffer " + std::to_string(i) + " of its array is missing");
    }
    return found;
  }
  bool present(std::int64_t row) const {
    const auto* bits =
        array.n_buffers > 0 ? static_cast<const std::uint8_t*>(array.buffers[0]) : nullptr;
    const std::int64_t at = first + row;
    return bits == nullptr || ((bits[at / 8] >> (at % 8)) & 1) != 0;
  }
  template <typename Item>
  Item item(const void* of, std::int64_t row) const {
    Item found{};
    std::memcpy(&found,
                static_cast<const char*>(of) + (first + row) * std::int64_t{sizeof found},
                sizeof found);
    return found;
  }
};

// Where row 0 of `rows` lies in an array that is looked at from `skipped` rows on. Nothing that is
// computed from rows and buffers later can overflow: no item has more than 16 bytes.
std::int64_t first_row(const ArrowArray& array,
                       std::int64_t skipped,
                       std::int64_t rows,
                       const std::string& name) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 16 - 1;
  if (array.n_buffers < 0 || (array.n_buffers > 0 && array.buffers == nullptr)) {
    refuse(status::invalid, name, "the buffers of its array are missing");
  }
  std::int64_t first = 0, end = 0;
  if (array.offset < 0 || __builtin_add_overflow(array.offset, skipped, &first) ||
      __builtin_add_overflow(first, rows, &end) || end > most) {
    refuse(status::invalid,
           name,
           "its array says that " + std::to_string(rows) + " rows begin at row " +
               std::to_string(array.offset) + ", which no memory holds");
  }
  return first;
}

values values_of(const arrow_chunk& chunk, std::size_t number, const std::string& name) {
  const ArrowArray* child = chunk.array->children[number];
  // Nothing here is negative, so that nothing can overflow.
  if (child == nullptr || child->length < 0 || child->length - chunk.array->offset < chunk.rows) {
    refuse(status::invalid, name, "its array is shorter than the table");
  }
  const std::int64_t first = first_row(*child, chunk.array->offset, chunk.rows, name);
  return {*child, first, chunk.rows, chunk.rows_before, name};
}

std::int64_t whole(const values& from, const void* data, stored as, std::int64_t row) {
  switch (as) {
    case stored::i8:
      return from.item<std::int8_t>(data, row);
    case stored::u8:
      return from.item<std::uint8_t>(data, row);
    case stored::i16:
      return from.item<std::int16_t>(data, row);
    case stored::u16:
      return from.item<std::uint16_t>(data, row);
    case stored::i32:
      return from.item<std::int32_t>(data, row);
    case stored::u32:
      return from.item<std::uint32_t>(data, row);
    case stored::bit: {
      const std::int64_t at = from.first + row;
      return (static_cast<const std::uint8_t*>(data)[at / 8] >> (at % 8)) & 1;
    }
    case stored::u64: {
      const auto value = from.item<std::uint64_t>(data, row);
      if (value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return static_cast<std::int64_t>(value);
      }
      from.refuse_row(status::data, std::to_string(value) + " is beyond 64 bits with a sign", row);
    }
    default:
      return from.item<std::int64_t>(data, row);
  }
}

std::int64_t scaled(std::int64_t value, const meaning& m, const values& from, std::int64_t row) {
  if (m.divisor > 1) {
    const std::int64_t floor = value / m.divisor - (value % m.divisor < 0 ? 1 : 0);
    return floor;  // libclv counts whole microseconds
  }
  std::int64_t us = 0;
  if (!__builtin_mul_overflow(value, m.factor, &us)) return us;
  from.refuse_row(status::data, std::to_string(value) + " is too far from 1970", row);
}

// A text, wherever its type keeps it. `told` are the values that complaints are about, where those
// read are the entries of a dictionary.
class text_reader {
 public:
  text_reader(const values& from, stored as) : text_reader(from, as, from) {}
  text_reader(const values& from, stored as, const values& told)
      : from_(from), told_(told), as_(as) {
    index_ = from.rows == 0 ? nullptr : from.buffer(1);
    if (as == stored::view) {
      first_data_ = 2;
    } else if (from.rows > 0 && from.array.n_buffers > 2) {
      chars_ = static_cast<const char*>(from.array.buffers[2]);
    }
  }
  // The text number `at`, for row `row` of what is told.
  std::string_view at(std::int64_t at, std::int64_t row) const {
    if (as_ == stored::view) return viewed(at, row);
    const std::int64_t begin = offset(at), end = offset(at + 1);
    if (begin < 0 || end < begin) told_.refuse_row(status::invalid, "its offsets fall", row);
    if (begin == end) return {};
    if (chars_ == nullptr) refuse(status::invalid, from_.column, "its texts are missing");
    return {chars_ + begin, static_cast<std::size_t>(end - begin)};
  }

 private:
  std::int64_t offset(std::int64_t row) const {
    return as_ == stored::utf8 ? from_.item<std::int32_t>(index_, row)
                               : from_.item<std::int64_t>(index_, row);
  }
  // 16 bytes: the length, then the text itself up to 12 bytes, else 4 bytes of it, the number of
  // its buffer and where it begins there.
  std::string_view viewed(std::int64_t at, std::int64_t row) const {
    const char* view = static_cast<const char*>(index_) + (from_.first + at) * 16;
    std::int32_t size = 0, buffer = 0, begin = 0;
    std::memcpy(&size, view, 4);
    if (size < 0) told_.refuse_row(status::invalid, "a text has a negative length", row);
    if (size <= 12) return {view + 4, static_cast<std::size_t>(size)};
    std::memcpy(&buffer, view + 8, 4);
    std::memcpy(&begin, view + 12, 4);
    // The last buffer holds the sizes of those before it.
    const std::int64_t texts = from_.array.n_buffers - first_data_ - 1;
    if (buffer < 0 || buffer >= texts || begin < 0 ||
        size_of(buffer, texts) < std::int64_t{begin} + size) {
      told_.refuse_row(status::invalid, "a text is outside its buffers", row);
    }
    const auto* chars = static_cast<const char*>(from_.buffer(first_data_ + buffer));
    return {chars + begin, static_cast<std::size_t>(size)};
  }
  std::int64_t size_of(std::int64_t buffer, std::int64_t texts) const {
    std::int64_t size = 0;
    const auto* sizes = static_cast<const char*>(from_.buffer(first_data_ + texts));
    std::memcpy(&size, sizes + buffer * std::int64_t{sizeof size}, sizeof size);
    return size;
  }

  const values& from_;
  const values& told_;
  stored as_;
  const void* index_ = nullptr;
  const char* chars_ = nullptr;
  std::int64_t first_data_ = 3;
};

// ---- a column put together

// What is appended chunk by chunk. Bits only once something is absent.
struct building {
  std::vector<double>& numbers;
  std::vector<std::int64_t>& integers;  // of a text: its offsets
  std::string& chars;
  std::vector<std::uint8_t>& bits;
  std::int64_t rows = 0;
  bool all_present = true;

  void mark(bool present) {
    if (!present && all_present) {
      all_present = false;
      bits.assign(static_cast<std::size_t>(rows + 7) / 8, 0xFF);
    }
    if (!all_present) {
      const auto byte = static_cast<std::size_t>(rows / 8);
      if (byte >= bits.size()) bits.push_back(0);
      const auto bit = static_cast<std::uint8_t>(1U << (rows % 8));
      bits[byte] = static_cast<std::uint8_t>(present ? bits[byte] | bit : bits[byte] & ~bit);
    }
    ++rows;
  }
};

void append_numbers(const values& from, const meaning& m, building& to) {
  const void* data = m.as == stored::none || from.rows == 0 ? nullptr : from.buffer(1);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    const bool present = m.as != stored::none && from.present(row);
    double value = 0;
    if (present && m.as == stored::f32) value = static_cast<double>(from.item<float>(data, row));
    if (present && m.as == stored::f64) value = from.item<double>(data, row);
    to.numbers.push_back(value);
    to.mark(present);
  }
}

void append_integers(const values& from, const meaning& m, building& to) {
  const void* data = from.rows == 0 ? nullptr : from.buffer(1);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    const bool present = from.present(row);
    to.integers.push_back(present ? scaled(whole(from, data, m.as, row), m, from, row) : 0);
    to.mark(present);
  }
}

void append_text(std::string_view text, bool present, building& to) {
  if (to.integers.empty()) to.integers.push_back(0);
  if (present) to.chars.append(text);
  to.integers.push_back(static_cast<std::int64_t>(to.chars.size()));
  to.mark(present);
}

void append_texts(const values& from, const meaning& m, building& to) {
  const text_reader texts(from, m.as);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    const bool present = from.present(row);
    append_text(present ? texts.at(row, row) : std::string_view(), present, to);
  }
}

// Integers that name entries of a dictionary of texts.
void append_entries(const values& from,
                    const meaning& index,
                    const ArrowSchema& dictionary,
                    building& to) {
  const meaning m = meaning_of(dictionary, from.column);
  if (m.type != CLV_T_UTF8 || index.type != CLV_T_I64 || from.array.dictionary == nullptr) {
    refuse(status::unsupported,
           from.column,
           "only a dictionary of texts is read",
           "decode the dictionary before");
  }
  const ArrowArray& entries = *from.array.dictionary;
  if (entries.offset < 0 || entries.length < 0) {
    refuse(status::invalid, from.column, "its dictionary has no length");
  }
  const std::int64_t first = first_row(entries, 0, entries.length, from.column);
  const values known{entries, first, entries.length, 0, from.column};
  const text_reader texts(known, m.as, from);
  const void* data = from.rows == 0 ? nullptr : from.buffer(1);
  for (std::int64_t row = 0; row < from.rows; ++row) {
    const std::int64_t entry = from.present(row) ? whole(from, data, index.as, row) : -1;
    if (from.present(row) && (entry < 0 || entry >= entries.length)) {
      from.refuse_row(
          status::invalid, "entry " + std::to_string(entry) + " is not in its dictionary", row);
    }
    const bool present = entry >= 0 && known.present(entry);
    append_text(present ? texts.at(entry, row) : std::string_view(), present, to);
  }
}

void append(const values& from, const meaning& m, const ArrowSchema& field, building& to) {
  if (field.dictionary != nullptr) return append_entries(from, m, *field.dictionary, to);
  if (m.type == CLV_T_F64) return append_numbers(from, m, to);
  if (m.type == CLV_T_UTF8) return append_texts(from, m, to);
  append_integers(from, m, to);
}

// ---- borrowed or built

bool lies_as_read(const meaning& m) {
  return m.as == stored::f64 || m.as == stored::utf8_64 ||
         (m.as == stored::i64 && m.factor == 1 && m.divisor == 1);
}

// Nothing: it must be built. The bits of a borrowed column begin at a byte.
bool borrow(const values& from, const meaning& m, clv_column& to) {
  if (!lies_as_read(m) || from.array.n_buffers < 1) return false;
  const auto* bits = static_cast<const std::uint8_t*>(from.array.buffers[0]);
  if (bits != nullptr && from.first % 8 != 0) return false;
  if (bits != nullptr) to.validity = bits + from.first / 8;
  if (from.rows == 0) return true;
  if (m.as == stored::utf8_64) {
    to.offsets = static_cast<const std::int64_t*>(from.buffer(1)) + from.first;
    to.data = from.array.n_buffers > 2 ? from.array.buffers[2] : nullptr;
  } else {
    to.data = static_cast<const std::int64_t*>(from.buffer(1)) + from.first;
  }
  return true;
}

void build(const ArrowSchema& field,
           const meaning& m,
           std::size_t number,
           std::span<const arrow_chunk> chunks,
           arrow_memory& memory,
           const std::string& name,
           clv_column& to) {
  building b{memory.numbers.emplace_back(),
             memory.integers.emplace_back(),
             memory.chars.emplace_back(),
             memory.bits.emplace_back()};
  for (const arrow_chunk& chunk : chunks) {
    const values from = values_of(chunk, number, name);
    append(from, m, field, b);
  }
  if (!b.all_present) to.validity = b.bits.data();
  if (to.type == CLV_T_F64) {
    to.data = b.numbers.data();
  } else if (to.type == CLV_T_UTF8) {
    to.offsets = b.integers.data();
    to.data = b.chars.data();
  } else {
    to.data = b.integers.data();
  }
}

}  // namespace

clv_column arrow_column(const ArrowSchema& field,
                        std::size_t number,
                        std::span<const arrow_chunk> chunks,
                        arrow_memory& memory) {
  const std::string& name =
      memory.names.emplace_back(field.name == nullptr ? "" : printable(field.name, 256));
  const meaning m = meaning_of(field, name);
  clv_column column{};
  column.name = name.c_str();
  column.type = field.dictionary != nullptr ? clv_type{CLV_T_UTF8} : m.type;
  if (const std::string unit = metadata(field, "clv.unit"); !unit.empty()) {
    column.unit = memory.names.emplace_back(unit).c_str();
  }
  if (m.type == CLV_T_I64 && metadata(field, "clv.type") == "money") column.type = CLV_T_MONEY;
  if (chunks.size() == 1 && field.dictionary == nullptr &&
      borrow(values_of(chunks[0], number, name), m, column)) {
    return column;
  }
  build(field, m, number, chunks, memory, name, column);
  return column;
}

}  // namespace clv::abi
