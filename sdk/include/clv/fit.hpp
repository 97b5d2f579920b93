// Fitting: distinct tuples in, parameters with their uncertainty and an honest status out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/job.hpp"
#include "clv/model.hpp"

namespace clv {

enum class fit_status { converged, at_boundary, not_identified, not_converged, given };
std::string_view name_of(fit_status s);  // "converged", "at_boundary", ... "given" = not fitted

// A covariate's effect on a process of the model: eta = sum of value * covariate.
struct coefficient {
  std::string covariate;      // a column of the summary
  bool life = false;          // else the transaction process
  double value = 0;           // positive = more purchases, or more churn
  double standard_error = 0;  // 0 when not available
};

// One model with its estimates. All vectors are in the order of model::parameters, in the spec's
// units (time unit, major currency units).
struct estimates {
  const model* which = nullptr;
  std::vector<double> parameters;
  std::vector<double> standard_errors;    // empty when not available
  std::vector<coefficient> coefficients;  // transaction ones first
  // Row-major, over the parameters and then the coefficients themselves, by the delta method; a
  // parameter that was held (k, or a fixed one) has zeros.
  std::vector<double> covariance;
  double log_likelihood = 0;  // without penalty and prior
  int free_parameters = 0;    // what AIC and BIC count: estimated parameters and coefficients
  // max |d / d ln theta (coefficients: of standardised covariates)| of what was maximised: with
  // penalty and prior, in log-likelihood of all customers.
  double gradient_norm = 0;
  double condition = 0;  // of the Hessian in log parameters
  int iterations = 0;
  fit_status status = fit_status::given;
  std::string reason;  // one sentence when the status is not converged
  double customers = 0;
  std::int64_t tuples = 0;
};

// What a host keeps between calls and saves as JSON: estimates and what they mean.
struct fitted_model {
  estimates purchase;  // which != nullptr unless only a spend model was fitted
  std::optional<estimates> spend;
  std::string unit = "week";    // "day", "week", or "period" of a discrete model
  double periods_per_year = 0;  // of unit "period": turns an annual discount rate; 0: unknown
  std::string time_zone = "UTC";
  std::string currency;       // "" when unknown
  std::int64_t as_of_us = 0;  // start of the day after the last observed one; 0: unknown
  double spend_frequency_correlation = 0;  // of mean_spend with x over the repeaters
  double spend_frequency_p_value = 1;      // two-sided, Fisher's z: small = not independent
  std::string data_fingerprint;  // of the summary that was fitted; "" for given parameters
  std::string name() const;      // "bg_nbd", "gamma_gamma" or "bg_nbd+gamma_gamma"
};

struct fit_options {
  // One or two rows of the table, joined by '+'. "auto" and "auto+SPEND" are for hosts that have
  // the log: they put here what a backtest chose (value/fitting/auto.cpp); fit() itself refuses
  // them.
  std::string model = "bg_nbd+gamma_gamma";
  // Static covariates: comma lists of f64 columns of the summary. `equal`: those with one common
  // coefficient in both processes.
  std::string transaction_covariates, life_covariates, equal_covariates;
  // Penalty l2 * sum of squares of the coefficients of the standardised covariates, subtracted from
  // the log-likelihood per customer: the same meaning in any unit and for any number of customers.
  double l2_transaction = 0, l2_life = 0;
  std::string priors;           // "r=lognormal:-1:1,a=gamma:2:1": MAP; see sdk/MODELS.md "Priors"
  std::string fixed;            // "k=2,c=1": held at these values
  double periods_per_year = 0;  // of discrete models, kept in the model
  unsigned threads = 1;         // same bits for any number
  double tolerance = 0;         // on max |d LL / d ln theta| per customer; 0 = 1e-9
  int max_iterations = 0;       // 0 = 200
  std::string unit = "week";    // what the summary's ages are counted in
  std::string time_zone = "UTC";
  std::string currency;
  std::int64_t as_of_us = 0;
  std::int64_t now_us = 0;  // of an engine: kept with the model as created_us; 0 = not known
};

// `summary` conforms to schema "summary". Phases: tuples, purchases, spend. Result: model; the
// main table is model_table(). Throws error{numeric} for impossible rows, error{data} for no rows,
// and at once error{invalid} for a summary in another time unit or currency than the options.
// A fit that did not converge is a result with a status. A spend part that cannot be fitted (no
// repeater with spend) is left out with a note.
job fit(std::shared_ptr<const table> summary, fit_options options);

// One row per parameter and coefficient ("transaction.Gender", "life.Gender"): model, parameter,
// value, standard_error, lower, upper (95 %: exp(ln value -+ 1.96 se/value) for parameters, value
// -+ 1.96 se for coefficients), log_likelihood, aic, bic, status, reason, gradient_norm, condition,
// iterations, customers, tuples (what is said of a model is repeated); what was not fitted but
// given is absent.
table model_table(const fitted_model& m);

// The file format: JSON, "format": "clv.model/1"; see sdk/README.md. Numbers round-trip exactly.
std::string save_model(const fitted_model& m);
// Throws error{invalid} naming the JSON path and value. Unknown members are refused, and parameters
// that are not from 1e-100 to 1e100.
fitted_model load_model(std::string_view json);

}  // namespace clv
