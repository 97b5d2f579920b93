#include "calls/model_json.hpp"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>

#include "calls/errors.hpp"

namespace clvd {
namespace {

namespace pb = google::protobuf;
namespace v1 = clv::v1;

pb::Value part_json(const char* field, const v1::ModelPart& part) {
  pb::Value value;
  auto& fields = *value.mutable_struct_value()->mutable_fields();
  fields["model"].set_string_value(part.model());
  auto& parameters = *fields["parameters"].mutable_struct_value()->mutable_fields();
  for (const auto& [name, number] : part.parameters()) {
    if (!std::isfinite(number)) {
      throw invalid_field("INVALID_VALUE",
                          "parameters." + std::string(field) + ".parameters[" + name + "]",
                          "the number is not finite");
    }
    parameters[name].set_number_value(number);
  }
  return value;
}

}  // namespace

std::string model_json(const v1::ModelParameters& parameters) {
  pb::Struct document;
  auto& fields = *document.mutable_fields();
  fields["format"].set_string_value("clv.model/1");
  fields["unit"].set_string_value(parameters.unit().empty() ? "week" : parameters.unit());
  if (!parameters.currency_code().empty()) {
    fields["currency"].set_string_value(parameters.currency_code());
  }
  if (parameters.has_purchase()) fields["purchase"] = part_json("purchase", parameters.purchase());
  if (parameters.has_spend()) fields["spend"] = part_json("spend", parameters.spend());
  std::string json;
  const auto status = pb::util::MessageToJsonString(document, &json);
  if (!status.ok()) {
    throw invalid_field("INVALID_VALUE", "parameters", "the model cannot be written as JSON");
  }
  return json;
}

std::string saved_model(const clv_model& model) {
  const diag_ptr diag(clv_diag_new());
  std::int64_t size = 0;
  const clv_status sized = clv_model_save(&model, nullptr, 0, &size, diag.get());
  if (sized != CLV_E_LIMIT) check(sized, diag.get());
  std::string json(static_cast<std::size_t>(size), '\0');
  check(clv_model_save(&model, json.data(), size, &size, diag.get()), diag.get());
  return json;
}

model_ptr loaded_model(const std::string& model_json) {
  const diag_ptr diag(clv_diag_new());
  clv_model* model = nullptr;
  check(clv_model_load(
            model_json.data(), static_cast<std::int64_t>(model_json.size()), &model, diag.get()),
        diag.get());
  return model_ptr(model);
}

model_words words_of(const std::string& model_json) {
  pb::Struct document;
  if (!pb::util::JsonStringToMessage(model_json, &document).ok()) return {};
  const auto word = [&](const char* name) {
    const auto found = document.fields().find(name);
    return found == document.fields().end() ? std::string() : found->second.string_value();
  };
  return {.currency = word("currency"), .unit = word("unit"), .time_zone = word("time_zone")};
}

}  // namespace clvd
