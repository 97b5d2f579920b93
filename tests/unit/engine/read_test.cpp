// Stored tables read as a job: whole, page by page, cancelled, and within a memory limit.
#include <cmath>

#include "crm.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::mentions;
using clv::test::record;

namespace {

std::shared_ptr<const table> page(engine& e,
                                  const std::string& name,
                                  std::int64_t first,
                                  std::int64_t count) {
  job j = e.read(stored_rows{.table = name, .first = first, .count = count});
  j.run();
  return j.result().tables.at("");
}

std::string told(const column& c, std::size_t row) {
  if (!c.present(row)) return "-";
  if (c.kind() == type::utf8) return std::string(c.text(row));
  if (c.kind() == type::f64) return std::to_string(c.numbers()[row]);
  return std::to_string(c.integers()[row]);
}

// Each page has the rows that the whole has there; a column without a value there may be missing.
void expect_pages_of(engine& e, const std::string& name, std::int64_t rows_a_page) {
  SCOPED_TRACE(name);
  const auto whole = e.read(name);
  const auto rows = static_cast<std::int64_t>(whole->rows());
  ASSERT_GT(rows, rows_a_page);
  std::int64_t seen = 0;
  for (std::int64_t first = 0; first < rows; first += rows_a_page) {
    const auto part = page(e, name, first, rows_a_page);
    const auto expected = std::min(rows_a_page, rows - first);
    ASSERT_EQ(static_cast<std::int64_t>(part->rows()), expected);
    for (const column& c : whole->columns()) {
      const column* here = part->find(c.name());
      for (std::int64_t i = 0; i < expected; ++i) {
        const std::string there = told(c, static_cast<std::size_t>(first + i));
        ASSERT_EQ(here == nullptr ? "-" : told(*here, static_cast<std::size_t>(i)), there)
            << c.name() << " of row " << first + i;
      }
    }
    seen += expected;
  }
  EXPECT_EQ(seen, rows);
  EXPECT_EQ(page(e, name, rows, rows_a_page)->rows(), 0U);
  EXPECT_EQ(page(e, name, rows + 1, 0)->rows(), 0U);
  EXPECT_EQ(page(e, name, rows - 1, 0)->rows(), 1U);
  EXPECT_EQ(page(e, name, 0, INT64_MAX)->rows(), whole->rows());
  EXPECT_EQ(page(e, name, INT64_MAX, INT64_MAX)->rows(), 0U);
}

}  // namespace

TEST(read, gives_each_page_the_rows_that_the_whole_has_there) {
  engine e({});
  test::fill(e, test::busy_shop());
  const std::vector<std::string> visits{"c1000,10,visit,1", "c1001,5,visit,2", "c1000,7,visit,3"};
  record(e, "touches", test::facts_of("touches", "customer,time,kind,event_id", visits));
  expect_pages_of(e, "touches", 2);
  for (const char* name : {"transactions", "summary", "scores", "candidates"}) {
    expect_pages_of(e, name, 97);
  }
}

TEST(read, of_the_whole_has_the_fingerprint_that_was_stored) {
  engine e({});
  test::fill(e, test::busy_shop());
  EXPECT_EQ(page(e, "scores", 0, 0)->fingerprint(), e.read("scores")->fingerprint());
  EXPECT_NE(page(e, "scores", 0, 5)->fingerprint(), e.read("scores")->fingerprint());
  EXPECT_EQ(page(e, "scores", 0, 5)->fingerprint(), page(e, "scores", 0, 5)->fingerprint());
}

TEST(read, of_some_rows_keeps_minus_nought) {
  engine e({});
  test::fill(e, test::busy_shop());
  const auto whole = e.read("scores"), part = page(e, "scores", 20, 60);
  for (const column& c : whole->columns()) {
    if (c.kind() != type::f64) continue;
    const column& here = *part->find(c.name());
    for (std::size_t i = 0; i < 60; ++i) {
      if (!c.present(20 + i)) continue;
      EXPECT_EQ(std::signbit(here.numbers()[i]), std::signbit(c.numbers()[20 + i])) << c.name();
    }
  }
}

TEST(read, is_cancelled_between_two_blocks_and_lets_the_engine_go) {
  engine e({});
  test::ingest(e, test::log_of(test::busy_shop()));
  job j = e.read(stored_rows{.table = "transactions"});
  j.cancel();
  EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  EXPECT_GT(page(e, "transactions", 0, 3)->rows(), 0U);
}

TEST(read, refuses_rows_before_the_first_and_a_table_that_is_not_there) {
  engine e({});
  EXPECT_EQ(error_of([&] { page(e, "transactions", -1, 0); }).code, status::invalid);
  EXPECT_EQ(error_of([&] { page(e, "transactions", 0, -1); }).code, status::invalid);
  EXPECT_EQ(error_of([&] { page(e, "scores", 0, 1); }).code, status::state);
  EXPECT_EQ(error_of([&] { page(e, "cats", 0, 1); }).code, status::not_found);
  EXPECT_EQ(error_of([&] { page(e, "candidates", 0, 1); }).code, status::state);
}

TEST(read, of_a_part_needs_the_memory_of_a_part) {
  const std::int64_t six_mib = std::int64_t{6} << 20;
  const test::temp_folder folder;
  const std::string path = folder.file("shop.clv");
  {
    engine e({.path = path});
    test::fill(e, test::busy_shop());
  }
  engine small({.path = path, .memory_limit = six_mib + 20'000});
  const issue whole = error_of([&] { page(small, "transactions", 0, 0); });
  EXPECT_EQ(whole.code, status::limit);
  EXPECT_TRUE(mentions(whole.hint, "read it in parts")) << whole.hint;
  EXPECT_EQ(page(small, "transactions", 50, 100)->rows(), 100U);
}
