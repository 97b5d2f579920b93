#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "clv/model.hpp"
#include "drop_out_golden.hpp"

using clv::observation;
using clv::test::relative_error;

namespace {

const clv::model& mbg_nbd_model() {
  return clv::find_model("mbg_nbd");
}

const std::vector<double> mbg_nbd_paper{.525, 6.183, .891, 1.614};

}  // namespace

// 1e-12 is the budget for ordinary inputs; the extreme ones of the table need no more.
TEST(mbg_nbd, equals_direct_integration) {
  for (const auto& row : clv::test::golden("mbg_nbd.csv")) {
    clv::test::expect_answer(
        mbg_nbd_model(), {row["r"], row["alpha"], row["a"], row["b"]}, row, 1e-12);
  }
}

TEST(mbg_nbd, gives_the_published_cdnow_predictions) {
  const std::vector<std::pair<double, double>> growth{
      {1, .0530848}, {3, .1508633}, {39, 1.182954}, {52, 1.419724}, {78, 1.804758}};
  for (const auto& [t, expected] : growth) {
    EXPECT_LE(relative_error(mbg_nbd_model().expected_new(mbg_nbd_paper, t), expected), 1e-6) << t;
  }
  const observation customer{.x = 2, .t_x = 30.43, .T = 38.86};
  EXPECT_NEAR(mbg_nbd_model().expected_purchases(mbg_nbd_paper, customer, 39), 1.262961, 5e-7);
  EXPECT_NEAR(mbg_nbd_model().p_alive(mbg_nbd_paper, customer), .706202, 5e-7);
  EXPECT_NEAR(mbg_nbd_model().p_alive(mbg_nbd_paper, {0, 0, 39}), .389348, 5e-7);
}

TEST(mbg_nbd, gives_the_published_count_probabilities) {
  const std::vector<double> published{.582473, .182783, .0868948, .0485704, .0297741, .0193873};
  std::vector<double> pmf(published.size());
  mbg_nbd_model().pmf(mbg_nbd_paper, 39, pmf);
  for (std::size_t j = 0; j < pmf.size(); ++j) {
    EXPECT_NEAR(pmf[j], published[j], j < 2 ? 5e-7 : 5e-8) << j;
  }
}

TEST(mbg_nbd, survives_the_published_stress_cases) {
  const std::vector<double> p{.25, 4, .8, 2.5};
  EXPECT_LE(relative_error(mbg_nbd_model().log_likelihood(p, {0, 0, 40}), -.417928262045), 1e-10);
  EXPECT_LE(relative_error(mbg_nbd_model().log_likelihood(p, {200, 38, 40}), 100.786909761), 1e-10);
}

// lifetimes issue 302: NaN where a + b < 1.
TEST(mbg_nbd, one_time_buyers_with_small_a_and_b_have_numbers) {
  const std::vector<double> p{.3, 4, .3, .2};
  EXPECT_TRUE(std::isfinite(mbg_nbd_model().log_likelihood(p, {0, 0, 40})));
  const double alive = mbg_nbd_model().p_alive(p, {0, 0, 40});
  EXPECT_GT(alive, 0);
  EXPECT_LT(alive, .4);  // b/(a+b) passed the first moment
  EXPECT_GT(mbg_nbd_model().expected_purchases(p, {0, 0, 40}, 52), 0);
  EXPECT_GT(mbg_nbd_model().residual(p, {0, 0, 40}, .002), 0);
}

TEST(mbg_nbd, a_new_customer_may_be_gone_at_once) {
  const double passes = mbg_nbd_paper[3] / (mbg_nbd_paper[2] + mbg_nbd_paper[3]);
  EXPECT_NEAR(mbg_nbd_model().survival(mbg_nbd_paper, 0), passes, 1e-15);
  EXPECT_NEAR(mbg_nbd_model().p_alive(mbg_nbd_paper, {}), passes, 1e-15);
  EXPECT_NEAR(mbg_nbd_model().survival_ahead(mbg_nbd_paper, {}, 30),
              mbg_nbd_model().survival(mbg_nbd_paper, 30),
              1e-14);
}

// Wagner & Hoppe (2008): the future of one alive is that of BG/NBD, its first moment is behind it.
TEST(mbg_nbd, given_alive_the_future_is_a_bg_nbd_with_updated_parameters) {
  const clv::model& bg = clv::find_model("bg_nbd");
  const observation o{.x = 3, .t_x = 17, .T = 29};
  const std::vector<double> updated{
      mbg_nbd_paper[0] + o.x, mbg_nbd_paper[1] + o.T, mbg_nbd_paper[2], mbg_nbd_paper[3] + o.x + 1};
  const double alive = mbg_nbd_model().p_alive(mbg_nbd_paper, o);
  EXPECT_LE(relative_error(mbg_nbd_model().expected_purchases(mbg_nbd_paper, o, 39),
                           alive * bg.expected_new(updated, 39)),
            1e-14);
  EXPECT_LE(relative_error(mbg_nbd_model().residual(mbg_nbd_paper, o, .002),
                           alive * bg.residual(updated, {}, .002)),
            1e-14);
  EXPECT_LE(relative_error(mbg_nbd_model().survival_ahead(mbg_nbd_paper, o, 39),
                           alive * bg.survival(updated, 39)),
            1e-14);
}
