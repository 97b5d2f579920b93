// Retention: what is deleted, what stays because it still holds, and that sums and keys stay right.
#include "clv/store.hpp"
#include "crm.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::mentions;
using clv::test::record;
using clv::test::temp_folder;

namespace {

std::int64_t prune(engine& e, const std::string& table, std::int64_t before) {
  job j = e.prune(table, before);
  j.run();
  const auto& t = *j.result().tables.at("");
  EXPECT_EQ(t.get("table", type::utf8).text(0), table);
  return t.integers("rows", type::i64)[0];
}

std::string damage_of(const std::string& path) {
  job check = check_store(path);
  check.run();
  const table& t = *check.result().tables.at("");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.get("status", type::utf8).text(row) != "ok") {
      return std::string(t.get("detail", type::utf8).text(row));
    }
  }
  return {};
}

std::shared_ptr<const table> touches(const std::vector<std::string>& rows) {
  return test::facts_of("touches", "customer,time,kind,event_id", rows);
}

}  // namespace

TEST(prune, deletes_events_before_the_moment_and_keeps_those_at_it) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  record(e, "touches", touches({"ann,10,visit,1", "ann,20,visit,2", "bob,19,visit,3"}));
  EXPECT_EQ(prune(e, "touches", 20), 2);
  const auto left = e.read("touches");
  ASSERT_EQ(left->rows(), 1U);
  EXPECT_EQ(left->integers("time", type::time)[0], 20);
  EXPECT_EQ(prune(e, "touches", 20), 0);
  EXPECT_EQ(damage_of(folder.file("a.clv")), "");
}

TEST(prune, takes_an_event_again_that_is_sent_again) {
  engine e({});
  const auto rows = touches({"ann,10,visit,1", "ann,30,visit,2"});
  record(e, "touches", rows);
  prune(e, "touches", 20);
  EXPECT_EQ(record(e, "touches", rows), (std::pair<std::int64_t, std::int64_t>{1, 1}));
}

TEST(prune, deletes_customers_of_the_log_whole_and_only_when_all_of_theirs_is_old) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::ingest(e,
               test::log_of({{"old", 1, 5, "1"},
                             {"old", 2, 5, ""},
                             {"both", 1, 5, "3"},
                             {"both", 9, 5, "4"},
                             {"new", 8, 5, "5"}}));
  EXPECT_EQ(prune(e, "transactions", 5 * us_per_day), 2);
  const auto log = e.read("transactions");
  EXPECT_EQ(log->rows(), 3U);
  EXPECT_EQ(log->get("customer", type::utf8).text(0), "both");
  EXPECT_EQ(damage_of(folder.file("a.clv")), "");
  EXPECT_EQ(test::ingest(e, test::log_of({{"old", 1, 5, "1"}})).first, 1);
}

// An id that nothing refers to is no longer known; one with other facts is.
TEST(prune, deletes_the_ids_that_nothing_refers_to) {
  engine e({});
  record(e, "touches", touches({"ann,10,visit,1", "bob,10,visit,2"}));
  record(
      e, "consent", test::facts_of("consent", "customer,channel,time,granted", {"bob,email,5,1"}));
  prune(e, "touches", 20);
  EXPECT_EQ(error_of([&] { e.export_customer("ann"); }).code, status::not_found);
  job j = e.export_customer("bob");
  j.run();
  EXPECT_TRUE(j.result().tables.contains("consent"));
}

TEST(prune, keeps_tickets_whole) {
  engine e({});
  record(e,
         "ticket_events",
         test::facts_of("ticket_events",
                        "ticket,customer,time,kind",
                        {"T1,ann,1,created",
                         "T1,ann,2,resolved",
                         "T2,ann,1,created",
                         "T2,ann,30,resolved",
                         "T3,bob,40,created"}));
  EXPECT_EQ(prune(e, "ticket_events", 20), 2);
  EXPECT_EQ(e.read("ticket_events")->rows(), 3U);
}

TEST(prune, refuses_tables_whose_old_rows_still_hold) {
  engine e({});
  for (const char* name : {"consent", "ledger", "identities", "customers", "decision_log"}) {
    const issue why = error_of([&] { e.prune(name, 20); });
    EXPECT_EQ(why.code, status::invalid) << name;
    EXPECT_TRUE(mentions(why.message, name)) << why.message;
  }
  EXPECT_EQ(error_of([&] { e.prune("nothing", 20); }).code, status::not_found);
  EXPECT_EQ(error_of([&] { e.prune("scores", 20); }).code, status::not_found);
}

TEST(prune, that_is_cancelled_changes_nothing_and_writers_may_go_on) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  std::vector<std::string> rows;
  for (int i = 0; i < 9000; ++i)
    rows.push_back("c" + std::to_string(i) + ",1,visit," + std::to_string(i));
  record(e, "touches", touches(rows));
  {
    job j = e.prune("touches", 20);
    for (int i = 0; i < 4; ++i) ASSERT_FALSE(j.step(std::chrono::milliseconds{1}));
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  }
  EXPECT_EQ(e.read("touches")->rows(), 9000U);
  EXPECT_EQ(record(e, "touches", touches({"new,1,visit,x"})).first, 1);
  EXPECT_EQ(prune(e, "touches", 20), 9001);
  EXPECT_EQ(damage_of(folder.file("a.clv")), "");
}

TEST(prune, needs_an_engine_that_writes) {
  const temp_folder folder;
  { engine e({.path = folder.file("a.clv")}); }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  EXPECT_EQ(error_of([&] { reader.prune("touches", 1); }).code, status::state);
}

TEST(prune, keeps_the_answer_of_its_request_and_is_done_once) {
  engine e({});
  record(e, "touches", touches({"ann,10,visit,1", "ann,20,visit,2", "bob,19,visit,3"}));
  const request_answer asked{.key = "prune-7", .body_hash = "h", .bytes = "done"};
  {
    job j = e.prune("touches", 20, asked);
    j.run();
  }
  EXPECT_EQ(e.answer("prune-7")->bytes, "done");
  EXPECT_EQ(e.answer("prune-7")->made, 2);
  EXPECT_EQ(error_of([&] { job again = e.prune("touches", 30, asked); }).code, status::exists);
  EXPECT_EQ(e.read("touches")->rows(), 1U);
  {
    job left = e.prune("touches", 30, request_answer{.key = "left"});
    left.cancel();
    EXPECT_EQ(error_of([&] { left.run(); }).code, status::cancelled);
  }
  EXPECT_FALSE(e.answer("left").has_value());
}
