#include <algorithm>
#include <random>
#include <set>

#include "features/engagement_cells.hpp"
#include "features/reports.hpp"
#include "tables.hpp"

namespace clv {
namespace {

using test::complaint;
using test::run;
using test::sale;
using test::sales;
using test::text_of;
using test::texts;
using test::value_of;

const std::vector<std::string> touch_names{"customer", "time", "channel", "weight", "event_id"};

std::vector<sale> shop() {
  return {{"ann", "2010-01-01", 1000, "1"},
          {"ann", "2010-01-11", 3000, "2"},
          {"ann", "2010-01-31", 2000, "3"},
          {"ann", "2010-02-05", -500, "4"},
          {"bob", "2010-01-20", 700, "5"},
          {"cem", "2010-01-02", 100, "6"},
          {"cem", "2010-02-10", 100, "7"}};
}

std::vector<std::vector<std::string>> visits() {
  return {{"ann", "2010-02-09T00:00:00Z", "mail", "2", "a"},
          {"ann", "2010-01-10T00:00:00Z", "web", "1", "b"},
          {"dan", "2010-02-10T12:00:00Z", "web", "", "c"}};
}

std::vector<std::vector<std::string>> answers() {
  return {{"ann", "2010-02-01", "CSAT", "2"}, {"bob", "2010-02-02", "NPS", "9"}};
}

std::shared_ptr<const table> touches(const std::vector<std::vector<std::string>>& rows) {
  return texts(touch_names, rows);
}

std::shared_ptr<const table> feedback(const std::vector<std::vector<std::string>>& rows) {
  return texts({"customer", "time", "kind", "score"}, rows);
}

constexpr const char* as_of = R"({"as_of":"2010-02-10"})";

outcome everything() {
  return run(features_report,
             {{"transactions", sales(shop())},
              {"touches", touches(visits())},
              {"feedback", feedback(answers())}},
             as_of);
}

TEST(features, each_number_follows_its_formula) {
  const outcome out = everything();
  const table& t = *out.tables.at("");
  const auto ann = [&](const char* name) { return value_of(t, "customer", "ann", name); };
  EXPECT_EQ(ann("recency_days"), 10);
  EXPECT_EQ(ann("frequency"), 3);
  EXPECT_EQ(ann("monetary"), 20);
  EXPECT_EQ(ann("tenure_days"), 40);
  EXPECT_EQ(ann("interval_mean_days"), 15);
  EXPECT_DOUBLE_EQ(*ann("interval_cv"), std::sqrt(50.0) / 15);
  EXPECT_DOUBLE_EQ(*ann("overdue"), 10.0 / 15);
  EXPECT_DOUBLE_EQ(*ann("return_rate"), 500.0 / 6000);
  EXPECT_EQ(ann("purchases_30d"), 1);  // 12 January to 10 February
  EXPECT_EQ(ann("spend_30d"), 20);
  EXPECT_EQ(ann("touches_30d"), 1);
  EXPECT_EQ(ann("touches_90d"), 2);
  EXPECT_EQ(t.get("monetary", type::f64).unit(), "EUR");
}

// The cutoff is 2010-02-11T00:00: ages of 2 and 32 days.
TEST(features, engagement_decays_exactly) {
  const outcome out = everything();
  const table& t = *out.tables.at("");
  EXPECT_DOUBLE_EQ(*value_of(t, "customer", "ann", "engagement"),
                   std::exp(-32.0 / 30) + 2 * std::exp(-2.0 / 30));
  EXPECT_DOUBLE_EQ(*value_of(t, "customer", "dan", "engagement"), std::exp(-0.5 / 30));
  EXPECT_EQ(value_of(t, "customer", "bob", "engagement"), 0);
  EXPECT_DOUBLE_EQ(*value_of(t, "customer", "ann", "touch_channel_entropy"), std::log(2.0));
}

TEST(features, what_is_missing_stays_absent) {
  const outcome out = everything();
  const table& t = *out.tables.at("");
  for (const char* name : {"recency_days",
                           "monetary",
                           "tenure_days",
                           "interval_mean_days",
                           "satisfaction",
                           "days_since_complaint",
                           "return_rate"}) {
    EXPECT_FALSE(value_of(t, "customer", "dan", name).has_value()) << name;
  }
  EXPECT_EQ(value_of(t, "customer", "dan", "frequency"), 0);
  EXPECT_FALSE(value_of(t, "customer", "bob", "interval_mean_days").has_value());
  EXPECT_EQ(value_of(t, "customer", "ann", "days_since_complaint"), 10);
  const outcome bare = run(features_report, {{"transactions", sales(shop())}}, as_of);
  EXPECT_FALSE(value_of(*bare.tables.at(""), "customer", "ann", "engagement").has_value());
  EXPECT_FALSE(bare.tables.at("")->get("engagement_cell", type::utf8).present(0));
}

TEST(features, a_future_event_changes_nothing) {
  auto later = shop();
  later.push_back({"ann", "2010-02-11", 9000, "8"});
  later.push_back({"eve", "2010-03-01", 9000, "9"});
  later.push_back({"ann", "2011-03-01", 9000, "1"});  // even with the id of a known event
  auto seen = visits();
  seen.push_back({"ann", "2010-02-11T00:00:00Z", "shop", "7", "d"});
  seen.push_back({"eve", "2012-01-01", "web", "-3", "e"});
  auto said = answers();
  said.push_back({"ann", "2010-02-11", "CSAT", "5"});
  const outcome out = run(
      features_report,
      {{"transactions", sales(later)}, {"touches", touches(seen)}, {"feedback", feedback(said)}},
      as_of);
  EXPECT_EQ(out.tables.at("")->fingerprint(), everything().tables.at("")->fingerprint());
}

TEST(features, a_known_event_does_change_them) {
  auto more = shop();
  more.push_back({"ann", "2010-02-10", 9000, "8"});
  const outcome out = run(features_report,
                          {{"transactions", sales(more)},
                           {"touches", touches(visits())},
                           {"feedback", feedback(answers())}},
                          as_of);
  EXPECT_NE(out.tables.at("")->fingerprint(), everything().tables.at("")->fingerprint());
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "ann", "recency_days"), 0);
}

TEST(features, shuffled_and_repeated_events_give_the_same_bits) {
  std::mt19937 random(3);
  for (int round = 0; round < 10; ++round) {
    auto rows = shop();
    for (std::size_t i = 0; i < 4; ++i) rows.push_back(shop()[i]);
    auto seen = visits();
    seen.push_back(visits()[1]);
    auto said = answers();
    std::shuffle(rows.begin(), rows.end(), random);
    std::shuffle(seen.begin(), seen.end(), random);
    std::shuffle(said.begin(), said.end(), random);
    const outcome out = run(
        features_report,
        {{"transactions", sales(rows)}, {"touches", touches(seen)}, {"feedback", feedback(said)}},
        as_of);
    EXPECT_EQ(out.tables.at("")->fingerprint(), everything().tables.at("")->fingerprint());
    ASSERT_EQ(out.notes.size(), 1U);
    EXPECT_EQ(out.notes[0].message, "4 transactions came twice and count once");
  }
}

TEST(features, two_events_with_one_id_both_count_and_are_noted) {
  auto rows = shop();
  rows.push_back({"ann", "2010-01-02", 1000, "1"});
  const outcome out = run(features_report, {{"transactions", sales(rows)}}, as_of);
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "ann", "frequency"), 4);
  ASSERT_EQ(out.notes.size(), 1U);
  EXPECT_EQ(out.notes[0].message,
            "1 transactions have the event id of one with another customer, time or amount; all "
            "count");
}

TEST(features, order_lines_count_with_their_order) {
  const auto lines = texts({"event_id", "discount", "category", "channel"},
                           {{"1", "2.50", "tea", "web"},
                            {"1", "", "cup", ""},
                            {"3", "0", "tea", "web"},
                            {"99", "7", "tea", "web"}});
  const outcome out =
      run(features_report, {{"transactions", sales(shop())}, {"order_lines", lines}}, as_of);
  const table& t = *out.tables.at("");
  EXPECT_DOUBLE_EQ(*value_of(t, "customer", "ann", "discount_share"), 2.5 / (2.5 + 10 + 20));
  EXPECT_DOUBLE_EQ(*value_of(t, "customer", "ann", "category_entropy"),
                   -2.0 / 3 * std::log(2.0 / 3) - 1.0 / 3 * std::log(1.0 / 3));
  EXPECT_EQ(value_of(t, "customer", "ann", "order_channel_entropy"), 0);
  EXPECT_FALSE(value_of(t, "customer", "bob", "discount_share").has_value());
}

TEST(features, attributes_hold_from_their_time_on) {
  const auto plans = texts({"customer", "time", "plan"},
                           {{"ann", "2010-01-01", "basic"},
                            {"ann", "2010-02-01", "gold"},
                            {"ann", "2010-02-11", "none"},
                            {"bob", "2010-03-01", "gold"}});
  const outcome out =
      run(features_report, {{"transactions", sales(shop())}, {"attributes", plans}}, as_of);
  const table& t = *out.tables.at("");
  EXPECT_EQ(text_of(t, "customer", "ann", "plan"), "gold");
  EXPECT_FALSE(t.get("plan", type::utf8).present(1));  // bob's is in the future
}

TEST(features, an_attribute_named_like_a_feature_is_refused) {
  const auto clash = texts({"customer", "trend"}, {{"ann", "up"}});
  EXPECT_EQ(complaint([&] {
              run(features_report, {{"transactions", sales(shop())}, {"attributes", clash}}, as_of);
            }),
            "report 'features': table 'attributes' has a column 'trend', which is the name of a "
            "feature");
}

TEST(features, cells_partition_the_customers) {
  const outcome out = everything();
  const table& t = *out.tables.at("");
  // Purchases 3 1 2 0: the cut is 2, the median of those above 0. Engagement: ann, dan above 0.
  EXPECT_EQ(text_of(t, "customer", "ann", "engagement_cell"), "Loyalist");
  EXPECT_EQ(text_of(t, "customer", "bob", "engagement_cell"), "Winback");
  EXPECT_EQ(text_of(t, "customer", "cem", "engagement_cell"), "Selective");
  const table& cells = *out.tables.at("cells");
  double customers = 0, share = 0;
  for (std::size_t row = 0; row < cells.rows(); ++row) {
    customers += static_cast<double>(cells.integers("customers", type::i64)[row]);
    share += cells.numbers("share")[row];
  }
  EXPECT_EQ(customers, 4);
  EXPECT_DOUBLE_EQ(share, 1);
  EXPECT_EQ(value_of(cells, "cell", "Winback", "purchase_cut"), 2);
}

TEST(features, a_cut_never_parts_equals_and_never_lets_zero_be_high) {
  EXPECT_EQ(features::default_cut({0, 0, 0, 1, 1, 5}), 1);
  EXPECT_EQ(features::default_cut({3, 1, 2}), 2);
  EXPECT_TRUE(std::isinf(features::default_cut({0, 0})));
  std::set<std::string_view> names;
  for (const bool many : {false, true}) {
    for (const bool high : {false, true}) names.insert(features::cell_of(many, high));
  }
  EXPECT_EQ(names.size(), 4U);
}

TEST(features, a_day_ends_at_midnight_of_the_zone) {
  const auto rows = sales({{"ann", "2010-01-01T12:00:00Z"}, {"ann", "2010-01-10T23:30:00Z"}});
  const outcome utc = run(features_report, {{"transactions", rows}}, R"({"as_of":"2010-01-10"})");
  const outcome kyiv = run(features_report,
                           {{"transactions", rows}},
                           R"({"as_of":"2010-01-10","time_zone":"Europe/Kyiv"})");
  EXPECT_EQ(value_of(*utc.tables.at(""), "customer", "ann", "frequency"), 2);
  EXPECT_EQ(value_of(*kyiv.tables.at(""), "customer", "ann", "frequency"), 1);
}

TEST(features, an_instant_is_a_cutoff_itself) {
  const auto rows = sales({{"ann", "2010-01-01T12:00:00Z"}, {"ann", "2010-01-10T12:00:00Z"}});
  const outcome out =
      run(features_report, {{"transactions", rows}}, R"({"as_of":"2010-01-10T12:00:00Z"})");
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "ann", "frequency"), 1);
}

TEST(features, an_empty_log_gives_no_rows) {
  const outcome out = run(features_report, {{"transactions", sales({})}});
  EXPECT_EQ(out.tables.at("")->rows(), 0U);
  EXPECT_EQ(out.tables.at("cells")->rows(), 4U);
}

TEST(features, options_are_refused_by_name_and_value) {
  const auto with = [](const char* options) {
    return complaint([&] { run(features_report, {{"transactions", sales(shop())}}, options); });
  };
  EXPECT_EQ(
      with(R"({"as_of":"today"})"),
      "features option 'as_of' is \"today\", expected a date like 2011-06-09, or with a clock");
  EXPECT_NE(with(R"({"windows":[0.5]})").find("windows"), std::string::npos);
  EXPECT_NE(with(R"({"decay_days":0})").find("decay_days"), std::string::npos);
  EXPECT_NE(with(R"({"decay":3})").find("'decay'"), std::string::npos);
}

TEST(features, the_main_table_starts_with_the_columns_it_declares) {
  const outcome out = everything();
  std::string names;
  for (const column& c : out.tables.at("")->columns()) names += c.name() + ",";
  std::string declared(features_report.outputs[0].columns);
  ASSERT_TRUE(declared.ends_with("..."));
  declared.resize(declared.size() - 3);
  EXPECT_TRUE(names.starts_with(declared)) << names;
}

}  // namespace
}  // namespace clv
