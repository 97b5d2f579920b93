// --model auto: a backtest on the log chooses, and the choice is fitted to all of it.
#include "shop.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;

TEST(engine_auto, fits_what_the_backtest_chose_and_says_why) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  job j = e.fit({}, {.model = "auto"});
  j.run();
  const table& ranking = *j.result().tables.at("backtest");
  std::string chosen;
  for (std::size_t i = 0; i < ranking.rows(); ++i) {
    if (ranking.integers("chosen", type::i64)[i] == 1)
      chosen = ranking.get("model", type::utf8).text(i);
  }
  ASSERT_NE(chosen, "");
  EXPECT_EQ(j.result().model->name(), chosen + "+gamma_gamma");
  EXPECT_EQ(e.model()->name(), chosen + "+gamma_gamma");
  bool said = false;
  for (const issue& i : j.result().notes) said = said || mentions(i.message, "chosen: " + chosen);
  EXPECT_TRUE(said);
  // The fit is that of the whole log.
  job named = e.fit({}, {.model = chosen + "+gamma_gamma"});
  named.run();
  EXPECT_EQ(named.result().model->purchase.parameters, j.result().model->purchase.parameters);
}

TEST(engine_auto, without_a_log_to_split_the_report_is_named) {
  auto summary = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T"}) summary->add(name, type::f64).push(0.0);
  const issue i = error_of([&] { fit(summary, {.model = "auto"}); });
  EXPECT_EQ(i.code, status::invalid);
  EXPECT_TRUE(mentions(i.hint, "backtest"));
}

TEST(engine_auto, what_belongs_to_one_model_is_refused) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  const issue i = error_of([&] { e.fit({}, {.model = "auto", .fixed = "r=1"}); });
  EXPECT_TRUE(mentions(i.message, "'fixed'"));
  EXPECT_TRUE(mentions(i.message, "r=1"));
}

TEST(engine_auto, a_log_of_one_day_is_told_why_not) {
  engine e({});
  ingest(e, log_of({{"a", 10, 500, "1"}, {"b", 10, 600, "2"}}));
  job j = e.fit({}, {.model = "auto"});
  EXPECT_TRUE(mentions(error_of([&] { j.run(); }).message, "1970-01-11"));
}
