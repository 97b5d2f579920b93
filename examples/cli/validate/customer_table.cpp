#include "customer_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "../failure.hpp"

namespace cli {
namespace {

bool is_present(const clv_column& c, std::size_t row) {
  return c.validity == nullptr || (c.validity[row / 8] >> (row % 8) & 1) != 0;
}

customer_column copied_column(const clv_column& c, std::size_t rows) {
  customer_column to{.name = c.name, .unit = c.unit == nullptr ? "" : c.unit, .type = c.type};
  const auto step = static_cast<std::size_t>(c.stride != 0 ? c.stride : 8);
  for (std::size_t row = 0; row < rows; ++row) {
    to.present.push_back(is_present(c, row));
    if (c.type == CLV_T_UTF8) {
      const char* chars = static_cast<const char*>(c.data);
      const auto length = static_cast<std::size_t>(c.offsets[row + 1] - c.offsets[row]);
      to.texts.push_back(length == 0 ? std::string() : std::string(chars + c.offsets[row], length));
      continue;
    }
    std::int64_t bits = 0;
    std::memcpy(&bits, static_cast<const char*>(c.data) + row * step, sizeof bits);
    to.integers.push_back(bits);
  }
  return to;
}

void put_number(std::string& to, std::int64_t value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& to, const std::string& text) {
  put_number(to, static_cast<std::int64_t>(text.size()));
  to += text;
}

// Reads what put_... wrote; throws failure at the end of the bytes.
class packed_bytes {
 public:
  explicit packed_bytes(std::string_view bytes) : rest_(bytes) {}
  std::int64_t number() {
    std::int64_t value = 0;
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(static_cast<std::size_t>(number()))); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) fail("the customers of this check are cut off");
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }

  std::string_view rest_;
};

}  // namespace

customer_table customer_table::copy_of(const clv_batch& batch) {
  customer_table t;
  t.rows_ = static_cast<std::size_t>(batch.n_rows);
  for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
    t.columns_.push_back(copied_column(batch.columns[i], t.rows_));
  }
  return t;
}

customer_table customer_table::of(std::vector<customer_column> columns) {
  customer_table t;
  t.rows_ = columns.empty() ? 0 : columns.front().present.size();
  t.columns_ = std::move(columns);
  return t;
}

std::string customer_table::packed() const {
  std::string bytes;
  put_number(bytes, static_cast<std::int64_t>(rows_));
  put_number(bytes, static_cast<std::int64_t>(columns_.size()));
  for (const customer_column& c : columns_) {
    put_text(bytes, c.name);
    put_text(bytes, c.unit);
    put_number(bytes, c.type);
    for (std::size_t row = 0; row < rows_; ++row) {
      put_number(bytes, c.present[row] ? 1 : 0);
      if (c.type == CLV_T_UTF8) {
        put_text(bytes, c.texts[row]);
      } else {
        put_number(bytes, c.integers[row]);
      }
    }
  }
  return bytes;
}

customer_table customer_table::unpacked(std::string_view bytes) {
  packed_bytes from(bytes);
  customer_table t;
  t.rows_ = static_cast<std::size_t>(from.number());
  const std::int64_t columns = from.number();
  for (std::int64_t i = 0; i < columns; ++i) {
    customer_column& c = t.columns_.emplace_back();
    c.name = from.text();
    c.unit = from.text();
    c.type = static_cast<clv_type>(from.number());
    for (std::size_t row = 0; row < t.rows_; ++row) {
      c.present.push_back(from.number() != 0);
      if (c.type == CLV_T_UTF8) {
        c.texts.push_back(from.text());
      } else {
        c.integers.push_back(from.number());
      }
    }
  }
  return t;
}

const customer_column* customer_table::find(std::string_view name) const {
  const auto at = std::ranges::find(columns_, name, &customer_column::name);
  return at == columns_.end() ? nullptr : &*at;
}

customer_table customer_table::picked(const std::vector<std::size_t>& rows) const {
  customer_table t;
  t.rows_ = rows.size();
  for (const customer_column& c : columns_) {
    customer_column& to = t.columns_.emplace_back();
    to.name = c.name;
    to.unit = c.unit;
    to.type = c.type;
    for (const std::size_t row : rows) {
      to.present.push_back(c.present[row]);
      if (c.type == CLV_T_UTF8) {
        to.texts.push_back(c.texts[row]);
      } else {
        to.integers.push_back(c.integers[row]);
      }
    }
  }
  return t;
}

customer_table customer_table::first(std::size_t rows) const {
  std::vector<std::size_t> all(std::min(rows, rows_));
  std::iota(all.begin(), all.end(), std::size_t{0});
  return picked(all);
}

customer_table customer_table::granted(const std::vector<std::string>& names) const {
  customer_table t;
  t.rows_ = rows_;
  for (const std::string& name : names) {
    if (const customer_column* found = find(name); found != nullptr) {
      t.columns_.push_back(*found);
      continue;
    }
    customer_column& blank = t.columns_.emplace_back();
    blank.name = name;
    blank.present.assign(rows_, false);
    blank.integers.assign(rows_, 0);
  }
  return t;
}

customer_table customer_table::without_numbers() const {
  customer_table t = *this;
  for (customer_column& c : t.columns_) {
    if (c.type != CLV_T_UTF8) c.present.assign(rows_, false);
  }
  return t;
}

customer_table customer_table::with_absurd_numbers() const {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr std::array numbers{
      std::numeric_limits<double>::quiet_NaN(), inf, -inf, -1.0, 1e300, -0.0};
  constexpr std::int64_t most = std::int64_t{1} << 53;  // the most minor units there can be
  constexpr std::array integers{std::int64_t{-1}, most, -most, std::int64_t{0}};
  customer_table t = *this;
  for (customer_column& c : t.columns_) {
    if (c.type == CLV_T_UTF8) continue;
    c.present.assign(rows_, true);
    for (std::size_t row = 0; row < rows_; ++row) {
      c.integers[row] = c.type == CLV_T_F64
                            ? std::bit_cast<std::int64_t>(numbers[row % numbers.size()])
                            : integers[row % integers.size()];
    }
  }
  return t;
}

customer_table customer_table::with_foreign_texts() const {
  const std::array<std::string, 6> texts{"M\xc3\xbcller & S\xc3\xb6hne \"GmbH\"",
                                         "\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2",
                                         "\xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x9b\x92",
                                         "",
                                         "\\\" }, {\t\n%s%n <b>",
                                         std::string(2000, 'x') + "\xcc\x81"};
  customer_table t = *this;
  for (customer_column& c : t.columns_) {
    if (c.type != CLV_T_UTF8 || c.name == "customer") continue;
    c.present.assign(rows_, true);
    for (std::size_t row = 0; row < rows_; ++row) c.texts[row] = texts[row % texts.size()];
  }
  return t;
}

}  // namespace cli
