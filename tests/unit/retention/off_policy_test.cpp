// Report "off_policy": published data to nine digits, refusals, doubly robust.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

using test::number;
using test::table_of;
using test::text;

constexpr std::size_t ips = 0, snips = 1, clip = 2, dr = 3;  // rows of the main table

outcome evaluate(std::shared_ptr<const table> log, const std::string& options) {
  report_inputs in;
  in.tables["log"] = std::move(log);
  return test::run_report(off_policy_report, std::move(in), options);
}

std::shared_ptr<const table> read_any(const std::string& path, std::string_view csv = {}) {
  csv_options o;
  o.path = path;
  o.text = csv;
  o.schema = "";
  job reading = read_csv(o);
  reading.run();
  return reading.result().tables.at("");
}

// Three arms of a third each (MineThatData, Hillstrom 2008); target: mens mail where mens = 1.
std::shared_ptr<const table> hillstrom(const std::string& path) {
  const auto raw = read_any(path);
  auto log = std::make_shared<table>();
  column& action = log->add("action", type::utf8);
  column& target = log->add("target", type::utf8);
  column& history = log->add("history", type::f64);
  column& propensity = log->add("propensity", type::f64);
  column& reward = log->add("reward", type::f64);
  for (std::size_t row = 0; row < raw->rows(); ++row) {
    action.push(raw->get("segment", type::utf8).text(row));
    target.push(raw->numbers("mens")[row] == 1 ? std::string_view("Mens E-Mail")
                                               : std::string_view("Womens E-Mail"));
    history.push(raw->numbers("history")[row]);
    propensity.push(1.0 / 3);
    reward.push(raw->numbers("spend")[row]);
  }
  log->seal("hillstrom");
  return log;
}

// Values verified by hand on the data, nine digits after the point: half of the last one.
constexpr double nine = 5.1e-10;

TEST(hillstrom, every_blanket_policy_is_worth_what_was_found) {
  CLV_REQUIRE_SHARED_DATA(path, "hillstrom.csv");
  const auto log = hillstrom(path);
  const outcome none = evaluate(log, R"({"policy":"always:No E-Mail"})");
  EXPECT_NEAR(number(none, "value", ips), .651952969, nine);
  EXPECT_NEAR(number(none, "value", snips), .652789355, nine);
  EXPECT_EQ(number(none, "matched"), 21'306);
  const outcome mens = evaluate(log, R"({"policy":"always:Mens E-Mail"})");
  EXPECT_NEAR(number(mens, "value", ips), 1.420860469, nine);
  EXPECT_NEAR(number(mens, "standard_error", ips), .121737666, nine);
  EXPECT_NEAR(number(mens, "value", snips), 1.422616511, nine);
  EXPECT_EQ(number(mens, "matched"), 21'307);
  EXPECT_NEAR(number(mens, "effective_n"), 21'307, 1e-6);
  const outcome womens = evaluate(log, R"({"policy":"always:Womens E-Mail"})");
  EXPECT_NEAR(number(womens, "value", ips), 1.079911406, nine);
  EXPECT_NEAR(number(womens, "value", snips), 1.077201571, nine);
}

TEST(hillstrom, mens_mail_to_buyers_of_mens_goods) {
  CLV_REQUIRE_SHARED_DATA(path, "hillstrom.csv");
  const outcome o = evaluate(hillstrom(path), R"({"covariates":["history"]})");
  EXPECT_EQ(number(o, "matched"), 21'386);
  EXPECT_NEAR(number(o, "value", ips), 1.432155000, nine);
  EXPECT_NEAR(number(o, "standard_error", ips), .120620383, nine);
  EXPECT_NEAR(number(o, "value", snips), 1.428628074, nine);
  // The clip is not reached; p is known, so the doubly robust estimate is near the others: within
  // a quarter of a standard error, as the covariate explains next to nothing.
  EXPECT_EQ(number(o, "value", clip), number(o, "value", ips));
  EXPECT_NEAR(number(o, "value", dr), number(o, "value", snips), .03);
  EXPECT_LT(number(o, "standard_error", dr), number(o, "standard_error", ips) * 1.001);
}

// The text of a gzipped file, by the gzip program; "" where there is none.
std::string unzipped(const std::string& path) {
  const std::string command = "gzip -dc '" + path + "' 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string out;
  std::array<char, 65'536> part{};
  for (std::size_t n = 1; n > 0;) {
    n = std::fread(part.data(), 1, part.size(), pipe);
    out.append(part.data(), n);
  }
  pclose(pipe);
  return out;
}

std::shared_ptr<const table> open_bandit(const std::string& csv) {
  const auto raw = read_any("", csv);
  auto log = std::make_shared<table>();
  column& action = log->add("action", type::utf8);
  column& propensity = log->add("propensity", type::f64);
  column& reward = log->add("reward", type::f64);
  for (std::size_t row = 0; row < raw->rows(); ++row) {
    action.push(
        std::string_view("item " + std::to_string(static_cast<int>(raw->numbers("item_id")[row]))));
    propensity.push(raw->numbers("propensity_score")[row]);
    reward.push(raw->numbers("click")[row]);
  }
  log->seal("open bandit");
  return log;
}

TEST(open_bandit, the_policy_that_logged_is_worth_its_own_mean) {
  CLV_REQUIRE_SHARED_DATA(path, "open_bandit_random_men.csv.gz");
  const std::string csv = unzipped(path);
  if (csv.empty()) GTEST_SKIP() << "skipped: no gzip here";
  const auto log = open_bandit(csv);
  const outcome o = evaluate(log, R"({"policy":"uniform"})");
  EXPECT_EQ(number(o, "rows"), 10'000);
  for (const std::size_t row : {ips, snips, clip}) {
    EXPECT_NEAR(number(o, "value", row), .0046, 1e-12);
    EXPECT_NEAR(number(o, "standard_error", row), std::sqrt(.0046 * .9954 / 9999), 1e-12);
  }
  // Direct and correction cancel on average: the mean within a tenth of its standard error.
  EXPECT_NEAR(number(o, "value", dr), .0046, 7e-5);
}

TEST(open_bandit, always_one_item_rests_on_the_rows_of_that_item_and_covers_the_mean) {
  CLV_REQUIRE_SHARED_DATA(path, "open_bandit_random_men.csv.gz");
  const std::string csv = unzipped(path);
  if (csv.empty()) GTEST_SKIP() << "skipped: no gzip here";
  const auto log = open_bandit(csv);
  double least = 1e9, most = 0, sum = 0;
  for (int item = 0; item < 34; ++item) {
    const std::string name = "item " + std::to_string(item);
    const outcome o =
        evaluate(log, R"({"policy":"always:)" + name + R"(","estimators":["ips","snips"]})");
    double shown = 0, clicks = 0;
    for (std::size_t row = 0; row < log->rows(); ++row) {
      if (log->get("action", type::utf8).text(row) != name) continue;
      shown += 1;
      clicks += log->numbers("reward")[row];
    }
    EXPECT_NEAR(number(o, "effective_n"), shown, 1e-9 * shown);
    EXPECT_NEAR(number(o, "value", snips), clicks / shown, 1e-15);
    EXPECT_EQ(number(o, "max_weight"), 1 / log->numbers("propensity")[0]);
    sum += number(o, "value", ips) / 34;
    least = std::min(least, shown);
    most = std::max(most, shown);
    if (clicks == 0) continue;  // nine items: without a click there is no interval to speak of
    for (const std::size_t row : {ips, snips}) {
      EXPECT_LE(number(o, "lower", row), .0046) << name;
      EXPECT_GE(number(o, "upper", row), .0046) << name;
    }
  }
  EXPECT_EQ(least, 249);
  EXPECT_EQ(most, 345);
  EXPECT_NEAR(sum, .0046, 1e-12);  // the mixture of all items is the uniform policy
}

TEST(open_bandit, a_policy_with_too_few_matches_is_refused) {
  CLV_REQUIRE_SHARED_DATA(path, "open_bandit_random_men.csv.gz");
  const std::string csv = unzipped(path);
  if (csv.empty()) GTEST_SKIP() << "skipped: no gzip here";
  const auto log = open_bandit(csv.substr(0, csv.find('\n', csv.size() / 10) + 1));
  const outcome o = evaluate(log, R"({"policy":"always:item 3"})");
  EXPECT_LT(number(o, "matched"), 50);
  EXPECT_EQ(text(o, "status"), "FEW_MATCHES");
  EXPECT_TRUE(test::absent(o, "value"));
  EXPECT_TRUE(test::absent(o, "lower"));
  EXPECT_NE(text(o, "reason").find("50"), std::string::npos);
}

// Actions a and b with the chances p(x) and 1 - p(x); rewards 1 + x for a and 2 - x for b.
struct truth {
  std::shared_ptr<table> log = std::make_shared<table>();
  explicit truth(std::uint64_t seed, int n, bool wrong_propensity = false, int per_customer = 1) {
    random_source random(seed);
    column& action = log->add("action", type::utf8);
    column& target = log->add("target", type::utf8);
    column& customer = log->add("customer", type::utf8);
    for (const char* name : {"x", "propensity", "reward", "q_a", "q_b"}) {
      log->add(name, type::f64);
    }
    double own = 0;
    for (int i = 0; i < n; ++i) {
      const double x = random.uniform(), p = .2 + .6 * x;
      if (i % per_customer == 0) own = per_customer > 1 ? random.normal() : 0;
      const bool a = random.uniform() < p;
      action.push(std::string_view(a ? "a" : "b"));
      target.push(std::string_view(x > .5 ? "a" : "b"));
      customer.push(std::string_view(std::to_string(i / per_customer)));
      log->find("x")->push(x);
      log->find("propensity")->push(wrong_propensity ? .5 : a ? p : 1 - p);
      log->find("reward")->push((a ? 1 + x : 2 - x) + own + .5 * random.normal());
      log->find("q_a")->push(1 + x);
      log->find("q_b")->push(2 - x);
    }
    log->seal("truth");
  }
  // E max(1 + x, 2 - x) for uniform x.
  static constexpr double best = 1.75;
};

TEST(off_policy, intervals_cover_the_true_value_over_seeds) {
  std::array<int, 4> covered{};
  constexpr int seeds = 300;
  for (int seed = 0; seed < seeds; ++seed) {
    const truth t(static_cast<std::uint64_t>(seed) + 1, 500);
    const outcome o = evaluate(t.log, R"({"covariates":["x"],"clip":1e9})");
    for (const std::size_t row : {ips, snips, clip, dr}) {
      covered[row] +=
          number(o, "lower", row) <= truth::best && truth::best <= number(o, "upper", row) ? 1 : 0;
    }
  }
  // 95 % of 300, four standard deviations of a binomial count (3.8) either side.
  for (const std::size_t row : {ips, snips, clip, dr}) {
    EXPECT_NEAR(covered[row], .95 * seeds, 15)
        << text(evaluate(truth(1, 500).log, ""), "estimator", row);
  }
}

TEST(off_policy, doubly_robust_is_right_if_either_half_is) {
  // Wrong propensities, right predictions; four standard errors.
  const truth wrong(7, 20'000, true);
  const outcome by_q = evaluate(wrong.log, R"({"q":"q_"})");
  EXPECT_NEAR(number(by_q, "value", dr), truth::best, 4 * number(by_q, "standard_error", dr));
  EXPECT_GT(std::fabs(number(by_q, "value", ips) - truth::best),
            10 * number(by_q, "standard_error", ips));
  // Right propensities, predictions that know nothing of x.
  const truth right(8, 20'000);
  const outcome by_p = evaluate(right.log, "");
  EXPECT_NEAR(number(by_p, "value", dr), truth::best, 4 * number(by_p, "standard_error", dr));
  // With both the error is smaller than that of the weights alone.
  const outcome both = evaluate(right.log, R"({"covariates":["x"]})");
  EXPECT_LT(number(both, "standard_error", dr), .6 * number(both, "standard_error", ips));
}

TEST(off_policy, rows_of_one_customer_are_not_independent) {
  const truth t(3, 5000, false, 10);
  const outcome clustered = evaluate(t.log, R"({"estimators":["snips"]})");
  auto without = std::make_shared<table>();
  for (const char* name : {"action", "target"}) {
    column& c = without->add(name, type::utf8);
    for (std::size_t row = 0; row < t.log->rows(); ++row) c.push(t.log->find(name)->text(row));
  }
  for (const char* name : {"propensity", "reward"}) {
    column& c = without->add(name, type::f64);
    for (const double v : t.log->numbers(name)) c.push(v);
  }
  without->seal("");
  const outcome naive = evaluate(without, R"({"estimators":["snips"]})");
  EXPECT_EQ(number(clustered, "value"), number(naive, "value"));
  EXPECT_GT(number(clustered, "standard_error"), 1.3 * number(naive, "standard_error"));
}

TEST(off_policy, clipping_trades_variance_for_a_bias_towards_zero) {
  const truth t(5, 5000);
  const outcome o = evaluate(t.log, R"({"clip":1.5})");
  EXPECT_LT(number(o, "value", clip), number(o, "value", ips));
  EXPECT_LT(number(o, "standard_error", clip), number(o, "standard_error", ips));
}

std::string rows_of(int n, const char* line) {
  std::string csv = "action,propensity,reward,target\n";
  for (int i = 0; i < n; ++i) csv += line;
  return csv;
}

TEST(off_policy, refuses_where_the_log_cannot_know) {
  const auto status = [](const std::string& csv) {
    return text(evaluate(table_of(csv), R"({"estimators":["ips"]})"), "status");
  };
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,a\n")), "OK");
  EXPECT_EQ(status(rows_of(49, "a,0.5,1,a\n")), "FEW_MATCHES");
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,b\n")), "FEW_MATCHES");
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,a\n") + "a,0,1,a\n"), "NO_SUPPORT");
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,a\n") + "a,,1,a\n"), "NO_SUPPORT");
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,a\n") + "a,,1,b\n"), "OK");  // nobody wants it there
  EXPECT_EQ(status(rows_of(60, "a,0.5,1,a\n") + "a,0.001,1,a\n"), "LOW_EFFECTIVE_N");
}

// Half of the customers could not get a: nothing was drawn, and the log says so by propensity 1.
TEST(off_policy, refuses_a_policy_that_wants_what_was_no_choice_for_many) {
  std::string csv = "action,propensity,reward\n";
  for (int i = 0; i < 400; ++i)
    csv += i % 2 == 0 ? "b,1,1\n" : i % 4 == 1 ? "a,0.5,3\n" : "b,0.5,1\n";
  const outcome a = evaluate(table_of(csv), R"({"policy":"always:a"})");
  const outcome b = evaluate(table_of(csv), R"({"policy":"always:b"})");
  EXPECT_EQ(text(a, "status", ips), "NO_SUPPORT");
  EXPECT_NE(text(a, "reason", ips).find("average 0.5 and not 1"), std::string::npos)
      << text(a, "reason", ips);
  EXPECT_TRUE(test::absent(a, "value", snips));
  EXPECT_EQ(text(b, "status", ips), "OK");
  EXPECT_NEAR(number(b, "value", ips), 1, 1e-12);
}

TEST(off_policy, a_target_propensity_is_the_chance_of_the_logged_action) {
  std::string csv = "action,propensity,reward,target_propensity\n";
  for (int i = 0; i < 100; ++i) csv += i % 2 == 0 ? "a,0.5,3,0.25\n" : "b,0.5,1,0.75\n";
  const outcome o = evaluate(table_of(csv), "");
  EXPECT_NEAR(number(o, "value", ips), .25 * 3 + .75 * 1, 1e-15);
  EXPECT_NEAR(number(o, "value", snips), 1.5, 1e-15);
  EXPECT_EQ(text(o, "status", dr), "NO_POLICY");
  EXPECT_TRUE(test::absent(o, "value", dr));
}

TEST(off_policy, names_the_row_of_a_bad_number) {
  try {
    evaluate(table_of("action,propensity,reward,target\na,1.5,1,a\n"), "");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 1, column 'propensity': 1.5"), std::string::npos)
        << e.what();
  }
  EXPECT_THROW(evaluate(table_of("action,reward,target\na,1,a\n"), ""), error);
  EXPECT_THROW(evaluate(table_of("action,propensity,reward\na,1,1\n"), ""), error);
  EXPECT_THROW(evaluate(table_of("action,propensity,reward\na,1,1\n"), R"({"policy":"best"})"),
               error);
}

}  // namespace
}  // namespace clv
