// How far forecasts were from what happened, customer by customer.
#pragma once

#include <span>

namespace clv {

struct forecast_error {
  double predicted = 0, actual = 0;  // sums
  double mae = 0, rmse = 0;          // mean |predicted - actual|, root mean square
  // Spearman: Pearson's correlation of the ranks, equal values sharing their mean rank. 0 when
  // either side is constant.
  double rank_correlation = 0;
  // Mean of `actual` over the tenth of the customers with the highest forecasts, over the mean of
  // all; customers whose forecasts tie at the border count in equal parts. 0 when nothing happened.
  double top_decile_lift = 0;
};

// Both of one length, above 0, finite. O(n log n). [any]
forecast_error compare_forecast(std::span<const double> predicted, std::span<const double> actual);

}  // namespace clv
