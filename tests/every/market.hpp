// Customers of any model in the table for the batteries over models: drawn at twice its documented
// start values, with time ten times faster so that most buy again. Ages up to 39 weeks (or
// opportunities, or renewals), money about 50.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "clv/model.hpp"
#include "clv/table.hpp"
#include "math/random.hpp"

namespace clv::test {

inline constexpr double longest_age = 39.0;
inline constexpr double usual_spend = 50.0;

inline std::vector<double> truth_of(const model& m) {
  std::vector<double> p;
  for (const parameter& each : m.parameters) {
    p.push_back(2.0 * each.start);
    if (each.how == scales::with_time) p.back() *= 0.1 * longest_age;
    if (each.how == scales::per_time) p.back() /= 0.1 * longest_age;
    if (each.how == scales::with_money) p.back() *= usual_spend;
  }
  return p;
}

// Whether a log from truth_of(m) can tell its parameters. Not GG/NBD: its beta is 1 there, where
// S(t) = (beta/(beta-1+e^(bt)))^s is e^(-sbt), which holds b and s as a product only.
inline bool tells_its_parameters(const model& m) {
  return m.name != "gg_nbd";
}

struct person {
  double x = 0, t_x = 0, T = 0, mean_spend = 0, weight = 1, litt = 0;
};

inline void add_purchases(const model& m, random_source& random, person& who) {
  std::vector<double> ages;
  m.simulate_purchases(truth_of(m), who.T, random, ages);
  who.x = static_cast<double>(ages.size());
  if (ages.empty()) return;
  // To the day, which leaves whole steps as they are, unless its intervals matter as well; of a
  // contract it is the last renewal.
  who.t_x = m.constant == nullptr ? std::min(who.T, std::ceil(ages.back() * 7) / 7) : ages.back();
  double before = 0;
  for (const double age : ages) {
    who.litt += std::log(age - before);
    before = age;
  }
}

inline void add_spend(const model& m, random_source& random, person& who) {
  std::vector<double> amounts;
  const auto n = static_cast<std::size_t>(who.x);
  m.simulate_spend(truth_of(m), n, random, amounts);
  double sum = 0;
  for (const double amount : amounts) sum += amount;
  if (n > 0) who.mean_spend = std::max(0.01, std::round(100 * sum / who.x) / 100);
}

// What is seen of n customers of a purchase and a spend model; either may be nullptr.
inline std::vector<person> people(const model* purchase, const model* spend, std::size_t n) {
  std::vector<person> out;
  for (std::size_t i = 0; i < n; ++i) {
    random_source random(17, i);
    person who{.T = longest_age - static_cast<double>(i % 13)};
    if (purchase != nullptr) {
      add_purchases(*purchase, random, who);
    } else {
      who.x = 1.0 + static_cast<double>(i % 5);
      who.t_x = who.T / 2;
    }
    if (spend != nullptr) add_spend(*spend, random, who);
    out.push_back(who);
  }
  return out;
}

inline std::shared_ptr<table> summary_of(const std::vector<person>& rows) {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T", "mean_spend", "weight", "litt"})
    t->add(name, type::f64);
  for (const person& who : rows) {
    t->find("x")->push(who.x);
    t->find("t_x")->push(who.t_x);
    t->find("T")->push(who.T);
    t->find("mean_spend")->push(who.mean_spend);
    t->find("weight")->push(who.weight);
    t->find("litt")->push(who.litt);
  }
  return t;
}

}  // namespace clv::test
