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

TEST(runs, keep_older_models_and_read_the_latest) {
  database d({});
  EXPECT_EQ(store::latest_model(d.sql()), std::nullopt);
  store::add_model(d.sql(), store::add_run(d.sql(), "fit", ""), {"bg_nbd", "f1", "{1}"});
  store::add_model(d.sql(), store::add_run(d.sql(), "fit", ""), {"bg_nbd", "f2", "{2}"});
  EXPECT_EQ(store::latest_model(d.sql()), "{2}");
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM model"), 2);
}

TEST(runs, that_are_rolled_back_never_were) {
  database d({});
  {
    const store::transaction dropped(d.sql());
    store::add_run(d.sql(), "fit", "");
  }
  EXPECT_EQ(store::latest_run(d.sql(), "fit"), std::nullopt);
}
