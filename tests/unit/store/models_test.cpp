#include "store/models.hpp"

#include "store/migrations.hpp"
#include "store/runs.hpp"
#include "store_support.hpp"

using namespace clv;
using clv::test::stranger;
using store::database;

namespace {

std::int64_t add(database& d, const std::string& json, std::int64_t created_us = 0) {
  const std::int64_t run = store::add_run(d.sql(), "fit", "");
  return store::add_model(d.sql(), run, {"bg_nbd", "f", json, created_us});
}

}  // namespace

TEST(models, are_numbered_from_one_and_kept) {
  database d({});
  EXPECT_EQ(store::latest_model(d.sql()), std::nullopt);
  EXPECT_EQ(add(d, "{1}"), 1);
  store::add_run(d.sql(), "ingest", "");
  EXPECT_EQ(add(d, "{2}", 77), 2);
  EXPECT_EQ(store::latest_model(d.sql()), 2);
  EXPECT_EQ(store::find_model(d.sql(), 1)->json, "{1}");
  EXPECT_EQ(store::find_model(d.sql(), 2)->created_us, 77);
  EXPECT_FALSE(store::find_model(d.sql(), 3).has_value());
  EXPECT_EQ(store::model_numbers(d.sql()), (std::vector<std::int64_t>{1, 2}));
}

TEST(models, that_are_retired_are_not_the_latest) {
  database d({});
  add(d, "{1}");
  add(d, "{2}");
  store::retire_model(d.sql(), 2);
  EXPECT_EQ(store::latest_model(d.sql()), 1);
  EXPECT_TRUE(store::find_model(d.sql(), 2)->retired);
  EXPECT_EQ(add(d, "{3}"), 3) << "a number is given once";
}

TEST(models, are_known_of_the_runs_that_made_or_used_them) {
  database d({});
  const std::int64_t fit = store::add_run(d.sql(), "fit", "");
  const std::int64_t number = store::add_model(d.sql(), fit, {"bg_nbd", "f", "{}", 0});
  const std::int64_t score = store::add_run(d.sql(), "score", "");
  EXPECT_EQ(store::model_of_run(d.sql(), fit), number);
  EXPECT_EQ(store::model_of_run(d.sql(), score), std::nullopt);
  store::set_model_of_run(d.sql(), score, number);
  EXPECT_EQ(store::model_of_run(d.sql(), score), number);
}

TEST(models, are_named_by_aliases_that_are_there_once) {
  database d({});
  add(d, "{1}");
  add(d, "{2}");
  EXPECT_FALSE(store::find_alias(d.sql(), "p").has_value());
  store::put_alias(d.sql(), {.alias = "p", .model = 1, .etag = 1, .previous = {}, .set_us = 5});
  store::put_alias(d.sql(), {.alias = "p", .model = 2, .etag = 2, .previous = 1, .set_us = 6});
  store::put_alias(d.sql(), {.alias = "a", .model = 1, .etag = 1, .previous = {}, .set_us = 0});
  const auto all = store::model_aliases(d.sql());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].alias, "a");
  EXPECT_FALSE(all[0].previous.has_value());
  EXPECT_EQ(all[1].model, 2);
  EXPECT_EQ(all[1].etag, 2);
  EXPECT_EQ(all[1].previous, 1);
  EXPECT_EQ(all[1].set_us, 6);
}

// Until step 4 a model had no number, and score and decide took the one fitted last before them.
TEST(models, of_an_older_store_are_numbered_in_the_order_of_their_fits) {
  const test::temp_folder folder;
  const std::string path = folder.file("old.clv");
  { database old({.path = path}, store::migrations().first(3)); }
  {
    store::connection file = stranger(path);
    file.execute(
        "INSERT INTO run(seq, verb, fingerprint) VALUES(1, 'ingest', ''), (2, 'fit', ''), "
        "(3, 'score', ''), (4, 'fit', ''), (5, 'score', ''), (6, 'decide', ''), (7, 'record', '');"
        "INSERT INTO model(run, name, data_fingerprint, json) VALUES(2, 'nbd', 'f1', '{1}'), "
        "(4, 'bg_nbd', 'f2', '{2}')");
  }
  database d({.path = path});
  EXPECT_EQ(store::find_model(d.sql(), 1)->json, "{1}");
  EXPECT_EQ(store::find_model(d.sql(), 2)->json, "{2}");
  EXPECT_EQ(store::find_model(d.sql(), 2)->created_us, 0);
  EXPECT_FALSE(store::find_model(d.sql(), 2)->retired);
  const std::optional<std::int64_t> none;
  const std::vector<std::optional<std::int64_t>> of_runs{none, 1, 1, 2, 2, 2, none};
  for (std::size_t i = 0; i < of_runs.size(); ++i) {
    const auto run = static_cast<std::int64_t>(i) + 1;
    EXPECT_EQ(store::model_of_run(d.sql(), run), of_runs[i]) << "run " << run;
  }
  EXPECT_EQ(add(d, "{3}"), 3);
}
