#include "retention/effects/learners.hpp"

namespace clv::retention {
namespace {

std::size_t learners_place(Eigen::Index i) {
  return static_cast<std::size_t>(i);
}

// Columns: p covariates, A indicators of the arms but the control, A x p products.
Eigen::MatrixXd joint_columns(const experiment& of, const Eigen::MatrixXd& z) {
  const Eigen::Index p = z.cols(), arms = static_cast<Eigen::Index>(of.arms.size()) - 1;
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(z.rows(), p + arms + arms * p);
  if (p > 0) out.leftCols(p) = z;
  for (Eigen::Index i = 0; i < z.rows(); ++i) {
    const auto a = static_cast<Eigen::Index>(of.arm[learners_place(i)]) - 1;
    if (a < 0) continue;
    out(i, p + a) = 1;
    for (Eigen::Index j = 0; j < p; ++j) out(i, p + arms + a * p + j) = z(i, j);
  }
  return out;
}

// A joint model with the arm held at `arm`: a model of the covariates alone.
base_model held_at(const base_model& joint, Eigen::Index p, Eigen::Index arms, std::size_t arm) {
  const auto a = static_cast<Eigen::Index>(arm) - 1;
  base_model m{.logit = joint.logit,
               .converged = joint.converged,
               .intercept = joint.intercept,
               .beta = {},
               .stumps = {}};
  if (joint.beta.size() > 0) {
    m.beta = joint.beta.head(p);
    if (a >= 0) {
      m.intercept += joint.beta[p + a];
      m.beta += joint.beta.segment(p + arms + a * p, p);
    }
  }
  for (const stump& s : joint.stumps) {
    const Eigen::Index product = s.column - p - arms;
    if (s.column < p) {
      m.stumps.push_back(s);
    } else if (product >= 0 && a >= 0 && product / p == a) {
      m.stumps.push_back({product % p, s.cut, s.left, s.right});
    } else {  // a constant: the indicator is 0 or 1, another arm's product is 0
      const double held = product < 0 && s.column - p == a ? 1 : 0;
      m.intercept += held <= s.cut ? s.left : s.right;
    }
  }
  return m;
}

}  // namespace

double effect_at(const effect_model& m, const Eigen::MatrixXd& x, Eigen::Index row) {
  double sum = 0;
  for (const effect_part& part : m) sum += part.weight * part.model.at(x, row);
  return sum;
}

meta_learner::meta_learner(const learning& how,
                           const experiment& of,
                           const Eigen::MatrixXd& z,
                           const std::vector<double>& y,
                           bool chances)
    : kind_(how.kind),
      of_(of),
      z_(z),
      y_(y),
      chances_(chances),
      joint_(kind_ == learner_kind::s ? joint_columns(of, z) : Eigen::MatrixXd(z.rows(), 0)),
      plain_(z, how.base),
      jointly_(joint_, how.base) {}

std::vector<Eigen::Index> meta_learner::of_arm(std::span<const Eigen::Index> rows,
                                               std::size_t arm) const {
  std::vector<Eigen::Index> out;
  for (const Eigen::Index i : rows) {
    if (of_.arm[learners_place(i)] == arm) out.push_back(i);
  }
  return out;
}

std::vector<double> meta_learner::targets(std::span<const Eigen::Index> rows) const {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const Eigen::Index i : rows) out.push_back(y_[learners_place(i)]);
  return out;
}

std::vector<base_model> meta_learner::outcomes(std::span<const Eigen::Index> rows) const {
  std::vector<base_model> mu;
  if (kind_ == learner_kind::s) {
    const base_model joint = jointly_.fit(rows, targets(rows), chances_);
    for (std::size_t a = 0; a < of_.arms.size(); ++a) {
      mu.push_back(held_at(joint, z_.cols(), static_cast<Eigen::Index>(of_.arms.size()) - 1, a));
    }
    return mu;
  }
  for (std::size_t a = 0; a < of_.arms.size(); ++a) {
    const std::vector<Eigen::Index> own = of_arm(rows, a);
    mu.push_back(plain_.fit(own, targets(own), chances_));
  }
  return mu;
}

effect_model meta_learner::cross(std::span<const Eigen::Index> rows,
                                 const std::vector<base_model>& mu,
                                 std::size_t arm) const {
  const std::vector<Eigen::Index> treated = of_arm(rows, arm), control = of_arm(rows, 0);
  std::vector<double> gained = targets(treated), missed = targets(control);
  for (std::size_t i = 0; i < gained.size(); ++i) gained[i] -= mu[0].at(z_, treated[i]);
  for (std::size_t i = 0; i < missed.size(); ++i) {
    missed[i] = mu[arm].at(z_, control[i]) - missed[i];
  }
  const double g = of_.count[arm] / (of_.count[arm] + of_.count[0]);
  return {{g, plain_.fit(control, missed, false)}, {1 - g, plain_.fit(treated, gained, false)}};
}

std::vector<effect_model> meta_learner::effects(std::span<const Eigen::Index> rows,
                                                const std::vector<base_model>& mu,
                                                const Eigen::MatrixXd& pseudo) const {
  std::vector<effect_model> out(1);
  for (std::size_t a = 1; a < of_.arms.size(); ++a) {
    if (kind_ == learner_kind::x) {
      out.push_back(cross(rows, mu, a));
    } else if (kind_ == learner_kind::dr) {
      std::vector<double> y;
      for (const Eigen::Index i : rows) y.push_back(pseudo(i, static_cast<Eigen::Index>(a)));
      out.push_back({{1, plain_.fit(rows, y, false)}});
    } else {
      out.push_back({{1, mu[a]}, {-1, mu[0]}});
    }
  }
  return out;
}

}  // namespace clv::retention
