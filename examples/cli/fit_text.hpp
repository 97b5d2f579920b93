// What a fit says, as JSON for programs and as a table for people.
#pragma once

#include <string>
#include <vector>

#include "handles.hpp"

namespace cli {

struct fitted_parameter {
  std::string name;
  double value;
  double standard_error;  // NaN when not available
};

// One model of a fit ("bg_nbd+gamma_gamma" has two).
struct fit_facts {
  std::string model;
  std::vector<fitted_parameter> parameters;
  double log_likelihood;
  std::string status;
  std::string reason;
  double gradient_norm;
  double condition;
  double iterations;
  double customers;
  double tuples;
};

// From clv_model_table, models in its order.
std::vector<fit_facts> facts_of(const result& model_table);
// One object for one model; for two, an object whose "parts" are those objects. `warnings` is a
// JSON array.
std::string fit_json(const std::string& name,
                     const std::string& unit,
                     double seconds,
                     const std::vector<fit_facts>& parts,
                     const std::string& warnings);
std::string fit_table(const std::vector<fit_facts>& parts);

}  // namespace cli
