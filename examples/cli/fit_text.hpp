// What a fit says, as JSON for programs and as a table for people.
#pragma once

#include <string>
#include <vector>

#include "handles.hpp"

namespace cli {

struct fitted_parameter {
  std::string name;  // "r"; of a coefficient "transaction.Gender", "life.Gender"
  double value;
  double standard_error;  // NaN when not available, as are the limits
  double lower, upper;    // 95 %
};

// One model of a fit ("bg_nbd+gamma_gamma" has two).
struct fit_facts {
  std::string model;
  std::vector<fitted_parameter> parameters;
  double log_likelihood;
  double aic, bic;
  std::string status;
  std::string reason;
  double gradient_norm;
  double condition;
  double iterations;
  double customers;
  double tuples;
};

struct fit_report {
  std::vector<fit_facts> parts;
  std::string unit;
  double seconds;
  std::string warnings;  // a JSON array
  std::string kept_as;   // its number in a store; "" = it is in none
};

// From clv_model_table, models in its order.
std::vector<fit_facts> facts_of(const result& model_table);
// One object for one model; for two, an object whose "parts" are those objects.
std::string fit_json(const fit_report& report);
std::string fit_table(const fit_report& report);

}  // namespace cli
