// Expected agent minutes: what is learnt, what is left of a ticket that has begun, and the level
// that answers where little is known.
#include "desk/priority/handle_time.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "desk/priority/handle_quality.hpp"
#include "desk/reports.hpp"
#include "math/random.hpp"
#include "support/reports.hpp"

namespace clv::desk {
namespace {

// E[H - done | H > done] by the midpoint rule over the normal variate, scaled by its density at z.
double rest_by_integration(double m, double s, double done) {
  const double z = (std::log(done) - m) / s;
  const double step = 1e-4;
  double above = 0, mass = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double u = z + (i + 0.5) * step;
    const double density = std::exp(-(u - z) * (u + z) / 2);
    above += (std::exp(m + s * u) - done) * density;
    mass += density;
  }
  return above / mass;
}

TEST(expected_rest, is_the_conditional_mean_of_the_log_normal) {
  for (const double m : {1.0, 3.0}) {
    for (const double s : {0.2, 0.7, 1.5}) {
      for (const double z : {-3.0, 0.0, 2.0, 6.0, 20.0}) {
        const double done = std::exp(m + s * z);
        // The midpoint rule with 1e-4 steps is right to about 1e-8 of the steepest density here.
        EXPECT_NEAR(expected_rest({m, s * s}, done) / rest_by_integration(m, s, done), 1, 1e-6)
            << m << " " << s << " " << z;
      }
    }
  }
}

TEST(expected_rest, of_a_ticket_not_begun_is_its_mean) {
  EXPECT_DOUBLE_EQ(expected_rest({2, 0.49}, 0), std::exp(2.245));
  EXPECT_NEAR(expected_rest({2, 0.49}, 1e-12), std::exp(2.245), 1e-9);
}

TEST(expected_rest, stays_positive_and_finite_however_much_was_spent) {
  double last = 0;
  for (const double done : {1e3, 1e6, 1e12, 1e30, 1e100, 1e300}) {
    const double rest = expected_rest({3, 0.25}, done);
    EXPECT_GT(rest, last) << done;
    EXPECT_TRUE(std::isfinite(rest)) << done;
    last = rest;
  }
}

// Tickets of three categories whose log minutes differ by known shifts and slopes.
struct truth {
  std::array<std::string_view, 3> names{"billing", "network", "password"};
  std::array<double, 3> shift{0.2, 0.9, -1.0};
  double mu = 3, sd = 0.5, by_length = 0.3, by_reopened = 0.5, by_reassigned = 0.2;
};

std::vector<handle_case> simulated(const truth& of, std::size_t n) {
  std::vector<handle_case> all;
  for (std::size_t i = 0; i < n; ++i) {
    random_source random(11, i);
    const std::size_t k = random.bits() % 3;
    handle_case c{.category = of.names[k], .length = std::floor(20 * random.exponential()) + 1};
    while (random.uniform() < 0.25) ++c.reopened;
    while (random.uniform() < 0.4) ++c.reassigned;
    c.minutes = std::exp(of.mu + of.shift[k] + of.by_length * (std::log1p(c.length) - 2.6) +
                         of.by_reopened * c.reopened + of.by_reassigned * c.reassigned +
                         of.sd * random.normal());
    all.push_back(c);
  }
  return all;
}

TEST(handle_model, finds_the_truth_that_made_the_minutes) {
  const truth of;
  const handle_model model(simulated(of, 20'000));
  const double slopes[] = {of.by_length, of.by_reopened, of.by_reassigned};
  for (std::size_t j = 0; j < handle_drivers; ++j) {
    // Three standard errors hold 99.7 % of such samples; the seed is fixed.
    EXPECT_NEAR(model.slopes()[j], slopes[j], 3 * model.standard_errors()[j]) << j;
    EXPECT_LT(model.standard_errors()[j], 0.01) << j;
  }
  EXPECT_NEAR(model.variance(), of.sd * of.sd, 0.01);
  const double gap = model.find("network")->shift - model.find("password")->shift;
  EXPECT_NEAR(gap, 1.9, 0.03);
}

TEST(handle_model, counts_a_new_ticket_with_what_will_still_happen_to_it) {
  const truth of;
  const auto done = simulated(of, 20'000);
  const handle_model model(done);
  double foretold = 0, as_if_finished = 0, spent = 0;
  for (const handle_case& c : done) {
    const handle_case fresh{.category = c.category, .length = c.length};
    foretold += expected_minutes(model.under_way(fresh));
    as_if_finished += expected_minutes(model.finished(fresh));
    spent += c.minutes;
  }
  // The final counts are geometric, not normal, so exp(v/2) is not quite their factor: 5 %.
  EXPECT_NEAR(foretold / spent, 1, 0.05);
  EXPECT_LT(as_if_finished / spent, 0.8) << "what the counts of a new ticket would say";
}

TEST(handle_model, shrinks_a_category_by_how_little_is_known_of_it) {
  const truth of;
  auto done = simulated(of, 600);
  handle_case one = done[0];
  one.category = "rare";
  one.minutes = 5000;
  done.push_back(one);
  const handle_model model(done);
  const auto* rare = model.find("rare");
  const auto* network = model.find("network");
  EXPECT_GT(network->weight, 0.95);
  EXPECT_LT(rare->weight, network->weight);
  EXPECT_GT(rare->weight, 0);
  EXPECT_LT(rare->shift, std::log(5000 / 20.0)) << "not taken at its word";
  EXPECT_GT(rare->shift, 0) << "but heard";
}

TEST(handle_model, says_nothing_of_categories_that_do_not_differ) {
  std::vector<handle_case> done;
  for (int i = 0; i < 40; ++i) {
    done.push_back({.category = i % 2 == 0 ? "a" : "b", .minutes = i % 4 < 2 ? 10.0 : 20.0});
  }
  const handle_model model(done);
  EXPECT_EQ(model.between(), 0);
  EXPECT_EQ(model.find("a")->weight, 0);
  EXPECT_DOUBLE_EQ(model.under_way({.category = "a"}).mean, std::log(200.0) / 2);
}

TEST(handle_model, holds_a_length_to_those_that_were_seen) {
  const handle_model model(simulated(truth(), 2'000));
  const double longest = model.under_way({.category = "billing", .length = 1e5}).mean;
  EXPECT_EQ(model.under_way({.category = "billing", .length = 1e9}).mean, longest);
  EXPECT_LT(model.under_way({.category = "billing", .length = 20}).mean, longest);
}

TEST(handle_model, grows_with_every_reassignment_when_those_took_longer) {
  const handle_model model(simulated(truth(), 5'000));
  double last = 0;
  for (double reassigned = 0; reassigned < 5; ++reassigned) {
    const double minutes =
        expected_minutes(model.under_way({.category = "billing", .reassigned = reassigned}));
    EXPECT_GT(minutes, last) << reassigned;
    last = minutes;
  }
}

ticket finished(std::size_t i, std::string category, double minutes) {
  ticket t;
  t.id = "t" + std::to_string(1000 + i);
  t.category = std::move(category);
  t.status = ticket_status::resolved;
  t.minutes = minutes;
  t.has_minutes = minutes > 0;
  return t;
}

ticket_book book_of(const std::vector<handle_case>& done) {
  ticket_book book;
  for (std::size_t i = 0; i < done.size(); ++i) {
    book.tickets.push_back(finished(i, std::string(done[i].category), done[i].minutes));
  }
  return book;
}

TEST(handle_times, says_which_level_answered) {
  const handle_times times(book_of(simulated(truth(), 500)), 15);
  ticket t;
  t.category = "network";
  EXPECT_EQ(times.of(t).source, "category");
  t.category = "never seen";
  EXPECT_EQ(times.of(t).source, "global");
  EXPECT_DOUBLE_EQ(times.of(t).minutes, expected_minutes(times.model().unknown()));
}

TEST(handle_times, do_not_take_time_open_for_minutes_of_work) {
  ticket_book book;
  for (std::size_t i = 0; i < 100; ++i) {
    book.tickets.push_back(finished(i, "billing", 0));
    book.tickets.back().created = 0;
    book.tickets.back().resolved = 3'600 * us_per_second;
  }
  const handle_estimate e = handle_times(book, 12).of(book.tickets[0]);
  EXPECT_EQ(e.source, "policy");
  EXPECT_EQ(e.minutes, 12);
  EXPECT_EQ(e.left, 12);
}

TEST(handle_times, learn_from_no_ticket_that_is_not_over) {
  auto book = book_of(simulated(truth(), 19));
  book.tickets.push_back(finished(50, "billing", 30));
  book.tickets.back().status = ticket_status::reopened;
  EXPECT_FALSE(handle_times(book, 15).model().learnt());
  book.tickets.back().status = ticket_status::closed;
  EXPECT_TRUE(handle_times(book, 15).model().learnt());
}

TEST(handle_times, leave_at_least_a_minute) {
  std::vector<handle_case> quick(50, {.category = "a", .minutes = 0.2});
  const handle_times times(book_of(quick), 15);
  ticket t;
  for (const double done : {0.0, 0.1, 0.3, 5.0}) {
    t.minutes = done;
    EXPECT_GE(times.of(t).left, least_minutes_left) << done;
    EXPECT_EQ(times.of(t).done, done);
  }
  EXPECT_LT(times.of(t).minutes, least_minutes_left) << "all in all it is less";
}

TEST(handle_quality, beats_the_mean_on_tickets_that_it_has_not_seen) {
  const auto measured = cross_validated(simulated(truth(), 3'000));
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[0].knows, "creation");
  EXPECT_EQ(measured[1].knows, "history");
  for (const handle_quality& q : measured) {
    EXPECT_EQ(q.n, 3'000u);
    EXPECT_LT(q.rmse, q.rmse_of_mean) << q.knows;
    EXPECT_LT(q.mae, q.mae_of_mean) << q.knows;
    EXPECT_LT(std::abs(q.bias), 0.06) << q.knows;
  }
  EXPECT_LT(measured[1].rmse, measured[0].rmse) << "the history is worth something";
}

TEST(handle_quality, is_not_claimed_of_too_few) {
  EXPECT_TRUE(cross_validated(simulated(truth(), 24)).empty());
}

// Rows of a ticket that took `minutes`.
std::string worked(const std::string& id, const std::string& category, double minutes) {
  return id + ",c,2026-01-05T09:00Z,created," + category + ",\n" + id +
         ",c,2026-01-05T10:00Z,worked,," + std::to_string(minutes) + "\n" + id +
         ",c,2026-01-05T11:00Z,resolved,,\n";
}

constexpr std::string_view header = "ticket,customer,time,kind,category,minutes\n";

TEST(desk_handle_times, describes_each_category) {
  std::string rows(header);
  for (int i = 0; i < 20; ++i) {
    rows += worked("a" + std::to_string(10 + i), "slow", 50 + i);
    rows += worked("b" + std::to_string(10 + i), "fast", 5 + 0.1 * i);
  }
  rows += "z,c,2026-01-05T09:00Z,created,unheard,\n";
  const outcome out = test::run_report(
      desk_handle_times_report, {{{"ticket_events", test::table_of(rows, "ticket_events")}}, {}});
  const table& t = *out.tables.at("");
  ASSERT_EQ(t.rows(), 4u);
  EXPECT_FALSE(t.find("category")->present(0)) << "all tickets";
  EXPECT_EQ(test::number(out, "n"), 40);
  EXPECT_EQ(test::text(out, "category", 1), "fast");
  EXPECT_EQ(test::text(out, "category", 2), "slow");
  EXPECT_DOUBLE_EQ(test::number(out, "mean_minutes", 2), 59.5);
  EXPECT_DOUBLE_EQ(test::number(out, "median_minutes", 2), 59);
  EXPECT_DOUBLE_EQ(test::number(out, "p90_minutes", 2), 67);
  EXPECT_NEAR(test::number(out, "expected_minutes", 2), 59.5, 1);
  EXPECT_EQ(test::text(out, "source", 2), "category");
  EXPECT_GT(test::number(out, "shrinkage_weight", 2), 0.9);
  EXPECT_EQ(test::text(out, "category", 3), "unheard");
  EXPECT_EQ(test::text(out, "source", 3), "global");
  EXPECT_TRUE(test::absent(out, "mean_minutes", 3));
  EXPECT_EQ(out.tables.at("quality")->rows(), 2u);
  EXPECT_LT(test::number(out, "rmse_minutes", 0, "quality"),
            test::number(out, "rmse_of_mean", 0, "quality"));
  EXPECT_TRUE(out.notes.empty());
}

TEST(desk_handle_times, says_that_there_is_nothing_to_learn_from) {
  const std::string rows = std::string(header) + worked("a", "slow", 50);
  const outcome out =
      test::run_report(desk_handle_times_report,
                       {{{"ticket_events", test::table_of(rows, "ticket_events")}}, {}},
                       R"({"desk":{"priority":{"handle_minutes":20}}})");
  EXPECT_EQ(test::number(out, "expected_minutes", 1), 20);
  EXPECT_EQ(test::text(out, "source", 1), "policy");
  EXPECT_EQ(out.tables.at("slopes")->rows(), 0u);
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_NE(out.notes[0].message.find("1 finished tickets"), std::string::npos);
}

}  // namespace
}  // namespace clv::desk
