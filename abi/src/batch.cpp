#include "batch.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "guard.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::uint32_t most_columns = 4096;
constexpr std::size_t longest_name = 256;

[[noreturn]] void refuse(status code,
                         const std::string& column,
                         const std::string& what,
                         std::int64_t row = -1) {
  throw error(issue{.code = code,
                    .row = row,
                    .column = column,
                    .message = (row < 0 ? "" : "row " + std::to_string(row + 1) + ", ") +
                               "column '" + column + "': " + what});
}

// One column of the batch with what is needed to read it.
struct source {
  const clv_column& c;
  std::string name;
  std::size_t rows;
  bool present(std::size_t row) const {
    return c.validity == nullptr || ((c.validity[row / 8] >> (row % 8)) & 1U) != 0;
  }
};

std::size_t item_size(clv_type t) {
  return t == CLV_T_I32 ? 4 : 8;
}

type kind_of(const source& s) {
  switch (s.c.type) {
    case CLV_T_I32:
    case CLV_T_I64:
      return type::i64;
    case CLV_T_F64:
      return type::f64;
    case CLV_T_TIME:
      return type::time;
    case CLV_T_MONEY:
      return type::money;
    case CLV_T_UTF8:
      return type::utf8;
    default:
      refuse(status::unsupported, s.name, "type " + std::to_string(s.c.type) + " is not known");
  }
}

std::string unit_of(const source& s) {
  std::string unit = text_of(s.c.unit);
  if (unit.size() > longest_name || first_bad_utf8(unit) != std::string::npos) {
    refuse(status::invalid, s.name, "its unit is not a short UTF-8 text");
  }
  if (s.c.type == CLV_T_MONEY && !unit.empty() && !currency_exponent(unit)) {
    refuse(status::invalid, s.name, "its unit '" + unit + "' is not an ISO 4217 currency code");
  }
  return unit;
}

const unsigned char* items(const source& s, std::size_t& stride) {
  const std::size_t size = item_size(s.c.type);
  if (s.c.stride != 0 && s.c.stride < static_cast<std::int64_t>(size)) {
    refuse(status::invalid,
           s.name,
           "its stride is " + std::to_string(s.c.stride) + " bytes, an item has " +
               std::to_string(size));
  }
  stride = s.c.stride == 0 ? size : static_cast<std::size_t>(s.c.stride);
  if (s.c.data == nullptr && s.rows > 0) refuse(status::invalid, s.name, "its data is NULL");
  return static_cast<const unsigned char*>(s.c.data);
}

// Stored is what the caller's item is; kept is what the table holds.
template <typename Stored, typename Kept>
void copy_items(const source& s, column& to) {
  std::size_t stride = 0;
  const unsigned char* from = items(s, stride);
  std::vector<Kept> values(s.rows, Kept{});
  for (std::size_t row = 0; row < s.rows; ++row, from += stride) {
    Stored item{};  // memcpy, because a strided item need not be aligned
    std::memcpy(&item, from, sizeof item);
    if (s.present(row)) values[row] = static_cast<Kept>(item);
  }
  to.adopt(std::move(values));
  for (std::size_t row = 0; row < s.rows; ++row) {
    if (!s.present(row)) to.mark_absent(row);
  }
}

void check_offsets(const source& s) {
  if (s.c.offsets == nullptr) refuse(status::invalid, s.name, "its offsets are NULL");
  if (s.c.offsets[0] < 0) {
    refuse(status::invalid, s.name, "offset 0 is " + std::to_string(s.c.offsets[0]));
  }
  for (std::size_t row = 0; row < s.rows; ++row) {
    if (s.c.offsets[row + 1] < s.c.offsets[row]) {
      refuse(status::invalid,
             s.name,
             "its offsets fall from " + std::to_string(s.c.offsets[row]) + " to " +
                 std::to_string(s.c.offsets[row + 1]),
             static_cast<std::int64_t>(row));
    }
  }
  if (s.c.data == nullptr && s.c.offsets[s.rows] != s.c.offsets[0]) {
    refuse(status::invalid, s.name, "its data is NULL");
  }
}

void push_text(const source& s, std::size_t row, column& to) {
  if (!s.present(row)) return to.push_absent();
  const auto first = static_cast<std::size_t>(s.c.offsets[row]);
  const auto last = static_cast<std::size_t>(s.c.offsets[row + 1]);
  if (first == last) return to.push(std::string_view());
  const std::string_view text(static_cast<const char*>(s.c.data) + first, last - first);
  if (const std::size_t bad = first_bad_utf8(text); bad != std::string_view::npos) {
    const bool nul = text[bad] == '\0';
    refuse(status::invalid,
           s.name,
           "'" + printable(text, 60) + "' " + (nul ? "has a NUL byte" : "is not UTF-8") +
               " at byte " + std::to_string(bad),
           static_cast<std::int64_t>(row));
  }
  to.push(text);
}

void copy_text(const source& s, column& to) {
  if (s.rows == 0) return;  // then the pointers may be NULL
  check_offsets(s);
  to.reserve(s.rows, static_cast<std::size_t>(s.c.offsets[s.rows] - s.c.offsets[0]));
  for (std::size_t row = 0; row < s.rows; ++row) push_text(s, row, to);
}

void copy_column(const source& s, table& to) {
  check_zero(s.c.spare_word, "spare_word of a column");
  if (s.c.spare != nullptr) refuse(status::unsupported, s.name, "its spare pointer is not NULL");
  column& kept = to.add(s.name, kind_of(s), unit_of(s));
  switch (s.c.type) {
    case CLV_T_I32:
      return copy_items<std::int32_t, std::int64_t>(s, kept);
    case CLV_T_F64:
      return copy_items<double, double>(s, kept);
    case CLV_T_UTF8:
      return copy_text(s, kept);
    default:
      return copy_items<std::int64_t, std::int64_t>(s, kept);
  }
}

std::string name_of(const clv_column& c, std::uint32_t number) {
  const auto which = [&] { return "column " + std::to_string(number); };
  if (c.name == nullptr || *c.name == '\0') {
    throw error(status::invalid, which() + " of the batch has no name");
  }
  std::string name(c.name, ::strnlen(c.name, longest_name + 1));
  if (name.size() > longest_name || first_bad_utf8(name) != std::string::npos) {
    throw error(status::invalid, which() + " of the batch has a name that is not short UTF-8 text");
  }
  return name;
}

void check_shape(const clv_batch& b, const char* argument) {
  const std::string name(argument);
  if (b.n_rows < 0) {
    throw error(
        status::invalid,
        "'" + name + "' has n_rows " + std::to_string(b.n_rows) + "; it cannot be negative");
  }
  if (b.n_columns > most_columns) {
    throw error(status::limit,
                "'" + name + "' has " + std::to_string(b.n_columns) + " columns; at most " +
                    std::to_string(most_columns) + " are read");
  }
  if (b.n_columns > 0) required(b.columns, (name + ".columns").c_str());
}

void check_unique(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin != names.end()) refuse(status::invalid, *twin, "the batch has it twice");
}

// The columns that `wanted` picks by name, copied.
template <typename Wanted>
table copy_columns(const clv_batch& b, Wanted&& wanted) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < b.n_columns; ++i) names.push_back(name_of(b.columns[i], i));
  check_unique(names);
  table copied;
  for (std::uint32_t i = 0; i < b.n_columns; ++i) {
    if (!wanted(names[i])) continue;
    copy_column({b.columns[i], names[i], static_cast<std::size_t>(b.n_rows)}, copied);
  }
  return copied;
}

// A column of the host's own that goes with a customer.
bool is_attribute(std::string_view name) {
  return name.starts_with("attr.");
}

// One that clv_features_begin made before.
bool is_made(std::string_view name) {
  return name.starts_with("feature.");
}

bool has_field(const schema& s, std::string_view name) {
  return std::ranges::find(s.fields, name, &field::name) != s.fields.end();
}

}  // namespace

std::shared_ptr<const table> read_batch(const clv_batch* batch,
                                        const char* argument,
                                        std::string_view schema_name,
                                        std::span<const std::string> extra) {
  const clv_batch b = read_sized(required(batch, argument), argument);
  check_shape(b, argument);
  if (schema_name.empty()) {
    return std::make_shared<const table>(copy_columns(b, [](const std::string&) { return true; }));
  }
  const schema& known = find_schema(schema_name);
  table copied = copy_columns(b, [&](const std::string& name) {
    return has_field(known, name) || std::ranges::find(extra, name) != extra.end();
  });
  return std::make_shared<const table>(conform(std::move(copied), known, extra));
}

std::shared_ptr<const table> read_scores_and_facts(const clv_batch* batch, const char* argument) {
  const clv_batch b = read_sized(required(batch, argument), argument);
  check_shape(b, argument);
  const schema& scores = find_schema("scores");
  const schema& customers = find_schema("customers");
  const table raw = copy_columns(b, [&](const std::string& name) {
    return is_attribute(name) || is_made(name) || has_field(scores, name) ||
           has_field(customers, name);
  });
  auto read = std::make_shared<table>(conform(raw, scores));
  std::vector<field> facts;
  for (field f : customers.fields) {
    f.required = false;
    if (read->find(f.name) == nullptr) facts.push_back(f);
  }
  table beside = conform(raw, schema{"customers", facts});
  for (column& c : beside.columns()) read->columns().push_back(std::move(c));
  for (const column& c : raw.columns()) {
    if (is_attribute(c.name()) || is_made(c.name())) read->columns().push_back(c);
  }
  read->seal("read_scores_and_facts/1");
  return read;
}

std::shared_ptr<const table> read_customers(const clv_batch* batch, const char* argument) {
  const clv_batch b = read_sized(required(batch, argument), argument);
  check_shape(b, argument);
  const schema& known = find_schema("customers");
  table copied = copy_columns(
      b, [&](const std::string& name) { return is_attribute(name) || has_field(known, name); });
  auto read = std::make_shared<table>(conform(copied, known));
  for (column& c : copied.columns()) {
    if (is_attribute(c.name())) read->columns().push_back(std::move(c));
  }
  return read;
}

}  // namespace clv::abi
