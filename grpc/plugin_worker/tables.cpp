#include "tables.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

namespace clv::worker {
namespace {

constexpr std::uint64_t table_magic = 0x31454C4241544C43;  // "CLTABLE1"
constexpr std::uint64_t most_columns = 4096;
constexpr std::int64_t most_rows = std::int64_t{1} << 31;
constexpr std::uint64_t longest_name = 256;

struct head {
  std::uint64_t magic = table_magic, columns = 0;
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
};

struct place {
  std::uint64_t type, name_at, name_size, unit_at, unit_size, validity_at, data_at, data_size,
      offsets_at;
};

std::uint64_t up_to_8(std::uint64_t n) {
  return (n + 7) & ~std::uint64_t{7};
}

std::uint64_t item_size(clv_type type) {
  return type == CLV_T_I32 ? 4 : 8;
}

std::uint64_t validity_size(std::int64_t rows) {
  return (static_cast<std::uint64_t>(rows) + 7) / 8;
}

std::uint64_t data_size(const clv_column& c, std::int64_t rows) {
  if (c.type != CLV_T_UTF8) return item_size(c.type) * static_cast<std::uint64_t>(rows);
  return rows == 0 ? 0 : static_cast<std::uint64_t>(c.offsets[rows] - c.offsets[0]);
}

// Where everything stands, in the order of writing; returns all bytes.
std::uint64_t lay_out(const clv_batch& table, std::vector<place>& places) {
  std::uint64_t at = sizeof(head) + table.n_columns * sizeof(place);
  const auto take = [&](std::uint64_t bytes) {
    const std::uint64_t here = at;
    at += up_to_8(bytes);
    return here;
  };
  for (std::uint32_t i = 0; i < table.n_columns; ++i) {
    const clv_column& c = table.columns[i];
    place p{};
    p.type = c.type;
    p.name_size = std::strlen(c.name);
    p.name_at = take(p.name_size + 1);
    p.unit_size = c.unit == nullptr ? 0 : std::strlen(c.unit);
    p.unit_at = take(p.unit_size + 1);
    p.validity_at = c.validity == nullptr ? 0 : take(validity_size(table.n_rows));
    p.data_size = data_size(c, table.n_rows);
    p.data_at = take(p.data_size);
    if (c.type == CLV_T_UTF8) {
      p.offsets_at = take(8 * (static_cast<std::uint64_t>(table.n_rows) + 1));
    }
    places.push_back(p);
  }
  return at;
}

void write_items(const clv_column& c, std::int64_t rows, std::byte* to) {
  const std::size_t size = item_size(c.type);
  const auto n = static_cast<std::size_t>(rows);
  if (n == 0) return;
  if (c.stride == 0 || c.stride == static_cast<std::int64_t>(size)) {
    std::memcpy(to, c.data, n * size);
    return;
  }
  const auto* from = static_cast<const std::byte*>(c.data);
  for (std::size_t i = 0; i < n; ++i, from += c.stride) std::memcpy(to + i * size, from, size);
}

void write_text(const clv_column& c, std::int64_t rows, const place& p, std::byte* to) {
  auto* offsets = reinterpret_cast<std::int64_t*>(to + p.offsets_at);
  offsets[0] = 0;
  if (rows == 0) return;
  for (std::int64_t i = 0; i <= rows; ++i) offsets[i] = c.offsets[i] - c.offsets[0];
  if (p.data_size == 0) return;
  std::memcpy(to + p.data_at, static_cast<const char*>(c.data) + c.offsets[0], p.data_size);
}

void write_column(const clv_column& c, std::int64_t rows, const place& p, std::byte* to) {
  std::memcpy(to + p.name_at, c.name, p.name_size + 1);
  std::memcpy(to + p.unit_at, c.unit == nullptr ? "" : c.unit, p.unit_size + 1);
  if (c.validity != nullptr) std::memcpy(to + p.validity_at, c.validity, validity_size(rows));
  c.type == CLV_T_UTF8 ? write_text(c, rows, p, to) : write_items(c, rows, to + p.data_at);
}

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("a table in shared memory is wrong: " + what);
}

// What one table's bytes hold, with every access checked.
class checked_bytes {
 public:
  explicit checked_bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  const std::byte* at(std::uint64_t position, std::uint64_t size, const char* what) const {
    if (position > bytes_.size() || size > bytes_.size() - position) {
      refuse(std::string(what) + " ends beyond its bytes");
    }
    return bytes_.data() + position;
  }
  const std::byte* numbers_at(std::uint64_t position, std::uint64_t size, const char* what) const {
    if (position % 8 != 0) refuse(std::string(what) + " stands at no multiple of 8");
    return at(position, size, what);
  }
  const char* text_at(std::uint64_t position, std::uint64_t size, const char* what) const {
    if (size > longest_name) refuse(std::string(what) + " is too long");
    const auto* text = reinterpret_cast<const char*>(at(position, size + 1, what));
    if (std::memchr(text, 0, size + 1) != text + size) {
      refuse(std::string(what) + " does not end where it says");
    }
    return text;
  }

 private:
  std::span<const std::byte> bytes_;
};

void check_offsets(const std::int64_t* offsets, std::int64_t rows, std::uint64_t data) {
  if (offsets[0] != 0) refuse("its first offset is not 0");
  for (std::int64_t i = 0; i < rows; ++i) {
    if (offsets[i + 1] < offsets[i]) refuse("its offsets fall");
  }
  if (static_cast<std::uint64_t>(offsets[rows]) != data) refuse("its offsets miss the data's end");
}

clv_column read_column(const checked_bytes& in, const place& p, std::int64_t rows) {
  if (p.type < CLV_T_I32 || p.type > CLV_T_UTF8) refuse("a column has an unknown type");
  clv_column c{};
  c.type = static_cast<clv_type>(p.type);
  c.name = in.text_at(p.name_at, p.name_size, "a column's name");
  c.unit = p.unit_size == 0 ? nullptr : in.text_at(p.unit_at, p.unit_size, "a column's unit");
  if (p.validity_at != 0) {
    c.validity = reinterpret_cast<const std::uint8_t*>(
        in.at(p.validity_at, validity_size(rows), "a column's validity"));
  }
  c.data = in.numbers_at(p.data_at, p.data_size, "a column's data");
  const auto count = static_cast<std::uint64_t>(rows);
  if (c.type != CLV_T_UTF8) {
    if (p.data_size != item_size(c.type) * count) refuse("a column has data for other rows");
    return c;
  }
  c.offsets = reinterpret_cast<const std::int64_t*>(
      in.numbers_at(p.offsets_at, 8 * (count + 1), "a column's offsets"));
  check_offsets(c.offsets, rows, p.data_size);
  return c;
}

const std::byte* item(const clv_column& c, std::int64_t row) {
  const auto size = static_cast<std::int64_t>(item_size(c.type));
  return static_cast<const std::byte*>(c.data) + row * (c.stride == 0 ? size : c.stride);
}

}  // namespace

owned_table::column::column(std::string column_name, clv_type column_type, std::string column_unit)
    : name_(std::move(column_name)), unit_(std::move(column_unit)), type_(column_type) {}

void owned_table::column::push(std::int64_t value) {
  integers_.push_back(value);
  present_.push_back(1);
}

void owned_table::column::push(double value) {
  numbers_.push_back(value);
  present_.push_back(1);
}

void owned_table::column::push(std::string_view value) {
  chars_ += value;
  offsets_.push_back(static_cast<std::int64_t>(chars_.size()));
  present_.push_back(1);
}

void owned_table::column::push_absent() {
  if (type_ == CLV_T_UTF8) {
    push(std::string_view());
  } else if (type_ == CLV_T_F64) {
    push(0.0);
  } else {
    push(std::int64_t{0});
  }
  present_.back() = 0;
}

clv_column owned_table::column::view() {
  validity_.assign(validity_size(static_cast<std::int64_t>(rows())), 0);
  for (std::size_t i = 0; i < present_.size(); ++i) {
    validity_[i / 8] = static_cast<std::uint8_t>(validity_[i / 8] | (present_[i] << (i % 8)));
  }
  clv_column c{};
  c.name = name_.c_str();
  c.unit = unit_.empty() ? nullptr : unit_.c_str();
  c.type = type_;
  c.validity = validity_.data();
  if (type_ == CLV_T_UTF8) {
    c.data = chars_.data();
    c.offsets = offsets_.data();
  } else {
    c.data = type_ == CLV_T_F64 ? static_cast<const void*>(numbers_.data()) : integers_.data();
  }
  return c;
}

owned_table::column& owned_table::add(std::string name, clv_type type, std::string unit) {
  return columns_.emplace_back(std::move(name), type, std::move(unit));
}

const clv_batch& owned_table::batch() {
  views_.clear();
  for (column& c : columns_) views_.push_back(c.view());
  batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
            .n_columns = static_cast<std::uint32_t>(views_.size()),
            .n_rows = static_cast<std::int64_t>(rows()),
            .columns = views_.data()};
  return batch_;
}

std::size_t encoded_size(const clv_batch& table) {
  std::vector<place> places;
  return lay_out(table, places);
}

void encode(const clv_batch& table, std::span<std::byte> to) {
  std::vector<place> places;
  const head h{.columns = table.n_columns, .rows = table.n_rows, .bytes = lay_out(table, places)};
  if (h.bytes > to.size()) throw std::length_error("a table does not fit its memory");
  std::memcpy(to.data(), &h, sizeof h);
  if (!places.empty()) {
    std::memcpy(to.data() + sizeof h, places.data(), places.size() * sizeof(place));
  }
  for (std::uint32_t i = 0; i < table.n_columns; ++i) {
    write_column(table.columns[i], table.n_rows, places[i], to.data());
  }
}

table_view::table_view(std::span<const std::byte> bytes) {
  head h;
  if (bytes.size() < sizeof h) refuse("it has no header");
  std::memcpy(&h, bytes.data(), sizeof h);
  if (h.magic != table_magic) refuse("it does not begin as a table does");
  if (h.columns > most_columns || h.rows < 0 || h.rows > most_rows || h.bytes != bytes.size()) {
    refuse("its header says " + std::to_string(h.columns) + " columns, " + std::to_string(h.rows) +
           " rows and " + std::to_string(h.bytes) + " bytes; it has " +
           std::to_string(bytes.size()));
  }
  const checked_bytes in(bytes);
  in.at(sizeof h, h.columns * sizeof(place), "its list of columns");
  for (std::uint64_t i = 0; i < h.columns; ++i) {
    place p;
    std::memcpy(&p, bytes.data() + sizeof h + i * sizeof p, sizeof p);
    columns_.push_back(read_column(in, p, h.rows));
  }
  batch_ = {.struct_size = static_cast<std::uint32_t>(sizeof(clv_batch)),
            .n_columns = static_cast<std::uint32_t>(columns_.size()),
            .n_rows = h.rows,
            .columns = columns_.data()};
}

const clv_column* find(const clv_batch& batch, std::string_view name) {
  for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
    if (batch.columns[i].name == name) return &batch.columns[i];
  }
  return nullptr;
}

bool present(const clv_column& c, std::int64_t row) {
  return c.validity == nullptr || ((c.validity[row / 8] >> (row % 8)) & 1U) != 0;
}

std::int64_t integer_at(const clv_column& c, std::int64_t row) {
  if (c.type == CLV_T_I32) {
    std::int32_t small = 0;
    std::memcpy(&small, item(c, row), sizeof small);
    return small;
  }
  std::int64_t value = 0;
  std::memcpy(&value, item(c, row), sizeof value);
  return value;
}

double number_at(const clv_column& c, std::int64_t row) {
  if (c.type != CLV_T_F64) return static_cast<double>(integer_at(c, row));
  double value = 0;
  std::memcpy(&value, item(c, row), sizeof value);
  return value;
}

std::string_view text_at(const clv_column& c, std::int64_t row) {
  if (!present(c, row)) return {};
  const auto first = static_cast<std::size_t>(c.offsets[row]);
  return {static_cast<const char*>(c.data) + first,
          static_cast<std::size_t>(c.offsets[row + 1]) - first};
}

std::string text_of(const clv_batch& batch, std::string_view name, std::int64_t row) {
  const clv_column* c = find(batch, name);
  if (c == nullptr || c->type != CLV_T_UTF8) return {};
  return std::string(text_at(*c, row));
}

}  // namespace clv::worker
