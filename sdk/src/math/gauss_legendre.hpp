// Gauss-Legendre rules, and positive integrands cut into panels that a rule resolves. [any]
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace clv::math {

// One node of a rule on (-1, 1) and its mirror image, which has the same weight.
struct gauss_node {
  double at, weight;
};

// A rule of n nodes is exact for polynomials of degree 2n - 1. Nodes: Newton's method on P_n at 40
// digits, DLMF 3.5(v).
inline constexpr std::array<gauss_node, 2> gauss_4{
    {{0.3399810435848562648, 0.65214515486254614263},
     {0.86113631159405257522, 0.34785484513745385737}}};
inline constexpr std::array<gauss_node, 3> gauss_6{
    {{0.23861918608319690863, 0.46791393457269104739},
     {0.66120938646626451366, 0.36076157304813860757},
     {0.93246951420315202781, 0.17132449237917034504}}};
inline constexpr std::array<gauss_node, 5> gauss_10{
    {{0.14887433898163121088, 0.29552422471475287017},
     {0.4333953941292471908, 0.26926671930999635509},
     {0.67940956829902440623, 0.219086362515982044},
     {0.86506336668898451073, 0.14945134915058059315},
     {0.97390652851717172008, 0.066671344308688137594}}};
inline constexpr std::array<gauss_node, 8> gauss_16{
    {{0.095012509837637440185, 0.18945061045506849629},
     {0.28160355077925891323, 0.18260341504492358887},
     {0.45801677765722738634, 0.16915651939500253819},
     {0.61787624440264374845, 0.14959598881657673208},
     {0.7554044083550030339, 0.12462897125553387205},
     {0.86563120238783174388, 0.09515851168249278481},
     {0.94457502307323257608, 0.062253523938647892863},
     {0.9894009349916499326, 0.027152459411754094852}}};
inline constexpr std::array<gauss_node, 16> gauss_32{
    {{0.048307665687738316235, 0.096540088514727800567},
     {0.14447196158279649349, 0.095638720079274859419},
     {0.23928736225213707454, 0.093844399080804565639},
     {0.33186860228212764978, 0.091173878695763884713},
     {0.42135127613063534536, 0.087652093004403811143},
     {0.50689990893222939002, 0.083311924226946755222},
     {0.58771575724076232904, 0.078193895787070306472},
     {0.66304426693021520098, 0.072345794108848506225},
     {0.73218211874028968039, 0.065822222776361846838},
     {0.79448379596794240696, 0.058684093478535547145},
     {0.84936761373256997013, 0.050998059262376176196},
     {0.89632115576605212397, 0.042835898022226680657},
     {0.93490607593773968917, 0.034273862913021433103},
     {0.96476225558750643077, 0.025392065309262059456},
     {0.9856115115452683354, 0.016274394730905670605},
     {0.99726386184948156354, 0.0070186100094700966004}}};

// sum of add(centre + half * node, half * weight) over the rule's nodes.
template <std::size_t pairs, class function>
double gauss_sum(const std::array<gauss_node, pairs>& rule,
                 double centre,
                 double half,
                 const function& add) {
  double sum = 0;
  for (const gauss_node& n : rule) {
    sum += add(centre - half * n.at, half * n.weight);
    sum += add(centre + half * n.at, half * n.weight);
  }
  return sum;
}

// ln(1 + v), v >= 0, as ln of the rounded sum and what rounding lost: as exact as std::log1p and
// about half its time. Error <= 2 ulp.
inline double log_one_plus(double v) {
  const double sum = 1 + v;
  return std::log(sum) + (v - (sum - 1)) / sum;
}

// A node u of a panel: u = scale (e^w - 1), and its share du of the integral.
struct panel_node {
  double u, du, w, scale;
  double log_grown(double a) const { return a == scale ? w : log_one_plus(u / a); }  // ln(1 + u/a)
};

// sum of add(node) over the rule's nodes in (centre - half, centre + half), in w.
template <std::size_t pairs, class function>
double panel_sum(const std::array<gauss_node, pairs>& rule,
                 double scale,
                 double centre,
                 double half,
                 const function& add) {
  const double grown = std::expm1(centre), edge = scale * (1 + grown);
  double sum = 0;
  for (const gauss_node& n : rule) {
    const double t = half * n.at, dw = half * n.weight, t2 = t * t;
    // e^t = 1 + rise + sinh, e^-t = 1 + rise - sinh; Taylor's series to t^11 where u may be tiny.
    double sinh = 0, rise = 0;
    if (half <= 0.2) {
      sinh = t * (1 + t2 * (1. / 6 + t2 * (1. / 120 + t2 * (1. / 5040 + t2 * (1. / 362880)))));
      rise = t2 * (0.5 + t2 * (1. / 24 + t2 * (1. / 720 + t2 * (1. / 40320 + t2 / 3628800))));
    } else {
      const double up = std::exp(t), down = 1 / up;
      sinh = 0.5 * (up - down);
      rise = 0.5 * (up + down) - 1;
    }
    const double below = rise - sinh, above = rise + sinh;
    sum +=
        add(panel_node{scale * grown + edge * below, dw * edge * (1 + below), centre - t, scale});
    sum +=
        add(panel_node{scale * grown + edge * above, dw * edge * (1 + above), centre + t, scale});
  }
  return sum;
}

// The integral of f > 0 over (0, width), width possibly infinite if f decays exponentially, as the
// sum of add(node) = f(node.u) node.du. For f made of powers of linear functions and exponentials,
// whose singularities lie left of -scale or are announced by `bend`.
//
// In w = ln(1 + u/scale) such singularities keep a distance of pi from the real line, whatever
// their number; there f is cut into panels of half-length <= 1.25 on which its log changes by at
// most 18, and each gets 6, 10 or 16 nodes by how far it bends. bend(u) >= |d ln f / du|, and
// bend(u) (scale + u) must not be larger within a panel than at both its ends. Panels right of the
// peak end when they add nothing to double precision. Relative error <= 1e-14
// (tests/unit/math/gauss_legendre_test).
template <class rate, class function>
double panel_integral(double scale, double width, const rate& bend, const function& add) {
  constexpr double longest = 1.25, most_bend = 9, negligible = 1e-18;
  const double end = std::log1p(width / scale);
  const auto smooth = [&](double w) {
    const double u = scale * std::expm1(w);
    return 1 + (scale + u) * bend(u);
  };
  double total = 0, at_left = smooth(0);
  for (double w = 0; w < end;) {
    double half = std::min(longest, 0.5 * (end - w)), at_right = smooth(w + 2 * half);
    double z = half * std::max(at_left, at_right);
    while (z > most_bend) {
      half *= std::max(0.02, std::min(0.9, most_bend / z));
      at_right = smooth(w + 2 * half);
      z = half * std::max(at_left, at_right);
    }
    at_left = at_right;
    const double centre = w + half;
    const double part = half <= 0.2 && z <= 0.8 ? panel_sum(gauss_6, scale, centre, half, add)
                        : half <= 1 && z <= (half <= 0.5 ? 3.7 : 2.5)
                            ? panel_sum(gauss_10, scale, centre, half, add)
                            : panel_sum(gauss_16, scale, centre, half, add);
    total += part;
    if (!(part > negligible * total)) break;  // also where everything underflows or is not finite
    w = 2 * half < end - w ? w + 2 * half : end;
  }
  return total;
}

}  // namespace clv::math
