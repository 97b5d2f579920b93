// Report `desk_market`: what a simulated desk leaves behind is what a real one would have, and its
// truth can be found again by the parts of the library that do not know it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "desk/clocks/clock.hpp"
#include "desk/priority/handle_time.hpp"
#include "desk/reports.hpp"
#include "desk_cases.hpp"

namespace clv::test {
namespace {

using desk::clock_kind;
using desk::clock_state;

constexpr std::int64_t much_later = 4'000'000'000'000'000;  // after every event, in 2096

// Of a policy that is quick: what is asked here does not depend on it.
constexpr std::string_view quick = R"("policy":"sla_first")";

TEST(desk_market, gives_the_same_bits_for_the_same_seed) {
  const std::string small = R"({"days":4,"agents":4,"seed":)";
  const outcome a = desk_market(small + "7}"), b = desk_market(small + "7}");
  const outcome c = desk_market(small + "8}");
  for (const auto& [name, rows] : a.tables) {
    EXPECT_EQ(rows->fingerprint(), b.tables.at(name)->fingerprint()) << name;
    EXPECT_NE(rows->fingerprint(), c.tables.at(name)->fingerprint()) << name;
  }
}

TEST(desk_market, logs_only_moves_that_are_allowed_and_answers_everybody) {
  for (const char* policy : {"ours", "round_robin_unskilled"}) {
    const outcome o = desk_market(R"({"days":8,"policy":")" + std::string(policy) + "\"}");
    const auto book = desk::read_tickets(o.tables.at(""), nullptr, much_later);
    EXPECT_TRUE(book.refused.empty()) << book.refused[0].reason;
    ASSERT_EQ(book.tickets.size(), named(o, "truth").rows());
    ASSERT_GT(book.tickets.size(), 400U);
    for (const desk::ticket& t : book.tickets) {
      EXPECT_EQ(t.status, desk::ticket_status::resolved) << t.id;
      EXPECT_FALSE(t.resolved_by.empty()) << t.id;
    }
  }
}

// Two ways to the same number: the run counts in its own table of open hours while it goes, the
// desk's clocks are computed afterwards from the log alone.
TEST(desk_market, misses_the_targets_that_the_clocks_of_the_desk_say_it_missed) {
  const outcome o = desk_market(R"({"days":12,"load":1,)" + std::string(quick) + "}");
  const desk::desk_policy rules = desk::read_desk_policy(market_desk::default_rules(.004));
  const auto book = desk::read_tickets(o.tables.at(""), nullptr, much_later);
  const auto tiers = desk::tiers_of(named(o, "segments"), "test");
  const table& served = named(o, "served");
  std::int64_t missed_ones = 0;
  for (std::size_t row = 0; row < served.rows(); ++row) {
    const desk::ticket& t = *book.find(cell(served, "ticket", row));
    const auto view =
        desk::clocks_of(t, rules, tiers.find(t.customer)->second, nullptr, much_later);
    // A reopened ticket's resolution clock has a run per resolution; the last one holds them all.
    std::map<clock_kind, bool> missed;
    for (const desk::ticket_clock& c : view.clocks) {
      EXPECT_FALSE(c.active) << t.id;
      missed[c.kind] = missed[c.kind] || c.state == clock_state::missed;
    }
    std::int64_t sum = 0;
    for (const auto& [kind, is] : missed) sum += is ? 1 : 0;
    EXPECT_EQ(served.integers("missed", type::i64)[row], sum) << t.id;
    EXPECT_EQ(served.integers("clocks", type::i64)[row], std::ssize(missed)) << t.id;
    missed_ones += sum;
  }
  EXPECT_GT(missed_ones, 50) << "a desk that misses nothing shows nothing";
}

// README.md: the true means of the categories. Agents without skills work at the nominal speed.
TEST(desk_market, has_handle_times_that_can_be_learnt) {
  const rows_of agents = table_of("agent\na1\na2\na3\na4\na5\na6\n", "agents");
  const outcome o =
      desk_market(R"({"days":40,"question_share":0,"reopen_share":0,)" + std::string(quick) + "}",
                  {{"agents", agents}});
  const auto book = desk::read_tickets(o.tables.at(""), nullptr, much_later);
  const desk::handle_times times(book, 15);
  const std::map<std::string, double> truth{
      {"account", 8}, {"billing", 12}, {"delivery", 18}, {"returns", 15}, {"technical", 35}};
  for (const auto& [category, minutes] : truth) {
    double n = 0;
    for (const desk::ticket& t : book.tickets) n += t.category == category ? 1 : 0;
    desk::ticket fresh;
    fresh.category = category;
    fresh.length =
        550;  // about the mean: without it the length's own spread is not in the estimate
    // Logs spread by sqrt(.6^2 + .21^2) = .64 within a category: 4 standard errors, and 4 % for
    // what a message of mean length is shorter or longer than the mean of the lengths' effects.
    EXPECT_NEAR(times.of(fresh).minutes / minutes, 1, 4 * .64 / std::sqrt(n) + .04) << category;
    EXPECT_EQ(times.of(fresh).source, "category");
  }
}

TEST(desk_market, makes_customers_less_content_the_longer_they_wait) {
  const outcome o =
      desk_market(R"({"days":20,"load":1.05,"answer_share":1,)" + std::string(quick) + "}");
  const table &served = named(o, "served"), &answers = named(o, "feedback");
  std::map<std::string, double> hours;
  for (std::size_t row = 0; row < served.rows(); ++row) {
    hours[cell(served, "ticket", row)] = served.numbers("delay_hours")[row];
  }
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
  for (std::size_t row = 0; row < answers.rows(); ++row) {
    const double x = hours.at(cell(answers, "ticket", row)), y = answers.numbers("score")[row];
    EXPECT_TRUE(y >= 1 && y <= 5 && y == std::round(y));
    ++n, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
  }
  ASSERT_GT(n, 1000);
  const double r = (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  EXPECT_LT(r, -4 / std::sqrt(n)) << "below 0 by four standard errors of a correlation";
}

TEST(desk_market, loses_as_many_customers_as_their_hazards_say) {
  const outcome o = desk_market(R"({"days":20,"customers":2000,"churn_per_hour":0.02,)" +
                                std::string(quick) + "}");
  const table &truth = named(o, "customer_truth"), &churn = named(o, "churn");
  double expected = 0, variance = 0, seen = 0;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    const double p = truth.numbers("p_churn")[row];
    expected += p;
    variance += p * (1 - p);
    EXPECT_EQ(cell(truth, "customer", row), cell(churn, "customer", row));
    seen += static_cast<double>(churn.integers("churned", type::i64)[row]);
  }
  EXPECT_NEAR(seen, expected, 4 * std::sqrt(variance));
}

TEST(desk_market, estimates_values_that_are_right_on_average) {
  const outcome o = desk_market(R"({"days":1,"customers":4000,)" + std::string(quick) + "}");
  const table& truth = named(o, "customer_truth");
  double sum = 0;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    sum += truth.numbers("estimated_clv")[row] / truth.numbers("clv")[row];
  }
  // exp(.4 z - .08) has mean 1 and standard deviation .417.
  EXPECT_NEAR(sum / 4000, 1, 4 * .417 / std::sqrt(4000.0));
}

TEST(desk_market, replays_a_log_with_its_times_words_and_work) {
  const rows_of log = table_of(
      "ticket,customer,time,kind,category,severity,channel,minutes\n"
      "x1,c1,2026-03-16T09:00Z,created,odd,high,phone,\n"
      "x1,c1,2026-03-16T09:30Z,worked,,,,20\n"
      "x2,c2,2026-03-16T08:00Z,created,even,low,email,\n"
      "x2,c2,2026-03-16T10:30Z,resolved,,,,10\n",
      "ticket_events");
  const outcome o =
      desk_market(R"({"question_share":0,"agents":2,"absence_share":0})", {{"ticket_events", log}});
  const table& truth = named(o, "truth");
  ASSERT_EQ(truth.rows(), 2U);
  EXPECT_EQ(cell(truth, "ticket", 0), "x2") << "in the order in which they came";
  EXPECT_DOUBLE_EQ(truth.numbers("nominal_minutes")[0], 10);
  EXPECT_DOUBLE_EQ(truth.numbers("nominal_minutes")[1], 20);
  const auto book = desk::read_tickets(o.tables.at(""), nullptr, much_later);
  EXPECT_EQ(book.find("x1")->category, "odd");
  EXPECT_EQ(book.find("x1")->severity, "high");
  EXPECT_EQ(book.find("x1")->channel, "phone");
  EXPECT_EQ(format_time(book.find("x1")->created), "2026-03-16T09:00:00Z");
}

TEST(desk_market, takes_each_touch_of_a_log_without_minutes_for_the_same_work) {
  const rows_of log = table_of(
      "ticket,customer,time,kind,agent\n"
      "x1,c1,2026-03-16T09:00Z,created,\n"
      "x1,c1,2026-03-16T09:30Z,assigned,a\n"
      "x1,c1,2026-03-16T09:40Z,assigned,b\n"
      "x1,c1,2026-03-16T09:50Z,resolved,b\n"
      "x1,c1,2026-03-20T09:50Z,closed,\n"
      "x2,c2,2026-03-17T08:00Z,created,\n"
      "x2,c2,2026-03-17T10:30Z,resolved,b\n",
      "ticket_events");
  const outcome o =
      desk_market(R"({"agents":1,"load":0.5,"absence_share":0})", {{"ticket_events", log}});
  const auto minutes = named(o, "truth").numbers("nominal_minutes");
  EXPECT_DOUBLE_EQ(minutes[0], 2 * minutes[1]) << "one to come in, and 3 touches against 1";
  // A day of 8 hours, half of it, at the mean speed of drawn agents.
  EXPECT_DOUBLE_EQ(minutes[0] + minutes[1], .5 * 480 * .875);
}

TEST(desk_market, says_what_is_wrong_with_what_it_is_given) {
  EXPECT_NE(complaint([] { desk_market(R"({"policy":"magic"})"); }).find("least_busy"),
            std::string::npos);
  EXPECT_NE(complaint([] { desk_market(R"({"load":0})"); }).find("'load' is 0"), std::string::npos);
  const rows_of mute = table_of("agent,languages,channels\na1,en,phone:1\n", "agents");
  const std::string nobody = complaint([&] { desk_market("", {{"agents", mute}}); });
  EXPECT_NE(nobody.find("can be answered by no agent"), std::string::npos) << nobody;
  const rows_of odd = table_of(
      "ticket,customer,time,kind,severity\nx1,c1,2026-03-16,created,awful\n", "ticket_events");
  const std::string severity = complaint([&] { desk_market("", {{"ticket_events", odd}}); });
  EXPECT_NE(severity.find("severity 'awful'"), std::string::npos) << severity;
}

// The mean over those who came with a ticket of what a breach adds to the chance to leave.
double true_effect(const outcome& o, double hazard) {
  std::set<std::string> came;
  const table &tickets = named(o, "truth"), &t = named(o, "customer_truth");
  for (std::size_t row = 0; row < tickets.rows(); ++row) {
    came.insert(cell(tickets, "customer", row));
  }
  double n = 0, sum = 0;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (came.count(cell(t, "customer", row)) == 0) continue;
    sum += std::exp(-t.numbers("unavoidable_hazard")[row]) * -std::expm1(-hazard);
    ++n;
  }
  return sum / n;
}

TEST(desk_market, has_an_effect_of_breaches_that_is_recovered) {
  // A breach adds a hazard of .4; graver issues are due earlier and leave more often anyway.
  double effect = 0, variance = 0, truth = 0;
  constexpr int desks = 3;
  for (int seed = 1; seed <= desks; ++seed) {
    const outcome o = desk_market(
        R"({"days":30,"agents":10,"customers":20000,"load":0.8,"churn_per_hour":0,
            "sensitivity_sd":0,"churn_per_breach":0.4,"base_churn":0.3,"policy":"round_robin",
            "seed":)" +
        std::to_string(seed) + "}");
    truth += true_effect(o, .4) / desks;
    report_inputs in;
    in.tables["ticket_events"] = o.tables.at("");
    in.tables["customers_after"] = o.tables.at("churn");
    in.tables["segments"] = o.tables.at("segments");
    const std::string options =
        R"({"as_of":"2026-12-01","covariates":["category","severity","tier"],"desk":)" +
        market_desk::default_rules(0) + "}";
    const outcome found = run_report(desk_breach_effect_report, std::move(in), options);
    EXPECT_TRUE(text(found, "verdict").starts_with("LOSES")) << text(found, "verdict");
    effect += number(found, "effect") / desks;
    variance += std::pow(number(found, "standard_error") / desks, 2);
  }
  EXPECT_NEAR(effect, truth, 3 * std::sqrt(variance) + .01)
      << "three standard errors, and .01 for customers with a second ticket in the window";
}

}  // namespace
}  // namespace clv::test
