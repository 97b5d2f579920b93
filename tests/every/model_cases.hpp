// What the batteries over clv::models() try every row on: parameters around its start values and
// customers of its kind.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "clv/model.hpp"

namespace clv::test {

using parameter_set = std::vector<double>;

// What a parameter is tried at: its start value times the factors, or, where it is a whole number,
// the smallest, an even one and the largest.
inline std::vector<double> around_start(const clv::parameter& p,
                                        const std::vector<double>& factors) {
  if (p.most > 0) return {1, 2, static_cast<double>(p.most)};
  std::vector<double> tried;
  for (const double factor : factors) tried.push_back(p.start * factor);
  return tried;
}

// Every combination of these: units in which max T is about 1.
inline std::vector<parameter_set> around_start(const model& m, const std::vector<double>& factors) {
  std::vector<parameter_set> sets{{}};
  for (const auto& parameter : m.parameters) {
    std::vector<parameter_set> longer;
    for (const auto& set : sets) {
      for (const double value : around_start(parameter, factors)) {
        longer.push_back(set);
        longer.back().push_back(value);
      }
    }
    sets = std::move(longer);
  }
  return sets;
}

inline bool by_row(const observation& u, const observation& v) {
  return std::tie(u.x, u.t_x, u.T, u.mean_spend) < std::tie(v.x, v.t_x, v.T, v.mean_spend);
}

// Purchases at nearly equal intervals: the sum of their logs is a little below its bound.
inline double litt_of(double x, double t_x) {
  return x > 0 ? x * (std::log(t_x / x) - 0.2) : 0;
}

inline std::vector<observation> spenders() {
  std::vector<observation> all;
  for (const double x : {1.0, 2.0, 7.0, 60.0}) {
    for (const double z : {0.02, 0.7, 1.0, 30.0}) all.push_back({.x = x, .mean_spend = z});
  }
  return all;
}

inline std::vector<observation> buyers() {
  std::vector<observation> all;
  for (const double T : {0.0, 1e-6, 0.1, 1.0}) all.push_back({.x = 0, .t_x = 0, .T = T});
  for (const double x : {1.0, 2.0, 9.0, 80.0}) {
    for (const double T : {0.1, 1.0}) {
      for (const double share : {0.02, 0.6, 1.0}) {
        all.push_back({.x = x, .t_x = share * T, .T = T, .litt = litt_of(x, share * T)});
      }
    }
  }
  std::sort(all.begin(), all.end(), by_row);
  return all;
}

inline std::vector<observation> donors() {
  return {{.x = 0, .t_x = 0, .T = 0},
          {.x = 0, .t_x = 0, .T = 1},
          {.x = 0, .t_x = 0, .T = 7},
          {.x = 1, .t_x = 1, .T = 1},
          {.x = 1, .t_x = 1, .T = 7},
          {.x = 1, .t_x = 5, .T = 7},
          {.x = 3, .t_x = 3, .T = 7},
          {.x = 3, .t_x = 6, .T = 7},
          {.x = 7, .t_x = 7, .T = 7},
          {.x = 40, .t_x = 60, .T = 100}};
}

inline std::vector<observation> subscribers() {
  std::vector<observation> all;
  for (const double x : {0.0, 1.0, 5.0, 40.0}) {
    all.push_back({.x = x, .t_x = x, .T = x});      // running
    all.push_back({.x = x, .t_x = x, .T = x + 1});  // lost
  }
  return all;
}

// Valid customers in the order of tuples, in units of about 1.
inline std::vector<observation> customers(const model& m) {
  switch (m.key) {
    case tuple_key::spend:
      return spenders();
    case tuple_key::opportunities:
      return donors();
    case tuple_key::renewals:
      return subscribers();
    case tuple_key::purchases:
      break;
  }
  return buyers();
}

// The first of every `step` customers, for what takes long.
inline std::vector<observation> some_customers(const model& m, std::size_t step) {
  const auto all = customers(m);
  std::vector<observation> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

// A stretch of time that the model knows: whole steps where time is discrete.
inline double stretch(const model& m, double t) {
  return clv::is_discrete(m) ? std::ceil(t) : t;
}

inline clv::tuples as_tuples(const std::vector<observation>& rows) {
  clv::tuples t;
  double weight = 1;
  for (const auto& row : rows) {
    t.x.push_back(row.x);
    t.t_x.push_back(row.t_x);
    t.T.push_back(row.T);
    t.mean_spend.push_back(row.mean_spend);
    t.weight.push_back(weight);
    t.customers += weight;
    t.litt += weight * row.litt;
    weight = weight < 9 ? weight + 2 : 1;
  }
  t.has_litt = true;
  return t;
}

inline likelihood_sum accumulated(const model& m,
                                  const parameter_set& p,
                                  const clv::tuples& t,
                                  std::size_t first,
                                  std::size_t last) {
  likelihood_sum sum;
  sum.gradient.resize(m.parameters.size());
  m.accumulate(p, t, first, last, sum);
  return sum;
}

inline double constant_of(const model& m, const parameter_set& p, const clv::tuples& t) {
  return m.constant == nullptr ? 0 : m.constant(p, t);
}

inline std::string words(const parameter_set& p, const observation& o) {
  std::string text = "parameters";
  for (const double v : p) text += ' ' + std::to_string(v);
  return text + "; x " + std::to_string(o.x) + " t_x " + std::to_string(o.t_x) + " T " +
         std::to_string(o.T) + " mean_spend " + std::to_string(o.mean_spend);
}

// d LL / d ln parameter by a five-point difference: truncation 1e-12, rounding 1e-13 |LL|.
inline double slope(const model& m, parameter_set p, std::size_t k, const observation& o) {
  const double at = p[k], h = 1e-3;
  const auto value = [&](double steps) {
    p[k] = at * std::exp(steps * h);
    return m.log_likelihood(p, o);
  };
  return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h);
}

class every_model : public testing::TestWithParam<const model*> {
 protected:
  const model& m() const { return *GetParam(); }
  template <class check>
  void for_all(const check& body) const {
    for (const auto& p : around_start(m(), {0.3, 1, 4})) {
      for (const auto& o : customers(m())) {
        SCOPED_TRACE(words(p, o));
        body(p, o);
      }
    }
  }
};

#define CLV_NEEDS(member) \
  if (m().member == nullptr) GTEST_SKIP() << m().name << " has no " #member

}  // namespace clv::test
