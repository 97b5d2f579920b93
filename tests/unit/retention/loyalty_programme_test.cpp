// The programme document: what it means, and what is said about a wrong one.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "loyalty_events.hpp"
#include "retention/programmes/benefit.hpp"
#include "retention/programmes/programme.hpp"

namespace clv {
namespace {

using retention::per_one;
using retention::read_programme;
using test::club;

std::string complaint(const std::string& document) {
  try {
    read_programme(document);
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    return e.what();
  }
  return "none";
}

const std::string earn_rest = R"("points_per_unit":1,"rounding":"down")";

TEST(loyalty_programme, has_one_tier_and_no_expiry_when_nothing_is_said) {
  const auto p = read_programme(club());
  ASSERT_EQ(p.tiers.levels.size(), 1u);
  EXPECT_EQ(p.tiers.levels[0].multiplier, per_one);
  EXPECT_EQ(p.expiry.days, 0);
  EXPECT_TRUE(p.refunds.reverse);
  EXPECT_EQ(p.value_of(250), 250) << "100 points are 1.00, in cents";
}

TEST(loyalty_programme, keeps_thresholds_of_spend_and_perks_in_minor_units) {
  const auto p = read_programme(
      club(R"("tiers":{"by":"spend","levels":[{"name":"a","threshold":0},{"name":"b",)"
           R"("threshold":99.95,"perks":[{"name":"gift","yearly_cost":12.5}]}]})"));
  EXPECT_EQ(p.tiers.levels[1].threshold, 9995);
  EXPECT_EQ(p.tiers.levels[1].perks[0].yearly_cost, 1250);
}

TEST(loyalty_programme, takes_the_first_rule_that_fits) {
  const auto p = read_programme(
      club("",
           earn_rest + R"(,"base":"after_redemption","rules":[{"kind":"gift_card",)"
                       R"("points_per_unit":0},{"category":"books","points_per_unit":2.5}])"));
  EXPECT_EQ(p.rate_of("gift_card", "books"), 0);
  EXPECT_EQ(p.rate_of("purchase", "books"), 2'500'000);
  EXPECT_EQ(p.rate_of("", ""), per_one);
}

TEST(loyalty_programme, names_path_value_and_what_it_should_be) {
  EXPECT_EQ(complaint(club("", earn_rest)),
            "$.earn.base is missing, expected \"after_redemption\" or \"before_redemption\"");
  EXPECT_EQ(complaint(club(R"("expiry":{"days":0,"after":"earning"})")),
            "$.expiry.days is 0, expected a number from 1 to 36525");
  EXPECT_EQ(complaint(club(R"("expiry":{"days":1.5,"after":"earning"})")),
            "$.expiry.days is 1.5, expected a whole number");
  EXPECT_EQ(complaint(club(R"("perks":1)")), "$ has no member 'perks'");
  EXPECT_EQ(complaint(club(R"("tiers":{"by":"points","levels":[{"name":"a","threshold":0},)"
                           R"({"name":"b","threshold":5},{"name":"c","threshold":5}]})")),
            "$.tiers.levels[2].threshold is 5, expected more than that of the tier before");
  EXPECT_EQ(complaint(club(R"("tiers":{"by":"points","levels":[{"name":"a","threshold":1}]})")),
            "$.tiers.levels[0].threshold is 1, expected 0: the first tier is everybody's");
  EXPECT_EQ(complaint(club("",
                           R"("points_per_unit":1.0000001,"rounding":"down",)"
                           R"("base":"after_redemption")")),
            "$.earn.points_per_unit is 1.0000001, expected a number with at most 6 digits after "
            "the point");
  EXPECT_NE(complaint("[]").find("$ is []"), std::string::npos) << complaint("[]");
}

// The JSON blocks of sdk/LOYALTY.md, in order.
std::vector<std::string> documented() {
  std::ifstream file(CLV_LOYALTY_FILE);
  std::stringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  std::vector<std::string> blocks;
  for (std::size_t at = whole.find("```json\n"); at != std::string::npos;) {
    const std::size_t end = whole.find("```", at + 8);
    blocks.push_back(whole.substr(at + 8, end - at - 8));
    at = whole.find("```json\n", end);
  }
  return blocks;
}

TEST(loyalty_programme, is_what_its_page_shows) {
  const auto blocks = documented();
  ASSERT_EQ(blocks.size(), 2u) << CLV_LOYALTY_FILE;
  const auto p = read_programme(blocks[0]);
  EXPECT_EQ(p.tiers.levels[1].threshold, 50'000);
  EXPECT_EQ(p.rate_of("gift_card", ""), 0);
  EXPECT_EQ(retention::benefits_option("r", "{\"benefits\":" + blocks[1] + "}").size(), 5u);
}

TEST(loyalty_programme, may_come_as_a_text_and_says_which_report_it_was_for) {
  EXPECT_EQ(retention::programme_option("r", R"({"programme":)" + club() + "}").name, "Club");
  std::string quoted;
  for (const char c : club()) quoted += c == '"' ? "\\\"" : std::string(1, c);
  EXPECT_EQ(retention::programme_option("r", "{\"programme\":\"" + quoted + "\"}").name, "Club");
  try {
    retention::programme_option("r", "{}");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "report 'r': option 'programme' is missing");
  }
}

}  // namespace
}  // namespace clv
