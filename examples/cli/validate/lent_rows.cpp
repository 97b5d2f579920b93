#include "lent_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cli {
namespace {

const std::uint8_t* lend_validity(const customer_column& c, arena& memory) {
  const std::size_t rows = c.present.size();
  if (std::ranges::find(c.present, false) == c.present.end()) return nullptr;
  auto* bits = static_cast<std::uint8_t*>(memory.block((rows + 7) / 8, "a column's validity"));
  for (std::size_t row = 0; row < rows; ++row) {
    if (c.present[row]) bits[row / 8] = static_cast<std::uint8_t>(bits[row / 8] | 1U << row % 8);
  }
  return bits;
}

void lend_texts(const customer_column& c, clv_column& to, arena& memory) {
  std::size_t size = 0;
  for (const std::string& text : c.texts) size += text.size();
  char* chars = static_cast<char*>(memory.block(size, "a column's text"));
  auto* offsets = static_cast<std::int64_t*>(
      memory.block((c.texts.size() + 1) * sizeof(std::int64_t), "a column's offsets"));
  std::int64_t at = 0;
  for (std::size_t row = 0; row < c.texts.size(); ++row) {
    std::memcpy(chars + at, c.texts[row].data(), c.texts[row].size());
    at += static_cast<std::int64_t>(c.texts[row].size());
    offsets[row + 1] = at;
  }
  to.data = chars;
  to.offsets = offsets;
}

void lend_numbers(const customer_column& c, clv_column& to, arena& memory) {
  const std::size_t size = c.integers.size() * sizeof(std::int64_t);
  void* values = memory.block(size, "a column's values");
  if (size != 0) std::memcpy(values, c.integers.data(), size);
  to.data = values;
}

}  // namespace

const clv_batch* lend_rows(const customer_table& customers, arena& memory) {
  const std::size_t n = customers.columns().size();
  auto* columns = static_cast<clv_column*>(memory.block(n * sizeof(clv_column), "the columns"));
  for (std::size_t i = 0; i < n; ++i) {
    const customer_column& c = customers.columns()[i];
    columns[i].name = memory.text(c.name, "a column's name");
    columns[i].unit = c.unit.empty() ? nullptr : memory.text(c.unit, "a column's unit");
    columns[i].type = c.type;
    columns[i].validity = lend_validity(c, memory);
    if (c.type == CLV_T_UTF8) {
      lend_texts(c, columns[i], memory);
    } else {
      lend_numbers(c, columns[i], memory);
    }
  }
  auto* batch = static_cast<clv_batch*>(memory.block(sizeof(clv_batch), "the table clv_batch"));
  batch->struct_size = static_cast<std::uint32_t>(sizeof(clv_batch));
  batch->n_columns = static_cast<std::uint32_t>(n);
  batch->n_rows = static_cast<std::int64_t>(customers.rows());
  batch->columns = columns;
  return batch;
}

}  // namespace cli
