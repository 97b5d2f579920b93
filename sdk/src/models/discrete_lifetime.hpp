// A life that ends, at each step, with a probability of its own ~ Beta(a, b) over customers: alive
// after k steps with probability B(a, b+k)/B(a, b). [any] Pure.
#pragma once

namespace clv {

// sum_{k=1}^n B(a, b+k)/B(a, b) e^(-rate k), a, b > 0, rate >= 0, n = 0, 1, 2, ... or infinite:
// b/(a+b) e^-rate 2F1(1, b+1; a+b+1; e^-rate) as its series, all of whose terms are positive.
//   rate = 0  b/(a-1) (1 - B(a-1, b+1+n)/B(a-1, b+1)), which is regular at a = 1; n infinite:
//             b/(a-1), infinite for a <= 1
//   else      a thousand terms one by one, the others by Euler-Maclaurin
// Relative error <= 1e-13 (tests/golden/sbg.csv, bg_bb.csv).
double lifetime_sum(double a, double b, double n, double rate);

}  // namespace clv
