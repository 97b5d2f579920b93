// The maximum of one model's likelihood, from several fixed starts, one bounded step at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "math/optimize.hpp"
#include "value/likelihood.hpp"

namespace clv {

struct search_options {
  unsigned threads = 1;
  double tolerance = 1e-9;
  int max_iterations = 200;
};

// Parameters stay within [1e-5, 1e5] in the fit's own units: beyond 1e4 (or under 1e-4) they are
// called "at a boundary", the rest is room to see where they run.
inline constexpr double boundary_log = 9.210340371976184;   // ln 1e4
inline constexpr double search_limit = 11.512925464970229;  // ln 1e5

// Start 0 is the model's documented one; four more multiply its parameters by 1/4 and 4 in fixed
// patterns. All run on a systematic sample of at most 4096 tuples (all of them when there are
// fewer), the best one (the first among equals) goes on to the whole data with the sample's
// Hessian. Ends with the Hessian taken at the maximum. [one]
class search {
 public:
  search(const model& m, const tuples& t, search_options options);
  search(const search&) = delete;
  search& operator=(const search&) = delete;

  double advance();  // fraction done; 1: finished
  const math::maximizer& best() const { return *polish_; }
  const unit_scales& units() const { return units_; }
  int iterations() const { return iterations_ + (polish_ ? polish_->iterations() : 0); }

 private:
  void begin_start();
  void end_start();
  void begin_polish();

  const model& model_;
  search_options options_;
  unit_scales units_;
  tuples whole_, sample_;
  std::size_t start_ = 0;
  int iterations_ = 0;  // of the best start on the sample
  std::optional<math::maximizer> trial_, winner_, polish_;
};

}  // namespace clv
