// Rows for tests of the churn model, and how to fit and score them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../features/tables.hpp"
#include "clv/csv.hpp"
#include "math/random.hpp"
#include "value/churn/churn_model.hpp"
#include "value/reports.hpp"

namespace clv::test {

using rows_of_text = std::vector<std::vector<std::string>>;

inline std::shared_ptr<const table> from_csv(const csv_options& options) {
  job j = read_csv(options);
  j.run();
  return j.result().tables.at("");
}

inline outcome fit(std::shared_ptr<const table> rows, std::string_view options = "") {
  return run(churn_fit_report, {{"rows", std::move(rows)}}, options);
}

inline outcome scored(const outcome& model,
                      std::shared_ptr<const table> rows,
                      std::string_view options = "") {
  return run(
      churn_score_report, {{"model", model.tables.at("")}, {"rows", std::move(rows)}}, options);
}

// `count` rows of each kind: plan, churned.
inline void add(rows_of_text& rows,
                const std::string& plan,
                const std::string& churned,
                int count) {
  for (int i = 0; i < count; ++i) {
    rows.push_back({"c" + std::to_string(rows.size()), plan, churned});
  }
}

inline rows_of_text two_plans() {
  rows_of_text rows;
  add(rows, "basic", "no", 70);
  add(rows, "basic", "yes", 30);
  add(rows, "gold", "no", 20);
  add(rows, "gold", "yes", 60);
  return rows;
}

inline std::shared_ptr<const table> plans(const rows_of_text& rows) {
  return texts({"customer", "plan", "churned"}, rows);
}

// A table of two numbers and a text whose truth is known.
struct truth {
  double intercept = -1, usage = 0.8, noise = 0, web = -0.7;
};

inline std::shared_ptr<const table> simulated(int n, std::uint64_t seed, truth t = {}) {
  auto rows = std::make_shared<table>();
  column& customer = rows->add("customer", type::utf8);
  column& usage = rows->add("usage", type::f64);
  column& noise = rows->add("noise", type::f64);
  column& channel = rows->add("channel", type::utf8);
  column& churned = rows->add("churned", type::f64);
  random_source random(seed);
  for (int i = 0; i < n; ++i) {
    const double u = random.normal(), v = random.normal();
    const bool web = random.uniform() < 0.4;
    const double logit = t.intercept + t.usage * u + t.noise * v + (web ? t.web : 0);
    const std::string id = "c" + std::to_string(i);
    customer.push(std::string_view(id));
    usage.push(10 + 2 * u);
    noise.push(v);
    channel.push(std::string_view(web ? "web" : "shop"));
    churned.push(random.uniform() < logistic(logit) ? 1.0 : 0.0);
  }
  return rows;
}

}  // namespace clv::test
