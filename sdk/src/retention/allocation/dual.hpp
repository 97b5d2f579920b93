// Prices for several limited resources: the Lagrangian dual
//   D(l) = sum_r l_r R_r + sum_i max(0, max_a rank_ia - sum_r l_r use_iar),   l >= 0,
// is convex and piecewise linear, and for every l no plan's total is above it (Fisher 1981, Manage.
// Sci. 27(1)). Here max is replaced by m ln sum exp(. / m), which is smooth and above it by at most
// m ln(1 + K) a customer; Newton's method follows the minimum while m falls, by its
// derivative with respect to m (Nesterov 2005, Math. Prog. 103; Allgower & Georg 1990, ch. 2). Many
// customers are first stood for by about every 64th and every 8th of them, drawn by their keys.
// Never more than `most_passes` passes over them. [one]
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/allocation/option_book.hpp"

namespace clv::retention {

class dual_search {
 public:
  static constexpr int most_passes = 300;

  // `book` is arranged and outlives this.
  explicit dual_search(const option_book& book);

  // Goes over at most `customers`; true: finished.
  bool advance(std::size_t customers);

  // Per resource, 0 where there is no limit or it does not bind.
  const std::vector<double>& prices() const { return best_prices_; }
  double bound() const { return bound_; }  // D at prices()
  int passes() const { return passes_; }

 private:
  // What one pass adds up, with limits and uses in shares of the limits.
  struct totals {
    double hard = 0, smooth = 0;  // D, and what stands for it
    Eigen::VectorXd used;
    Eigen::MatrixXd bend;   // the second derivative of `smooth`
    Eigen::VectorXd drift;  // how its slope changes with m
  };
  struct part {  // of what one option uses
    Eigen::Index slot;
    double share;
  };
  void find_typical_shares();
  void start_pass(const Eigen::VectorXd& at);
  void visit(std::size_t position);
  void add_share(option_book::index o, double share, double ahead);
  void add_mixture(std::size_t position, double highest);
  void finish_pass();
  void look_around();
  void start_level(std::size_t stride);
  void narrow();
  void finish_up();
  void judge();
  void propose();
  Eigen::VectorXd step_by(const Eigen::VectorXd& slope) const;

  const option_book& book_;
  std::vector<std::size_t> resource_;   // of a slot: the limited resources
  std::vector<Eigen::Index> slot_;      // of a resource, -1 without a limit
  std::vector<double> per_limit_;       // of a resource: 1 / limit
  std::vector<std::uint32_t> members_;  // positions that stand for all at this level
  std::size_t stride_ = 1, competing_ = 0, next_ = 0;
  double weight_ = 1;                // customers that a member stands for
  double typical_ = 0, width_ = 0;   // a customer's rank, and m
  Eigen::VectorXd typical_share_;    // of a limit, that one option takes
  Eigen::VectorXd at_, trial_;       // prices of the limits as wholes, l_r R_r
  std::vector<double> prices_;       // of the pass that runs, per resource
  totals pass_, here_;               // of the pass that runs, and at at_
  double value_ = 0, promised_ = 0;  // smooth D at at_, and by how much it should fall
  double damping_ = 1e-3;
  int passes_ = 0, tries_ = 0;
  bool first_look_ = true, fresh_ = true, finished_ = false;
  double bound_;
  std::vector<double> best_prices_;
  std::vector<double> values_, shares_;  // scratch of visit(): of options, and a mixture's mean
  Eigen::VectorXd mean_;
  std::vector<part> parts_;
  std::vector<Eigen::Index> touched_;
};

}  // namespace clv::retention
