#include "math/json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "math/random.hpp"

namespace clv::math {
namespace {

// Bit patterns at random cover every exponent; Boost.JSON 1.81's own reader fails some of them.
TEST(json, brings_any_double_back_bit_for_bit) {
  random_source random(4);
  for (int i = 0; i < 20'000; ++i) {
    const double wanted = std::bit_cast<double>(random.bits());
    if (!std::isfinite(wanted)) continue;
    const boost::json::value back = parse_json("[" + to_text(wanted) + "]");
    EXPECT_EQ(back.as_array()[0].to_number<double>(), wanted) << to_text(wanted);
  }
}

TEST(json, reads_numbers_at_the_end_of_the_text) {
  EXPECT_EQ(parse_json("0.1").as_double(), 0.1);
  EXPECT_EQ(parse_json(" -12 ").as_int64(), -12);
  EXPECT_EQ(parse_json("18446744073709551615").as_uint64(), 18446744073709551615U);
}

std::string complaint(std::string_view text) {
  try {
    parse_json(text);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

TEST(json, names_the_line_and_column_where_it_stops) {
  EXPECT_EQ(complaint("{\"a\": 1,\n \"b\": x}").substr(0, 31), "not JSON at line 2, column 7: s");
  EXPECT_EQ(complaint("[1] 2"), "not JSON at line 1, column 5: more text after the value");
  for (const char* bad : {"",
                          " ",
                          "[1",
                          "{\"a\"}",
                          "[1,]",
                          "nul",
                          "\"\x01\"",
                          "01",
                          "1e999",
                          "'a'",
                          "\"\xFF\"",
                          "// c\n1"}) {
    EXPECT_EQ(complaint(bad).substr(0, 8), "not JSON") << bad;
  }
  EXPECT_EQ(complaint(std::string(40, '[') + std::string(40, ']')).substr(0, 8), "not JSON");
  EXPECT_EQ(complaint(std::string(20, '[') + std::string(20, ']')), "nothing");
}

TEST(json, writes_text_a_person_can_read) {
  boost::json::object o;
  o["name"] = "a \"b\"";
  o["value"] = 0.1;
  o["whole"] = 3.0;
  o["none"] = std::numeric_limits<double>::infinity();
  o["rows"] = {{1.5, 2}, {3, 4}};
  o["empty"] = boost::json::object();
  EXPECT_EQ(to_json(o),
            "{\n"
            "  \"name\": \"a \\\"b\\\"\",\n"
            "  \"value\": 0.1,\n"
            "  \"whole\": 3,\n"
            "  \"none\": null,\n"
            "  \"rows\": [\n"
            "    [1.5, 2],\n"
            "    [3, 4]\n"
            "  ],\n"
            "  \"empty\": {}\n"
            "}");
}

}  // namespace
}  // namespace clv::math
