#include "calls/columns.hpp"

#include <google/protobuf/descriptor.h>

#include "calls/errors.hpp"
#include "calls/handles.hpp"

namespace clvd {
namespace {

namespace pb = google::protobuf;
using cpp_type = pb::FieldDescriptor::CppType;

bool is_text(const pb::FieldDescriptor& field) {
  return field.cpp_type() == cpp_type::CPPTYPE_STRING;
}

void set_valid(std::vector<std::uint8_t>& validity, std::size_t row) {
  validity[row / 8] = static_cast<std::uint8_t>(validity[row / 8] | (1u << (row % 8)));
}

// One column of a table, read for a range of rows and put into one field of each row message.
class column_reader {
 public:
  column_reader(const clv_result& table, const pb::FieldDescriptor& field)
      : table_(table), field_(field), index_(clv_result_find(&table, field.name().c_str())) {}

  // Whether the table has the column.
  bool read(std::int64_t first, std::int64_t count) {
    if (index_ < 0) return false;
    first_ = first;
    const diag_ptr diag(clv_diag_new());
    info_ = CLV_SIZED(clv_column_info);
    check(clv_result_column(&table_, index_, &info_, diag.get()), diag.get());
    if (is_text(field_)) return true;
    const auto n = static_cast<std::size_t>(count);
    validity_.assign((n + 7) / 8, 0);
    auto what = CLV_SIZED(clv_read_options);
    what.column = index_;
    what.first = first;
    what.count = count;
    what.validity = validity_.data();
    if (field_.cpp_type() == cpp_type::CPPTYPE_DOUBLE) {
      numbers_.resize(n);
      what.as_type = CLV_T_F64;
      what.values = numbers_.data();
    } else {
      integers_.resize(n);
      what.as_type = info_.type == CLV_T_I32 ? clv_type{CLV_T_I64} : info_.type;
      what.values = integers_.data();
    }
    check(clv_result_read(&table_, &what, diag.get()), diag.get());
    return true;
  }

  // Row `i` of the range read, into the field of `message`.
  void put(std::size_t i, pb::Message& message) const {
    const pb::Reflection& reflection = *message.GetReflection();
    if (is_text(field_)) return put_text(i, message);
    if ((validity_[i / 8] >> (i % 8) & 1u) == 0) return;
    switch (field_.cpp_type()) {
      case cpp_type::CPPTYPE_DOUBLE:
        return reflection.SetDouble(&message, &field_, numbers_[i]);
      case cpp_type::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field_, integers_[i]);
      default:
        return put_money(integers_[i], *reflection.MutableMessage(&message, &field_));
    }
  }

 private:
  const clv_result& table_;
  const pb::FieldDescriptor& field_;
  const std::int32_t index_;
  std::int64_t first_ = 0;
  clv_column_info info_{};
  std::vector<double> numbers_;
  std::vector<std::int64_t> integers_;
  std::vector<std::uint8_t> validity_;

  void put_text(std::size_t i, pb::Message& message) const {
    std::int64_t length = 0;
    const char* text =
        clv_result_text(&table_, index_, first_ + static_cast<std::int64_t>(i), &length);
    if (text == nullptr) return;
    message.GetReflection()->SetString(
        &message, &field_, std::string(text, static_cast<std::size_t>(length)));
  }

  // The only message a column can become is clv.v1.Money.
  void put_money(std::int64_t minor_units, pb::Message& money) const {
    const pb::Descriptor& type = *money.GetDescriptor();
    const pb::Reflection& reflection = *money.GetReflection();
    reflection.SetString(&money, type.FindFieldByName("currency_code"), info_.unit);
    reflection.SetInt64(&money, type.FindFieldByName("minor_units"), minor_units);
  }
};

// Rows from `first` on, one into each message of `type`.
void fill(const clv_result& table,
          std::int64_t first,
          const pb::Descriptor& type,
          const std::vector<pb::Message*>& to) {
  for (int f = 0; !to.empty() && f < type.field_count(); ++f) {
    column_reader column(table, *type.field(f));
    if (!column.read(first, static_cast<std::int64_t>(to.size()))) continue;
    for (std::size_t i = 0; i < to.size(); ++i) column.put(i, *to[i]);
  }
}

}  // namespace

row_batch::row_batch(const pb::Message& message, const std::string& field) {
  const pb::FieldDescriptor& rows = *message.GetDescriptor()->FindFieldByName(field);
  const pb::Descriptor& type = *rows.message_type();
  const int n = message.GetReflection()->FieldSize(message, &rows);
  for (int f = 0; f < type.field_count(); ++f) {
    const pb::FieldDescriptor& from = *type.field(f);
    column to{.name = from.name(), .type = is_text(from) ? CLV_T_UTF8 : CLV_T_F64};
    to.validity.assign((static_cast<std::size_t>(n) + 7) / 8, 0);
    to.offsets.assign(1, 0);
    for (int i = 0; i < n; ++i) {
      add(message.GetReflection()->GetRepeatedMessage(message, &rows, i), from, to);
    }
    if (to.any) owned_.push_back(std::move(to));
  }
  for (const column& c : owned_) {
    const bool text = c.type == CLV_T_UTF8;
    clv_column out{};
    out.name = c.name.c_str();
    out.data = text ? static_cast<const void*>(c.text.data()) : c.numbers.data();
    out.validity = c.validity.data();
    out.offsets = text ? c.offsets.data() : nullptr;
    out.type = c.type;
    columns_.push_back(out);
  }
  batch_.n_columns = static_cast<std::uint32_t>(columns_.size());
  batch_.n_rows = n;
  batch_.columns = columns_.data();
}

void row_batch::add(const pb::Message& row, const pb::FieldDescriptor& field, column& to) {
  const pb::Reflection& reflection = *row.GetReflection();
  if (to.type == CLV_T_UTF8) {
    const std::string text = reflection.GetString(row, &field);
    set_valid(to.validity, to.offsets.size() - 1);
    to.text += text;
    to.offsets.push_back(static_cast<std::int64_t>(to.text.size()));
    to.any = to.any || !text.empty();
    return;
  }
  const bool present = reflection.HasField(row, &field);
  if (present) set_valid(to.validity, to.numbers.size());
  to.numbers.push_back(reflection.GetDouble(row, &field));
  to.any = to.any || present;
}

void append_rows(const clv_result& table,
                 std::int64_t first,
                 std::int64_t count,
                 pb::Message& message,
                 const std::string& field) {
  const pb::FieldDescriptor& rows = *message.GetDescriptor()->FindFieldByName(field);
  std::vector<pb::Message*> to;
  for (std::int64_t i = 0; i < count; ++i) {
    to.push_back(message.GetReflection()->AddMessage(&message, &rows));
  }
  fill(table, first, *rows.message_type(), to);
}

void set_row(const clv_result& table, std::int64_t row, pb::Message& message) {
  fill(table, row, *message.GetDescriptor(), {&message});
}

std::string unit_of(const clv_result& table, const char* column) {
  const std::int32_t index = clv_result_find(&table, column);
  auto info = CLV_SIZED(clv_column_info);
  if (index < 0 || clv_result_column(&table, index, &info, nullptr) != CLV_OK) return {};
  return info.unit == nullptr ? "" : info.unit;
}

}  // namespace clvd
