#include "calls/json.hpp"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "calls/errors.hpp"
#include "calls/wire.hpp"

namespace clvd {
namespace {

namespace pb = google::protobuf;

// protobuf's words are "(rows[0].x): invalid value ...", "(rows[0]) name: Cannot find field." or
// "name: Cannot find field."; anything else is about the text as such, and quotes it.
constexpr std::string_view unknown_mark = ": Cannot find field.";
constexpr std::string_view value_mark = "): invalid value ";
constexpr std::size_t longest_name = 64;

bool is_path(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '[' || c == ']';
  });
}

// "(rows[0]) name" -> "rows[0].name". A name that no schema could have is not repeated.
std::string unknown_path(std::string_view where) {
  std::string parent;
  if (where.starts_with('(')) {
    const auto end = where.find(") ");
    if (end == where.npos) return "?";
    parent = std::string(where.substr(1, end - 1)) + ".";
    where.remove_prefix(end + 2);
  }
  if (!is_path(parent)) parent.clear();
  const bool sane = !where.empty() && where.size() <= longest_name && is_path(where);
  return parent + (sane ? std::string(where) : "?");
}

call_error refusal(std::string_view words, const pb::Message& message) {
  if (words.ends_with(unknown_mark)) {
    words.remove_suffix(unknown_mark.size());
    return invalid_field("UNKNOWN_FIELD",
                         unknown_path(words),
                         "this server does not know the field; nothing is ignored in silence");
  }
  const auto end = words.find(value_mark);
  if (words.starts_with('(') && end != words.npos && is_path(words.substr(1, end - 1))) {
    return invalid_field("INVALID_VALUE",
                         std::string(words.substr(1, end - 1)),
                         "the value does not fit the field's type");
  }
  call_error error(
      grpc::StatusCode::INVALID_ARGUMENT,
      "MALFORMED_JSON",
      "the body is not the JSON (UTF-8, at most 100 levels) of a " + message.GetTypeName());
  error.metadata["type"] = message.GetTypeName();
  return error;
}

}  // namespace

void decode_json(std::string_view text, pb::Message& message) {
  const auto status =
      pb::util::JsonStringToMessage(pb::StringPiece(text.data(), text.size()), &message);
  if (!status.ok()) {
    const auto words = status.message();
    throw refusal(std::string_view(words.data(), words.size()), message);
  }
}

std::string encode_json(const pb::Message& message) {
  check_size(message);
  pb::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = pb::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    throw call_error(grpc::StatusCode::INTERNAL, "INTERNAL", "JSON of a " + message.GetTypeName());
  }
  return json;
}

}  // namespace clvd
