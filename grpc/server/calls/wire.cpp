#include "calls/wire.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calls/errors.hpp"
#include "calls/utf8.hpp"

namespace clvd {
namespace {

namespace pb = google::protobuf;
using pb::internal::WireFormatLite;

std::string item(const std::string& path, int index) {
  return path + "[" + std::to_string(index) + "]";
}

std::string below(const std::string& prefix, const pb::FieldDescriptor& field) {
  return prefix.empty() ? field.name() : prefix + "." + field.name();
}

// Path of the first field at any depth that the schema does not have, as "rows[3].#9"; "" if none.
std::string unknown_field(const pb::Message& message, const std::string& prefix) {
  const pb::Reflection& reflection = *message.GetReflection();
  const pb::UnknownFieldSet& unknown = reflection.GetUnknownFields(message);
  if (!unknown.empty()) {
    return (prefix.empty() ? "#" : prefix + ".#") + std::to_string(unknown.field(0).number());
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE || field.is_map()) continue;
    const std::string path = below(prefix, field);
    std::string found;
    if (!field.is_repeated()) {
      if (reflection.HasField(message, &field)) {
        found = unknown_field(reflection.GetMessage(message, &field), path);
      }
    } else {
      for (int k = 0; k < reflection.FieldSize(message, &field) && found.empty(); ++k) {
        found = unknown_field(reflection.GetRepeatedMessage(message, &field, k), item(path, k));
      }
    }
    if (!found.empty()) return found;
  }
  return {};
}

// Walks bytes that protobuf refused: the path of the first string that is not UTF-8, or nothing
// when the bytes are no message at all. protobuf itself only logs the name.
std::optional<std::string> bad_text(const pb::Descriptor& type,
                                    const std::string& bytes,
                                    const std::string& prefix) {
  pb::io::ArrayInputStream array(bytes.data(), static_cast<int>(bytes.size()));
  pb::io::CodedInputStream in(&array);
  std::map<int, int> seen;
  while (const std::uint32_t tag = in.ReadTag()) {
    const pb::FieldDescriptor* field =
        type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool is_block =
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (field == nullptr || !is_block) {
      if (!WireFormatLite::SkipField(&in, tag)) return {};
      continue;
    }
    std::uint32_t size = 0;
    std::string block;
    if (!in.ReadVarint32(&size) || !in.ReadString(&block, static_cast<int>(size))) return {};
    std::string path = below(prefix, *field);
    if (field->is_repeated()) path = item(path, seen[field->number()]++);
    if (field->type() == pb::FieldDescriptor::TYPE_STRING && !is_utf8(block)) return path;
    if (field->type() != pb::FieldDescriptor::TYPE_MESSAGE) continue;
    if (auto found = bad_text(*field->message_type(), block, path)) return found;
  }
  return {};
}

std::string flat(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return {};
  std::string all;
  for (const grpc::Slice& slice : slices) {
    all.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return all;
}

call_error refusal(const grpc::ByteBuffer& bytes, const pb::Message& message) {
  if (auto path = bad_text(*message.GetDescriptor(), flat(bytes), "")) {
    return invalid_field("NOT_UTF8", *path, "the text is not UTF-8");
  }
  call_error error(grpc::StatusCode::INVALID_ARGUMENT,
                   "MALFORMED_MESSAGE",
                   "the bytes are not a " + message.GetTypeName());
  error.metadata["type"] = message.GetTypeName();
  return error;
}

// x + 0 is x for every x but -0.
void positive_zeros(const pb::Reflection& reflection,
                    const pb::FieldDescriptor& field,
                    pb::Message& message) {
  if (!field.is_repeated()) {
    reflection.SetDouble(&message, &field, reflection.GetDouble(message, &field) + 0.0);
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const double value = reflection.GetRepeatedDouble(message, &field, i);
    reflection.SetRepeatedDouble(&message, &field, i, value + 0.0);
  }
}

}  // namespace

void decode(const grpc::ByteBuffer& bytes, pb::Message& message) {
  grpc::ByteBuffer copy(bytes);  // shares the slices; the reader wants a mutable buffer
  grpc::ProtoBufferReader reader(&copy);
  if (!reader.status().ok() || !message.ParseFromZeroCopyStream(&reader)) {
    throw refusal(bytes, message);
  }
  const std::string unknown = unknown_field(message, "");
  if (!unknown.empty()) {
    throw invalid_field("UNKNOWN_FIELD",
                        unknown,
                        "this server does not know the field; nothing is ignored in silence");
  }
}

void check_size(const pb::Message& message) {
  const std::size_t size = message.ByteSizeLong();
  if (size <= static_cast<std::size_t>(max_message_bytes)) return;
  call_error error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                   "ANSWER_TOO_LARGE",
                   "the answer has " + std::to_string(size) + " bytes, more than " +
                       std::to_string(max_message_bytes) + ": ask for fewer rows at a time");
  error.metadata["bytes"] = std::to_string(size);
  throw error;
}

grpc::ByteBuffer encode(const pb::Message& message) {
  check_size(message);
  grpc::Slice slice(static_cast<std::size_t>(message.GetCachedSize()));
  auto* begin = const_cast<std::uint8_t*>(slice.begin());
  message.SerializeWithCachedSizesToArray(begin);
  return grpc::ByteBuffer(&slice, 1);
}

void drop_negative_zeros(pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  for (const pb::FieldDescriptor* field : set) {
    if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_DOUBLE) {
      positive_zeros(reflection, *field, message);
    } else if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (!field->is_repeated()) {
      drop_negative_zeros(*reflection.MutableMessage(&message, field));
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        drop_negative_zeros(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

}  // namespace clvd
