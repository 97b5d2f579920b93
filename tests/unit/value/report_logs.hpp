// Logs, models and runs for the tests of reports.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/csv.hpp"
#include "clv/model.hpp"
#include "clv/report.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "math/random.hpp"

namespace clv::test {

inline std::shared_ptr<const table> read_log(csv_options options) {
  job j = read_csv(std::move(options));
  j.run();
  return j.result().tables.at("");
}

inline std::shared_ptr<const table> cdnow_log(const std::string& path) {
  return read_log(
      {.path = path, .map = "customer=sample_id,time=date,amount=sales", .currency = "USD"});
}

inline std::shared_ptr<const table> log_of(std::string_view text) {
  return read_log({.text = text, .currency = "EUR"});
}

// As begin_report() does, for a report of this room: conforms the log, then runs to the end.
inline outcome run_report(const report& r, report_inputs in, std::string_view options = "") {
  for (auto& [name, rows] : in.tables) {
    for (const report_input& i : r.inputs) {
      if (i.name == name && !i.schema.empty()) {
        rows = std::make_shared<const table>(conform(*rows, find_schema(i.schema)));
      }
    }
  }
  job j = r.begin(std::move(in), options);
  j.run();
  return j.result();
}

inline outcome run_on_log(const report& r,
                          std::shared_ptr<const table> log,
                          std::string_view options = "",
                          std::shared_ptr<const fitted_model> model = nullptr) {
  report_inputs in;
  in.tables["transactions"] = std::move(log);
  in.model = std::move(model);
  return run_report(r, std::move(in), options);
}

inline std::shared_ptr<fitted_model> given(std::string_view name, std::vector<double> parameters) {
  auto m = std::make_shared<fitted_model>();
  m->purchase = {.which = &find_model(name), .parameters = std::move(parameters)};
  return m;
}

// A log drawn from a purchase model with weekly parameters: customer i first buys on day
// i mod `acquisition_days` after 1970-01-01, each order costs 10. `later` > 0 slows the clock of
// all from day `change` (after the last first purchase) on: purchases come at `later` times their
// rate, at most 1.
struct drawn_log {
  std::size_t customers = 0;
  std::int64_t acquisition_days = 84;
  std::int64_t observed_days = 364;
  std::uint64_t seed = 1;
  std::int64_t change = 0;
  double later = 1;
};

inline std::shared_ptr<const table> draw_log(const fitted_model& truth, const drawn_log& o) {
  auto t = std::make_shared<table>();
  column& who = t->add("customer", type::utf8);
  column& when = t->add("time", type::time, "us");
  column& amount = t->add("amount", type::money, "EUR");
  std::vector<double> ages;
  for (std::size_t i = 0; i < o.customers; ++i) {
    random_source random(o.seed, i);
    const auto first = static_cast<std::int64_t>(i) % o.acquisition_days;
    const double T = static_cast<double>(o.observed_days - first) / 7.0;
    ages.clear();
    truth.purchase.which->simulate_purchases(truth.purchase.parameters, T, random, ages);
    ages.insert(ages.begin(), 0.0);
    for (const double age : ages) {
      double day = static_cast<double>(first) + age * 7.0;
      const auto change = static_cast<double>(o.change);
      if (o.change > 0 && day > change) day = change + (day - change) / o.later;
      const auto whole = static_cast<std::int64_t>(day);
      if (whole >= o.observed_days) break;
      who.push(std::string_view(std::to_string(i)));
      when.push(whole * us_per_day);
      amount.push(std::int64_t{1000});
    }
  }
  t->seal("drawn");
  return t;
}

}  // namespace clv::test
