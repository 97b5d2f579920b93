#include "clv/error.hpp"
#include "retention/experiments/receipt_draws.hpp"
#include "trial.hpp"

namespace clv {
namespace {

using test::absent;
using test::number;
using test::table_of;
using test::text;
using test::trial;
using test::trial_decision;

// lot: of 2^64 in sixteenths, so that "4" is a quarter of the way.
std::string receipt(const std::string& lot, double share = .25, double own = 0) {
  const std::string held = own > 0 ? R"(,"holdout":)" + std::to_string(own) : "";
  return R"({"withheld":{"plugin":"win","action":"mail"},"lots":{"holdout":")" + lot +
         R"(000000000000000"},"candidates":[{"plugin":"x","action":"call","holdout":0.9},
             {"plugin":"win","action":"mail")" +
         held + R"(}],"options":{"holdout_share":)" + std::to_string(share) + "}}";
}

outcome join(const trial& t, std::string_view options, std::shared_ptr<const table> known = {}) {
  report_inputs in;
  in.tables["decision_log"] = std::make_shared<const table>(t.log());
  in.tables["outcomes"] = std::make_shared<const table>(t.outcomes());
  if (known != nullptr) in.tables["customers"] = std::move(known);
  return test::run_report(logged_experiment_report, std::move(in), options);
}

std::string complaint(const trial& t, std::string_view options) {
  try {
    join(t, options);
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

const std::string once = R"({"as_of":"2030-01-01"})";

// ann is mailed, bob held out of everything, cid of the mail only, dan gets nothing at all.
trial logged_experiment_by_hand() {
  trial t;
  const std::string kept = receipt("8", .25, .5), out = receipt("0", .25, .5);
  t.decide({.id = "1", .customer = "ann", .segment = "gold", .cost = 2, .receipt = kept});
  t.decide({.id = "2", .customer = "bob", .arm = "holdout", .segment = "gold", .receipt = out});
  t.decide({.id = "3", .customer = "cid", .arm = "holdout", .segment = "gold", .receipt = kept});
  t.decide({.id = "4", .customer = "dan", .action = "", .segment = "gold", .receipt = kept});
  t.decide({.id = "5", .customer = "ann", .day = 50, .segment = "new", .receipt = kept});
  t.happen({.id = "1", .customer = "ann"}, 3, "response", 1);
  t.happen({.id = "1", .customer = "ann"}, 3, "value", 20);
  t.happen({.id = "2", .customer = "bob"}, 4, "value", 7);
  t.happen({.id = "2", .customer = "bob"}, 4, "unsubscribed", 1);
  t.happen({.id = "5", .customer = "ann"}, 51, "value", 5);
  return t;
}

}  // namespace

TEST(logged_experiment, has_one_row_per_customer_who_was_selected) {
  const outcome o = join(logged_experiment_by_hand(), once);
  ASSERT_EQ(o.tables.at("")->rows(), 3U);
  const char* customers[] = {"ann", "bob", "cid"};
  const char* arms[] = {"mail", "none", "none"};
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(text(o, "customer", row), customers[row]);
    EXPECT_EQ(text(o, "treatment", row), arms[row]);
    EXPECT_EQ(text(o, "segment", row), "gold");  // of the first decision, not of the last
  }
  EXPECT_EQ(number(o, "outcome", 0), 1);
  EXPECT_EQ(number(o, "profit", 0), 20);
  EXPECT_EQ(number(o, "cost", 0), 2);
  EXPECT_EQ(number(o, "profit", 1), 7);
  EXPECT_EQ(number(o, "unsubscribed", 1), 1);
  EXPECT_EQ(number(o, "outcome", 2), 0);
}

TEST(logged_experiment, has_the_chance_of_the_arm_as_the_receipts_state_it) {
  const outcome o = join(logged_experiment_by_hand(), once);
  EXPECT_DOUBLE_EQ(number(o, "propensity", 0), .75 * .5);
  EXPECT_DOUBLE_EQ(number(o, "propensity", 1), 1 - .75 * .5);
  EXPECT_DOUBLE_EQ(number(o, "propensity", 2), 1 - .75 * .5);
  const outcome other =
      join(logged_experiment_by_hand(),
           R"({"as_of":"2030-01-01","share":0.1,"nested":["ma*"],"nested_shares":[0.2]})");
  EXPECT_DOUBLE_EQ(number(other, "propensity", 0), .9 * .8);
}

TEST(logged_experiment, logs_every_decision_for_off_policy) {
  const outcome o = join(logged_experiment_by_hand(), once);
  const table& log = *o.tables.at("log");
  ASSERT_EQ(log.rows(), 5U);
  const char* actions[] = {"mail", "none", "none", "none", "mail"};
  const double rewards[] = {18, 7, 0, 0, 5};
  for (std::size_t row = 0; row < 5; ++row) {
    EXPECT_EQ(text(o, "decision_id", row, "log"), std::to_string(row + 1));
    EXPECT_EQ(text(o, "action", row, "log"), actions[row]);
    EXPECT_EQ(number(o, "reward", row, "log"), rewards[row]);
    EXPECT_EQ(number(o, "propensity", row, "log"), .5);  // as it was logged
  }
}

TEST(logged_experiment, brings_what_is_known_of_customers_and_warns_that_it_is_of_today) {
  const outcome o = join(
      logged_experiment_by_hand(), once, table_of("customer,orders,outcome\nbob,3,9\neve,4,9\n"));
  EXPECT_TRUE(absent(o, "orders", 0));
  EXPECT_EQ(number(o, "orders", 1), 3);
  EXPECT_EQ(number(o, "outcome", 0), 1);  // a column of the experiment is not replaced
  ASSERT_EQ(o.notes.size(), 2U);
  EXPECT_NE(o.notes[0].message.find("as they are now"), std::string::npos) << o.notes[0].message;
}

TEST(logged_experiment, leaves_the_segment_out_where_somebody_had_none) {
  trial t = logged_experiment_by_hand();
  t.decide({.id = "6", .customer = "eve", .receipt = receipt("8", .25, .5)});
  EXPECT_EQ(join(t, once).tables.at("")->find("segment"), nullptr);
}

TEST(logged_experiment, knows_an_action_with_a_slash_in_its_name) {
  trial t;
  t.decide({.id = "1", .customer = "ann", .action = "mail/a", .receipt = receipt("8")});
  EXPECT_EQ(text(join(t, R"({"as_of":"2030-01-01","action":"mail/a"})"), "treatment"), "mail/a");
}

TEST(logged_experiment, says_why_there_is_none) {
  trial two = logged_experiment_by_hand();
  two.decide({.id = "6", .customer = "eve", .action = "call", .receipt = receipt("8")});
  EXPECT_EQ(complaint(two, R"({"as_of":"2030-01-01","action":"win/mail"})"), "");
  for (const auto& [options, part] :
       {std::pair{once, "option 'action' is missing"},
        std::pair{std::string(R"({"as_of":"2030-01-01","action":"sing"})"), "'sing' fits 0"},
        std::pair{std::string(R"({"as_of":"1990-01-01"})"), "no decision of the log"}}) {
    EXPECT_NE(complaint(two, options).find(part), std::string::npos) << complaint(two, options);
  }
  trial bare;
  bare.decide({.id = "1", .customer = "ann"});
  EXPECT_NE(complaint(bare, once).find("the log has no receipts"), std::string::npos);
  trial certain;
  certain.decide({.id = "1", .customer = "ann", .receipt = receipt("8", 0)});
  EXPECT_NE(complaint(certain, once).find("nothing was left to chance"), std::string::npos);
}

TEST(receipt_draw, says_who_is_held_out_of_everything) {
  const retention::holdout_draw out = retention::read_draw(receipt("3"), "mail");
  EXPECT_EQ(out.share, .25);
  EXPECT_EQ(out.everything, true);
  EXPECT_EQ(out.plugin, "win");
  EXPECT_EQ(retention::read_draw(receipt("4"), "mail").everything, false);
}

TEST(receipt_draw, of_what_is_no_receipt_says_nothing) {
  for (const char* no : {"", "{", "[]", "1", R"({"options":{"holdout_share":2},"lots":[]})"}) {
    const retention::holdout_draw draw = retention::read_draw(no, "mail");
    EXPECT_FALSE(draw.share || draw.everything) << no;
    EXPECT_EQ(draw.own, 0) << no;
  }
}

}  // namespace clv
