// The maximum of a fit problem, from several fixed starts, one bounded step at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "math/optimize.hpp"
#include "value/fitting/fit_problem.hpp"

namespace clv {

struct search_options {
  unsigned threads = 1;
  double tolerance = 1e-9;
  int max_iterations = 200;
};

// Coordinates stay within ln 1e-5 ... ln 1e5: parameters beyond 1e4 (or under 1e-4) in the fit's
// own units are called "at a boundary", the rest is room to see where they run.
inline constexpr double boundary_log = 9.210340371976184;   // ln 1e4
inline constexpr double search_limit = 11.512925464970229;  // ln 1e5

// All starts run on a sample that stands for about 1,000 customers, the best one (the first among
// equals) goes on to one of 8,000 and from there to the whole data with the sample's Hessian; of
// data that are not larger than a sample, that sample is the data. `final` ends with the Hessian
// taken at the maximum; without it the tolerance is coarse, enough to compare maxima. [one]
class search {
 public:
  search(const fit_problem& p, std::vector<Eigen::VectorXd> starts, search_options o, bool final);
  search(const search&) = delete;
  search& operator=(const search&) = delete;

  double advance();  // fraction done; 1: finished
  const math::maximizer& best() const { return *now_; }
  int iterations() const { return iterations_; }
  int evaluations() const { return evaluations_; }  // of the whole data

 private:
  void begin(const tuples& t, const Eigen::VectorXd& at, Eigen::MatrixXd hessian);
  void end_start();
  void next_level();

  const fit_problem& problem_;
  std::vector<Eigen::VectorXd> starts_;
  search_options options_;
  bool final_;
  std::vector<tuples> samples_;  // small to large; the whole data follow
  std::size_t start_ = 0, level_ = 0;
  int iterations_ = 0, evaluations_ = 0;
  std::optional<math::maximizer> now_, winner_;
};

}  // namespace clv
