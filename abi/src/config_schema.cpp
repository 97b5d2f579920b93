#include "config_schema.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <string_view>

#include "text.hpp"

namespace clv::abi {
namespace {

namespace json = boost::json;
using complaint = std::optional<schema_complaint>;

// What a word's value must be.
enum class operand {
  anything,
  number,
  positive,
  count,
  flag,
  text,
  texts,
  type,
  values,
  schema,
  schemas,
  named_schemas
};

struct word {
  std::string_view name;
  operand takes;
};

constexpr std::array words{
    // annotations: they demand nothing
    word{"$schema", operand::text},
    word{"$id", operand::text},
    word{"$comment", operand::text},
    word{"title", operand::text},
    word{"description", operand::text},
    word{"examples", operand::values},
    word{"readOnly", operand::flag},
    word{"writeOnly", operand::flag},
    word{"deprecated", operand::flag},
    word{"default", operand::anything},
    // rules, in config_check.cpp
    word{"type", operand::type},
    word{"enum", operand::values},
    word{"const", operand::anything},
    word{"minimum", operand::number},
    word{"maximum", operand::number},
    word{"exclusiveMinimum", operand::number},
    word{"exclusiveMaximum", operand::number},
    word{"multipleOf", operand::positive},
    word{"minLength", operand::count},
    word{"maxLength", operand::count},
    word{"minItems", operand::count},
    word{"maxItems", operand::count},
    word{"uniqueItems", operand::flag},
    word{"items", operand::schema},
    word{"contains", operand::schema},
    word{"minProperties", operand::count},
    word{"maxProperties", operand::count},
    word{"required", operand::texts},
    word{"properties", operand::named_schemas},
    word{"additionalProperties", operand::schema},
    word{"propertyNames", operand::schema},
    word{"allOf", operand::schemas},
    word{"anyOf", operand::schemas},
    word{"oneOf", operand::schemas},
    word{"not", operand::schema},
    word{"if", operand::schema},
    word{"then", operand::schema},
    word{"else", operand::schema},
};

// Words of JSON Schema that are left out here, and what to write instead.
struct advice {
  std::string_view name, instead;
};
constexpr std::array left_out{
    advice{"pattern", "list the texts as \"enum\", or check the text in create"},
    advice{"patternProperties", "name the settings in \"properties\""},
    advice{"format", "check the text in create"},
    advice{"$ref", "write the schema out in its place"},
    advice{"definitions", "write the schemas out where they are used"},
    advice{"$defs", "write the schemas out where they are used"},
    advice{"dependencies", "say it with \"if\" and \"then\""},
    advice{"dependentRequired", "say it with \"if\" and \"then\""},
    advice{"additionalItems", "one schema of \"items\" holds for all of them"},
};

constexpr std::array<std::string_view, 7> type_names{
    "string", "number", "integer", "boolean", "array", "object", "null"};

bool is_type_name(const json::value& v) {
  return v.is_string() &&
         std::ranges::find(type_names, std::string_view(v.get_string())) != type_names.end();
}

bool is_count(const json::value& v) {
  if (!v.is_number()) return false;
  const auto n = v.to_number<double>();
  return n >= 0 && n == std::floor(n);
}

template <typename Test>
bool all_of(const json::value& v, bool may_be_empty, Test&& test) {
  return v.is_array() && (may_be_empty || !v.get_array().empty()) &&
         std::ranges::all_of(v.get_array(), test);
}

bool is_schema(const json::value& v) {
  return v.is_object() || v.is_bool();
}

bool is_named_schemas(const json::value& v) {
  return v.is_object() && std::ranges::all_of(v.get_object(), [](const auto& pair) {
           return is_schema(pair.value());
         });
}

// What a word's value should be, or "" when it is.
std::string_view lacking(operand takes, const json::value& v) {
  const auto unless = [](bool good, std::string_view what) { return good ? "" : what; };
  switch (takes) {
    case operand::number:
      return unless(v.is_number(), "a number");
    case operand::positive:
      return unless(v.is_number() && v.to_number<double>() > 0, "a number above 0");
    case operand::count:
      return unless(is_count(v), "a whole number of 0 or more");
    case operand::flag:
      return unless(v.is_bool(), "true or false");
    case operand::text:
      return unless(v.is_string(), "a text");
    case operand::texts:
      return unless(all_of(v, true, [](const json::value& i) { return i.is_string(); }),
                    "an array of texts");
    case operand::type:
      return unless(is_type_name(v) || all_of(v, false, is_type_name),
                    "the name of a type, or an array of them");
    case operand::values:
      return unless(v.is_array(), "an array");
    case operand::schema:
      return unless(is_schema(v), "one schema");
    case operand::schemas:
      return unless(all_of(v, false, is_schema), "an array of schemas");
    case operand::named_schemas:
      return unless(is_named_schemas(v), "an object of schemas");
    case operand::anything:
      break;
  }
  return "";
}

std::string quoted(std::string_view name) {
  return "\"" + printable(std::string(name), 64) + "\"";
}

complaint unknown_word(const std::string& where, std::string_view name) {
  const auto known = std::ranges::find(left_out, name, &advice::name);
  const std::string remedy = known == left_out.end()
                                 ? "it is no word of JSON Schema that this version knows"
                                 : std::string(known->instead);
  return schema_complaint{where, "uses " + quoted(name) + ", which is not checked: " + remedy};
}

complaint fault_at(const json::value& schema, const std::string& where);

// The schemas inside a word's value.
complaint fault_inside(const word& w, const json::value& v, const std::string& where) {
  const std::string here = where + "/" + std::string(w.name);
  complaint found;
  if (w.takes == operand::schema) return fault_at(v, here);
  if (w.takes == operand::schemas) {
    for (std::size_t i = 0; i < v.get_array().size() && !found; ++i) {
      found = fault_at(v.get_array()[i], here + "/" + std::to_string(i));
    }
  } else if (w.takes == operand::named_schemas) {
    for (const auto& [name, inner] : v.get_object()) {
      if (!found) found = fault_at(inner, here + "/" + printable(std::string(name), 64));
    }
  }
  return found;
}

complaint fault_at(const json::value& schema, const std::string& where) {
  if (schema.is_bool()) return std::nullopt;
  for (const auto& [name, value] : schema.get_object()) {
    const auto known = std::ranges::find(words, std::string_view(name), &word::name);
    if (known == words.end()) return unknown_word(where, name);
    if (const std::string_view what = lacking(known->takes, value); !what.empty()) {
      return schema_complaint{where, "has a " + quoted(name) + " that is not " + std::string(what)};
    }
    if (complaint inner = fault_inside(*known, value, where)) return inner;
  }
  const json::value* standard = schema.get_object().if_contains("default");
  if (standard == nullptr) return std::nullopt;
  const complaint breach = breach_of_schema(schema, *standard);
  if (!breach) return std::nullopt;
  return schema_complaint{
      where, "has a \"default\" that breaks it: " + breach->where + " " + breach->what};
}

}  // namespace

std::optional<schema_complaint> fault_of_schema(const boost::json::value& schema) {
  if (!is_schema(schema)) return schema_complaint{"it", "is not an object"};
  complaint found = fault_at(schema, "");
  if (found) found->where = found->where.empty() ? "it" : "'" + found->where + "'";
  return found;
}

}  // namespace clv::abi
