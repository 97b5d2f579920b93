#include "services/report_run.hpp"

#include <google/protobuf/util/json_util.h>

namespace clvd {

namespace v1 = clv::v1;

namespace {

std::string scalar_of(const google::protobuf::Value& value) {
  std::string json;
  if (google::protobuf::util::MessageToJsonString(value, &json).ok()) return json;
  throw invalid_field("INVALID_VALUE", "options_json", "a number of it is not finite");
}

std::string text_of(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  return scalar_of(value);
}

std::string json_of(const google::protobuf::Value& value) {
  if (value.has_struct_value()) return clvd::json_of(value.struct_value());
  if (!value.has_list_value()) return scalar_of(value);
  std::string json;
  for (const auto& item : value.list_value().values()) {
    json += (json.empty() ? "" : ",") + json_of(item);
  }
  return "[" + json + "]";
}

}  // namespace

google::protobuf::Struct json_argument(const char* field, const std::string& json) {
  google::protobuf::Struct object;
  text_argument(field, json);
  if (json.empty()) return object;
  if (google::protobuf::util::JsonStringToMessage(json, &object).ok()) return object;
  throw invalid_field("INVALID_VALUE", field, "it is not a JSON object");
}

std::string json_of(const google::protobuf::Struct& object) {
  // Members of a protobuf map come in an order that changes from one message to the next, and
  // fingerprints of reports, which page tokens are bound to, hold the text of their options.
  std::map<std::string, std::string> members;
  for (const auto& [name, value] : object.fields()) members[text_of(name)] = json_of(value);
  std::string json;
  for (const auto& [name, value] : members) json += (json.empty() ? "" : ",") + name + ":" + value;
  return "{" + json + "}";
}

report_inputs::report_inputs(const google::protobuf::RepeatedPtrField<v1::Table>& tables,
                             const std::string& field) {
  names_.reserve(static_cast<std::size_t>(tables.size()) + 1);
  for (int i = 0; i < tables.size(); ++i) {
    const std::string at = field + "[" + std::to_string(i) + "]";
    if (tables[i].name().empty()) {
      throw invalid_field("FIELD_REQUIRED", at + ".name", "say which input it is");
    }
    add(text_argument("name", tables[i].name()).c_str(), tables[i], at);
  }
}

void report_inputs::add(const char* name, const v1::Table& table, const std::string& field) {
  batches_.push_back(std::make_unique<table_batch>(table, field));
  names_.emplace_back(name);
  named_.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    named_.push_back({names_[i].c_str(), &batches_[i]->batch()});
  }
}

}  // namespace clvd
