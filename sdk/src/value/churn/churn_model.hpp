// A churn model: a logit that is linear in encoded features, with or without a baseline over time
// at risk. Made by churn_fit, read back by churn_score from the table it becomes.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clv/table.hpp"

namespace clv {

// A column of the caller's rows as the model sees it. Numbers are standardised, text is one column
// per level but the reference, which is the most frequent one (of equals the first by its bytes).
struct churn_feature {
  std::string name;
  bool numeric = true;
  double center = 0, scale = 1;  // numbers: z = (value - center) / scale
  std::string reference;         // text
  double reference_n = 0;
};

// One column of the design. number: z, 0 where the value is missing; missing: 1 there; level: 1
// where the text is that level. A level that was not seen in the fit counts as the reference.
enum class churn_kind { number, missing, level };
struct churn_column {
  std::size_t feature = 0;
  churn_kind kind = churn_kind::number;
  std::string level;
  double mean = 0;      // over the rows fitted: what the base customer has
  double n = 0;         // rows with the level, or with a number, or without one
  double churned = 0;   // of them
  std::string same_as;  // the column that is equal in every row; this one is then left out
  double coefficient = 0, standard_error = 0;
};

// The logit's part that changes with the periods at risk: a restricted cubic spline in ln t (linear
// beyond the outer knots; Harrell 2015, Regression Modeling Strategies, 2.4.5). Without a time
// column it is one number, the intercept.
struct churn_baseline {
  std::string time_column;
  std::vector<double> knots;  // periods; as many as coefficients; empty without a time column
  std::vector<double> coefficients{0.0}, standard_errors{0.0};
  double mean_time = 0;

  std::size_t size() const { return coefficients.size(); }
  // The spline's columns at period t (from 1 on).
  std::vector<double> basis(double t) const;
  double at(double t) const;
};

struct churn_model {
  std::vector<churn_feature> features;
  std::vector<churn_column> columns;  // grouped by feature, in their order
  churn_baseline baseline;
  // Platt's recalibration: logit = intercept + slope x (baseline + sum of coefficients).
  bool calibrated = false;
  double calibration_intercept = 0, calibration_slope = 1;
  bool audit_only = false;  // protected attributes are among the features: not for decisions
  double rows = 0, churned = 0;
};

inline constexpr std::string_view missing_level = "(missing)";

// The value of design column `c` for a cell; `text` is "" and `number` empty where it is missing.
double churn_design_value(const churn_column& c,
                          const churn_feature& f,
                          std::optional<double> number,
                          std::string_view text);

// The table and back; every number survives a CSV.
// `z` is the normal quantile of the intervals; `extra` goes into the table's fingerprint.
std::shared_ptr<const table> churn_model_table(const churn_model& m,
                                               double z,
                                               const std::string& extra);
// Throws error{invalid} saying what is missing.
churn_model read_churn_model(const table& t);

double logistic(double logit);  // 1 / (1 + e^-logit), right at both ends

}  // namespace clv
