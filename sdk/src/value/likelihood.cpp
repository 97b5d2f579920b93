#include "value/likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "math/parallel.hpp"

namespace clv {

unit_scales scales_of(const tuples& t) {
  unit_scales found{.time = 0.0, .money = 0.0};
  for (const double T : t.T) found.time = std::max(found.time, T);
  for (std::size_t i = 0; i < t.mean_spend.size(); ++i) {
    found.money += t.weight[i] / t.customers * t.mean_spend[i];
  }
  if (!(found.time > 0.0)) found.time = 1.0;
  if (!(found.money > 0.0)) found.money = 1.0;
  return found;
}

tuples scaled(const tuples& t, const unit_scales& by, std::size_t stride) {
  tuples out;
  const auto take = [stride](const std::vector<double>& from, double divisor) {
    std::vector<double> taken;
    taken.reserve(from.size() / stride + 1);
    for (std::size_t i = 0; i < from.size(); i += stride) taken.push_back(from[i] / divisor);
    return taken;
  };
  out.x = take(t.x, 1.0);
  out.t_x = take(t.t_x, by.time);
  out.T = take(t.T, by.time);
  out.mean_spend = take(t.mean_spend, by.money);
  out.weight = take(t.weight, 1.0);
  for (const double w : out.weight) out.customers += w;
  return out;
}

std::vector<double> to_user(const model& m, values own, const unit_scales& by) {
  std::vector<double> user(own.begin(), own.end());
  for (std::size_t i = 0; i < user.size(); ++i) {
    if (m.parameters[i].how == scales::with_time) user[i] *= by.time;
    if (m.parameters[i].how == scales::with_money) user[i] *= by.money;
  }
  return user;
}

likelihood_sum total_likelihood(const model& m, values p, const tuples& t, unsigned threads) {
  std::array<likelihood_sum, math::block_count> parts;
  math::for_blocks(t.size(), threads, [&](std::size_t block, std::size_t first, std::size_t last) {
    likelihood_sum part;
    part.gradient.assign(p.size(), 0.0);
    m.accumulate(p, t, first, last, part);
    parts[block] = std::move(part);
  });
  likelihood_sum total;
  total.gradient.assign(p.size(), 0.0);
  for (const likelihood_sum& part : parts) {
    total.value += part.value;
    for (std::size_t i = 0; i < part.gradient.size(); ++i) total.gradient[i] += part.gradient[i];
  }
  return total;
}

bool mean_likelihood::operator()(const Eigen::VectorXd& log_parameters,
                                 double& value,
                                 Eigen::VectorXd& gradient) const {
  const auto n = static_cast<std::size_t>(log_parameters.size());
  std::vector<double> p(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = std::exp(log_parameters[static_cast<Eigen::Index>(i)]);
  const likelihood_sum sum = total_likelihood(*model_, p, *tuples_, threads_);
  value = sum.value / tuples_->customers;
  for (std::size_t i = 0; i < n; ++i) {
    gradient[static_cast<Eigen::Index>(i)] = sum.gradient[i] * p[i] / tuples_->customers;
  }
  return std::isfinite(value) && gradient.allFinite();
}

}  // namespace clv
