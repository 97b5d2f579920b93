#include <algorithm>

#include "shop.hpp"
#include "store/sqlite.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;
using clv::test::sale;

namespace {

keyed_batch sales(const std::vector<sale>& rows, std::string key = {}, std::int64_t sequence = 0) {
  keyed_batch b;
  b.rows = log_of(rows);
  b.options.source = "shop";
  b.key = std::move(key);
  b.sequence = sequence;
  return b;
}

keyed_batch partial(keyed_batch b) {
  b.partial = true;
  return b;
}

keyed_batch touches(const std::vector<sale>& rows) {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& time = t->add("time", type::time, "us");
  column& kind = t->add("kind", type::utf8);
  column& event = t->add("event_id", type::utf8);
  for (const sale& s : rows) {
    customer.push(std::string_view(s.customer));
    time.push(s.day * us_per_day);
    kind.push(std::string_view(s.cents == 0 ? "visit" : "call"));
    s.event_id.empty() ? event.push_absent() : event.push(std::string_view(s.event_id));
  }
  t->seal("touches");
  keyed_batch b;
  b.table = "touches";
  b.rows = t;
  b.options.source = "crm";
  return b;
}

struct answers {
  std::shared_ptr<const table> main, rejects;
  issues notes;
  std::int64_t at(const char* name, std::size_t batch) const {
    const column& c = main->get(name, type::i64);
    return c.present(batch) ? c.integers()[batch] : -999;
  }
  status code(std::size_t batch) const { return static_cast<status>(at("status", batch)); }
  std::string message(std::size_t batch) const {
    return std::string(main->get("message", type::utf8).text(batch));
  }
  // accepted, duplicates, rejected, repeated
  std::vector<std::int64_t> counts(std::size_t batch) const {
    return {at("accepted", batch),
            at("duplicates", batch),
            at("rejected", batch),
            at("repeated", batch)};
  }
};
using counts = std::vector<std::int64_t>;

answers group(engine& e, std::vector<keyed_batch> batches) {
  job j = e.group(std::move(batches));
  j.run();
  return {j.result().tables.at(""), j.result().tables.at("rejects"), j.result().notes};
}

std::size_t group_stored_rows(engine& e) {
  return e.read("transactions")->rows();
}

std::string text(const table& t, const char* name, std::size_t row) {
  return std::string(t.get(name, type::utf8).text(row));
}

}  // namespace

TEST(group, takes_every_batch_in_one_commit) {
  engine e({});
  const answers a = group(e,
                          {sales({{"ann", 1, 100, "e1"}, {"bob", 2, 200, "e2"}}),
                           sales({{"bob", 2, 200, "e2"}, {"cy", 3, 300, "e3"}}),
                           touches({{"ann", 5, 0, "t1"}})});
  ASSERT_EQ(a.main->rows(), 3U);
  EXPECT_EQ(a.counts(0), (counts{2, 0, 0, 0}));
  EXPECT_EQ(a.counts(1), (counts{1, 1, 0, 0}));
  EXPECT_EQ(a.counts(2), (counts{1, 0, 0, 0}));
  EXPECT_EQ(group_stored_rows(e), 3U);
  EXPECT_EQ(e.read("touches")->rows(), 1U);
  EXPECT_EQ(a.rejects->rows(), 0U);
}

TEST(group, stores_what_the_verbs_would_have_stored) {
  engine together({}), apart({});
  auto all = test::busy_shop();
  std::vector<keyed_batch> batches;
  for (std::size_t i = 0; i < all.size(); i += 97) {
    const std::vector<sale> some(
        all.begin() + static_cast<std::ptrdiff_t>(i),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), i + 97)));
    batches.push_back(sales(some, "k" + std::to_string(i)));
    ingest(apart, log_of(some));
  }
  group(together, std::move(batches));
  EXPECT_EQ(together.read("transactions")->fingerprint(),
            apart.read("transactions")->fingerprint());
}

TEST(group, of_no_batches_is_an_empty_answer) {
  engine e({});
  const answers a = group(e, {});
  EXPECT_EQ(a.main->rows(), 0U);
  EXPECT_EQ(a.main->columns().size(), 9U);
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
}

TEST(group, goes_on_after_a_batch_that_fails_and_keeps_nothing_of_it) {
  engine e({});
  const answers a = group(e,
                          {sales({{"ann", 1, 100, "e1"}}),
                           sales({{"new", 1, 100, "e0"}, {"bob", 2, 250, "e1"}}, "k"),
                           sales({{"", 2, 250, "e7"}}),
                           sales({{"cy", 3, 300, "e3"}})});
  EXPECT_EQ(a.code(0), status::ok);
  EXPECT_EQ(a.code(1), status::data);
  EXPECT_EQ(a.at("row", 1), 1);
  EXPECT_EQ(text(*a.main, "column", 1), "event_id");
  for (const char* part : {"row 2", "'e1'", "1.00 EUR", "2.50 EUR", "nothing was stored"}) {
    EXPECT_TRUE(mentions(a.message(1), part)) << part << " in: " << a.message(1);
  }
  EXPECT_EQ(a.counts(1), (counts{-999, -999, -999, 0}));
  EXPECT_EQ(a.code(2), status::data);
  EXPECT_EQ(a.at("row", 2), 0);
  EXPECT_EQ(a.code(3), status::ok);
  EXPECT_EQ(group_stored_rows(e), 2U);
  EXPECT_EQ(error_of([&] { e.export_customer("new").run(); }).code, status::not_found);
}

TEST(group, answers_a_batch_that_cannot_be_read_and_takes_the_others) {
  engine e({});
  keyed_batch broken = sales({});
  broken.rows.reset();
  broken.unreadable = issue{.code = status::invalid, .message = "column 'time' is missing"};
  keyed_batch unknown = touches({{"ann", 1, 0, ""}});
  unknown.table = "nonsense";
  keyed_batch yen = sales({{"a", 1, 100, ""}});
  yen.options.currency = "EURO";
  const answers a = group(e, {broken, unknown, yen, sales({{"ann", 1, 100, "e1"}})});
  EXPECT_EQ(a.code(0), status::invalid);
  EXPECT_EQ(a.message(0), "column 'time' is missing");
  EXPECT_EQ(a.code(1), status::not_found);
  EXPECT_EQ(a.code(2), status::invalid);
  EXPECT_EQ(a.code(3), status::ok);
  EXPECT_EQ(group_stored_rows(e), 1U);
}

TEST(group, refuses_rows_one_by_one_where_that_is_asked_for) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, "e1"}})});
  const answers a = group(e,
                          {partial(sales({{"bob", 2, 200, "e2"},
                                          {"", 3, 300, "e3"},
                                          {"eve", 2, 999, "e1"},
                                          {"ann", 1, 100, "e1"},
                                          {"bob", 4, 400, "e2"},
                                          {"cy", 5, 500, ""}}))});
  EXPECT_EQ(a.code(0), status::ok);
  EXPECT_EQ(a.counts(0), (counts{2, 1, 3, 0}));
  ASSERT_EQ(a.rejects->rows(), 3U);
  const auto rows = a.rejects->integers("row", type::i64);
  EXPECT_EQ(std::vector<std::int64_t>(rows.begin(), rows.end()),
            (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(text(*a.rejects, "reason", 0), "INVALID");
  EXPECT_EQ(text(*a.rejects, "column", 0), "customer");
  EXPECT_EQ(text(*a.rejects, "reason", 1), "CONFLICTING_DUPLICATE");
  EXPECT_EQ(text(*a.rejects, "reason", 2), "CONFLICTING_DUPLICATE");
  EXPECT_TRUE(mentions(text(*a.rejects, "message", 2), "in row 1"))
      << text(*a.rejects, "message", 2);
  EXPECT_FALSE(mentions(text(*a.rejects, "message", 1), "nothing was stored"));
  EXPECT_EQ(group_stored_rows(e), 3U);
  // Whose only row was refused was never here.
  EXPECT_EQ(error_of([&] { e.export_customer("eve").run(); }).code, status::not_found);
}

TEST(group, refuses_facts_one_by_one_too) {
  engine e({});
  group(e, {touches({{"ann", 5, 0, "t1"}})});
  const answers a =
      group(e, {partial(touches({{"bob", 6, 0, "t2"}, {"", 6, 0, "t3"}, {"eve", 5, 1, "t1"}}))});
  EXPECT_EQ(a.counts(0), (counts{1, 0, 2, 0}));
  EXPECT_EQ(text(*a.rejects, "reason", 0), "INVALID");
  EXPECT_EQ(text(*a.rejects, "reason", 1), "CONFLICTING_DUPLICATE");
  EXPECT_EQ(a.rejects->integers("row", type::i64)[1], 2);
  EXPECT_EQ(e.read("touches")->rows(), 2U);
  EXPECT_EQ(error_of([&] { e.export_customer("eve").run(); }).code, status::not_found);
}

TEST(group, takes_a_partial_batch_of_wrong_rows_as_an_answer) {
  engine e({});
  const answers a = group(e, {partial(sales({{"", 1, 100, "e1"}}, "k"))});
  EXPECT_EQ(a.code(0), status::ok);
  EXPECT_EQ(a.counts(0), (counts{0, 0, 1, 0}));
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
}

TEST(group, answers_a_repeated_request_as_before) {
  engine e({});
  const auto request = [] { return partial(sales({{"ann", 1, 100, ""}, {"", 1, 100, ""}}, "r1")); };
  const answers first = group(e, {request()});
  EXPECT_EQ(first.counts(0), (counts{1, 0, 1, 0}));
  const answers again = group(e, {request(), sales({{"bob", 1, 1, ""}})});
  EXPECT_EQ(again.counts(0), (counts{1, 0, 1, 1}));
  ASSERT_EQ(again.rejects->rows(), 1U);
  EXPECT_EQ(again.rejects->integers("row", type::i64)[0], 1);
  EXPECT_EQ(text(*again.rejects, "column", 0), "customer");
  EXPECT_EQ(text(*again.rejects, "reason", 0), "INVALID");
  EXPECT_EQ(group_stored_rows(e), 2U);
}

TEST(group, answers_a_key_that_is_twice_in_it_once) {
  engine e({});
  const answers a = group(e,
                          {sales({{"ann", 1, 100, ""}}, "r1"),
                           sales({{"ann", 1, 100, ""}}, "r1"),
                           sales({{"ann", 2, 100, ""}}, "r1")});
  EXPECT_EQ(a.counts(0), (counts{1, 0, 0, 0}));
  EXPECT_EQ(a.counts(1), (counts{1, 0, 0, 1}));
  EXPECT_EQ(a.code(2), status::exists);
  EXPECT_EQ(group_stored_rows(e), 1U);
}

TEST(group, refuses_a_key_with_other_rows_or_another_way_to_take_them) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, ""}}, "r1")});
  keyed_batch source = sales({{"ann", 1, 100, ""}}, "r1");
  source.options.source = "till";
  keyed_batch later = sales({{"ann", 1, 100, ""}}, "r1");
  later.options.now_us = 9 * us_per_day;
  const answers a = group(e,
                          {sales({{"ann", 1, 101, ""}}, "r1"),
                           partial(sales({{"ann", 1, 100, ""}}, "r1")),
                           source,
                           later});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(a.code(i), status::exists) << i;
  EXPECT_TRUE(mentions(a.message(0), "'r1'")) << a.message(0);
  EXPECT_EQ(a.code(3), status::ok);
  EXPECT_EQ(a.at("repeated", 3), 1);
  EXPECT_EQ(group_stored_rows(e), 1U);
}

TEST(group, tries_a_failed_request_again) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, "e1"}})});
  EXPECT_EQ(group(e, {sales({{"bob", 1, 5, "e1"}}, "r1")}).code(0), status::data);
  EXPECT_EQ(group(e, {sales({{"bob", 1, 5, "e2"}}, "r1")}).counts(0), (counts{1, 0, 0, 0}));
}

TEST(group, moves_a_stream_on_batch_by_batch) {
  engine e({});
  EXPECT_EQ(e.last_sequence("till 7"), 0);
  const answers a = group(e,
                          {sales({{"ann", 1, 100, ""}}, "till 7", 1),
                           sales({{"ann", 2, 100, ""}}, "till 7", 2),
                           sales({{"ann", 4, 100, ""}}, "till 7", 4),
                           sales({{"bob", 1, 100, ""}}, "till 8", 1)});
  EXPECT_EQ(a.at("sequence", 0), 1);
  EXPECT_EQ(a.at("sequence", 1), 2);
  EXPECT_EQ(a.code(2), status::state);
  EXPECT_EQ(a.at("sequence", 2), 2);
  EXPECT_TRUE(mentions(a.message(2), "gap")) << a.message(2);
  EXPECT_EQ(a.code(3), status::ok);
  EXPECT_EQ(e.last_sequence("till 7"), 2);
  EXPECT_EQ(e.last_sequence("till 8"), 1);
  EXPECT_EQ(group_stored_rows(e), 3U);
}

TEST(group, knows_the_batches_of_a_stream_again) {
  engine e({});
  for (std::int64_t i = 1; i <= 70; ++i) {
    group(e, {sales({{"ann", i, 100, ""}, {"bob", i, 100, ""}}, "s", i)});
  }
  const answers a = group(e,
                          {sales({{"ann", 70, 100, ""}, {"bob", 70, 100, ""}}, "s", 70),
                           sales({{"ann", 7, 100, ""}, {"bob", 7, 100, ""}}, "s", 7),
                           sales({{"ann", 6, 100, ""}, {"bob", 6, 100, ""}}, "s", 6),
                           sales({{"ann", 70, 999, ""}}, "s", 70)});
  EXPECT_EQ(a.counts(0), (counts{2, 0, 0, 1}));
  EXPECT_EQ(a.counts(1), (counts{2, 0, 0, 1}));
  EXPECT_EQ(a.counts(2), (counts{-999, -999, -999, 1}));  // answers stay for the last 64
  EXPECT_EQ(a.code(2), status::ok);
  EXPECT_EQ(a.code(3), status::exists);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(a.at("sequence", i), 70) << i;
  EXPECT_EQ(group_stored_rows(e), 140U);
}

TEST(group, stops_a_stream_at_the_batch_that_failed) {
  engine e({});
  const answers a = group(e,
                          {sales({{"ann", 1, 100, ""}}, "s", 1),
                           sales({{"", 2, 100, ""}}, "s", 2),
                           sales({{"ann", 3, 100, ""}}, "s", 3)});
  EXPECT_EQ(a.code(1), status::data);
  EXPECT_EQ(a.code(2), status::state);
  EXPECT_EQ(e.last_sequence("s"), 1);
  EXPECT_EQ(group(e, {partial(sales({{"", 2, 100, ""}}, "s", 2))}).at("sequence", 0), 2);
}

TEST(group, keeps_requests_and_streams_of_one_key_apart) {
  engine e({});
  const answers a =
      group(e, {sales({{"ann", 1, 100, ""}}, "k"), sales({{"bob", 1, 100, ""}}, "k", 1)});
  EXPECT_EQ(a.code(0), status::ok);
  EXPECT_EQ(a.code(1), status::ok);
  EXPECT_EQ(a.at("sequence", 0), 0);
}

TEST(group, refuses_keys_and_sequences_that_mean_nothing) {
  engine e({});
  const answers a = group(e,
                          {sales({{"ann", 1, 100, ""}}, std::string(257, 'k')),
                           sales({{"ann", 1, 100, ""}}, "a\xff"),
                           sales({{"ann", 1, 100, ""}}, "", 1),
                           sales({{"ann", 1, 100, ""}}, "k", -1),
                           sales({{"ann", 1, 100, ""}}, std::string(256, 'k'))});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(a.code(i), status::invalid) << i;
  EXPECT_EQ(a.code(4), status::ok);
}

TEST(group, only_validates_where_that_is_asked_for) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, "e1"}})});
  const auto before = e.read("transactions")->fingerprint();
  const auto only = [](keyed_batch b) {
    b.validate_only = true;
    return b;
  };
  const answers a = group(e,
                          {only(sales({{"new", 2, 200, "e2"}, {"ann", 1, 100, "e1"}})),
                           only(partial(sales({{"", 3, 300, "e3"}, {"bob", 2, 999, "e1"}}))),
                           only(sales({{"bob", 2, 999, "e1"}})),
                           only(touches({{"new", 5, 0, "t1"}})),
                           only(sales({{"new", 2, 200, "e4"}}, "k")),
                           only(sales({{"new", 2, 200, "e5"}}, "s", 1))});
  EXPECT_EQ(a.counts(0), (counts{1, 1, 0, 0}));
  EXPECT_EQ(a.counts(1), (counts{0, 0, 2, 0}));
  ASSERT_EQ(a.rejects->rows(), 2U);
  EXPECT_EQ(text(*a.rejects, "reason", 1), "CONFLICTING_DUPLICATE");
  EXPECT_EQ(a.code(2), status::data);
  EXPECT_EQ(a.counts(3), (counts{1, 0, 0, 0}));
  EXPECT_EQ(a.at("sequence", 5), 0);
  EXPECT_EQ(e.read("transactions")->fingerprint(), before);
  EXPECT_EQ(error_of([&] { e.read("touches"); }).code, status::state);
  EXPECT_EQ(error_of([&] { e.export_customer("new").run(); }).code, status::not_found);
  EXPECT_EQ(e.last_sequence("s"), 0);
  // The key is as free as it was.
  EXPECT_EQ(group(e, {sales({{"eve", 2, 200, ""}}, "k")}).counts(0), (counts{1, 0, 0, 0}));
}

TEST(group, validates_between_batches_that_stay) {
  engine e({});
  keyed_batch only = sales({{"new", 2, 200, "e2"}, {"bob", 2, 200, "e3"}});
  only.validate_only = true;
  const answers a =
      group(e, {sales({{"ann", 1, 100, "e1"}}), only, sales({{"cy", 2, 300, "e2"}}, "k")});
  EXPECT_EQ(a.counts(0), (counts{1, 0, 0, 0}));
  EXPECT_EQ(a.counts(1), (counts{2, 0, 0, 0}));
  EXPECT_EQ(a.counts(2), (counts{1, 0, 0, 0}));
  EXPECT_EQ(group_stored_rows(e), 2U);
  EXPECT_EQ(error_of([&] { e.export_customer("bob").run(); }).code, status::not_found);
}

TEST(group, forgets_answers_after_thirty_days) {
  engine e({});
  const auto at = [](std::int64_t day) {
    keyed_batch b = sales({{"ann", 1, 100, ""}}, "r1");
    b.options.now_us = day * us_per_day;
    return b;
  };
  group(e, {at(100)});
  EXPECT_EQ(group(e, {at(130)}).at("repeated", 0), 1);
  EXPECT_EQ(group(e, {at(131)}).at("repeated", 0), 0);
  EXPECT_EQ(group_stored_rows(e), 2U);
}

TEST(group, keeps_no_value_of_a_refused_row) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    group(e, {sales({{"ann", 1, 100, "e1"}})});
    group(e, {partial(sales({{"evelyn", 1, 999, "e1"}, {"bob", 1, 5, "e2"}}, "r1"))});
  }
  store::connection db(path, 0x2, path);
  EXPECT_EQ(db.text("SELECT rejects FROM request_log"),
            R"([[0,"event_id","CONFLICTING_DUPLICATE"]])");
  EXPECT_EQ(db.integer("SELECT count(*) FROM customer WHERE ext_id = 'evelyn'"), 0);
}

TEST(group, does_not_take_forgotten_customers_and_says_so) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, "e1"}, {"bob", 1, 100, "e2"}})});
  e.forget_customer("ann").run();
  const answers a = group(e, {sales({{"ann", 2, 100, "e3"}, {"bob", 2, 100, "e4"}})});
  EXPECT_EQ(a.counts(0), (counts{1, 1, 0, 0}));
  ASSERT_EQ(a.notes.size(), 1U);
  EXPECT_TRUE(mentions(a.notes[0].message, "1 rows are of customers who were forgotten"));
  EXPECT_EQ(group_stored_rows(e), 2U);
}

TEST(group, keeps_each_batchs_currency) {
  engine e({});
  keyed_batch dollars = sales({});
  dollars.rows = log_of({{"bob", 1, 100, ""}}, "XXX");
  dollars.options.currency = "USD";
  group(e, {sales({{"ann", 1, 100, ""}}), dollars});
  const auto log = e.read("transactions");
  EXPECT_EQ(text(*log, "currency", 0), "EUR");
  EXPECT_EQ(text(*log, "currency", 1), "USD");
}

TEST(group, that_is_cancelled_or_dropped_leaves_the_store_as_it_was) {
  engine e({});
  group(e, {sales({{"ann", 1, 100, ""}}, "s", 1)});
  std::vector<sale> many;  // more than the steps below get through
  for (int i = 0; i < 40000; ++i) many.push_back({"c" + std::to_string(i), i % 300, 100, ""});
  const keyed_batch last = sales(many);
  for (int units = 1; units < 12; ++units) {
    job j = e.group({sales({{"bob", 1, 100, ""}}, "r"),
                     touches({{"cy", 1, 0, ""}}),
                     sales({{"ann", 2, 100, ""}}, "s", 2),
                     last});
    for (int i = 0; i < units && j.current_phase() == 0; ++i) {
      j.step(std::chrono::milliseconds{1});
    }
    if (j.current_phase() > 0) break;
    if (units % 2 == 0) continue;
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  }
  EXPECT_EQ(group_stored_rows(e), 1U);
  EXPECT_EQ(e.last_sequence("s"), 1);
  EXPECT_EQ(error_of([&] { e.read("touches"); }).code, status::state);
  EXPECT_EQ(group(e, {sales({{"bob", 1, 100, ""}}, "r")}).at("repeated", 0), 0);
}

TEST(group, outdates_what_was_computed_only_when_it_added_rows) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    group(e, {sales({{"ann", 1, 100, "e1"}}), sales({{"bob", 1, 100, "e2"}})});
    group(e, {sales({{"ann", 1, 100, "e1"}}, "r1")});
    group(e, {touches({{"ann", 1, 0, ""}}), sales({{"ann", 1, 100, "e1"}}, "r1")});
  }
  store::connection db(path, 0x2, path);
  EXPECT_EQ(db.text("SELECT group_concat(verb) FROM run"), "ingest,record");
}

TEST(group, needs_an_engine_that_writes_and_has_no_other_job) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  engine e({.path = path});
  group(e, {sales({{"ann", 1, 100, ""}}, "s", 1)});
  engine reader({.path = path, .read_only = true});
  EXPECT_EQ(error_of([&] { reader.group({}); }).code, status::state);
  EXPECT_EQ(reader.last_sequence("s"), 1);
  job running = e.group({sales({{"ann", 1, 100, ""}}, "s", 2)});
  EXPECT_EQ(error_of([&] { e.last_sequence("s"); }).code, status::conflict);
  EXPECT_EQ(error_of([&] { e.group({}); }).code, status::conflict);
  running.run();
}
