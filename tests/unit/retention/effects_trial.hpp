// Simulated experiments with effects that are known, and reading what report `effects` says.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {

// A customer of a trial: x and y are uniform in (-1, 1); `arm` counts from 0, the control.
struct trial_unit {
  double x = 0, y = 0;
  std::size_t arm = 0;
};

struct trial_plan {
  std::size_t units = 2000;
  std::vector<double> shares{0.5, 0.5};           // per arm
  std::function<double(const trial_unit&)> mean;  // of the outcome
  bool chances = true;                            // 0 or 1 with that mean; else mean + noise
  double noise = 1;                               // sd
  std::function<std::string(const trial_unit&)> segment;  // empty: no column
};

inline std::size_t drawn_arm(const std::vector<double>& shares, double u) {
  std::size_t arm = 0;
  for (double sum = shares[0]; arm + 1 < shares.size() && u >= sum; sum += shares[++arm]) {
  }
  return arm;
}

// Columns customer, treatment ("control", "a1", "a2", ...), outcome, x, y and perhaps segment.
inline std::shared_ptr<table> trial(const trial_plan& plan, std::uint64_t seed) {
  random_source random(seed, 77);
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& treatment = t->add("treatment", type::utf8);
  column& outcome = t->add("outcome", type::f64);
  column& x = t->add("x", type::f64);
  column& y = t->add("y", type::f64);
  column* segment = plan.segment ? &t->add("segment", type::utf8) : nullptr;
  for (std::size_t i = 0; i < plan.units; ++i) {
    trial_unit u{.x = 2 * random.uniform() - 1, .y = 2 * random.uniform() - 1};
    u.arm = drawn_arm(plan.shares, random.uniform());
    const double mean = plan.mean(u);
    customer.push("c" + std::to_string(i));
    treatment.push(u.arm == 0 ? std::string("control") : "a" + std::to_string(u.arm));
    outcome.push(plan.chances ? (random.uniform() < mean ? 1.0 : 0.0)
                              : mean + plan.noise * random.normal());
    x.push(u.x);
    y.push(u.y);
    if (segment != nullptr) segment->push(plan.segment(u));
  }
  return t;
}

inline outcome run_effects(std::shared_ptr<const table> rows, std::string_view options = "") {
  report_inputs in;
  in.tables["experiment"] = std::move(rows);
  return run_report(effects_report, std::move(in), options);
}

// The row of table `name` whose column `key` is `value` and `other` is `also` (empty: any).
inline std::size_t row_where(const outcome& o,
                             std::string_view name,
                             std::string_view key,
                             std::string_view value,
                             std::string_view other = "",
                             std::string_view also = "") {
  const table& t = *o.tables.find(name)->second;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const bool fits = t.get(key, type::utf8).text(row) == value;
    if (fits && (other.empty() || t.get(other, type::utf8).text(row) == also)) return row;
  }
  ADD_FAILURE() << "no row " << key << " = " << value << " in '" << name << "'";
  return 0;
}

inline std::string verdict_of(const outcome& o) {
  return text(o, "verdict", 0, "policy_value");
}

}  // namespace clv::test
