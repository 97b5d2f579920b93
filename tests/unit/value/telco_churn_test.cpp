// The contractual case: IBM's telecom customers, one month's churn.
#include "churn_rows.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

using test::fit;
using test::from_csv;
using test::value_of;

TEST(telco_churn, out_of_fold_quality_beats_the_published_range) {
  CLV_REQUIRE_SHARED_DATA(path, "telco_churn.csv");
  const auto rows = from_csv({.path = path, .schema = ""});
  const outcome out = fit(rows, R"({"label":"Churn"})");
  const table& q = *out.tables.at("quality");
  EXPECT_EQ(q.numbers("customers")[0], 7043);
  EXPECT_EQ(q.numbers("churned")[0], 1869);
  // Measured .844 and .136 without the protected attributes; folds move the third digit.
  EXPECT_GT(q.numbers("auc")[0], 0.835);
  EXPECT_LT(q.numbers("brier")[0], 0.14);
  EXPECT_EQ(q.get("status", type::utf8).text(0), "converged");
  EXPECT_EQ(out.tables.at("fairness")->rows(), 4U);  // gender and SeniorCitizen
}

TEST(telco_churn, tech_support_is_a_driver_with_its_published_rates) {
  CLV_REQUIRE_SHARED_DATA(path, "telco_churn.csv");
  const outcome out = fit(from_csv({.path = path, .schema = ""}), R"({"label":"Churn"})");
  const table& t = *out.tables.at("drivers");
  const column& feature = t.get("feature", type::utf8);
  const column& level = t.get("level", type::utf8);
  int found = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (feature.text(i) != "TechSupport") continue;
    const bool yes = level.text(i) == "Yes";
    if (!yes && level.text(i) != "No") continue;
    EXPECT_NEAR(t.numbers("churn_rate")[i], yes ? 0.152 : 0.416, 5e-4);
    ++found;
    if (!yes) continue;
    EXPECT_LT(t.numbers("upper")[i], 1) << "support goes with less churn, other things equal";
  }
  EXPECT_EQ(found, 2);
  // The eleven blank TotalCharges (tenure 0) are missing, not zero and not a text.
  EXPECT_EQ(value_of(*out.tables.at(""), "term", "TotalCharges = (missing)", "n"), 11);
  EXPECT_EQ(value_of(*out.tables.at(""), "term", "TotalCharges", "n"), 7032);
}

TEST(telco_churn, tenure_as_time_at_risk_gives_a_calibrated_hazard) {
  CLV_REQUIRE_SHARED_DATA(path, "telco_churn.csv");
  const outcome out = fit(from_csv({.path = path, .schema = ""}),
                          R"({"label":"Churn","time_at_risk":"tenure","exclude":["TotalCharges"],
                              "penalty":3})");
  const table& q = *out.tables.at("quality");
  EXPECT_EQ(q.numbers("outcomes")[0], 227990);  // the sum of tenure
  EXPECT_GT(q.numbers("auc")[0], 0.87);
  EXPECT_LT(q.numbers("log_loss")[0], 0.8 * q.numbers("base_log_loss")[0]);
  const table& bins = *out.tables.at("calibration");
  EXPECT_NEAR(bins.numbers("predicted")[9], bins.numbers("observed")[9], 0.005);
}

}  // namespace
}  // namespace clv
