// The rules of a plugin's configuration: word by word against the cases of the JSON Schema Test
// Suite (draft 7), the sentences, and what a schema may not say because nobody would check it.
#include "config_schema.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace clv::abi {
namespace {

namespace json = boost::json;

const std::filesystem::path suite = "/usr/share/json-schema-test-suite/tests/draft7";

json::value read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

std::string as_sentence(const std::optional<schema_complaint>& c) {
  return c ? c->where + " " + c->what : std::string();
}

// What `given` breaks of a schema that has no fault; both JSON.
std::string breach(const std::string& schema, const std::string& given) {
  const json::value rules = json::parse(schema);
  EXPECT_EQ(as_sentence(fault_of_schema(rules)), "") << schema;
  return as_sentence(breach_of_schema(rules, json::parse(given)));
}

std::string fault(const std::string& schema) {
  return as_sentence(fault_of_schema(json::parse(schema)));
}

// Only for one of these may a schema of the suite be refused.
bool is_left_out(const std::string& fault) {
  for (const char* why : {"\"pattern\", which is not",
                          "\"patternProperties\", which is not",
                          "\"format\", which is not",
                          "\"$ref\", which is not",
                          "\"definitions\", which is not",
                          "\"dependencies\", which is not",
                          "\"additionalItems\", which is not",
                          "a \"items\" that is not one schema",
                          "a \"default\" that breaks it"}) {
    if (fault.find(why) != std::string::npos) return true;
  }
  return false;
}

struct tally {
  int checked = 0, refused = 0;
};

void run_group(const json::object& group, const std::string& file, tally& count) {
  const json::value& schema = group.at("schema");
  const std::string about = file + ": " + std::string(group.at("description").as_string());
  if (const std::string why = as_sentence(fault_of_schema(schema)); !why.empty()) {
    EXPECT_TRUE(is_left_out(why)) << about << ": " << why;
    ++count.refused;
    return;
  }
  for (const json::value& v : group.at("tests").as_array()) {
    const json::object& t = v.as_object();
    const auto broken = breach_of_schema(schema, t.at("data"));
    EXPECT_EQ(!broken, t.at("valid").as_bool())
        << about << ": " << std::string(t.at("description").as_string()) << ": "
        << as_sentence(broken);
    ++count.checked;
  }
}

tally run_file(const std::filesystem::path& file) {
  tally count;
  const json::value groups = read(file);
  for (const json::value& group : groups.as_array()) {
    run_group(group.as_object(), file.filename().string(), count);
  }
  return count;
}

TEST(config_schema, agrees_with_the_test_suite_of_json_schema_in_every_word_it_takes) {
  if (!std::filesystem::exists(suite)) {
    GTEST_SKIP() << "the cases are not installed (Debian: json-schema-test-suite)";
  }
  int checked = 0;
  for (const auto& file : std::filesystem::directory_iterator(suite)) {
    if (file.is_regular_file() && file.path().stem() != "ref") {  // ref.json makes up words, too
      checked += run_file(file.path()).checked;
    }
  }
  EXPECT_GE(checked, 290);  // an empty folder, or all refused, would prove nothing
  for (const char* word : {"type",
                           "enum",
                           "const",
                           "minimum",
                           "maximum",
                           "multipleOf",
                           "minLength",
                           "maxLength",
                           "minItems",
                           "maxItems",
                           "minProperties",
                           "uniqueItems",
                           "maxProperties",
                           "contains",
                           "anyOf",
                           "oneOf",
                           "allOf",
                           "not",
                           "propertyNames",
                           "required",
                           "if-then-else",
                           "exclusiveMinimum",
                           "exclusiveMaximum"}) {
    EXPECT_EQ(run_file(suite / (word + std::string(".json"))).refused, 0) << word;
  }
}

TEST(config_schema, says_which_setting_breaks_which_rule) {
  const auto number = [](const std::string& rule) {
    return R"({"properties": {"n": {)" + rule + "}}}";
  };
  EXPECT_EQ(breach(number(R"("type": "integer")"), R"({"n": 1.5})"), "'n' is not of type integer");
  EXPECT_EQ(breach(number(R"("type": ["integer", "null"])"), R"({"n": "x"})"),
            R"('n' is of none of the types ["integer","null"])");
  EXPECT_EQ(breach(number(R"("minimum": 3)"), R"({"n": 2})"), "'n' is 2, its minimum is 3");
  EXPECT_EQ(breach(number(R"("exclusiveMaximum": 1)"), R"({"n": 1})"),
            "'n' is 1, its exclusiveMaximum is 1");
  EXPECT_EQ(breach(number(R"("multipleOf": 0.5)"), R"({"n": 0.7})"),
            "'n' is 0.7, its multipleOf is 0.5");
  EXPECT_EQ(breach(number(R"("minLength": 3)"), R"({"n": "äö"})"),
            "'n' has 2 characters, its minLength is 3");
  EXPECT_EQ(breach(number(R"("maxItems": 1)"), R"({"n": [1, 2]})"),
            "'n' has 2 items, its maxItems is 1");
  EXPECT_EQ(breach(number(R"("enum": ["a", "b"])"), R"({"n": "c"})"),
            R"('n' is none of ["a","b"])");
  EXPECT_EQ(breach(number(R"("const": 4)"), R"({"n": 5})"), "'n' is not 4");
  EXPECT_EQ(breach(number(R"("uniqueItems": true)"), R"({"n": [1, 2, 1.0]})"),
            "'n[2]' is there twice");
  EXPECT_EQ(breach(number(R"("not": {"type": "string"})"), R"({"n": "x"})"),
            "'n' is what \"not\" excludes");
  EXPECT_EQ(breach(number(R"("oneOf": [{"minimum": 1}, {"minimum": 2}])"), R"({"n": 3})"),
            "'n' fits 2 of the schemas of \"oneOf\"");
}

TEST(config_schema, says_where_in_the_configuration_it_is) {
  const std::string nested =
      R"({"required": ["tiers"], "additionalProperties": false, "properties": {"tiers": {"items":
          {"required": ["name"], "properties": {"from": {"type": "number"}}}}}})";
  EXPECT_EQ(breach(nested, "{}"), "'tiers' is required");
  EXPECT_EQ(breach(nested, R"({"tiers": [{"name": "a"}, {}]})"), "'tiers[1].name' is required");
  EXPECT_EQ(breach(nested, R"({"tiers": [{"name": "a", "from": "b"}]})"),
            "'tiers[0].from' is not of type number");
  EXPECT_EQ(breach(nested, R"({"tiers": [], "colour": 1})"), "'colour' is not one of its settings");
}

TEST(config_schema, compares_whole_numbers_exactly) {
  const auto above = [](const std::string& maximum, const std::string& n) {
    return breach("{\"maximum\": " + maximum + "}", n);
  };
  EXPECT_EQ(above("9007199254740992", "9007199254740993"),
            "it is 9007199254740993, its maximum is 9007199254740992");
  // From 2^63 on the parser has another type.
  EXPECT_EQ(above("9223372036854775807", "9223372036854775808"),
            "it is 9223372036854775808, its maximum is 9223372036854775807");
  EXPECT_EQ(above("9223372036854775808", "9223372036854775807"), "");
  EXPECT_EQ(above("9223372036854775808", "9223372036854775809"),
            "it is 9223372036854775809, its maximum is 9223372036854775808");
  EXPECT_EQ(above("-9223372036854775808", "-9223372036854775808"), "");
  EXPECT_NE(above("-9223372036854775808", "9223372036854775809"), "");
  EXPECT_NE(breach(R"({"const": 9223372036854775808})", "9223372036854775807"), "");
  EXPECT_EQ(breach(R"({"const": 9223372036854775808})", "9223372036854775808"), "");
}

TEST(config_schema, compares_a_whole_number_with_a_fraction_exactly) {
  const auto fits = [](const std::string& minimum, const std::string& n) {
    return breach("{\"minimum\": " + minimum + "}", n).empty();
  };
  EXPECT_TRUE(fits("9007199254740993", "9007199254740994.0"));
  EXPECT_FALSE(fits("9007199254740993", "9007199254740992.0"));
  EXPECT_FALSE(fits("9223372036854775809", "9223372036854775808.0"));
  EXPECT_TRUE(fits("-1", "-0.5"));
  EXPECT_FALSE(fits("0", "-0.5"));
  EXPECT_TRUE(fits("-0.5", "0"));
  EXPECT_FALSE(fits("-0.5", "-1"));
  EXPECT_FALSE(fits("1e300", "18446744073709551615"));
  EXPECT_TRUE(fits("-1e300", "-9223372036854775808"));
  EXPECT_TRUE(fits("1", "1.0"));
}

TEST(config_schema, knows_a_multiple_of_a_large_number_and_of_a_fraction) {
  const auto fits = [](const std::string& of, const std::string& n) {
    return breach("{\"multipleOf\": " + of + "}", n).empty();
  };
  EXPECT_TRUE(fits("0.01", "19.99"));
  EXPECT_FALSE(fits("0.01", "19.995"));
  EXPECT_TRUE(fits("5", "-15"));
  EXPECT_TRUE(fits("0.1", "0"));
  EXPECT_TRUE(fits("2", "1000000000000002"));
  EXPECT_FALSE(fits("2", "9007199254740993"));
  EXPECT_FALSE(fits("2", "9223372036854775809"));
  EXPECT_TRUE(fits("3", "-9223372036854775806"));
  EXPECT_FALSE(fits("1", "1000000000000000.25"));
}

// Nothing is silently unchecked.
TEST(config_schema, with_a_word_that_nobody_checks_is_refused_with_what_to_write_instead) {
  EXPECT_EQ(
      fault(R"({"properties": {"code": {"type": "string", "pattern": "^[A-Z]+$"}}})"),
      "'/properties/code' uses \"pattern\", which is not checked: list the texts as \"enum\", "
      "or check the text in create");
  EXPECT_EQ(fault(R"({"format": "date"})"),
            "it uses \"format\", which is not checked: check the text in create");
  EXPECT_EQ(
      fault(R"({"items": {"minimun": 3}})"),
      "'/items' uses \"minimun\", which is not checked: it is no word of JSON Schema that this "
      "version knows");
  EXPECT_EQ(fault(R"({"anyOf": [{}, {"$ref": "#"}]})"),
            "'/anyOf/1' uses \"$ref\", which is not checked: write the schema out in its place");
}

TEST(config_schema, with_a_word_of_the_wrong_kind_is_refused) {
  EXPECT_EQ(fault(R"({"minimum": "3"})"), "it has a \"minimum\" that is not a number");
  EXPECT_EQ(fault(R"({"exclusiveMinimum": true})"),  // of draft 4
            "it has a \"exclusiveMinimum\" that is not a number");
  EXPECT_EQ(fault(R"({"type": "float"})"),
            "it has a \"type\" that is not the name of a type, or an array of them");
  EXPECT_EQ(fault(R"({"multipleOf": 0})"), "it has a \"multipleOf\" that is not a number above 0");
  EXPECT_EQ(fault(R"({"required": [1]})"), "it has a \"required\" that is not an array of texts");
  EXPECT_EQ(fault(R"({"items": [{}]})"), "it has a \"items\" that is not one schema");
  EXPECT_EQ(fault(R"({"properties": {"a": 1}})"),
            "it has a \"properties\" that is not an object of schemas");
  EXPECT_EQ(fault(R"({"anyOf": []})"), "it has a \"anyOf\" that is not an array of schemas");
  EXPECT_EQ(fault("[]"), "it is not an object");
}

TEST(config_schema, with_a_default_that_it_would_refuse_is_refused) {
  EXPECT_EQ(fault(R"({"properties": {"n": {"minimum": 1, "default": 0}}})"),
            "'/properties/n' has a \"default\" that breaks it: it is 0, its minimum is 1");
  EXPECT_EQ(fault(R"({"properties": {"n": {"minimum": 1, "default": 1}}})"), "");
}

}  // namespace
}  // namespace clv::abi
