#include "store/runs.hpp"

#include "store_support.hpp"

using namespace clv;
using clv::store::database;

TEST(runs, are_counted_upwards_over_all_verbs) {
  database d({});
  EXPECT_EQ(store::latest_run(d.sql(), "fit"), std::nullopt);
  const std::int64_t first = store::add_run(d.sql(), "ingest", "aa");
  const std::int64_t second = store::add_run(d.sql(), "fit", "bb");
  const std::int64_t third = store::add_run(d.sql(), "ingest", "cc");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_EQ(store::latest_run(d.sql(), "ingest"), third);
  EXPECT_EQ(store::latest_run(d.sql(), "fit"), second);
}

TEST(runs, that_are_rolled_back_never_were) {
  database d({});
  {
    const store::transaction dropped(d.sql());
    store::add_run(d.sql(), "fit", "");
  }
  EXPECT_EQ(store::latest_run(d.sql(), "fit"), std::nullopt);
}
