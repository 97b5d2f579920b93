#include <algorithm>
#include <limits>

#include "shop.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;

namespace {

std::size_t ingest_stored_rows(engine& e) {
  return e.read("transactions")->rows();
}

table one_row() {
  return *log_of({{"ann", 1, 100, "e1"}});
}

}  // namespace

TEST(ingest, counts_what_is_new_and_what_was_there) {
  engine e({});
  using counts = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(ingest(e, log_of({{"ann", 1, 100, "e1"}, {"bob", 2, 200, "e2"}})), (counts{2, 0}));
  EXPECT_EQ(ingest(e, log_of({{"bob", 2, 200, "e2"}, {"cy", 3, 300, "e3"}})), (counts{1, 1}));
  EXPECT_EQ(ingest_stored_rows(e), 3U);
}

TEST(ingest, takes_rows_without_an_event_id_as_new_each_time) {
  engine e({});
  for (int i = 0; i < 2; ++i) ingest(e, log_of({{"ann", 1, 100, ""}}));
  EXPECT_EQ(ingest_stored_rows(e), 2U);
}

TEST(ingest, counts_an_event_that_is_twice_in_a_batch_once) {
  engine e({});
  const auto counts = ingest(e, log_of({{"ann", 1, 100, "e1"}, {"ann", 1, 100, "e1"}}));
  EXPECT_EQ(counts, (std::pair<std::int64_t, std::int64_t>{1, 1}));
  EXPECT_EQ(ingest_stored_rows(e), 1U);
}

TEST(ingest, refuses_an_event_with_other_content_and_stores_nothing) {
  engine e({});
  ingest(e, log_of({{"ann", 1, 100, "e1"}}));
  const issue why = error_of([&] {
    ingest(e, log_of({{"new", 1, 100, "e0"}, {"bob", 2, 250, "e1"}}));
  });
  EXPECT_EQ(why.code, status::data);
  EXPECT_EQ(why.row, 1);
  for (const char* part : {"row 2", "'e1'", "'shop'", "'ann'", "1.00 EUR", "'bob'", "2.50 EUR"}) {
    EXPECT_TRUE(mentions(why.message, part)) << part << " in: " << why.message;
  }
  EXPECT_EQ(ingest_stored_rows(e), 1U);
}

TEST(ingest, names_both_rows_of_a_batch_that_contradicts_itself) {
  engine e({});
  const issue why = error_of([&] {
    ingest(e, log_of({{"ann", 1, 100, "e1"}, {"x", 1, 1, ""}, {"ann", 1, 101, "e1"}}));
  });
  EXPECT_EQ(why.row, 2);
  EXPECT_TRUE(mentions(why.message, "in row 1")) << why.message;
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
}

TEST(ingest, keeps_the_events_of_two_sources_apart) {
  engine e({});
  ingest(e, log_of({{"ann", 1, 100, "e1"}}), {.source = "shop"});
  ingest(e, log_of({{"bob", 2, 900, "e1"}}), {.source = "till"});
  EXPECT_EQ(ingest_stored_rows(e), 2U);
}

TEST(ingest, that_is_cancelled_or_dropped_leaves_the_store_as_it_was) {
  engine e({});
  ingest(e, log_of({{"ann", 1, 100, "e1"}}));
  std::vector<test::sale> many;
  for (int i = 0; i < 20000; ++i) many.push_back({"c" + std::to_string(i), i % 300, 100, ""});
  const auto log = log_of(many);
  for (int steps = 1; steps < 60; steps += 4) {
    job j = e.ingest(log, {.source = "shop"});
    for (int i = 0; i < steps && !j.finished(); ++i) {
      if (j.current_phase() + 1 == j.phase_count()) break;  // the commit
      j.step(std::chrono::milliseconds{1});
    }
    if (steps % 8 == 1) {
      j.cancel();
      EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
    }
  }
  EXPECT_EQ(ingest_stored_rows(e), 1U);
}

TEST(ingest, gives_the_default_currency_only_to_rows_without_one) {
  engine e({});
  table t = one_row();
  t.find("amount")->set_unit("XXX");
  ingest(e, std::make_shared<table>(t), {.source = "a", .currency = "USD"});
  t.find("amount")->set_unit("EUR");
  ingest(e, std::make_shared<table>(t), {.source = "b", .currency = "USD"});
  t.add("currency", type::utf8).push(std::string_view("CHF"));
  ingest(e, std::make_shared<table>(t), {.source = "c", .currency = "USD"});
  const auto log = e.read("transactions");
  std::string found;
  for (std::size_t i = 0; i < 3; ++i) found += log->get("currency", type::utf8).text(i);
  EXPECT_EQ(found, "CHFEURUSD");
}

TEST(ingest, does_not_take_cents_for_yen) {
  engine e({});
  const issue why = error_of([&] {
    ingest(e, log_of({{"a", 1, 100, ""}}, "XXX"), {.currency = "JPY"});
  });
  EXPECT_EQ(why.code, status::invalid);
  EXPECT_TRUE(mentions(why.message, "JPY")) << why.message;
}

TEST(ingest, refuses_rows_that_cannot_be_used_and_names_row_and_column) {
  const auto check = [](const char* column, const char* part, auto change, ingest_options o = {}) {
    auto t = std::make_shared<table>(one_row());
    change(*t);
    engine e({});
    const issue why = error_of([&] { ingest(e, t, o); });
    EXPECT_EQ(why.code, status::data) << why.message;
    EXPECT_EQ(why.row, 1) << why.message;
    EXPECT_EQ(why.column, column);
    EXPECT_TRUE(mentions(why.message, part)) << why.message;
    EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
  };
  const auto row = [](table& t, std::string_view customer, std::int64_t time, std::int64_t amount) {
    t.find("customer")->push(customer);
    t.find("time")->push(time);
    t.find("amount")->push(amount);
    t.find("event_id")->push_absent();
  };
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  check("customer", "is empty", [&](table& t) { row(t, "", 1, 1); });
  check("customer", "129 bytes", [&](table& t) { row(t, std::string(129, 'x'), 1, 1); });
  check("customer", "not UTF-8", [&](table& t) { row(t, "a\xff", 1, 1); });
  check("customer", "not UTF-8", [&](table& t) { row(t, std::string_view("a\0b", 3), 1, 1); });
  check("time", "1678", [&](table& t) { row(t, "a", lowest, 1); });
  check("time", std::to_string(106'651 * us_per_day).c_str(), [&](table& t) {
    row(t, "a", 106'651 * us_per_day, 1);  // 2262-01-01
  });
  check("time", "1678", [&](table& t) { row(t, "a", -106'650 * us_per_day - 1, 1); });
  check("amount", "out of range", [&](table& t) { row(t, "a", 1, lowest); });
  check("amount", "9007199254740993", [&](table& t) { row(t, "a", 1, 9'007'199'254'740'993); });
  check("amount", "-9007199254740993", [&](table& t) { row(t, "a", 1, -9'007'199'254'740'993); });
  check("amount", "kind is purchase but the amount is negative", [&](table& t) {
    row(t, "a", 1, -5);
    column& c = t.add("kind", type::utf8);
    c.push_absent();
    c.push(std::string_view("purchase"));
  });
  check("time",
        "lies in the future",
        [&](table& t) { row(t, "a", 3 * us_per_day, 1); },
        {.now_us = 2 * us_per_day});
  check("time", "is empty", [&](table& t) {
    row(t, "a", 1, 1);
    t.find("time")->mark_absent(1);
  });
  check("currency", "'EURO'", [&](table& t) {
    row(t, "a", 1, 1);
    column& c = t.add("currency", type::utf8);
    c.push_absent();
    c.push(std::string_view("EURO"));
  });
  check("kind", "'gift'", [&](table& t) {
    row(t, "a", 1, 1);
    column& c = t.add("kind", type::utf8);
    c.push(std::string_view("purchase"));
    c.push(std::string_view("gift"));
  });
}

TEST(ingest, takes_the_first_and_the_last_day_and_the_largest_amounts) {
  engine e({});
  constexpr std::int64_t most = 9'007'199'254'740'992;
  ingest(e, log_of({{"ann", -106'650, most, ""}, {"ann", 106'650, -most, ""}}));
  EXPECT_EQ(ingest_stored_rows(e), 2U);
}

TEST(ingest, takes_the_longest_customer_id) {
  engine e({});
  ingest(e, log_of({{std::string(128, 'x'), 1, 100, ""}}));
  EXPECT_EQ(ingest_stored_rows(e), 1U);
}

TEST(ingest, of_no_rows_changes_nothing) {
  engine e({});
  EXPECT_EQ(ingest(e, log_of({})).first, 0);
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
}

TEST(ingest, in_any_order_and_any_batches_gives_the_same_log) {
  auto sales = test::busy_shop();
  engine whole({}), parts({});
  ingest(whole, log_of(sales));
  std::ranges::reverse(sales);
  for (std::size_t i = 0; i < sales.size(); i += 500) {
    const auto last = std::min(sales.size(), i + 500);
    ingest(parts,
           log_of({sales.begin() + static_cast<std::ptrdiff_t>(i),
                   sales.begin() + static_cast<std::ptrdiff_t>(last)}));
  }
  EXPECT_EQ(whole.read("transactions")->fingerprint(), parts.read("transactions")->fingerprint());
}
