// Report `market`: its tables agree with each other, with themselves and with the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "market_cases.hpp"

namespace clv::test {
namespace {

std::shared_ptr<fitted_model> cdnow(std::string_view purchase = "bg_nbd") {
  auto m = std::make_shared<fitted_model>();
  m->purchase.which = &find_model(purchase);
  m->purchase.parameters = {.242595, 4.413602, .792922, 2.425907};
  m->spend.emplace();
  m->spend->which = &find_model("gamma_gamma");
  m->spend->parameters = {6.249572, 3.744225, 15.443521};
  m->unit = "week";
  m->currency = "USD";
  return m;
}

// The text of a cell of any kind, so that tables can be compared cell by cell.
std::string cell(const column& c, std::size_t row) {
  if (!c.present(row)) return "-";
  if (c.kind() == type::utf8) return std::string(c.text(row));
  return c.kind() == type::f64 ? std::to_string(c.numbers()[row])
                               : std::to_string(c.integers()[row]);
}

TEST(market, is_the_same_for_the_same_seed_and_another_for_another) {
  const outcome a = run_market(R"({"customers":300,"seed":5})");
  const outcome b = run_market(R"({"customers":300,"seed":5})");
  const outcome c = run_market(R"({"customers":300,"seed":6})");
  ASSERT_EQ(a.tables.size(), market_report.outputs.size());
  for (const auto& [name, rows] : a.tables) {
    EXPECT_EQ(rows->fingerprint(), named(b, name).fingerprint()) << name;
    EXPECT_NE(rows->fingerprint(), named(c, name).fingerprint()) << name;
  }
}

TEST(market, has_the_same_customer_whatever_the_number_of_customers) {
  const outcome few = run_market(R"({"customers":40})"), many = run_market(R"({"customers":700})");
  for (const auto& [name, rows] : few.tables) {
    const table& more = named(many, name);
    ASSERT_LE(rows->rows(), more.rows()) << name;
    for (std::size_t c = 0; c < rows->columns().size(); ++c) {
      for (std::size_t row = 0; row < rows->rows(); ++row) {
        ASSERT_EQ(cell(rows->columns()[c], row), cell(more.columns()[c], row))
            << name << ", row " << row << ", " << rows->columns()[c].name();
      }
    }
  }
}

TEST(market, gives_the_columns_it_says_and_no_number_that_is_none) {
  const outcome made = run_market(R"({"customers":1500})");
  for (const report_output& says : market_report.outputs) {
    const table& rows = named(made, says.name);
    std::string columns;
    for (const column& c : rows.columns()) {
      columns += (columns.empty() ? "" : ",") + c.name();
      ASSERT_EQ(c.size(), rows.rows()) << says.name << "." << c.name();
      for (const double v : c.numbers()) ASSERT_TRUE(std::isfinite(v)) << c.name();
    }
    EXPECT_EQ(columns, says.columns) << says.name;
    EXPECT_GT(rows.rows(), 0u) << says.name;
  }
}

TEST(market, gives_tables_that_conform_to_their_schemas) {
  const outcome made = run_market(R"({"customers":200})");
  const std::map<std::string, std::string> schemas{{"", "transactions"},
                                                   {"customers", "customers"},
                                                   {"consent", "consent"},
                                                   {"contacts", "contacts"},
                                                   {"feedback", "feedback"},
                                                   {"touches", "touches"},
                                                   {"costs", "costs"}};
  for (const auto& [name, schema] : schemas) {
    EXPECT_EQ(conform(named(made, name), find_schema(schema)).rows(), named(made, name).rows());
  }
}

TEST(market, logs_nothing_before_its_first_day_or_after_its_last) {
  const outcome made =
      run_market(R"({"customers":800,"start":"2024-03-01","history_days":400,"seed":3})");
  const std::int64_t begin = *parse_time("2024-03-01", zone("UTC"));
  const std::int64_t end = begin + 400 * us_per_day;
  for (const char* name : {"", "consent", "touches", "costs", "feedback"}) {
    for (const std::int64_t t : named(made, name).integers("time", type::time)) {
      ASSERT_GE(t, begin) << name;
      ASSERT_LT(t, end) << name;
    }
  }
  for (const std::int64_t t : named(made, "truth").integers("as_of", type::time)) {
    ASSERT_EQ(t, end);
  }
}

struct counted {
  double orders = 0, last = 0, minor = 0, purchases = 0;
};

std::map<std::string, counted> count_log(const table& log) {
  std::map<std::string, counted> out;
  const auto times = log.integers("time", type::time);
  const auto amounts = log.integers("amount", type::money);
  for (std::size_t row = 0; row < log.rows(); ++row) {
    if (log.find("kind")->text(row) != "purchase") continue;
    counted& c = out[std::string(log.find("customer")->text(row))];
    ++c.orders;
    c.minor += static_cast<double>(amounts[row]);
    c.last = std::max(c.last, static_cast<double>(times[row]));
  }
  return out;
}

TEST(market, has_facts_that_follow_from_the_log) {
  const outcome made = run_market(R"({"customers":2000,"experiment_share":1})");
  const table& facts = named(made, "customers");
  const auto log = count_log(named(made, ""));
  const auto as_of = static_cast<double>(named(made, "truth").integers("as_of", type::time)[0]);
  ASSERT_EQ(log.size(), 2000u);
  const auto value = facts.integers("order_value", type::money);
  for (std::size_t row = 0; row < facts.rows(); ++row) {
    const counted& c = log.at(std::string(facts.find("customer")->text(row)));
    ASSERT_EQ(facts.numbers("orders")[row], c.orders);
    // Amounts are rounded to cents one by one in the log, and once here.
    ASSERT_NEAR(static_cast<double>(value[row]), c.minor / c.orders, 1.0);
    const double days = (as_of - c.last) / static_cast<double>(us_per_day);
    ASSERT_NEAR(facts.numbers("days_since_order")[row], days, 1e-6);  // a microsecond is 1e-11 days
    ASSERT_LE(facts.numbers("discounted_orders")[row], c.orders);
  }
}

TEST(market, has_facts_that_follow_from_tickets_and_answers) {
  const outcome made = run_market(R"({"customers":1500,"ticket_rate":6})");
  const table& tickets = named(made, "tickets");
  std::map<std::string, std::pair<double, std::int64_t>> open;
  for (std::size_t row = 0; row < tickets.rows(); ++row) {
    if (tickets.find("resolved")->present(row)) continue;
    auto& [count, worst] = open[std::string(tickets.find("customer")->text(row))];
    ++count;
    worst = std::max(worst, tickets.integers("severity", type::i64)[row]);
  }
  const table& facts = named(made, "customers");
  double complaints = 0;
  for (std::size_t row = 0; row < facts.rows(); ++row) {
    const auto& [count, worst] = open[std::string(facts.find("customer")->text(row))];
    ASSERT_EQ(facts.numbers("open_tickets")[row], count);
    const std::int64_t complaint = facts.integers("complaint_open", type::i64)[row];
    ASSERT_EQ(complaint, worst >= 3 ? 1 : 0);
    complaints += static_cast<double>(complaint);
    if (facts.find("csat")->present(row)) {
      ASSERT_GE(facts.numbers("csat")[row], 1);
      ASSERT_LE(facts.numbers("csat")[row], 5);
    }
  }
  EXPECT_GT(complaints, 10);
}

TEST(market, returns_the_share_that_was_asked_for_a_week_later) {
  for (const auto& [options, share] :
       std::map<std::string, double>{{R"({"customers":4000,"refund_share":0})", 0},
                                     {R"({"customers":4000,"refund_share":0.2})", .2}}) {
    const outcome made = run_market(options);
    double purchases = 0, refunds = 0;
    const table& log = named(made, "");
    for (std::size_t row = 0; row < log.rows(); ++row) {
      (log.find("kind")->text(row) == "refund" ? refunds : purchases) += 1;
    }
    EXPECT_LE(refunds / purchases, share + .02);  // 4 times .2/sqrt(purchases), clustered
    EXPECT_GE(refunds / purchases, share - .02 - .02 * share);  // the last week's are still out
  }
}

// What the truth says of its own parts.
TEST(market, has_a_truth_whose_parts_sum_to_its_net) {
  const outcome made = run_market(R"({"customers":1000})");
  const table& t = named(made, "truth");
  const auto n = [&](const char* name) { return t.numbers(name); };
  std::map<std::string, double> best_net;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const double gross = n("tau")[row] * (n("value")[row] - n("benefit")[row]);
    const double cannibalised = n("p0")[row] * n("benefit")[row];
    const double fatigue = n("unsubscribe")[row] * n("future_value")[row];
    const double early =
        std::max(0.0, n("tau")[row]) * n("pull_chance")[row] * n("order_profit")[row];
    ASSERT_DOUBLE_EQ(n("gross_lift")[row], gross);
    ASSERT_DOUBLE_EQ(n("cannibalisation")[row], cannibalised);
    ASSERT_DOUBLE_EQ(n("fatigue")[row], fatigue);
    ASSERT_DOUBLE_EQ(n("pull_forward")[row], early);
    const double net = gross - cannibalised - n("contact_cost")[row] - early - fatigue;
    ASSERT_NEAR(n("net")[row], net, 1e-9);  // another order of the same terms
    double& best = best_net[std::string(t.find("customer")->text(row))];
    if (t.integers("allowed", type::i64)[row] != 0) best = std::max(best, n("net")[row]);
  }
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.integers("best", type::i64)[row] == 0) continue;
    ASSERT_EQ(n("net")[row], best_net[std::string(t.find("customer")->text(row))]);
  }
}

TEST(market, is_made_so_that_actions_work_on_some_and_lose_on_others) {
  const outcome made = run_market(R"({"customers":10000})");
  const table& t = named(made, "truth");
  std::map<std::pair<std::string, std::string>, double> net;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    net[{std::string(t.find("action")->text(row)), std::string(t.find("kind")->text(row))}] +=
        t.numbers("net")[row];
  }
  EXPECT_GT((net[{"winback.nudge", "lapsing"}]), 0) << "wins back those who left lately";
  EXPECT_LT((net[{"winback.nudge", "heavy"}]), 0) << "and tires those who buy anyway";
  EXPECT_GT((net[{"winback.discount", "light"}]), 0);
  EXPECT_LT((net[{"winback.discount", "heavy"}]), 0) << "Liu 2007";
  EXPECT_GT((net[{"vip_concierge.call", "top"}]), 0);
  EXPECT_LT((net[{"vip_concierge.call", "light"}]), 0);
  EXPECT_GT((net[{"cross_sell.category", "heavy"}]), 0);
  EXPECT_LT((net[{"cross_sell.category", "complaint"}]), 0);
}

TEST(market, loses_by_the_blanket_discount_for_every_seed) {
  for (int seed = 1; seed <= 20; ++seed) {
    const outcome made = run_market(R"({"customers":2000,"seed":)" + std::to_string(seed) + "}");
    EXPECT_LT(sum_where(named(made, "truth"), "net", "action", "blanket_20pct.discount"), -2000)
        << "more than one unit of money a customer, seed " << seed;
  }
}

TEST(market, knows_only_who_consented) {
  const outcome made = run_market(R"({"customers":3000,"experiment_share":0.8})");
  const table& consent = named(made, "consent");
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> latest;  // time, granted
  for (std::size_t row = 0; row < consent.rows(); ++row) {
    auto& [time, granted] = latest[std::string(consent.find("customer")->text(row)) + "|" +
                                   std::string(consent.find("channel")->text(row))];
    const std::int64_t at = consent.integers("time", type::time)[row];
    if (at >= time) {
      time = at;
      granted = consent.integers("granted", type::i64)[row];
    }
  }
  const table& t = named(made, "truth");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const auto& [time, granted] = latest.at(std::string(t.find("customer")->text(row)) + "|" +
                                            std::string(t.find("channel")->text(row)));
    ASSERT_EQ(t.integers("allowed", type::i64)[row], granted);
  }
}

TEST(market, takes_a_fitted_model) {
  for (const char* purchase : {"bg_nbd", "mbg_nbd", "pareto_nbd"}) {
    const outcome made = run_market(R"({"customers":500})", cdnow(purchase));
    EXPECT_EQ(named(made, "").find("amount")->unit(), "USD") << purchase;
    EXPECT_EQ(named(made, "truth").rows(), 2500u);
  }
  EXPECT_NE(complaint([] { run_market("", cdnow("gg_nbd")); }).find("gg_nbd"), std::string::npos);
}

TEST(market, may_be_empty_or_extreme) {
  const outcome none = run_market(R"({"customers":0})");
  for (const auto& [name, rows] : none.tables) EXPECT_EQ(rows->rows(), 0u) << name;
  const outcome odd = run_market(
      R"({"customers":50,"history_days":2,"horizon_days":1,"acquisition_days":0,"ticket_rate":1000,
          "refund_share":0.5,"experiment_share":1,"margin":1,
          "actions":[{"name":"all","channel":"post","benefit":1e6,"discount_share":1,
                      "contact_cost":1e6,"unsubscribe":1,"pull_forward":1,"keeps_days":3650,
                      "effect":{"light":1,"heavy":-1}}]})");
  for (const double v : named(odd, "truth").numbers("net")) EXPECT_TRUE(std::isfinite(v));
  EXPECT_EQ(named(odd, "truth").find("plugin")->text(0), "all");
}

TEST(market, names_the_option_that_is_wrong) {
  const std::map<std::string, std::string> wrong{
      {R"({"customers":-1})", "'customers' is -1"},
      {R"({"refund_share":0.9})", "'refund_share' is 0.9"},
      {R"({"horizon_days":500})", "'horizon_days' is 500"},
      {R"({"acquisition_days":600})", "at most history_days"},
      {R"({"start":"soon"})", "\"soon\""},
      {R"({"start":"2261-06-01"})", "before 2262"},
      {R"({"currency":"BEANS"})", "BEANS"},
      {R"({"actions":[]})", "a list of 1 to 100 actions"},
      {R"({"actions":[{"channel":"email"}]})", "a member 'name'"},
      {R"({"actions":[{"name":"a","effect":{"heavy":3}}]})", "actions[0].effect.heavy' is 3"},
      {R"({"actions":[{"name":"a","effect":{"rich":0}}]})", "actions[0].effect.rich"},
      {R"({"actions":[{"name":"a","bonus":1}]})", "actions[0].bonus"},
      {R"({"actions":[{"name":"a","benefit":-1}]})", "actions[0].benefit' is -1"},
      {R"({"actions":[{"name":"a"},{"name":"a"}]})", "a name that no other action has"}};
  for (const auto& [options, words] : wrong) {
    const std::string said = complaint([&] { run_market(options); });
    EXPECT_NE(said.find(words), std::string::npos) << options << " said: " << said;
  }
}

}  // namespace
}  // namespace clv::test
