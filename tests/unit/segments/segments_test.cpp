#include <gtest/gtest.h>

#include "scores.hpp"

namespace clv {
namespace {

using test::scored;

TEST(segments, are_found_by_name) {
  EXPECT_EQ(find_segmentation("rfm").name, "rfm");
  try {
    find_segmentation("astrology");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::not_found);
    EXPECT_EQ(e.details().hint, "known: rfm, value_tier, k_means, gaussian_mixture, rules");
  }
}

TEST(segments, come_with_a_profile_by_falling_value) {
  const std::vector<scored> rows{{.no_purchase = 0.0, .mu = 9},
                                 {.no_purchase = 0.5, .mu = 1},
                                 {.no_purchase = 0.5, .mu = 1},
                                 {.no_purchase = 0.0, .mu = 9},
                                 {.has_value = false}};
  job j =
      segment(test::scores_of(rows), {.scheme = "value_tier", .options_json = R"({"cuts":[100]})"});
  j.run();
  const table& p = *j.result().tables.at("profile");
  ASSERT_EQ(p.rows(), 3U);
  EXPECT_EQ(test::names_in(p), (std::vector<std::string>{"high", "low", "unknown"}));
  EXPECT_EQ(p.integers("customers", type::i64)[0], 2);
  EXPECT_DOUBLE_EQ(p.numbers("share")[0], 0.4);
  EXPECT_DOUBLE_EQ(p.numbers("sum_clv")[0], 20);
  EXPECT_DOUBLE_EQ(p.numbers("mean_clv")[1], 5);
  EXPECT_DOUBLE_EQ(p.numbers("mean_p_alive")[1], 0.5);
  EXPECT_DOUBLE_EQ(p.numbers("mean_expected_purchases")[1], 2);
  EXPECT_FALSE(p.find("mean_clv")->present(2));
  EXPECT_FALSE(p.find("sum_clv")->present(2));
  EXPECT_EQ(p.find("sum_clv")->unit(), "EUR");
}

TEST(segments, of_the_same_scores_have_the_same_fingerprint) {
  const auto run = [](const char* options) {
    job j = segment(test::scores_of({{.x = 1, .t_x = 1, .T = 2}, {.T = 3}}),
                    {.scheme = "rfm", .options_json = options});
    j.run();
    return j.result().tables.at("")->fingerprint();
  };
  EXPECT_EQ(run(""), run(""));
  EXPECT_NE(run(""), run(R"({"bins":4})"));
  EXPECT_EQ(run("").size(), 32U);
}

}  // namespace
}  // namespace clv
