#include "clv/money.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "logs.hpp"

namespace clv::test {
namespace {

std::int64_t minor(std::string_view text, int exponent = 2) {
  const parsed_money parsed = parse_money(text, exponent);
  EXPECT_EQ(parsed.error, money_error::none) << text;
  return parsed.minor;
}

TEST(money, exponents_are_those_of_iso_4217) {
  EXPECT_EQ(currency_exponent("EUR"), 2);
  EXPECT_EQ(currency_exponent("JPY"), 0);
  EXPECT_EQ(currency_exponent("KWD"), 3);
  EXPECT_EQ(currency_exponent("CLF"), 4);
  EXPECT_EQ(currency_exponent("XXX"), 2);
  EXPECT_EQ(minor_per_major("UYW"), 10000.0);
}

TEST(money, first_and_last_codes_are_found) {
  for (const char* code : {"AED", "ZWL", "ZWG", "UAH", "XOF", "BHD"}) {
    EXPECT_TRUE(currency_exponent(code)) << code;
  }
}

TEST(money, codes_that_are_none_are_refused) {
  for (const char* code : {"", "E", "EU", "eur", "EURO", "EUX", "000", "XAU"}) {
    EXPECT_EQ(currency_exponent(code), std::nullopt) << code;
  }
  EXPECT_EQ(failure_of([] { minor_per_major("eur"); }).code, status::invalid);
}

TEST(money, decimals_are_read_exactly) {
  EXPECT_EQ(minor("0"), 0);
  EXPECT_EQ(minor("-0.00"), 0);
  EXPECT_EQ(minor("12.5"), 1250);
  EXPECT_EQ(minor("+12.34"), 1234);
  EXPECT_EQ(minor("-168469.60"), -16846960);
  EXPECT_EQ(minor(".5"), 50);
  EXPECT_EQ(minor("5."), 500);
  EXPECT_EQ(minor("0.29"), 29);  // 0.29 * 100 is 28.999... in doubles
  EXPECT_EQ(minor("00012"), 1200);
  EXPECT_EQ(minor("1200", 0), 1200);
  EXPECT_EQ(minor("1.234", 3), 1234);
}

TEST(money, decimals_beyond_the_currency_must_be_zero) {
  EXPECT_EQ(minor("1.2300"), 123);
  EXPECT_EQ(minor("7.00", 0), 7);
  EXPECT_EQ(parse_money("1.234", 2).error, money_error::too_many_decimals);
  EXPECT_EQ(parse_money("7.5", 0).error, money_error::too_many_decimals);
}

TEST(money, the_range_ends_with_64_bits) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(minor("92233720368547758.07"), most);
  EXPECT_EQ(minor("-92233720368547758.07"), -most);
  EXPECT_EQ(minor("9223372036854775807", 0), most);
  for (const char* text :
       {"92233720368547758.08", "92233720368547759", "99999999999999999999999"}) {
    EXPECT_EQ(parse_money(text, 2).error, money_error::out_of_range) << text;
  }
}

TEST(money, text_that_is_no_amount_is_refused) {
  for (const char* text : {"",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "1,5",
                           "1 000",
                           "1e3",
                           "12a",
                           "0x10",
                           "--1",
                           "+-1",
                           "1.2.3",
                           "nan",
                           "inf",
                           " 1",
                           "1 ",
                           "$5"}) {
    EXPECT_EQ(parse_money(text, 2).error, money_error::not_a_number) << text;
  }
}

TEST(money, amounts_survive_the_way_to_text_and_back) {
  EXPECT_EQ(format_money(5, 2), "0.05");
  EXPECT_EQ(format_money(-5, 3), "-0.005");
  EXPECT_EQ(format_money(0, 0), "0");
  EXPECT_EQ(format_money(std::numeric_limits<std::int64_t>::min(), 2), "-92233720368547758.08");
  for (const int exponent : {0, 2, 3, 4}) {
    for (std::int64_t v = -123456; v < 123456; v += 77) {
      ASSERT_EQ(minor(format_money(v, exponent), exponent), v);
    }
  }
}

}  // namespace
}  // namespace clv::test
