// A log of purchases to one row per customer, and rows to distinct weighted tuples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "clv/job.hpp"
#include "clv/table.hpp"

namespace clv {

struct summarize_options {
  std::string unit = "week";      // "day" | "week": exact days / 7, no calendar weeks
  std::string time_zone = "UTC";  // whose midnight separates purchase days
  std::int64_t as_of_us =
      0;                 // its civil day is the last one observed; 0: that of the log's last event
  std::string currency;  // events of other currencies are left out; "": the log must have one
  bool drop_zero_value = false;  // leave zero-value orders out altogether (loses such customers)
};

// `log` conforms to schema "transactions"; the job keeps its own reference.
// Rows: one per customer with at least one purchase up to as_of, ordered by customer id (bytes).
// Columns: schema "summary". Same-day purchases are one; the first is not counted in x nor in
// mean_spend; a refund is neither a purchase nor in mean_spend, it is summed in `refunds`; a
// zero-value day counts in x and never enters mean_spend (mean over the repeat days with spend >
// 0). Sums are exact int64: the same bits for any row order. Fails with error{data} on mixed
// currencies (naming them), an amount beyond 2^53 minor units, a kind "purchase" with a negative
// amount, or an overflowing sum.
job summarize(std::shared_ptr<const table> log, summarize_options options);

// Distinct rows with weights, as struct of arrays, sorted by (x, t_x, T, mean_spend).
struct tuples {
  std::vector<double> x, t_x, T, mean_spend, weight;
  std::size_t size() const { return x.size(); }
  double customers = 0;  // the sum of the weights
  // Weighted total of column `litt`; has_litt is false when the summary lacks it (or a value).
  double litt = 0;
  bool has_litt = false;
  // With covariates: tuples [cell_first[c], cell_first[c+1]) share the values
  // covariates[c * names + i], and each such cell is sorted as above. Else both are empty.
  std::vector<std::size_t> cell_first;
  std::vector<double> covariates;
};

enum class tuple_key {
  purchases,      // (x, t_x, T)
  spend,          // (x, mean_spend) with x >= 1 and spend > 0
  opportunities,  // (x, t_x, n), whole numbers; n is kept in T
  renewals        // (x, n): contracts, n is kept in T, min(n, x+1), and t_x is x
};
// `summary` conforms to schema "summary"; a missing weight column means 1 each. Discrete keys read
// column `n`, or T where there is none. `covariates` names f64 columns of the table.
// Throws error{numeric} naming row, column and value for x < 0, x not whole, t_x > T, T < 0,
// x > 0 with t_x = 0, x = 0 with t_x > 0, weight <= 0 or not whole, anything not finite; x, t_x, T
// or a weight above 1e15, a mean_spend that is neither 0 nor from 1e-100 to 1e100, a litt beyond
// 1e15 or other than 0 at x = 0; in discrete keys x > t_x, x > n, n > 1e6 or a number that is not
// whole; an empty or not finite covariate. The same bits for any order of the rows.
tuples distinct(const table& summary, tuple_key key, std::span<const std::string> covariates = {});

}  // namespace clv
