// Do the intervals mean what they say? Customers are drawn from known models, scored at the truth
// from what was seen of them, and compared with what they went on to spend.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "clv/score.hpp"
#include "cohort.hpp"

namespace clv {
namespace {

constexpr std::size_t customers = 50'000;
constexpr double ahead = 52.0;
constexpr double annual_discount = 0.15;
constexpr std::array spend_parameters{6.25, 3.74, 15.44};

struct world {
  std::shared_ptr<const table> scores;
  std::vector<double> realised;
};

world draw_world(std::array<double, 4> purchase_parameters, std::uint64_t seed) {
  const test::truth truth{find_model("bg_nbd"),
                          purchase_parameters,
                          find_model("gamma_gamma"),
                          spend_parameters,
                          ahead,
                          std::log1p(annual_discount) / (365.25 / 7.0)};
  world w;
  std::vector<test::customer> seen;
  for (std::uint64_t i = 0; i < customers; ++i) {
    const test::drawn d = test::draw(truth, 26.0 + static_cast<double>(i % 14), seed, i);
    seen.push_back(d.seen);
    w.realised.push_back(d.spend_ahead);
  }
  auto m = std::make_shared<fitted_model>();
  m->purchase = {.which = &truth.purchases,
                 .parameters = {purchase_parameters.begin(), purchase_parameters.end()}};
  m->spend = estimates{.which = &truth.spend,
                       .parameters = {spend_parameters.begin(), spend_parameters.end()}};
  job j = score(m, test::summary_of(seen), {.horizon = ahead, .annual_discount = annual_discount});
  j.run();
  w.scores = j.result().tables.at("");
  return w;
}

// Frequent buyers who mostly stay, and buyers like those of the CDNOW sample.
constexpr std::array frequent{1.2, 4.0, 0.4, 4.0};
constexpr std::array weekly{3.0, 3.0, 0.5, 5.0};  // once a week, and half of them leave
constexpr std::array occasional{0.2426, 4.4137, 0.793, 2.4262};

struct share {
  double hits = 0, n = 0;
  void add(bool hit) {
    hits += hit ? 1 : 0;
    n += 1;
  }
  double value() const { return hits / n; }
};

TEST(score_coverage, eighty_per_cent_intervals_hold_eighty_per_cent) {
  const world w = draw_world(frequent, 21);
  share inside;
  for (std::size_t i = 0; i < customers; ++i) {
    // Where zero is likelier than 10 % the interval starts at zero and holds more than 80 %.
    if (w.scores->numbers("no_purchase")[i] > 0.1) continue;
    inside.add(w.realised[i] >= w.scores->numbers("clv_p10")[i] &&
               w.realised[i] <= w.scores->numbers("clv_p90")[i]);
  }
  ASSERT_GT(inside.n, 2000);  // so that 5 points are more than 5 standard errors
  EXPECT_NEAR(inside.value(), 0.80, 0.05);
}

TEST(score_coverage, ninety_per_cent_stay_below_the_upper_end) {
  for (const auto& p : {frequent, occasional}) {
    const world w = draw_world(p, 22);
    share below;
    for (std::size_t i = 0; i < customers; ++i) {
      if (w.scores->numbers("no_purchase")[i] > 0.9) continue;
      below.add(w.realised[i] <= w.scores->numbers("clv_p90")[i]);
    }
    ASSERT_GT(below.n, 2000);
    EXPECT_NEAR(below.value(), 0.90, 0.03);
  }
}

// What was said of P(value > cut), in ten bins, against what happened.
struct calibration {
  double worst = 0;    // of the bins with enough customers, less four standard errors
  double average = 0;  // over customers
};

calibration calibrate(const world& w, double cut, bool with_skew) {
  std::array<double, 10> said{};
  std::array<share, 10> happened{};
  for (std::size_t i = 0; i < customers; ++i) {
    const double chance = probability_above(cut,
                                            w.scores->numbers("no_purchase")[i],
                                            w.scores->numbers("clv_mu")[i],
                                            w.scores->numbers("clv_sigma")[i],
                                            with_skew ? w.scores->numbers("clv_skew")[i] : 0.0);
    const auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(chance * 10));
    said[bin] += chance;
    happened[bin].add(w.realised[i] > cut);
  }
  calibration found;
  for (std::size_t bin = 0; bin < 10; ++bin) {
    const double n = happened[bin].n;
    if (n == 0) continue;
    const double error = std::abs(happened[bin].hits - said[bin]);
    found.average += error / customers;
    if (n > 300) found.worst = std::max(found.worst, error / n - 4 * std::sqrt(0.25 / n));
  }
  return found;
}

TEST(score_coverage, the_chance_to_exceed_a_cut_is_calibrated) {
  for (const auto& p : {frequent, occasional, weekly}) {
    const world w = draw_world(p, 23);
    for (const double cut : {1e-9, 25.0, 100.0, 400.0, 1000.0, 2000.0}) {
      const calibration found = calibrate(w, cut, true);
      // Measured: .9 points on average over customers, and 6 points in the worst bin of weekly
      // buyers with a cut that hardly anybody reaches who leaves early: two humps, one shape.
      EXPECT_LT(found.average, 0.012) << "cut " << cut;
      EXPECT_LT(found.worst, 0.06) << "cut " << cut;
    }
  }
}

// Before clv_skew the value was log-normal, and early drop-out, which cuts ln(value) off to the
// left, put the middle bins up to 20 points off.
TEST(score_coverage, the_skew_takes_out_most_of_what_a_log_normal_is_off_by) {
  for (const auto& p : {frequent, weekly}) {
    const world w = draw_world(p, 25);
    for (const double cut : {400.0, 1000.0}) {
      const calibration before = calibrate(w, cut, false);
      const calibration after = calibrate(w, cut, true);
      EXPECT_GT(before.worst, 0.05) << "cut " << cut;
      EXPECT_LT(after.worst, 0.5 * before.worst) << "cut " << cut;
      EXPECT_LT(after.average, 0.5 * before.average) << "cut " << cut;
    }
  }
}

TEST(score_coverage, the_mean_value_is_the_mean_of_what_happens) {
  for (const auto& p : {frequent, occasional}) {
    const world w = draw_world(p, 24);
    double expected = 0;
    double happened = 0;
    double squares = 0;
    for (std::size_t i = 0; i < customers; ++i) {
      const double v = w.scores->numbers("clv")[i];
      expected += v;
      happened += w.realised[i];
      squares += (w.realised[i] - v) * (w.realised[i] - v);
    }
    EXPECT_NEAR(happened, expected, 4 * std::sqrt(squares));
  }
}

}  // namespace
}  // namespace clv
