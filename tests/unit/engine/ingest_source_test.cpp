// Transactions that come batch after batch and are one ingest all the same.
#include <algorithm>
#include <deque>
#include <functional>

#include "shop.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::log_of;
using clv::test::mentions;
using clv::test::sale;

namespace {

using rows = std::shared_ptr<const table>;

class given_batches final : public row_source {
 public:
  explicit given_batches(std::deque<rows> batches) : batches_(std::move(batches)) {}
  rows next(const room&) override {
    if (batches_.empty()) return nullptr;
    rows first = std::move(batches_.front());
    batches_.pop_front();
    return first;
  }

 private:
  std::deque<rows> batches_;
};

class failing_after final : public row_source {
 public:
  failing_after(rows first, issue why) : first_(std::move(first)), why_(std::move(why)) {}
  rows next(const room&) override {
    if (first_) return std::exchange(first_, nullptr);
    throw error(why_);
  }

 private:
  rows first_;
  issue why_;
};

std::deque<rows> in_batches_of(std::size_t size, const std::vector<sale>& sales) {
  std::deque<rows> batches;
  for (std::size_t i = 0; i < sales.size(); i += size) {
    const std::size_t end = std::min(sales.size(), i + size);
    const auto at = [&](std::size_t n) { return sales.begin() + static_cast<std::ptrdiff_t>(n); };
    batches.push_back(log_of({at(i), at(end)}));
  }
  return batches;
}

job begin(engine& e, std::deque<rows> batches) {
  return e.ingest(std::make_shared<given_batches>(std::move(batches)),
                  ingest_options{.source = "shop"});
}

using ingest_source_counts = std::pair<std::int64_t, std::int64_t>;
ingest_source_counts take(engine& e, std::deque<rows> batches) {
  job j = begin(e, std::move(batches));
  j.run();
  const table& told = *j.result().tables.at("");
  return {told.integers("accepted", type::i64)[0], told.integers("duplicates", type::i64)[0]};
}

std::string scores_of(engine& e) {
  e.fit({}, {}).run();
  job j = e.score({});
  j.run();
  return j.result().tables.at("")->fingerprint();
}

}  // namespace

TEST(ingest_source, stores_what_one_table_of_all_rows_would) {
  const std::vector<sale> sales = test::busy_shop();
  engine whole({}), parts({});
  test::ingest(whole, log_of(sales));
  EXPECT_EQ(take(parts, in_batches_of(97, sales)),
            (ingest_source_counts{static_cast<std::int64_t>(sales.size()), 0}));
  EXPECT_EQ(parts.read("transactions")->fingerprint(), whole.read("transactions")->fingerprint());
  EXPECT_EQ(scores_of(parts), scores_of(whole));
}

TEST(ingest_source, counts_an_event_that_an_earlier_batch_brought_as_a_duplicate) {
  engine e({});
  EXPECT_EQ(take(e,
                 {log_of({{"ann", 1, 100, "e1"}}),
                  log_of({{"ann", 1, 100, "e1"}, {"bob", 2, 200, "e2"}})}),
            (ingest_source_counts{2, 1}));
  EXPECT_EQ(take(e, {log_of({{"bob", 2, 200, "e2"}})}), (ingest_source_counts{0, 1}));
}

TEST(ingest_source, stores_nothing_when_a_later_batch_has_a_wrong_row_and_counts_over_all) {
  engine e({});
  const issue why = error_of([&] {
    take(e,
         {log_of({{"ann", 1, 100, "e1"}, {"bob", 2, 200, "e2"}}),
          log_of({{"cy", 3, 300, "e3"}, {"", 4, 400, "e4"}})});
  });
  EXPECT_EQ(why.row, 3);
  EXPECT_TRUE(mentions(why.message, "row 4, column 'customer'")) << why.message;
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
}

TEST(ingest_source, names_the_row_of_another_batch_that_has_the_same_event) {
  engine e({});
  const issue why = error_of([&] {
    take(e,
         {log_of({{"zoe", 1, 1, ""}, {"ann", 1, 100, "e1"}}),
          log_of({{"bob", 2, 200, "e2"}}),
          log_of({{"cy", 3, 300, "e3"}, {"dan", 4, 400, "e1"}})});
  });
  EXPECT_EQ(why.row, 4);
  for (const char* part : {"row 5", "in row 2 with other content", "'ann'", "'dan'"}) {
    EXPECT_TRUE(mentions(why.message, part)) << part << " in: " << why.message;
  }
}

TEST(ingest_source, says_of_an_event_of_an_earlier_ingest_that_it_is_stored) {
  engine e({});
  take(e, {log_of({{"ann", 1, 100, "e1"}})});
  const issue why = error_of([&] {
    take(e, {log_of({{"bob", 2, 200, "e2"}}), log_of({{"dan", 4, 400, "e1"}})});
  });
  EXPECT_TRUE(mentions(why.message, "row 2, ")) << why.message;
  EXPECT_TRUE(mentions(why.message, "is stored with other content: there (customer 'ann'"))
      << why.message;
}

TEST(ingest_source, that_fails_itself_undoes_what_it_brought) {
  engine e({});
  const issue why = error_of([&] {
    e.ingest(
         std::make_shared<failing_after>(
             log_of({{"ann", 1, 100, "e1"}, {"bob", 2, 200, "e2"}}),
             issue{.code = status::data, .row = 4, .message = "row 5, column 'time': is a riddle"}),
         ingest_options{.source = "shop"})
        .run();
  });
  EXPECT_EQ(why.row, 6);
  EXPECT_EQ(why.message, "row 7, column 'time': is a riddle");
  EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::state);
  EXPECT_EQ(take(e, {log_of({{"ann", 1, 100, "e1"}})}), (ingest_source_counts{1, 0}));
}

TEST(ingest_source, that_is_cancelled_between_batches_leaves_the_store_as_it_was) {
  engine e({});
  take(e, {log_of({{"ann", 1, 100, "old"}})});
  {
    job j = begin(e, in_batches_of(10, test::busy_shop()));
    while (j.fraction() < 0.4) j.step(std::chrono::milliseconds{1});
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  }
  EXPECT_EQ(e.read("transactions")->rows(), 1U);
}

TEST(ingest_source, takes_empty_batches_and_none_at_all) {
  engine e({});
  EXPECT_EQ(take(e, {}), (ingest_source_counts{0, 0}));
  EXPECT_EQ(take(e, {log_of({}), log_of({{"ann", 1, 100, "e1"}}), log_of({})}),
            (ingest_source_counts{1, 0}));
}

TEST(ingest_source, keeps_the_order_of_one_moments_rows_over_batches) {
  engine whole({}), parts({});
  const std::vector<sale> same_day{{"ann", 1, 300, ""}, {"ann", 1, 100, ""}, {"ann", 1, 200, ""}};
  test::ingest(whole, log_of(same_day));
  take(parts, in_batches_of(1, same_day));
  EXPECT_EQ(parts.read("transactions")->fingerprint(), whole.read("transactions")->fingerprint());
}
