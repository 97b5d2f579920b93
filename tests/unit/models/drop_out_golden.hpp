// The golden tables of the BG family share their columns: one loop for all.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "clv/model.hpp"
#include "support/golden.hpp"

namespace clv::test {

// What the model answers to a row, by the row's function. Column t is a horizon, an age or a rate.
inline double answer(const model& m, const std::vector<double>& p, const golden_row& row) {
  const observation o{.x = row["x"], .t_x = row["t_x"], .T = row["T"]};
  const double t = row["t"];
  const auto i = static_cast<std::size_t>(row["i"]);
  const std::string& name = row.function;
  if (name == "log_likelihood") return m.log_likelihood(p, o);
  if (name == "p_alive") return m.p_alive(p, o);
  if (name == "expected_purchases") return m.expected_purchases(p, o, t);
  if (name == "expected_new") return m.expected_new(p, t);
  if (name == "no_purchase") return m.no_purchase(p, o, t);
  if (name == "survival") return m.survival(p, t);
  if (name == "survival_ahead") return m.survival_ahead(p, o, t);
  if (name == "residual") return m.residual(p, o, t);
  std::vector<double> list;
  if (name == "purchase_tail") {
    m.purchase_tail(p, o, t, list);
    return i < list.size() ? list[i] : 0;
  }
  EXPECT_EQ(name, "pmf");
  list.resize(i + 1);
  m.pmf(p, t, list);
  return list[i];
}

// Relative, but for logs, which are absolute times 1 + |value|. Below 1e-300 anything as small is
// right.
inline void expect_answer(const model& m,
                          const std::vector<double>& p,
                          const golden_row& row,
                          double budget) {
  const double value = answer(m, p, row), expected = row["value"];
  SCOPED_TRACE(std::string(m.name) + ": " + row.inputs);
  if (row.function == "log_likelihood") {
    EXPECT_NEAR(value, expected, budget * (1 + std::fabs(expected)));
  } else if (std::fabs(expected) < 1e-300) {
    EXPECT_GE(value, 0);
    EXPECT_LT(value, 1e-299);
  } else {
    EXPECT_LE(relative_error(value, expected), budget) << value;
  }
}

}  // namespace clv::test
