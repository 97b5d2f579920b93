// What another policy would have earned, from a log whose actions were drawn with known
// probabilities: w = pi(a | x) / p. [any] No state.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace clv::retention {

// One logged decision as the policy sees it.
struct policy_sample {
  double weight = 0;  // chance that the policy takes the logged action, by the logged propensity
  double reward = 0;
  double direct = 0;         // sum over actions of pi(a | x) q(x, a); doubly robust only
  double predicted = 0;      // q(x, logged action)
  std::size_t customer = 0;  // rows of one customer are not independent
};

struct policy_estimate {
  double value = 0, standard_error = 0;
};

// 1/n sum w r (Horvitz & Thompson 1952). Unbiased where p is right and positive wherever pi is.
// Standard error: that of a mean, sd / sqrt n with n - 1; of the sums over customers where one has
// several rows.
policy_estimate inverse_propensity(std::span<const policy_sample> log);
// sum w r / sum w (Swaminathan & Joachims 2015); standard error by the delta method, from the sums
// of w (r - value).
policy_estimate self_normalised(std::span<const policy_sample> log);
// The first with min(w, clip): less variance, and biased towards 0 (Ionides 2008).
policy_estimate clipped(std::span<const policy_sample> log, double clip);
// 1/n sum [direct + w (r - predicted)] (Dudik, Langford & Li 2011): right if either p or q is.
policy_estimate doubly_robust(std::span<const policy_sample> log);

struct policy_support {
  double rows = 0, matched = 0;  // matched: w > 0
  double effective_n = 0;        // (sum w)^2 / sum w^2 (Kish)
  double max_weight = 0;
};
policy_support support_of(std::span<const policy_sample> log);

}  // namespace clv::retention
