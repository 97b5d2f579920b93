#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "crm.hpp"
#include "store/database.hpp"
#include "store/personal_tables.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::mentions;
using clv::test::record;
using clv::test::temp_folder;

namespace {

std::map<std::string, std::int64_t> run_counts(job&& j) {
  j.run();
  const table& t = *j.result().tables.at("");
  std::map<std::string, std::int64_t> counts;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    counts[std::string(t.get("name", type::utf8).text(i))] = t.integers("rows", type::i64)[i];
  }
  return counts;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_in_table(const table& t, const std::string& word) {
  for (const column& c : t.columns()) {
    if (c.kind() == type::utf8 && mentions(std::string(c.chars()), word)) return true;
  }
  return false;
}

// Every decision replays, and the chain holds.
void expect_whole_chain(engine& e, std::size_t rows) {
  job j = e.replay();
  j.run();
  const table& checked = *j.result().tables.at("");
  EXPECT_EQ(checked.rows(), rows);
  for (std::size_t i = 0; i < checked.rows(); ++i) {
    ASSERT_EQ(checked.integers("matches", type::i64)[i], 1)
        << checked.get("difference", type::utf8).text(i);
  }
}

}  // namespace

TEST(forget, walks_a_list_that_names_every_table_of_the_file) {
  const temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    test::fill(e);
  }
  std::set<std::string> listed(store::impersonal_tables().begin(),
                               store::impersonal_tables().end());
  for (const store::personal_table& t : store::personal_tables()) {
    for (const std::string& held : test::split(std::string(t.held))) {
      EXPECT_TRUE(listed.insert(held).second) << held;
    }
  }
  store::database d({.path = folder.file("a.clv"), .read_only = true});
  store::statement s(d.sql(), "SELECT name FROM sqlite_schema WHERE type = 'table'");
  std::set<std::string> found;
  while (s.step()) found.insert(std::string(s.text(0)));
  EXPECT_EQ(found, listed);
}

TEST(forget, takes_the_bytes_out_of_answers_that_hold_the_customer) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  engine e({.path = path});
  test::fill(e);
  const auto keep = [&e](const char* key, const std::string& bytes) {
    e.add_model(*e.model(), 0, request_answer{.key = key, .bytes = bytes});
  };
  keep("of c1000", std::string("\n\5c1000\0", 8));
  keep("of c1002", "c1002");
  job j = e.forget_customer("c1000");
  j.run();
  EXPECT_TRUE(e.answer("of c1000")->forgotten);
  EXPECT_EQ(e.answer("of c1000")->bytes, "");
  EXPECT_EQ(e.answer("of c1002")->bytes, "c1002");
}

TEST(forget, lists_every_schema) {
  std::set<std::string_view> listed{"budget", "resources", "agents"};  // of no customer
  for (const store::personal_table& t : store::personal_tables()) listed.insert(t.name);
  for (const schema& s : schemas()) EXPECT_EQ(listed.count(s.name), 1U) << s.name;
}

TEST(export_customer, tells_everything_there_is) {
  engine e({});
  test::fill(e);
  job j = e.export_customer("c1000");
  j.run();
  const outcome& told = j.result();
  for (const store::personal_table& t : store::personal_tables()) {
    const bool refused = t.name == "refusals";  // a chosen proposal leaves none
    ASSERT_TRUE(refused || told.tables.count(std::string(t.name)) == 1) << t.name;
    if (refused) continue;
    EXPECT_GE(told.tables.at(std::string(t.name))->rows(), 1U) << t.name;
    EXPECT_FALSE(is_in_table(*told.tables.at(std::string(t.name)), "c1002") &&
                 t.name != "referrals")
        << t.name;
  }
  EXPECT_EQ(told.tables.at("referrals")->rows(), 2U);     // in both roles
  EXPECT_EQ(told.tables.at("ledger")->rows(), 2U);        // its own, and what it gave away
  EXPECT_EQ(told.tables.at("customers")->rows(), 2U);     // and the one merged into it
  EXPECT_EQ(told.tables.at("decision_log")->rows(), 2U);  // of two runs
  EXPECT_EQ(told.tables.at("customers")->get("attr.city", type::utf8).text(0), "Lviv");
}

TEST(export_customer, says_who_is_not_known) {
  engine e({});
  test::ingest(e, test::log_of({{"ann", 5, 100, "e1"}}));
  EXPECT_EQ(error_of([&] { e.export_customer("eve"); }).code, status::not_found);
  EXPECT_EQ(error_of([&] { e.forget_customer("eve"); }).code, status::not_found);
}

TEST(forget, deletes_what_export_tells) {
  engine e({});
  test::fill(e);
  const auto told = run_counts(e.export_customer("c1000"));
  EXPECT_EQ(run_counts(e.forget_customer("c1000")), told);
  const issue why = error_of([&] { e.export_customer("c1000"); });
  EXPECT_EQ(why.code, status::not_found);
  EXPECT_TRUE(mentions(why.message, "forgotten")) << why.message;
  for (const char* name :
       {"transactions",  "summary",      "scores",       "segments",  "proposals", "decisions",
        "refusals",      "decision_log", "customers",    "consent",   "contacts",  "outcomes",
        "evidence",      "touches",      "feedback",     "costs",     "referrals", "ledger",
        "ticket_events", "identities",   "clock_events", "follow_ups"}) {
    EXPECT_FALSE(is_in_table(*e.read(name), "c1000")) << name;
    EXPECT_TRUE(is_in_table(*e.read(name), "c1001") || std::string(name) == "evidence" ||
                std::string(name) == "refusals")
        << name;
  }
}

TEST(forget, leaves_no_byte_of_the_id_in_the_file) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    test::fill(e);
    e.score({}).run();  // tables of before are in free pages now
  }
  EXPECT_TRUE(mentions(bytes_of(path), "c1000"));
  {
    engine e({.path = path});
    job j = e.forget_customer("c1000");
    j.run();
    EXPECT_TRUE(j.result().notes.empty());
    EXPECT_FALSE(mentions(bytes_of(path), "c1000"));
    EXPECT_FALSE(mentions(bytes_of(path + "-wal"), "c1000"));
  }
  EXPECT_FALSE(mentions(bytes_of(path), "c1000"));
  EXPECT_TRUE(mentions(bytes_of(path), "c1001"));
}

// Nor in what was decided about a customer that is part of it.
TEST(forget, leaves_no_byte_of_the_id_in_the_receipts_of_who_was_merged_into_it) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  engine e({.path = path});
  test::fill(e);
  test::record(
      e, "customers", test::facts_of("customers", "customer,merged_into", {"c1005,c1000"}));
  test::crm_mailer m;
  e.decide({&m}, {.now_us = test::crm_now + us_per_day}).run();
  e.forget_customer("c1000").run();
  EXPECT_FALSE(mentions(bytes_of(path), "c1000"));
}

// Report loyalty_ledger calls a member's account "customer:ID".
TEST(forget, takes_the_bookings_of_others_with_the_account_of_the_customer) {
  engine e({});
  test::record(e,
               "ledger",
               test::facts_of("ledger",
                              "customer,time,kind,from,to,points",
                              {"c1000,70,earn,issued,customer:c1000,40",
                               "c1001,71,adjust,customer:c1000,customer:c1001,5",
                               "c1001,72,adjust,customer:c1001,customer:c10001,1"}));
  job told = e.export_customer("c1000");
  told.run();
  EXPECT_EQ(told.result().tables.at("ledger")->rows(), 2U);
  e.forget_customer("c1000").run();
  const auto left = e.read("ledger");
  ASSERT_EQ(left->rows(), 1U);
  EXPECT_EQ(left->get("to", type::utf8).text(0), "customer:c10001");
}

TEST(forget, keeps_a_tombstone_so_that_the_chain_holds) {
  engine e({});
  test::fill(e);
  expect_whole_chain(e, 600);
  const auto before = e.read("decision_log");
  run_counts(e.forget_customer("c1000"));
  const auto after = e.read("decision_log");
  ASSERT_EQ(after->rows(), before->rows());
  std::size_t tombstones = 0;
  for (std::size_t i = 0; i < after->rows(); ++i) {
    for (const char* kept : {"receipt_hash", "prev_hash", "chain_hash", "decision_id"}) {
      ASSERT_EQ(after->get(kept, type::utf8).text(i), before->get(kept, type::utf8).text(i));
    }
    if (!after->get("customer", type::utf8).text(i).empty()) continue;
    ++tombstones;
    EXPECT_FALSE(after->get("receipt", type::utf8).present(i));
    EXPECT_EQ(before->get("customer", type::utf8).text(i), "c1000");
  }
  EXPECT_EQ(tombstones, 2U);
  expect_whole_chain(e, 600);
  e.score({}).run();
  e.segment({}).run();
  test::crm_mailer m;
  e.decide({&m}, {.now_us = test::crm_now + us_per_day}).run();
  EXPECT_EQ(e.read("decisions")->rows(), 299U);
  expect_whole_chain(e, 899);
}

TEST(forget, leaves_the_others_as_they_were) {
  engine e({});
  test::fill(e);
  const auto scores = e.read("scores");
  run_counts(e.forget_customer("c1000"));
  const auto left = e.read("scores");
  ASSERT_EQ(left->rows() + 1, scores->rows());
  for (std::size_t i = 0; i < left->rows(); ++i) {  // c1000 was the first row
    ASSERT_EQ(left->numbers("clv")[i], scores->numbers("clv")[i + 1]);
  }
  const auto proposals = e.read("proposals");
  for (std::size_t i = 0; i < proposals->rows(); ++i) {
    const auto row = static_cast<std::size_t>(proposals->integers("row", type::i64)[i]);
    ASSERT_EQ(proposals->get("customer", type::utf8).text(i),
              left->get("customer", type::utf8).text(row));
  }
  const auto customers = e.read("customers");  // the merge into it is undone
  EXPECT_EQ(customers->rows(), 2U);
  EXPECT_EQ(customers->find("merged_into"), nullptr);
}

TEST(forget, gives_the_log_that_the_others_alone_would_give) {
  auto sales = test::busy_shop();
  engine whole({}), without({});
  test::ingest(whole, test::log_of(sales));
  run_counts(whole.forget_customer("c1007"));
  std::erase_if(sales, [](const test::sale& s) { return s.customer == "c1007"; });
  test::ingest(without, test::log_of(sales));
  for (engine* e : {&whole, &without}) e->fit({}, {}).run();
  for (const char* name : {"transactions", "summary", "parameters"}) {
    EXPECT_EQ(whole.read(name)->fingerprint(), without.read(name)->fingerprint()) << name;
  }
}

TEST(forget, does_not_take_the_customer_again) {
  engine e({});
  test::fill(e);
  run_counts(e.forget_customer("c1000"));
  const auto log = test::log_of({{"c1000", 290, 100, "new1"}, {"c1001", 290, 100, "new2"}});
  job again = e.ingest(log, {.source = "shop"});
  again.run();
  const table& counts = *again.result().tables.at("");
  EXPECT_EQ(counts.integers("accepted", type::i64)[0], 1);
  EXPECT_EQ(counts.integers("duplicates", type::i64)[0], 1);
  ASSERT_EQ(again.result().notes.size(), 1U);
  EXPECT_TRUE(mentions(again.result().notes[0].message, "1 rows"));
  const auto facts = facts_of(
      "referrals", "customer,referee,time", {"c1001,c1000,80", "c1000,c1002,80", "c1001,c1003,80"});
  EXPECT_EQ(record(e, "referrals", facts), std::pair(std::int64_t{1}, std::int64_t{2}));
  EXPECT_EQ(error_of([&] { e.export_customer("c1000"); }).code, status::not_found);
}

TEST(forget, can_forget_everyone) {
  engine e({});
  test::ingest(e, test::log_of({{"ann", 5, 100, "e1"}, {"bob", 9, 100, "e2"}}));
  record(e, "referrals", facts_of("referrals", "customer,referee,time", {"ann,cleo,5"}));
  for (const char* id : {"ann", "bob", "cleo"}) run_counts(e.forget_customer(id));
  EXPECT_EQ(e.read("transactions")->rows(), 0U);
  EXPECT_EQ(error_of([&] { e.read("referrals"); }).code, status::state);
}

TEST(forget, leaves_everything_when_dropped_before_its_commit) {
  std::vector<test::sale> sales;
  for (int copy = 0; copy < 10; ++copy) {  // enough rows for more than one step
    for (test::sale s : test::busy_shop()) {
      s.event_id += "x" + std::to_string(copy);
      if (copy > 0) s.customer += "x" + std::to_string(copy);
      sales.push_back(std::move(s));
    }
  }
  engine e({});
  test::fill(e, sales);
  const auto told = run_counts(e.export_customer("c1000"));
  {
    job j = e.forget_customer("c1000");
    j.step(std::chrono::milliseconds{1});
    ASSERT_EQ(j.phase_name(), "erase");
  }
  EXPECT_EQ(run_counts(e.export_customer("c1000")), told);
  {
    job j = e.forget_customer("c1000");
    j.step(std::chrono::milliseconds{1});
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  }
  EXPECT_EQ(run_counts(e.export_customer("c1000")), told);
  expect_whole_chain(e, 6000);
}

TEST(forget, keeps_the_answer_of_its_request_and_says_so_to_a_repeat) {
  engine e({});
  test::fill(e, test::busy_shop());
  const request_answer asked{.key = "forget-1", .bytes = "gone"};
  std::int64_t rows = 0;
  for (const auto& [name, n] : run_counts(e.forget_customer("c1000", asked))) rows += n;
  EXPECT_EQ(e.answer("forget-1")->bytes, "gone");
  EXPECT_EQ(e.answer("forget-1")->made, rows);
  // Without the key it would be not_found: the customer is gone.
  EXPECT_EQ(error_of([&] { job again = e.forget_customer("c1000", asked); }).code, status::exists);
}

TEST(forget, refuses_to_keep_an_answer_that_holds_the_id) {
  engine e({});
  test::fill(e, test::busy_shop());
  const request_answer telling{.key = "forget-1", .bytes = R"({"deleted":"c1000"})"};
  EXPECT_EQ(error_of([&] { job j = e.forget_customer("c1000", telling); }).code, status::invalid);
  EXPECT_FALSE(run_counts(e.export_customer("c1000")).empty()) << "nothing was done";
}

TEST(forget, has_nothing_left_to_be_cancelled_once_the_customer_is_gone) {
  engine e({});
  test::fill(e, test::busy_shop());
  for (int steps = 0;; ++steps) {
    ASSERT_LT(steps, 100'000);
    job j = e.forget_customer("c1000");
    bool done = false;
    for (int i = 0; i < steps && !done; ++i) done = j.step(std::chrono::milliseconds{1});
    if (done) break;
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
    EXPECT_FALSE(run_counts(e.export_customer("c1000")).empty()) << "after " << steps << " steps";
  }
  EXPECT_EQ(error_of([&] { e.export_customer("c1000").run(); }).code, status::not_found);
}
