#include "jobs/erased_words.hpp"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace clvd {
namespace {

namespace pb = google::protobuf;

constexpr auto erased = "(erased: it named a customer who was forgotten)";
// Fields that hold sentences, "value" being that of ErrorInfo.metadata.
constexpr std::array<std::string_view, 5> sentences{
    "warnings", "message", "detail", "description", "value"};

bool erase_in(pb::Message& message, const std::string& customer);

bool erase_in(pb::Any& packed, const std::string& customer) {
  std::string name;
  if (!pb::Any::ParseAnyTypeUrl(packed.type_url(), &name)) return false;
  const auto* type = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  const auto* empty =
      type == nullptr ? nullptr : pb::MessageFactory::generated_factory()->GetPrototype(type);
  if (empty == nullptr) return false;
  const std::unique_ptr<pb::Message> inner(empty->New());
  if (!packed.UnpackTo(inner.get()) || !erase_in(*inner, customer)) return false;
  packed.PackFrom(*inner);
  return true;
}

bool erase_texts(pb::Message& message,
                 const pb::FieldDescriptor& field,
                 const std::string& customer) {
  const pb::Reflection& reflection = *message.GetReflection();
  const auto holds = [&](const std::string& text) { return text.find(customer) != text.npos; };
  if (!field.is_repeated()) {
    if (!holds(reflection.GetString(message, &field))) return false;
    reflection.SetString(&message, &field, erased);
    return true;
  }
  bool any = false;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (!holds(reflection.GetRepeatedString(message, &field, i))) continue;
    reflection.SetRepeatedString(&message, &field, i, erased);
    any = true;
  }
  return any;
}

bool erase_in(pb::Message& message, const std::string& customer) {
  if (auto* packed = dynamic_cast<pb::Any*>(&message)) return erase_in(*packed, customer);
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  bool any = false;
  for (const pb::FieldDescriptor* field : set) {
    if (field->type() == pb::FieldDescriptor::TYPE_STRING) {
      const bool free = std::ranges::find(sentences, field->name()) != sentences.end();
      any |= free && erase_texts(message, *field, customer);
    } else if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (!field->is_repeated()) {
      any |= erase_in(*reflection.MutableMessage(&message, field), customer);
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        any |= erase_in(*reflection.MutableRepeatedMessage(&message, field, i), customer);
      }
    }
  }
  return any;
}

}  // namespace

bool erase_words(clv::v1::Job& job, const std::string& customer) {
  return erase_in(job, customer);
}

}  // namespace clvd
