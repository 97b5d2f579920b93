#include "models/pareto_time_varying.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/gamma.hpp"
#include "models/lifetime.hpp"
#include "models/pareto_lifetime.hpp"

namespace clv {
namespace {

double dot(std::span<const double> u, std::span<const double> v) {
  double sum = 0;
  for (std::size_t i = 0; i < u.size(); ++i) sum += u[i] * v[i];
  return sum;
}

// Operational time A or B with the derivatives of it by its coefficients.
struct clock {
  double now = 0;
  std::vector<double> slope;
  explicit clock(std::size_t coefficients) : slope(coefficients) {}
  void pass(double pace, std::span<const double> z, double time) {
    now += pace * time;
    for (std::size_t k = 0; k < slope.size(); ++k) slope[k] += pace * z[k] * time;
  }
};

// A part of a step: its time from `from`, `length` long, with both paces and their covariates.
struct stretch {
  double from, length, a, b;
  std::span<const double> z, v;
};

// Calls visit(stretch) for the parts of the path's steps in (from, to).
template <class function>
void over_steps(const varying_parameters& p,
                const covariate_path& path,
                double from,
                double to,
                const function& visit) {
  const std::size_t nz = p.transaction.size(), nv = p.life.size();
  for (std::size_t j = 0; j < path.start.size(); ++j) {
    const bool last = j + 1 == path.start.size();
    const double begin = std::max(from, path.start[j]);
    const double end = last ? to : std::min(to, path.start[j + 1]);
    if (!(begin < end)) continue;
    const auto z = std::span(path.transaction).subspan(j * nz, nz);
    const auto v = std::span(path.life).subspan(j * nv, nv);
    visit(stretch{
        begin, end - begin, std::exp(dot(p.transaction, z)), std::exp(dot(p.life, v)), z, v});
  }
}

// M in units of what it would be if the last purchase were now, with its derivatives: what is added
// is a positive amount at clocks (A, B), and what its log changes by with them.
class bracket_sum {
 public:
  explicit bracket_sum(const varying_parameters& p, double rho, std::size_t derivatives)
      : p_(p), rho_(rho), slopes_(derivatives) {}

  // Nobody died and nobody bought up to A, B.
  void survive(double amount, const clock& a, const clock& b) {
    total_ += amount;
    if (slopes_.empty()) return;
    const double late = amount / (p_.alpha + a.now), aged = amount / (p_.beta + b.now);
    common(amount * std::log1p(a.now / p_.alpha),
           late * a.now,
           amount * std::log1p(b.now / p_.beta),
           aged * b.now);
    purchases(late, 0, a, 0, {});
    deaths(p_.s * aged, 0, b, 0, {});
  }

  // Deaths on a stretch that begins at clocks a, b; `amount` is what has survived up to there.
  void die(double amount, const clock& a, const clock& b, const stretch& on);

  double total() const { return total_; }
  std::span<const double> slopes() const { return slopes_; }

 private:
  void common(double log_a, double share_a, double log_b, double share_b) {
    slopes_[0] -= log_a;
    slopes_[1] += rho_ * share_a / p_.alpha;
    slopes_[2] -= log_b;
    slopes_[3] += p_.s * share_b / p_.beta;
  }
  // Sums of amount/(alpha+A), and of that times the time in a stretch of pace and covariates z.
  void purchases(
      double late, double late_time, const clock& a, double pace, std::span<const double> z) {
    for (std::size_t k = 0; k < p_.transaction.size(); ++k) {
      const double grows = late * a.slope[k] + (z.empty() ? 0 : late_time * pace * z[k]);
      slopes_[4 + k] -= rho_ * grows;
    }
  }
  void deaths(
      double aged, double aged_time, const clock& b, double pace, std::span<const double> v) {
    const std::size_t first = 4 + p_.transaction.size();
    for (std::size_t k = 0; k < p_.life.size(); ++k) {
      slopes_[first + k] -= aged * b.slope[k] + (v.empty() ? 0 : aged_time * pace * v[k]);
    }
  }

  const varying_parameters& p_;
  double rho_, total_ = 0;
  std::vector<double> slopes_;  // of M, not of its log
};

void bracket_sum::die(double amount, const clock& a, const clock& b, const stretch& on) {
  const double alpha = (p_.alpha + a.now) / on.a, beta = (p_.beta + b.now) / on.b;
  const rate_and_lifetime<pareto_lifetime> here(rho_, alpha, pareto_lifetime(p_.s, beta));
  if (slopes_.empty()) {
    total_ += amount * dead_before_purchase(here, on.length);
    return;
  }
  const double log_a = std::log1p(a.now / p_.alpha), log_b = std::log1p(b.now / p_.beta);
  double all = 0, logs_a = 0, logs_b = 0, late = 0, late_time = 0, aged = 0, aged_time = 0;
  math::panel_integral(
      std::min(alpha, beta),
      on.length,
      [&](double u) { return rho_ / (alpha + u) + here.life.bend(u); },
      [&](const math::panel_node& n) {
        const double grown_a = n.log_grown(alpha), grown_b = n.log_grown(beta);
        const double value =
            amount * n.du * here.life.hazard(n.u) * std::exp(-p_.s * grown_b - rho_ * grown_a);
        const double over_a = value / (on.a * (alpha + n.u)),
                     over_b = value / (on.b * (beta + n.u));
        all += value;
        logs_a += value * (log_a + grown_a);
        logs_b += value * (log_b + grown_b);
        late += over_a;
        late_time += over_a * n.u;
        aged += over_b;
        aged_time += over_b * n.u;
        return value;
      });
  total_ += all;
  // h S = b s/beta (1 + B/beta)^-(s+1): beside S the log has -ln(beta+B), ln s and h.v.
  common(logs_a, late * a.now + late_time * on.a, logs_b, aged * b.now + aged_time * on.b);
  slopes_[2] += all / p_.s;
  slopes_[3] -= aged;
  purchases(late, late_time, a, on.a, on.z);
  deaths((p_.s + 1) * aged, (p_.s + 1) * aged_time, b, on.b, on.v);
  for (std::size_t k = 0; k < p_.life.size(); ++k) {
    slopes_[4 + p_.transaction.size() + k] += all * on.v[k];
  }
}

// Both clocks, and how much of a customer seen at t_x is left, along the silence (t_x, T).
struct silent_customer {
  clock a, b;
  double rho;
  double log_before = 0;  // ln c S at t_x
  double left = 1;        // c S since t_x
  double log_left = 0;

  silent_customer(const varying_parameters& p, const covariate_path& path, bracket_sum& sum)
      : a(p.transaction.size()), b(p.life.size()), rho(p.r + path.x) {
    over_steps(p, path, 0, path.t_x, [&](const stretch& on) { pass(on); });
    log_before = -rho * std::log1p(a.now / p.alpha) - p.s * std::log1p(b.now / p.beta);
    over_steps(p, path, path.t_x, path.T, [&](const stretch& on) {
      sum.die(left, a, b, on);
      log_left -= rho * std::log1p(on.a * on.length / (p.alpha + a.now)) +
                  p.s * std::log1p(on.b * on.length / (p.beta + b.now));
      left = std::exp(log_left);
      pass(on);
    });
  }
  void pass(const stretch& on) {
    a.pass(on.a, on.z, on.length);
    b.pass(on.b, on.v, on.length);
  }
};

}  // namespace

double log_likelihood(const varying_parameters& p,
                      const covariate_path& path,
                      std::span<double> gradient) {
  bracket_sum sum(p, p.r + path.x, gradient.size());
  const silent_customer at_T(p, path, sum);
  sum.survive(at_T.left, at_T.a, at_T.b);
  if (!gradient.empty()) {
    const double total = sum.total();
    for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += sum.slopes()[k] / total;
    if (path.x > 0) gradient[0] += math::digamma(p.r + path.x) - math::digamma(p.r);
    gradient[1] -= path.x / p.alpha;
    for (std::size_t k = 0; k < p.transaction.size(); ++k) gradient[4 + k] += path.at_purchases[k];
  }
  return dot(p.transaction, path.at_purchases) + math::log_rising(p.r, path.x) -
         path.x * std::log(p.alpha) + at_T.log_before + std::log(sum.total());
}

double p_alive(const varying_parameters& p, const covariate_path& path) {
  bracket_sum dead(p, p.r + path.x, 0);
  const silent_customer at_T(p, path, dead);
  if (!(dead.total() > 0)) return 1;
  return 1 / (1 + std::exp(std::log(dead.total()) - at_T.log_left));
}

// P(alive) rho/(alpha + A(T)) int_T^(T+t) a(y) ((beta + B(T))/(beta + B(y)))^s dy
double expected_purchases(const varying_parameters& p, const covariate_path& path, double t) {
  bracket_sum dead(p, p.r + path.x, 0);
  const silent_customer at_T(p, path, dead);
  const double alive =
      dead.total() > 0 ? 1 / (1 + std::exp(std::log(dead.total()) - at_T.log_left)) : 1;
  if (!(alive > 0) || !(t > 0)) return 0;
  double log_lived = 0, sum = 0, aged = p.beta + at_T.b.now;
  over_steps(p, path, path.T, path.T + t, [&](const stretch& on) {
    const pareto_lifetime life(p.s, aged / on.b);
    sum += on.a * std::exp(log_lived) * life.expected_life(on.length);
    log_lived += life.log_survival(on.length);
    aged += on.b * on.length;
  });
  return alive * at_T.rho / (p.alpha + at_T.a.now) * sum;
}

}  // namespace clv
