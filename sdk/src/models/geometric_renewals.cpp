#include "models/geometric_renewals.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include "math/quadrature.hpp"
#include "models/erlang_drop_out.hpp"

namespace clv {
namespace {

using complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;

// 1 - e^{-z}, without cancellation for small z.
complex one_minus_exp(complex z) {
  const double x = z.real(), half = std::sin(z.imag() / 2);
  return {-std::expm1(-x) * std::cos(z.imag()) + 2 * half * half,
          std::exp(-x) * std::sin(z.imag())};
}

class roots {
 public:
  roots(const stage_mixture& m, double t) : m_(m), ratio_(t / m.next.rate) {}

  // sum_l sum_j c_j g_l/p s_l^j part(1 - B_lj, B_lj), real because the roots come in pairs.
  template <class function>
  double sum(double p, const function& part) const {
    const double e = -std::log1p(-p) / m_.k, s = std::exp(-e);
    double total = of_root(s, -std::expm1(-e), p, part).real();
    for (int l = 1; 2 * l <= m_.k; ++l) {
      const complex root = std::polar(s, 2 * pi * l / m_.k);
      total += (2 * l == m_.k ? 1 : 2) * of_root(root, 1.0 - root, p, part).real();
    }
    return total;
  }

 private:
  template <class function>
  complex of_root(complex root, complex rest, double p, const function& part) const {
    const complex more = rest * ratio_;                            // (1-s_l) t/rate
    const complex ends = more / (1.0 + more), stays = 1.0 - ends;  // of one more stage
    // ln(1 + more); log1p where that is real and may be small.
    const complex log = more.imag() == 0 && more.real() > -0.5 ? complex(std::log1p(more.real()))
                                                               : std::log(1.0 + more);
    complex gone = one_minus_exp(m_.next.shape * log);  // 1 - B_lj
    complex left = std::exp(-m_.next.shape * log);      // B_lj
    complex factor = root / (m_.k * (1 - p) * rest), total = 0;
    for (int j = 0; j < m_.k; ++j) {
      total += m_.share[static_cast<std::size_t>(j)] * factor * part(gone, left);
      factor *= root;
      gone += left * ends;
      left *= stays;
    }
    return total;
  }

  const stage_mixture& m_;
  double ratio_;
};

constexpr std::size_t terms = 60;  // 2^-60 of the first

double polynomial(const std::vector<double>& c, double q) {
  double sum = 0;
  for (std::size_t i = c.size(); i-- > 0;) sum = c[i] + q * sum;
  return sum;
}

template <class function>
double over_drop_out(const stage_mixture& m, double t, const function& g) {
  const double scale = (m.next.shape + m.k) * (1 + t / m.next.rate);
  return math::beta_expectation(
      m.next.a, m.next.b, scale, [&](double p) { return g(std::max(p, 1e-250)); });
}

}  // namespace

double renewals_expected(const stage_mixture& m, double t) {
  std::vector<double> P = purchase_chances(m, t, terms + 1).at_least;
  P.erase(P.begin());
  const roots by_roots(m, t);
  return over_drop_out(m, t, [&](double p) {
    return p >= 0.5 ? polynomial(P, 1 - p)
                    : by_roots.sum(p, [](complex gone, complex) { return gone; });
  });
}

double renewals_survive(const stage_mixture& m, double t) {
  const std::vector<double> P = purchase_chances(m, t, terms).exactly;
  const roots by_roots(m, t);
  return over_drop_out(m, t, [&](double p) {
    if (p >= 0.5) return polynomial(P, 1 - p);
    return p * by_roots.sum(p, [](complex, complex left) { return left; });
  });
}

}  // namespace clv
