#include "calls/tables.hpp"

#include <algorithm>

#include "calls/errors.hpp"
#include "calls/handles.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

void check_count(std::int64_t values, std::int64_t rows, const std::string& field) {
  if (values == rows) return;
  throw invalid_field(
      "INVALID_VALUE",
      field,
      std::to_string(values) + " values, but row_count says " + std::to_string(rows));
}

std::uint8_t bit(std::int64_t row) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(row % 8));
}

// One column of a table into one of a message.
class column_filler {
 public:
  column_filler(const clv_result& from, std::int32_t index, std::int64_t first, std::int64_t count)
      : from_(from), index_(index), first_(first), count_(count) {
    const diag_ptr diag(clv_diag_new());
    check(clv_result_column(&from_, index_, &info_, diag.get()), diag.get());
  }

  void fill(v1::Column& to) const {
    to.set_name(info_.name);
    if (info_.unit != nullptr) to.set_unit(info_.unit);
    switch (info_.type) {
      case CLV_T_UTF8:
        return fill_texts(to);
      case CLV_T_F64:
        return fill_numbers(*to.mutable_doubles()->mutable_values(), CLV_T_F64, to);
      case CLV_T_TIME:
        return fill_numbers(*to.mutable_times()->mutable_values(), CLV_T_TIME, to);
      case CLV_T_MONEY:
        return fill_numbers(*to.mutable_money()->mutable_values(), CLV_T_MONEY, to);
      default:
        return fill_numbers(*to.mutable_int64s()->mutable_values(), CLV_T_I64, to);
    }
  }

 private:
  template <typename Values>
  void fill_numbers(Values& values, clv_type as, v1::Column& to) const {
    values.Resize(static_cast<int>(count_), {});
    std::vector<std::uint8_t> validity(static_cast<std::size_t>(count_ + 7) / 8);
    auto what = CLV_SIZED(clv_read_options);
    what.column = index_;
    what.first = first_;
    what.count = count_;
    what.as_type = as;
    what.values = values.mutable_data();
    what.validity = validity.data();
    const diag_ptr diag(clv_diag_new());
    if (count_ > 0) check(clv_result_read(&from_, &what, diag.get()), diag.get());
    for (std::int64_t row = 0; row < count_; ++row) {
      if ((validity[static_cast<std::size_t>(row / 8)] & bit(row)) != 0) continue;
      values.Set(static_cast<int>(row), {});  // an absent number reads as NaN
      to.add_absent_rows(row);
    }
  }

  void fill_texts(v1::Column& to) const {
    auto& values = *to.mutable_texts()->mutable_values();
    values.Reserve(static_cast<int>(count_));
    for (std::int64_t row = 0; row < count_; ++row) {
      std::int64_t length = 0;
      const char* text = clv_result_text(&from_, index_, first_ + row, &length);
      values.Add(text == nullptr ? std::string()
                                 : std::string(text, static_cast<std::size_t>(length)));
      if (text == nullptr) to.add_absent_rows(row);
    }
  }

  const clv_result& from_;
  const std::int32_t index_;
  const std::int64_t first_, count_;
  clv_column_info info_ = CLV_SIZED(clv_column_info);
};

std::vector<std::int32_t> wanted(const clv_result& from, const std::vector<std::string>& columns) {
  std::vector<std::int32_t> all;
  for (const std::string& name : columns) {
    all.push_back(clv_result_find(&from, name.c_str()));
    if (all.back() >= 0) continue;
    call_error error(grpc::StatusCode::NOT_FOUND, "NAME_UNKNOWN", "there is no such column");
    error.metadata["column"] = name;
    throw error;
  }
  if (!columns.empty()) return all;
  for (std::int32_t i = 0; i < clv_result_columns(&from); ++i) all.push_back(i);
  return all;
}

}  // namespace

table_batch::table_batch(const v1::Table& table, const std::string& field) {
  if (table.row_count() < 0) throw invalid_field("INVALID_VALUE", field + ".row_count", "negative");
  if (table.row_count() > 0 && table.columns().empty()) {
    throw invalid_field("INVALID_VALUE", field + ".row_count", "rows, but no column");
  }
  for (int i = 0; i < table.columns_size(); ++i) {
    const std::string at = field + ".columns[" + std::to_string(i) + "]";
    columns_.push_back(column_of(table.columns(i), table.row_count(), at));
    set_absent(table.columns(i), table.row_count(), columns_.back(), at);
  }
  batch_.n_rows = table.row_count();
  batch_.n_columns = static_cast<std::uint32_t>(columns_.size());
  batch_.columns = columns_.data();
}

clv_column table_batch::column_of(const v1::Column& column,
                                  std::int64_t rows,
                                  const std::string& field) {
  if (column.name().empty() || column.name().find('\0') != std::string::npos) {
    throw invalid_field("FIELD_REQUIRED", field + ".name", "name the column");
  }
  if (column.unit().find('\0') != std::string::npos) {
    throw invalid_field("INVALID_VALUE", field + ".unit", "the text holds a NUL");
  }
  clv_column to{};
  to.name = column.name().c_str();
  to.unit = column.unit().empty() ? nullptr : column.unit().c_str();
  const auto numbers = [&](const auto& values, clv_type type) {
    check_count(values.size(), rows, field);
    to.data = values.data();
    to.type = type;
  };
  switch (column.values_case()) {
    case v1::Column::kDoubles:
      numbers(column.doubles().values(), CLV_T_F64);
      break;
    case v1::Column::kInt64S:
      numbers(column.int64s().values(), CLV_T_I64);
      break;
    case v1::Column::kTimes:
      numbers(column.times().values(), CLV_T_TIME);
      break;
    case v1::Column::kMoney:
      numbers(column.money().values(), CLV_T_MONEY);
      break;
    case v1::Column::kTexts: {
      check_count(column.texts().values_size(), rows, field);
      texts& kept = texts_.emplace_back();
      for (const std::string& text : column.texts().values()) {
        kept.bytes += text;
        kept.offsets.push_back(static_cast<std::int64_t>(kept.bytes.size()));
      }
      to.data = kept.bytes.data();
      to.offsets = kept.offsets.data();
      to.type = CLV_T_UTF8;
      break;
    }
    case v1::Column::VALUES_NOT_SET:
      throw invalid_field("FIELD_REQUIRED", field + ".values", "give the column's values");
  }
  return to;
}

void table_batch::set_absent(const v1::Column& column,
                             std::int64_t rows,
                             clv_column& to,
                             const std::string& field) {
  if (column.absent_rows().empty()) return;
  auto& validity = validity_.emplace_back(static_cast<std::size_t>(rows + 7) / 8,
                                          static_cast<std::uint8_t>(255));
  std::int64_t before = -1;
  for (const std::int64_t row : column.absent_rows()) {
    if (row <= before || row >= rows) {
      throw invalid_field("INVALID_VALUE",
                          field + ".absent_rows",
                          std::to_string(row) + " is no row, or not above the one before");
    }
    auto& byte = validity[static_cast<std::size_t>(row / 8)];
    byte = static_cast<std::uint8_t>(byte & ~bit(row));
    before = row;
  }
  to.validity = validity.data();
}

void fill_table(const clv_result& from,
                std::int64_t first,
                std::int64_t count,
                v1::Table& to,
                const std::vector<std::string>& columns) {
  to.set_row_count(count);
  for (const std::int32_t index : wanted(from, columns)) {
    column_filler(from, index, first, count).fill(*to.add_columns());
  }
}

void fill_table(const clv_result& from, v1::Table& to) {
  fill_table(from, 0, clv_result_rows(&from), to);
}

}  // namespace clvd
