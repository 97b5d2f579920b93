// Agent minutes of a ticket as a log-normal that learns from those that are done. [any]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_view.hpp"

namespace clv::desk {

// What is known of one ticket; of a finished one also how long it took.
struct handle_case {
  std::string_view category;  // "" none
  double length = 0;          // characters, 0 unknown
  double reopened = 0, reassigned = 0;
  double minutes = 0;
};

inline constexpr std::size_t handle_drivers = 3;
inline constexpr std::array<std::string_view, handle_drivers> handle_driver_names{
    "log1p(length)", "reopened", "reassigned"};

// log H ~ N(mean, variance).
struct log_minutes {
  double mean = 0, variance = 0;
};

// log H = mu + u_category + sum_j slope_j (x_j - centre_j) + e,  e ~ N(0, s^2), u ~ N(0, tau^2),
// x = log1p(length), reopened, reassigned. An unknown length counts as the centre.
//   slopes  ridge regression within categories, penalty 1: the posterior mean under
//           slope_j ~ N(0, s^2), as firm as one ticket that differs by one
//   s^2     residual sum of squares / (n - categories - 3)
//   tau^2   method of moments from the categories' means (DerSimonian & Laird 1986, Controlled
//           Clinical Trials 7, 177-188), held at 0 or more
//   u       w (mean of the category - mu), w = tau^2 / (tau^2 + s^2/n): the best linear predictor
//           (Searle, Casella & McCulloch 1992, Variance Components)
class handle_model {
 public:
  struct category {
    std::string name;
    std::size_t n = 0;
    double shift = 0;   // u
    double weight = 0;  // w, 0 nothing of its own counts, 1 only its own
  };
  static constexpr std::size_t least_cases = 20;  // fewer: nothing is learnt
  static constexpr double least_sd = 0.1;  // of log minutes: nobody knows an hour to the minute

  explicit handle_model(std::span<const handle_case> done);  // minutes > 0 and finite

  bool learnt() const { return n_ >= least_cases; }
  std::size_t n() const { return n_; }
  double mu() const { return mu_; }
  double variance() const { return s2_; }
  double between() const { return tau2_; }
  const std::array<double, handle_drivers>& slopes() const { return slopes_; }
  const std::array<double, handle_drivers>& standard_errors() const { return errors_; }
  const std::array<double, handle_drivers>& centres() const { return centres_; }
  const std::vector<category>& categories() const { return categories_; }  // by name
  const category* find(std::string_view name) const;

  // Of a ticket whose history is whole: its counts stay as they are. Requires learnt().
  log_minutes finished(const handle_case& c) const;
  // Of one that is under way. Its counts will grow: each stands for the mean of the final counts of
  // those that came at least as far, whose spread is added. So a new ticket is not taken for one
  // that nobody will ever reassign. Requires learnt().
  log_minutes under_way(const handle_case& c) const;
  // Of a new one of which nothing is known, of a category that was never seen. Requires learnt().
  log_minutes unknown() const;

 private:
  struct design;
  std::size_t group_of(std::string_view name);  // a new one where it was not known
  void learn_slopes(const design& d);
  void learn_categories(const design& d);
  void learn_growth(std::span<const handle_case> done);
  log_minutes base(const handle_case& c, const category* known) const;
  log_minutes grown(const handle_case& c, log_minutes h) const;

  // Of the final counts that are at least k: their mean and variance, at index k.
  struct growth {
    std::vector<double> mean, variance;
    std::size_t at(double count) const;
  };

  std::size_t n_ = 0;
  double mu_ = 0, s2_ = 0, tau2_ = 0;
  double longest_ = 0, shortest_ = 0;  // log1p(length) is held to what was seen
  std::array<double, handle_drivers> slopes_{}, errors_{}, centres_{};
  std::array<growth, 2> growth_;  // reopened, reassigned
  std::vector<category> categories_;
  by_text<std::size_t> index_;
};

// E[H] = exp(mean + variance / 2).
double expected_minutes(const log_minutes& h);
// E[H - done | H > done] of the log-normal, m its mean and s^2 its variance in logs:
//   exp(m + s^2/2) P(Z > z - s) / P(Z > z) - done,   z = (log done - m) / s
// (Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 14:
// moments of the truncated log-normal). done >= 0; from z = 37 on, where both tails vanish, z is
// held there and the rest grows in proportion to `done`. Relative error below 1e-9.
double expected_rest(const log_minutes& h, double done);

}  // namespace clv::desk
