// A log and a table of covariates over time as one covariate_path per customer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clv/summary.hpp"
#include "clv/table.hpp"
#include "models/pareto_time_varying.hpp"

namespace clv {

struct process_covariates {
  std::vector<std::string> transaction, life;  // columns of the table of covariates
};

struct covariate_paths {
  std::vector<std::string> customers;  // by customer id, bytes
  std::vector<covariate_path> paths;   // in the model's unit of time
};

// The log by the rules of summarize(). A row of `covariates` (customer, time, numbers) holds from
// the civil day of its time until the customer's next row, the last one for ever: rows after the
// end of observation are the future. Customers without a purchase are left out. Throws
// error{invalid} for a column that is missing or of the wrong kind, error{data} as summarize()
// does, for a time that is none, two rows of one customer and day, an empty cell, and for a
// customer without covariates on its first purchase day, naming customer and days.
covariate_paths read_covariate_paths(const table& log,
                                     const table& covariates,
                                     const process_covariates& names,
                                     const summarize_options& options);

}  // namespace clv
