#include "result.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "clv/csv.hpp"
#include "guard.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace {

clv_column view_of(const clv::column& c) {
  clv_column view{};
  view.name = c.name().c_str();
  view.unit = c.unit().empty() ? nullptr : c.unit().c_str();
  view.validity = c.all_present() ? nullptr : c.validity().data();
  view.type = static_cast<clv_type>(c.kind());
  if (c.kind() == clv::type::utf8) {
    view.data = c.chars().data();
    view.offsets = c.offsets().data();
  } else if (c.kind() == clv::type::f64) {
    view.data = c.numbers().data();
  } else {
    view.data = c.integers().data();
  }
  return view;
}

}  // namespace

clv_result::clv_result(std::shared_ptr<const clv::table> of)
    : table(std::move(of)), ended_(table->columns().size()) {
  for (const clv::column& c : table->columns()) view.push_back(view_of(c));
}

const char* clv_result::text(std::size_t column, std::size_t row) const {
  const clv::column& c = table->columns()[column];
  ended_texts& ended = ended_[column];
  const std::string* chars = ended.chars.load(std::memory_order_acquire);
  if (chars == nullptr) {
    const std::scoped_lock held(lock_);
    if (ended.owned == nullptr) {
      std::string all;
      all.reserve(c.chars().size() + c.size());
      for (std::size_t i = 0; i < c.size(); ++i) all.append(c.text(i)).push_back('\0');
      ended.owned = std::make_unique<const std::string>(std::move(all));
      ended.chars.store(ended.owned.get(), std::memory_order_release);
    }
    chars = ended.owned.get();
  }
  // One NUL per row before this one.
  return chars->data() + (c.offsets()[row] - c.offsets()[0]) + static_cast<std::int64_t>(row);
}

namespace clv::abi {
namespace {

const column& column_at(const clv_result* result, std::int32_t number) {
  const auto& columns = required(result, "result")->table->columns();
  if (number < 0 || static_cast<std::size_t>(number) >= columns.size()) {
    throw error(status::invalid,
                "column " + std::to_string(number) + " is out of range; the result has " +
                    std::to_string(columns.size()) + " columns");
  }
  return columns[static_cast<std::size_t>(number)];
}

bool holds_row(const column& c, std::int64_t row) {
  return row >= 0 && static_cast<std::size_t>(row) < c.size();
}

std::int32_t find(const clv_result* result, const char* name) {
  const auto& columns = required(result, "result")->table->columns();
  required(name, "name");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name() == name) return static_cast<std::int32_t>(i);
  }
  return -1;
}

void describe(const clv_result* result, std::int32_t number, clv_column_info* out) {
  const column& c = column_at(result, number);
  std::int64_t absent = 0;
  for (std::size_t row = 0; row < c.size() && !c.all_present(); ++row) absent += !c.present(row);
  write_sized(out,
              clv_column_info{.struct_size = 0,
                              .type = static_cast<clv_type>(c.kind()),
                              .name = c.name().c_str(),
                              .unit = c.unit().c_str(),
                              .absent = absent},
              "out");
}

// Rows [first, last) of one column, and where they go.
struct transfer {
  const column& from;
  std::size_t first, last;
  unsigned char* out;
  std::size_t stride;
};

[[noreturn]] void would_lose(const column& c, std::size_t row, const std::string& value) {
  throw error(issue{.code = status::unsupported,
                    .row = static_cast<std::int64_t>(row),
                    .column = c.name(),
                    .message = "row " + std::to_string(row + 1) + ", column '" + c.name() +
                               "': " + value + " cannot be converted without loss",
                    .hint = "read the column as its own type (as_type = 0)"});
}

constexpr double two_to_63 = 9223372036854775808.0;

std::int64_t whole(const column& c, std::size_t row) {
  const double v = c.numbers()[row];
  if (!(v >= -two_to_63 && v < two_to_63) || v != std::floor(v)) {
    would_lose(c, row, number_text(v));
  }
  return static_cast<std::int64_t>(v);
}

double exact(const column& c, std::size_t row) {
  const std::int64_t v = c.integers()[row];
  const auto d = static_cast<double>(v);
  if (d >= two_to_63 || static_cast<std::int64_t>(d) != v) would_lose(c, row, std::to_string(v));
  return d;
}

// Twice over the rows: the first pass only looks, so that a failure has written nothing.
template <typename Item, typename Get>
void copy(const transfer& t, Item absent, bool check, Get&& get) {
  for (std::size_t row = t.first; check && row < t.last; ++row) {
    if (t.from.present(row)) get(row);
  }
  unsigned char* to = t.out;
  for (std::size_t row = t.first; row < t.last; ++row, to += t.stride) {
    const Item item = t.from.present(row) ? get(row) : absent;
    std::memcpy(to, &item, sizeof item);
  }
}

void copy_as_number(const transfer& t) {
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  if (t.from.kind() == type::f64) {
    copy(t, absent, false, [&](std::size_t row) { return t.from.numbers()[row]; });
  } else {
    copy(t, absent, true, [&](std::size_t row) { return exact(t.from, row); });
  }
}

void copy_as_integer(const transfer& t) {
  constexpr std::int64_t absent = 0;
  if (t.from.kind() == type::f64) {
    copy(t, absent, true, [&](std::size_t row) { return whole(t.from, row); });
  } else {
    copy(t, absent, false, [&](std::size_t row) { return t.from.integers()[row]; });
  }
}

void copy_validity(const transfer& t, std::uint8_t* validity) {
  std::memset(validity, 0, (t.last - t.first + 7) / 8);
  for (std::size_t row = t.first; row < t.last; ++row) {
    const std::size_t i = row - t.first;
    if (t.from.present(row)) {
      validity[i / 8] = static_cast<std::uint8_t>(validity[i / 8] | (1U << (i % 8)));
    }
  }
}

std::size_t stride_of(std::int64_t stride) {
  constexpr std::int64_t item = 8;
  if (stride != 0 && stride < item) {
    throw error(
        status::invalid,
        "stride is " + std::to_string(stride) + " bytes, an item has " + std::to_string(item));
  }
  return static_cast<std::size_t>(stride == 0 ? item : stride);
}

std::size_t end_of(const clv_read_options& what, const column& c) {
  const auto rows = static_cast<std::int64_t>(c.size());
  const bool fits =
      what.first >= 0 && what.first <= rows && what.count >= 0 && what.count <= rows - what.first;
  if (!fits) {
    throw error(status::invalid,
                "rows " + std::to_string(what.first) + " to " + std::to_string(what.first) + " + " +
                    std::to_string(what.count) + " are out of range; the result has " +
                    std::to_string(rows) + " rows");
  }
  return static_cast<std::size_t>(what.count == 0 ? rows : what.first + what.count);
}

clv_type target_of(const clv_read_options& what, const column& c) {
  const auto own = static_cast<clv_type>(c.kind());
  if (c.kind() == type::utf8) {
    throw error(
        status::invalid, "column '" + c.name() + "' is text", "read it with clv_result_text");
  }
  const clv_type as = what.as_type == 0 ? own : what.as_type;
  // An amount is no time: integers keep their meaning or lose it (I64), they do not gain one.
  if (as == own || as == CLV_T_F64 || as == CLV_T_I64) return as;
  throw error(status::unsupported,
              "column '" + c.name() + "' cannot be read as type " + std::to_string(as));
}

void read(const clv_result* result, const clv_read_options* in) {
  const clv_read_options what = read_sized(required(in, "options"), "options");
  check_zero(what.spare, "spare");
  const column& c = column_at(result, what.column);
  const clv_type as = target_of(what, c);
  const std::size_t last = end_of(what, c);
  const auto first = static_cast<std::size_t>(what.first);
  const transfer t{
      c, first, last, static_cast<unsigned char*>(what.values), stride_of(what.stride)};
  if (first == last) return;
  required(what.values, "options->values");
  if (as == CLV_T_F64) {
    copy_as_number(t);
  } else {
    copy_as_integer(t);
  }
  if (what.validity != nullptr) copy_validity(t, what.validity);
}

const char* text(const clv_result* result,
                 std::int32_t number,
                 std::int64_t row,
                 std::int64_t* length) {
  const column& c = column_at(result, number);
  if (c.kind() != type::utf8 || !holds_row(c, row)) return nullptr;
  const auto at = static_cast<std::size_t>(row);
  if (!c.present(at)) return nullptr;
  const char* found = result->text(static_cast<std::size_t>(number), at);
  if (length != nullptr) *length = static_cast<std::int64_t>(c.text(at).size());
  return found;
}

double number(const clv_result* result, std::int32_t number, std::int64_t row) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const column& c = column_at(result, number);
  if (c.kind() == type::utf8 || !holds_row(c, row)) return none;
  const auto at = static_cast<std::size_t>(row);
  if (!c.present(at)) return none;
  return c.kind() == type::f64 ? c.numbers()[at] : static_cast<double>(c.integers()[at]);
}

void lend(const clv_result* result, clv_batch* out) {
  required(result, "result");
  write_sized(out,
              clv_batch{.struct_size = 0,
                        .n_columns = static_cast<std::uint32_t>(result->view.size()),
                        .n_rows = static_cast<std::int64_t>(result->table->rows()),
                        .columns = result->view.data()},
              "out");
}

}  // namespace
}  // namespace clv::abi

int64_t clv_result_rows(const clv_result* result) noexcept {
  return !clv::abi::alive(result) ? 0 : static_cast<int64_t>(result->table->rows());
}

int32_t clv_result_columns(const clv_result* result) noexcept {
  return !clv::abi::alive(result) ? 0 : static_cast<int32_t>(result->view.size());
}

int32_t clv_result_find(const clv_result* result, const char* name) noexcept {
  return clv::abi::guard_or<int32_t>(-1, [&] { return clv::abi::find(result, name); });
}

clv_status clv_result_column(const clv_result* result,
                             int32_t column,
                             clv_column_info* out,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::describe(result, column, out); });
}

clv_status clv_result_read(const clv_result* result,
                           const clv_read_options* options,
                           clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::read(result, options); });
}

const char* clv_result_text(const clv_result* result,
                            int32_t column,
                            int64_t row,
                            int64_t* length) noexcept {
  return clv::abi::guard_or<const char*>(
      nullptr, [&] { return clv::abi::text(result, column, row, length); });
}

double clv_result_number(const clv_result* result, int32_t column, int64_t row) noexcept {
  return clv::abi::guard_or<double>(std::numeric_limits<double>::quiet_NaN(),
                                    [&] { return clv::abi::number(result, column, row); });
}

clv_status clv_result_batch(const clv_result* result, clv_batch* out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::lend(result, out); });
}

const char* clv_result_fingerprint(const clv_result* result) noexcept {
  return !clv::abi::alive(result) ? "" : result->table->fingerprint().c_str();
}

clv_status clv_result_write_csv(const clv_result* result,
                                const char* path,
                                clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] {
    clv::write_csv(*clv::abi::required(result, "result")->table, clv::abi::required(path, "path"));
  });
}

void clv_result_free(clv_result* result) noexcept {
  clv::abi::release(result);
}
