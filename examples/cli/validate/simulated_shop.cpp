#include "simulated_shop.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "../model_text.hpp"
#include "../rows.hpp"
#include "../task.hpp"
#include "../text.hpp"

namespace cli {
namespace {

result finished(task work) {
  work.run();
  return work.take();
}

std::string shop_market(const shop_options& o) {
  return R"({"customers": )" + std::to_string(o.customers) + R"(, "seed": )" +
         std::to_string(o.seed) + R"(, "start": "2024-01-01", "history_days": 538, )" +
         R"("acquisition_days": 538, "ticket_rate": 3, "experiment_share": )" +
         exact(o.experiment_share) + R"(, "actions": )" + o.actions_json + "}";
}

// The market's own parameters (report market without a model).
model market_model(const diag& d) {
  return given_model({.name = "bg_nbd+gamma_gamma",
                      .parameters = "r=.55,alpha=6,a=.6,b=3.5,p=6.25,q=3.74,gamma=30",
                      .unit = "week",
                      .currency = "EUR"},
                     d);
}

result score_log(const result& log, const model& by, std::int64_t now_us, diag& d) {
  auto until = sized<clv_summarize_options>();
  until.as_of_us = now_us - 1;
  const clv_batch events = batch_of(log, d);
  const result summary = finished(task(d, "summarize", "", clv_summarize_begin, &until, &events));
  auto year = sized<clv_score_options>();
  year.margin = simulated_shop::margin;
  const clv_batch rows = batch_of(summary, d);
  return finished(task(d, "score", "", clv_score_begin, &year, by.get(), &rows));
}

result segment_scores(const result& scores, diag& d) {
  const auto options = sized<clv_segment_options>();
  const clv_batch rows = batch_of(scores, d);
  return finished(task(d, "segment", "", clv_segment_begin, &options, &rows));
}

// Tables are put side by side: row for row they must be about the same customer.
void expect_same_customers(const result& a, const result& b) {
  bool same = clv_result_rows(a.get()) == clv_result_rows(b.get());
  for (std::int64_t i = 0; same && i < clv_result_rows(a.get()); ++i) {
    same = text_at(a, "customer", i) == text_at(b, "customer", i);
  }
  if (!same) fail("the simulated market and its scores are not of the same customers");
}

}  // namespace

simulated_shop::simulated_shop(const shop_options& o, diag& d) : by(market_model(d)) {
  const std::string options = shop_market(o);
  auto asked = sized<clv_report_options>();
  asked.report = "market";
  asked.options_json = options.c_str();
  task work(d, "simulate", "", clv_report_begin, &asked);
  work.run();
  const result log = work.take();
  known = work.take("customers");
  consent = work.take("consent");
  contacts = work.take("contacts");
  truth = work.take("truth");
  now_us = static_cast<std::int64_t>(number_at(truth, "as_of", 0));
  scores = score_log(log, by, now_us, d);
  segments = segment_scores(scores, d);
  expect_same_customers(scores, known);
  expect_same_customers(scores, segments);
}

customer_table simulated_shop::customers(const diag& d) const {
  std::vector<clv_column> columns;
  for (const result* table : {&scores, &segments, &known}) {
    const clv_batch batch = batch_of(*table, d);
    for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
      const std::string name = batch.columns[i].name;
      const auto at = std::ranges::find_if(columns, [&](const auto& c) { return c.name == name; });
      if (at == columns.end()) columns.push_back(batch.columns[i]);
    }
  }
  auto all = sized<clv_batch>();
  all.n_rows = clv_result_rows(scores.get());
  all.n_columns = static_cast<std::uint32_t>(columns.size());
  all.columns = columns.data();
  return customer_table::copy_of(all);
}

}  // namespace cli
