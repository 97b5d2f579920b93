// Summary tables for tests: from literal rows, from the real sample, or drawn from known models.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clv/csv.hpp"
#include "clv/model.hpp"
#include "clv/table.hpp"
#include "math/random.hpp"

namespace clv::test {

struct customer {
  double x = 0, t_x = 0, T = 0, mean_spend = 0, weight = 1;
};

inline std::shared_ptr<table> summary_of(const std::vector<customer>& rows) {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T", "mean_spend", "weight"}) t->add(name, type::f64);
  for (const customer& c : rows) {
    t->find("x")->push(c.x);
    t->find("t_x")->push(c.t_x);
    t->find("T")->push(c.T);
    t->find("mean_spend")->push(c.mean_spend);
    t->find("weight")->push(c.weight);
  }
  return t;
}

// The rows of cdnow_sample_summary_exact.csv, times multiplied by `time_factor`.
inline std::vector<customer> cdnow(const std::string& path, double time_factor = 1.0) {
  csv_options o;
  o.path = path;
  o.schema = "summary";
  job read = read_csv(o);
  read.run();
  const table& t = *read.result().tables.at("");
  std::vector<customer> rows(t.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {.x = t.numbers("x")[i],
               .t_x = t.numbers("t_x")[i] * time_factor,
               .T = t.numbers("T")[i] * time_factor,
               .mean_spend = t.numbers("mean_spend")[i]};
  }
  return rows;
}

// A customer drawn from known models: what was seen up to T and what came in the `ahead` after it,
// each purchase discounted by exp(-delta * time after T).
struct drawn {
  customer seen;
  double purchases_ahead = 0, spend_ahead = 0;
};

struct truth {
  const model& purchases;
  values purchase_parameters;
  const model& spend;
  values spend_parameters;
  double ahead = 0, delta = 0;
};

inline drawn draw(const truth& m, double T, std::uint64_t seed, std::uint64_t index) {
  random_source random(seed, index);
  std::vector<double> ages;
  std::vector<double> amounts;
  m.purchases.simulate_purchases(m.purchase_parameters, T + m.ahead, random, ages);
  m.spend.simulate_spend(m.spend_parameters, ages.size(), random, amounts);
  drawn d{.seen = {.T = T}};
  double sum = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) {
    if (ages[i] <= T) {
      d.seen.x += 1;
      d.seen.t_x = ages[i];
      sum += amounts[i];
    } else {
      d.purchases_ahead += 1;
      d.spend_ahead += amounts[i] * std::exp(-m.delta * (ages[i] - T));
    }
  }
  if (d.seen.x > 0) d.seen.mean_spend = sum / d.seen.x;
  return d;
}

}  // namespace clv::test
