#include "services/batch_rows.hpp"

#include <google/protobuf/descriptor.h>

#include <cstring>
#include <string_view>

namespace clvd {
namespace {

namespace pb = google::protobuf;

const clv_column* find(const clv_batch& batch, const std::string& name) {
  for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
    if (name == batch.columns[i].name) return &batch.columns[i];
  }
  return nullptr;
}

bool present(const clv_column& c, std::int64_t row) {
  return c.validity == nullptr || (c.validity[row / 8] >> (row % 8) & 1) != 0;
}

template <typename T>
T item(const clv_column& c, std::int64_t row) {
  const std::int64_t stride = c.stride != 0 ? c.stride : static_cast<std::int64_t>(sizeof(T));
  T value;
  std::memcpy(&value, static_cast<const char*>(c.data) + row * stride, sizeof value);
  return value;
}

std::string text(const clv_column& c, std::int64_t row) {
  const auto first = static_cast<std::size_t>(c.offsets[row]);
  const auto last = static_cast<std::size_t>(c.offsets[row + 1]);
  return {static_cast<const char*>(c.data) + first, last - first};
}

std::int64_t integer(const clv_column& c, std::int64_t row) {
  return c.type == CLV_T_I32 ? item<std::int32_t>(c, row) : item<std::int64_t>(c, row);
}

void put(const clv_column& c, std::int64_t row, const pb::FieldDescriptor& field, pb::Message& to) {
  const pb::Reflection& reflection = *to.GetReflection();
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&to, &field, text(c, row));
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(
          &to,
          &field,
          c.type == CLV_T_F64 ? item<double>(c, row) : static_cast<double>(integer(c, row)));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&to, &field, integer(c, row));
    default: {  // the only message a column can become is clv.v1.Money
      pb::Message& money = *reflection.MutableMessage(&to, &field);
      const pb::Descriptor& type = *money.GetDescriptor();
      const pb::Reflection& inner = *money.GetReflection();
      inner.SetString(
          &money, type.FindFieldByName("currency_code"), c.unit == nullptr ? "" : c.unit);
      inner.SetInt64(&money, type.FindFieldByName("minor_units"), integer(c, row));
    }
  }
}

}  // namespace

void append_batch_rows(const clv_batch& batch,
                       std::int64_t first,
                       std::int64_t count,
                       pb::Message& message,
                       const std::string& field) {
  const pb::FieldDescriptor& rows = *message.GetDescriptor()->FindFieldByName(field);
  const pb::Descriptor& type = *rows.message_type();
  for (std::int64_t row = first; row < first + count; ++row) {
    pb::Message& to = *message.GetReflection()->AddMessage(&message, &rows);
    for (int f = 0; f < type.field_count(); ++f) {
      const clv_column* column = find(batch, type.field(f)->name());
      if (column != nullptr && present(*column, row)) put(*column, row, *type.field(f), to);
    }
  }
}

}  // namespace clvd
