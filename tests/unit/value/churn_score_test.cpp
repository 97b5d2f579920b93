#include "churn_rows.hpp"

namespace clv {
namespace {

using test::complaint;
using test::fit;
using test::from_csv;
using test::plans;
using test::scored;
using test::simulated;
using test::texts;
using test::two_plans;
using test::value_of;

TEST(churn_score, contributions_add_up_to_the_logit) {
  const auto rows = simulated(300, 11);
  const outcome model = fit(rows);
  const outcome out = scored(model, rows);
  const table& t = *out.tables.at("");
  const table& parts = *out.tables.at("contributions");
  const table& m = *model.tables.at("");
  std::vector<double> sums(t.rows(), 0.0);
  for (std::size_t i = 0; i < parts.rows(); ++i) sums[i / 3] += parts.numbers("contribution")[i];
  const auto coefficient = [&](const char* term) {
    return *value_of(m, "term", term, "coefficient");
  };
  // The strong penalty of 300 rows shrinks the logits too much, which the calibration undoes.
  ASSERT_EQ(model.tables.at("quality")->get("calibrated", type::utf8).text(0), "yes");
  const double a = coefficient("(calibration intercept)");
  const double b = coefficient("(calibration slope)");
  EXPECT_GT(b, 1);
  for (std::size_t i = 0; i < t.rows(); ++i) {
    EXPECT_NEAR(sums[i], t.numbers("logit")[i] - t.numbers("base")[i], 1e-12);
    // The logit from the model table by hand.
    const auto z = [&](const char* name) {
      return (rows->numbers(name)[i] - *value_of(m, "term", name, "center")) /
             *value_of(m, "term", name, "scale");
    };
    const bool web = rows->get("channel", type::utf8).text(i) == "web";
    const double logit = coefficient("(intercept)") + coefficient("usage") * z("usage") +
                         coefficient("noise") * z("noise") +
                         (web ? coefficient("channel = web") : 0);
    EXPECT_NEAR(t.numbers("logit")[i], a + b * logit, 1e-12);
    EXPECT_EQ(t.numbers("churn_probability")[i], logistic(t.numbers("logit")[i]));
  }
}

TEST(churn_score, a_row_alone_has_the_bits_it_has_in_the_batch) {
  const auto rows = simulated(50, 12);
  const outcome model = fit(simulated(500, 13));
  const outcome batch = scored(model, rows);
  for (std::size_t i = 0; i < rows->rows(); i += 7) {
    auto one = std::make_shared<table>();
    for (const column& c : rows->columns()) {
      column& to = one->add(c.name(), c.kind());
      c.kind() == type::utf8 ? to.push(c.text(i)) : to.push(c.numbers()[i]);
    }
    const outcome alone = scored(model, one);
    EXPECT_EQ(alone.tables.at("")->numbers("logit")[0], batch.tables.at("")->numbers("logit")[i]);
    EXPECT_EQ(alone.tables.at("")->get("reasons", type::utf8).text(0),
              batch.tables.at("")->get("reasons", type::utf8).text(i));
  }
}

TEST(churn_score, a_model_read_back_from_csv_scores_to_the_same_bits) {
  const auto rows = simulated(200, 14);
  outcome model = fit(rows);
  const outcome direct = scored(model, rows);
  const std::string text = to_csv(*model.tables.at(""));
  model.tables[""] = from_csv({.text = text, .schema = ""});
  const outcome again = scored(model, rows);
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    EXPECT_EQ(direct.tables.at("")->numbers("logit")[i], again.tables.at("")->numbers("logit")[i]);
  }
}

TEST(churn_score, an_unseen_level_counts_as_the_reference) {
  const outcome model = fit(plans(two_plans()));
  const auto rows = texts({"customer", "plan"}, {{"a", "basic"}, {"b", "platinum"}, {"c", "gold"}});
  const outcome out = scored(model, rows);
  const auto logit = out.tables.at("")->numbers("logit");
  EXPECT_EQ(logit[0], logit[1]);
  EXPECT_GT(logit[2], logit[0]);
}

TEST(churn_score, names_a_missing_column_and_a_table_that_is_no_model) {
  const outcome model = fit(plans(two_plans()));
  EXPECT_EQ(complaint([&] { scored(model, texts({"customer"}, {{"a"}})); }),
            "report 'churn_score': table 'rows' has no column 'plan', which the model uses");
  outcome other;
  other.tables[""] = texts({"term"}, {{"x"}});
  EXPECT_NE(complaint([&] { scored(other, plans(two_plans())); }).find("no column 'feature'"),
            std::string::npos);
}

TEST(churn_score, reasons_name_what_moved_the_score_most) {
  const outcome model = fit(plans(two_plans()), R"({"penalty":1e-6})");
  const outcome out = scored(model, texts({"customer", "plan"}, {{"c", "gold"}}));
  // ln(3) - ln(3/7) = 1.95, times the share of basic, 100 of 180.
  EXPECT_EQ(out.tables.at("")->get("reasons", type::utf8).text(0), "plan = gold (+1.08)");
}

}  // namespace
}  // namespace clv
