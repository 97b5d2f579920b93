// A simulated market with known truth: customers drawn from a purchase and a spend model.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "clv/fit.hpp"
#include "clv/job.hpp"

namespace clv {

struct simulate_options {
  std::int64_t customers = 10'000;
  std::uint64_t seed = 0;
  std::int64_t start_day = 0;  // civil day (since 1970-01-01) of the first possible first purchase
  double acquisition_days = 91;  // first purchases are spread evenly over this many days
  double observed_days = 273;    // from start_day to the last simulated day, inclusive
  double refund_share = 0;       // share of repeat purchases refunded in full a week later
  std::string currency = "EUR";
};

// `truth` gives the models and parameters (unit "week" or "day"). Main table: schema
// "transactions", ordered by customer, then time; table "truth": customer, lambda-free facts known
// to the simulator (purchases after observed_days are not simulated). Customer i is the same for
// any number of customers: each draws from its own stream (seed, i).
job simulate(std::shared_ptr<const fitted_model> truth, simulate_options o);

}  // namespace clv
