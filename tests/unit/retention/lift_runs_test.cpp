// Report "lift" over many simulated trials: what its intervals promise.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "math/random.hpp"
#include "retention/experiments/sequence.hpp"
#include "trial.hpp"

namespace clv {
namespace {

using test::number;
using test::text;
using test::trial;
using test::trial_decision;

struct scene {
  int days = 1, per_day = 1000;  // customers that enter
  int repeats = 1;               // decisions of each, one every 31 days
  double share = .5;
  double rate = .1, lift = 0;  // of responses, worth 10 each
  double own_sd = 0;           // of what a customer brings every time
  double broken = 0;           // chance that a customer held out is lost
};

trial play(const scene& s, std::uint64_t seed) {
  trial t;
  const int n = s.days * s.per_day;
  for (int i = 0; i < n; ++i) {
    random_source random(seed, static_cast<std::uint64_t>(i));
    const bool held = random.uniform() < s.share;
    const double own = s.own_sd * random.normal();
    if (held && random.uniform() < s.broken) continue;
    for (int k = 0; k < s.repeats; ++k) {
      const std::string id = std::to_string(i);
      const trial_decision d{.id = id + "." + std::to_string(k),
                             .customer = id,
                             .day = i / s.per_day + 31.0 * k,
                             .arm = held ? "holdout" : "exploit"};
      t.decide(d);
      const bool responds = random.uniform() < s.rate + (held ? 0 : s.lift);
      if (responds) t.happen(d, d.day, "response", 1);
      t.happen(d, d.day, "value", (responds ? 10 : 0) + own);
    }
  }
  return t;
}

// Every window passes; costs are recorded as none, so that net is value.
std::string options(const scene& s, const std::string& more = "") {
  return R"({"by":["system"],"as_of":"2035-01-01","share":)" + std::to_string(s.share) + more + "}";
}

struct hit_counts {
  int newcombe = 0, value = 0, sequence = 0, srm = 0;
};

hit_counts repeat(const scene& s, int seeds, double rate_effect, double value_effect) {
  hit_counts hits;
  const auto holds = [](const outcome& o, const char* lower, const char* upper, double truth) {
    return number(o, lower) <= truth && truth <= number(o, upper) ? 1 : 0;
  };
  for (int seed = 1; seed <= seeds; ++seed) {
    const outcome o = play(s, static_cast<std::uint64_t>(seed)).lift(options(s));
    if (text(o, "status") == "SRM") {
      ++hits.srm;
      continue;
    }
    hits.newcombe += holds(o, "response_lower", "response_upper", rate_effect);
    hits.value += holds(o, "value_lower", "value_upper", value_effect);
    hits.sequence += holds(o, "sequence_lower", "sequence_upper", value_effect);
  }
  return hits;
}

// 95 % of 400 with four standard deviations of a binomial count (4.4).
TEST(lift_runs, intervals_hold_the_truth_as_often_as_they_say) {
  const scene s{.per_day = 600, .share = .3, .lift = .05};
  const hit_counts hits = repeat(s, 400, .05, .5);
  EXPECT_NEAR(hits.newcombe, 380, 18);
  EXPECT_NEAR(hits.value, 380, 18);
  EXPECT_GE(hits.sequence, 395);  // wider: it is made for all looks
  EXPECT_EQ(hits.srm, 0);
}

// Five decisions of each: one customer is one observation. A row taken for one would give intervals
// too short by the factor sqrt(1 + 4 r), r the correlation of a customer's values.
TEST(lift_runs, intervals_hold_the_truth_where_customers_are_decided_many_times) {
  const scene s{.per_day = 250, .repeats = 5, .lift = .05, .own_sd = 4};
  const hit_counts hits = repeat(s, 300, 0, 5 * .5);
  EXPECT_NEAR(hits.value, .95 * 300, 15);
  const outcome o = play(s, 1).lift(options(s));
  EXPECT_EQ(number(o, "treated") + number(o, "held_out"), 250);
  EXPECT_EQ(number(o, "decisions"), 1250);
}

struct peeks {
  int sequence = 0, plain = 0;
};

// Reads every day and stops at the first interval without 0.
peeks peek_daily(const scene& s, int seeds, double tuned_for) {
  peeks wrong;
  const std::string with = options(s, R"(,"tuned_for":)" + std::to_string(tuned_for));
  for (int seed = 1; seed <= seeds; ++seed) {
    const outcome o = play(s, static_cast<std::uint64_t>(seed) + 1000).lift(with);
    const table& t = *o.tables.at("cumulative");
    bool sequence = false, plain = false;
    double decisions = 0;
    for (std::size_t day = 0; day < t.rows(); ++day) {
      // As many decisions each day until all have entered, the same customers over again after.
      decisions += s.per_day;
      if (!t.find("lower")->present(day)) continue;
      const double found = t.numbers("incremental")[day];
      const double half = t.numbers("upper")[day] - found;
      const double error = half / retention::sequence_factor(decisions, tuned_for, .05);
      sequence = sequence || std::fabs(found) > half;
      plain = plain || std::fabs(found) > 1.959964 * error;
    }
    wrong.sequence += sequence ? 1 : 0;
    wrong.plain += plain ? 1 : 0;
  }
  return wrong;
}

TEST(lift_runs, a_sequence_read_every_day_stays_within_its_level_and_plain_intervals_do_not) {
  const scene s{.days = 60, .per_day = 30};
  const peeks wrong = peek_daily(s, 500, 900);
  EXPECT_LE(wrong.sequence, .05 * 500);
  EXPECT_GT(wrong.plain, .15 * 500);  // .05 is promised; 60 looks make it about .25
}

TEST(lift_runs, also_where_each_customer_is_decided_again_and_again) {
  for (const double own_sd : {0.0, 3.0}) {
    const scene s{.days = 31, .per_day = 10, .repeats = 4, .own_sd = own_sd};
    EXPECT_LE(peek_daily(s, 250, 600).sequence, .05 * 250) << own_sd;
  }
}

TEST(lift_runs, a_real_effect_is_found_by_the_sequence) {
  const scene s{.days = 40, .per_day = 100, .lift = .08};
  EXPECT_GE(peek_daily(s, 50, 2000).sequence, 45);
}

// At level .001 about none of 1000 is called broken; 1 in 5 of those held out lost is found.
TEST(lift_runs, the_split_is_called_broken_when_it_is) {
  scene s{.per_day = 1500};
  hit_counts hits = repeat(s, 500, 0, 0);
  EXPECT_LE(hits.srm, 4);  // P(more than 4 of 500) = 2e-4
  s.broken = .2;
  hits = repeat(s, 200, 0, 0);
  // The share falls from .5 to .4444, 4.08 standard deviations of 1350; 3.29 are critical: found
  // with .787, 157 of 200, less four standard deviations of that count.
  EXPECT_GE(hits.srm, 134);
}

// Y = X + noise, correlation r: the variance falls by r^2 and the difference stays what it is.
TEST(lift_runs, cuped_takes_away_the_share_of_variance_that_was_known_before) {
  double reduction = 0, raw = 0, adjusted = 0;
  constexpr int seeds = 60;
  for (int seed = 1; seed <= seeds; ++seed) {
    trial t;
    std::string csv = "customer,value\n";
    for (int i = 0; i < 600; ++i) {
      random_source random(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(i));
      const bool held = random.uniform() < .5;
      const double x = random.normal(), y = 10 + .8 * x + .6 * random.normal() + (held ? 0 : .2);
      const std::string id = "c" + std::to_string(i);
      const trial_decision d{.id = id, .customer = id, .arm = held ? "holdout" : "exploit"};
      t.decide(d);
      t.happen(d, 1, "value", y);
      csv += id + "," + std::to_string(100 + 5 * x) + "\n";
    }
    const outcome o = t.lift(options({}), test::table_of(csv));
    reduction += number(o, "variance_reduction") / seeds;
    raw += std::pow(number(o, "value_difference") - .2, 2) / seeds;
    adjusted += std::pow(number(o, "cuped_difference") - .2, 2) / seeds;
    EXPECT_NEAR(number(o, "theta"), .8 / 5, .03);  // sd .6 / (5 sqrt 600) = .005
    EXPECT_LT(number(o, "cuped_standard_error"), number(o, "value_standard_error"));
  }
  EXPECT_NEAR(reduction, .64, .01);
  EXPECT_NEAR(raw, 4. / 600, .0037);  // mean of 60 chi-squares: sd sqrt(2/60) = .18 of it, three
  EXPECT_LT(adjusted, .6 * raw);
}

TEST(lift_runs, cuped_leaves_customers_without_a_past_as_they_are) {
  trial t = play({.per_day = 400}, 9);
  const outcome o = t.lift(options({}), test::table_of("customer,value\n0,1\n1,2\n"));
  EXPECT_NEAR(number(o, "cuped_difference"),
              number(o, "value_difference"),
              .2 * number(o, "value_standard_error"));
  EXPECT_LT(number(o, "variance_reduction"), .05);
}

}  // namespace
}  // namespace clv
