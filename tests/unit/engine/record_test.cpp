#include <algorithm>
#include <random>

#include "crm.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::mentions;
using clv::test::record;

namespace {

using counts = std::pair<std::int64_t, std::int64_t>;

constexpr const char* contact_columns = "customer,time,channel,kind,benefit,event_id";

issue refused(const std::string& name, const std::string& columns, const std::string& row) {
  engine e({});
  return error_of(
      [&] { record(e, name, facts_of(name, columns, {row}), {.source = "crm", .now_us = 1000}); });
}

}  // namespace

TEST(record, takes_facts_of_every_kind) {
  engine e({});
  test::record_everything(e);
  for (const std::string_view name : recordable()) {
    EXPECT_GE(e.read(name)->rows(), 2U) << name;
    EXPECT_FALSE(e.read(name)->fingerprint().empty()) << name;
  }
  EXPECT_EQ(e.read("customers")->get("attr.city", type::utf8).text(0), "Lviv");
  EXPECT_EQ(e.read("costs")->get("amount", type::money).unit(), "EUR");
}

TEST(record, counts_what_it_was_told_before) {
  engine e({});
  const auto rows =
      facts_of("contacts", contact_columns, {"ann,5,email,sent,,m1", "bob,5,sms,sent,,"});
  EXPECT_EQ(record(e, "contacts", rows), counts(2, 0));
  EXPECT_EQ(record(e, "contacts", rows), counts(1, 1));  // bob's row has no event id
  EXPECT_EQ(record(e, "contacts", rows, {.source = "other"}), counts(2, 0));
  EXPECT_EQ(e.read("contacts")->rows(), 5U);
}

TEST(record, stores_nothing_of_a_batch_with_a_changed_event) {
  engine e({});
  record(e, "contacts", facts_of("contacts", contact_columns, {"ann,5,email,sent,,m1"}));
  const issue why = error_of([&] {
    record(e,
           "contacts",
           facts_of(
               "contacts", contact_columns, {"bob,6,email,sent,,m2", "ann,5,email,redeemed,,m1"}));
  });
  EXPECT_EQ(why.code, status::data);
  EXPECT_EQ(why.row, 1);
  EXPECT_EQ(why.column, "event_id");
  EXPECT_TRUE(mentions(why.message, "row 2") && mentions(why.message, "'m1'")) << why.message;
  EXPECT_EQ(e.read("contacts")->rows(), 1U);
}

TEST(record, gives_the_same_state_for_any_order_and_number_of_times) {
  std::vector<std::string> rows;
  for (int i = 0; i < 200; ++i) {
    rows.push_back("c" + std::to_string(i % 23) + "," + std::to_string(i % 11) + ",email," +
                   (i % 3 == 0 ? "sent" : "redeemed") + "," + std::to_string(i) + ",m" +
                   std::to_string(i));
  }
  std::set<std::string> states;
  for (unsigned seed = 0; seed < 5; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> batch(rows);
    batch.insert(batch.end(), rows.begin(), rows.begin() + 20 * seed);
    std::shuffle(batch.begin(), batch.end(), random);
    engine e({});
    const std::size_t half = batch.size() / 2;
    record(e,
           "contacts",
           facts_of("contacts", contact_columns, {batch.begin(), batch.begin() + half}));
    record(
        e, "contacts", facts_of("contacts", contact_columns, {batch.begin() + half, batch.end()}));
    record(e, "contacts", facts_of("contacts", contact_columns, batch));
    states.insert(e.read("contacts")->fingerprint());
  }
  EXPECT_EQ(states.size(), 1U);
}

TEST(record, names_row_column_and_value_of_what_it_refuses) {
  const struct {
    const char *name, *columns, *row, *column, *word;
  } cases[] = {
      {"consent", "customer,channel,time,granted", ",email,5,1", "customer", "is empty"},
      {"consent", "customer,channel,time,granted", "ann,email,5,2", "granted", "2"},
      {"consent", "customer,channel,time,granted", "ann,email,2000,1", "time", "future"},
      {"contacts", "customer,time,channel,kind", "ann,5,email,lost", "kind", "'lost'"},
      {"outcomes", "decision_id,customer,time,kind,value", "d,ann,5,value,nan", "value", "number"},
      {"evidence", "action,effect_mean,effect_sd,level", "mail,1,1,guess", "level", "'guess'"},
      {"evidence", "action,effect_mean,effect_sd,level", "mail,5,1,own_kind", "effect_mean", "5"},
      {"evidence", "action,effect_mean,effect_sd,level", "mail,.1,-1,own_kind", "effect_sd", "-1"},
      {"customers", "customer,legal_hold", "ann,7", "legal_hold", "7"},
      {"costs", "customer,time,kind,amount", "ann,5,service,9007199254740993", "amount", "out of"},
  };
  for (const auto& c : cases) {
    const issue why = refused(c.name, c.columns, c.row);
    EXPECT_EQ(why.code, status::data) << why.message;
    EXPECT_EQ(why.column, c.column) << why.message;
    EXPECT_EQ(why.row, 0) << why.message;
    EXPECT_TRUE(mentions(why.message, c.word)) << why.message;
  }
}

TEST(record, refuses_what_is_no_fact) {
  engine e({});
  for (const char* name : {"decision_log", "scores", "weather"}) {
    const issue why = error_of([&] { e.record(name, std::make_shared<table>(), {}); });
    EXPECT_EQ(why.code, status::not_found) << name;
    EXPECT_TRUE(mentions(why.hint, "consent")) << why.hint;
  }
  const issue missing = error_of([&] { e.record("consent", std::make_shared<table>(), {}); });
  EXPECT_EQ(missing.code, status::invalid);
  EXPECT_TRUE(mentions(missing.message, "customer")) << missing.message;
}

TEST(record, takes_the_options_currency_for_amounts_that_name_none) {
  engine e({});
  const auto cost = [](const char* unit) {
    return facts_of("costs", "customer,time,kind,amount", {"ann,5,service,100"}, unit);
  };
  record(e, "costs", cost("XXX"), {.currency = "EUR"});
  EXPECT_EQ(e.read("costs")->get("amount", type::money).unit(), "EUR");
  EXPECT_EQ(error_of([&] { record(e, "costs", cost("USD")); }).code, status::data);
  EXPECT_EQ(error_of([&] { record(e, "costs", cost("XXX"), {.currency = "JPY"}); }).code,
            status::invalid);
}

TEST(record, takes_rows_without_an_amount_whatever_their_currency) {
  engine e({});
  record(e, "customers", facts_of("customers", "customer,ticket_cost", {"ann,100"}, "EUR"));
  const auto none = facts_of("customers", "customer,ticket_cost,open_tickets", {"bob,,1"}, "XXX");
  EXPECT_NO_THROW(record(e, "customers", none, {.currency = "XXX"}));
  EXPECT_EQ(e.read("customers")->get("ticket_cost", type::money).unit(), "EUR");
}

TEST(record, says_that_nothing_was_recorded) {
  engine e({});
  const issue why = error_of([&] { e.read("consent"); });
  EXPECT_EQ(why.code, status::state);
  EXPECT_EQ(why.hint, "run record");
  EXPECT_EQ(error_of([&] { e.read("decision_log"); }).hint, "run decide");
}

TEST(record, leaves_the_store_as_it_was_when_dropped) {
  engine e({});
  std::vector<std::string> rows;
  for (int i = 0; i < 20000; ++i) rows.push_back("c" + std::to_string(i) + ",5,email,sent,,");
  const auto batch = facts_of("contacts", contact_columns, rows);
  record(e, "contacts", facts_of("contacts", contact_columns, {"ann,5,email,sent,,m1"}));
  int dropped = 0;
  for (int steps = 1; steps < 40; ++steps) {
    job j = e.record("contacts", batch, {.source = "crm"});
    for (int i = 0; i < steps && !j.finished(); ++i) j.step(std::chrono::milliseconds{1});
    if (j.finished()) break;
    ++dropped;
  }
  EXPECT_GT(dropped, 0);
  EXPECT_EQ(e.read("contacts")->rows() % 20000, 1U);
}

TEST(record, does_not_outdate_scores) {
  engine e({});
  test::ingest(e, test::log_of(test::busy_shop()));
  e.fit({}, {}).run();
  e.score({}).run();
  test::record_everything(e);
  test::crm_mailer m;
  e.decide({&m}, {.now_us = test::crm_now}).run();
  EXPECT_EQ(e.read("decisions")->rows(), 300U);
}

TEST(record, shows_plugins_what_is_known_of_customers) {
  engine e({});
  test::ingest(e, test::log_of(test::busy_shop()));
  test::record_everything(e);
  e.fit({}, {}).run();
  e.score({}).run();
  test::crm_mailer m;
  e.propose({&m}).run();
  EXPECT_EQ(m.seen.count("csat"), 1U);
  EXPECT_EQ(m.seen.count("attr.city"), 1U);
}
