// Has the business left its model? A rule whose false alarms are bounded for ever.
#pragma once

namespace clv {

// Fed period by period with what a model forecast for it, given all that happened before. If the
// model is right up to the tolerance, an alarm is ever raised with probability of at most
// `false_alarm`, however many periods are watched.
//
// e_k = actual_k - expected_k are uncorrelated with variances v_k. For one direction let S_k be the
// sum of e_i - slack expected_i (or of -e_i - slack expected_i) and V_k that of v_i. For a normal
// e_k, exp(theta S_k - theta^2 V_k / 2) is a supermartingale for every theta > 0; mixed over
// theta ~ |N(0, 1/rho)| it is W_k = 2 Phi(S_k / sqrt(V_k + rho)) sqrt(rho / (V_k + rho))
// exp(S_k^2 / (2 (V_k + rho))), and P(W_k >= 2 / false_alarm for any k) <= false_alarm / 2 (Ville).
// Solved for S_k / sqrt(V_k) that is `bound` (Robbins 1970, Ann. Math. Stat. 41(5), eq. 17 and
// section 3; Phi is replaced by its lowest value on the boundary). rho = v_1 makes the bound
// lowest, about 3, near the eighth period. Counts are not normal: while fewer than 20 purchases
// were expected in all, nothing is judged. tracking_test measures the rate.
class drift_watch {
 public:
  // false_alarm in (0, 1/2], slack >= 0: the share by which forecasts may be off.
  drift_watch(double false_alarm, double slack);

  struct verdict {
    bool judged = false;
    double statistic = 0;  // S_k / sqrt(V_k) of the worse direction, negative when too few were
                           // bought; 0 within the tolerance
    double bound = 0;      // of its absolute value
    bool alert = false;    // the bound was reached in this period or an earlier one
  };
  verdict add(double actual, double expected, double variance);

 private:
  double log_chance_, slack_;
  double rho_ = 0, above_ = 0, below_ = 0, variance_ = 0, expected_ = 0;
  bool alert_ = false;
};

}  // namespace clv
