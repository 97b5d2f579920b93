#include "clv/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "clv/schema.hpp"
#include "clv/summary.hpp"
#include "clv/time.hpp"

namespace clv {
namespace {

// The published CDNOW estimates (weeks; models.md), as a market to simulate.
std::shared_ptr<fitted_model> cdnow() {
  auto m = std::make_shared<fitted_model>();
  m->purchase.which = &find_model("bg_nbd");
  m->purchase.parameters = {.242595, 4.413602, .792922, 2.425907};
  m->spend.emplace();
  m->spend->which = &find_model("gamma_gamma");
  m->spend->parameters = {6.249572, 3.744225, 15.443521};
  m->unit = "week";
  m->currency = "EUR";
  return m;
}

simulate_options of(std::int64_t customers, std::uint64_t seed = 1) {
  simulate_options o;
  o.customers = customers;
  o.seed = seed;
  o.start_day = 20'089;  // 2025-01-01
  return o;
}

outcome run(const simulate_options& o, std::shared_ptr<const fitted_model> truth = cdnow()) {
  job j = simulate(std::move(truth), o);
  j.run();
  return j.result();
}

const table& log_of(const outcome& r) {
  return *r.tables.at("");
}

TEST(simulate, gives_every_customer_a_first_purchase_inside_the_acquisition_days) {
  const simulate_options o = of(2000);
  const outcome made = run(o);
  const table& t = log_of(made);
  const auto times = t.integers("time", type::time);
  const column& ids = t.get("customer", type::utf8);
  const std::int64_t begin = o.start_day * us_per_day;
  std::size_t customers = 0;
  double first_days = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    ASSERT_GE(times[i], begin);
    ASSERT_LT(times[i], begin + 273 * us_per_day);
    if (i > 0 && ids.text(i) == ids.text(i - 1)) {
      ASSERT_LE(times[i - 1], times[i]) << "row " << i;
      continue;
    }
    ++customers;
    ASSERT_LT(times[i], begin + 91 * us_per_day);
    first_days += static_cast<double>(times[i] - begin) / static_cast<double>(us_per_day);
  }
  EXPECT_EQ(customers, 2000U);
  // Uniform over 91 days: mean 45.5, five standard errors of 91 / sqrt(12 * 2000) = .59.
  EXPECT_NEAR(first_days / 2000, 45.5, 5 * .59);
}

TEST(simulate, gives_the_schema_transactions_with_ids_that_name_each_event_once) {
  simulate_options o = of(500);
  o.refund_share = .3;
  const outcome made = run(o);
  const table& t = log_of(made);
  std::set<std::string, std::less<>> events;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    EXPECT_TRUE(events.emplace(t.find("event_id")->text(i)).second);
  }
  EXPECT_EQ(t.find("customer")->text(0), "c000001");
  EXPECT_EQ(t.find("amount")->unit(), "EUR");
  EXPECT_EQ(conform(t, find_schema("transactions")).columns().size(), t.columns().size());
}

TEST(simulate, amounts_are_at_least_one_minor_unit) {
  auto cheap = cdnow();
  cheap->spend->parameters[2] = .001;  // mean spend about .002
  const outcome made = run(of(1000), cheap);
  for (const std::int64_t amount : log_of(made).integers("amount", type::money)) {
    ASSERT_GE(amount, 1);
  }
}

TEST(simulate, customer_i_is_the_same_whatever_the_number_of_customers) {
  const outcome few = run(of(50)), many = run(of(5000));
  const table& a = log_of(few);
  const table& b = log_of(many);
  ASSERT_LT(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    ASSERT_EQ(a.find("event_id")->text(i), b.find("event_id")->text(i));
    ASSERT_EQ(a.find("time")->integers()[i], b.find("time")->integers()[i]);
    ASSERT_EQ(a.find("amount")->integers()[i], b.find("amount")->integers()[i]);
  }
}

TEST(simulate, the_same_seed_gives_the_same_fingerprint_and_another_seed_another_market) {
  EXPECT_EQ(log_of(run(of(200))).fingerprint(), log_of(run(of(200))).fingerprint());
  EXPECT_NE(log_of(run(of(200))).fingerprint(), log_of(run(of(200, 2))).fingerprint());
}

TEST(simulate, refunds_the_asked_share_of_repeat_purchases_in_full_a_week_later) {
  simulate_options o = of(20'000);
  const outcome without = run(o);
  o.refund_share = .2;
  o.observed_days = 273;
  const outcome with = run(o);
  const table& t = log_of(with);
  double repeats = 0, refunds = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    const std::string_view id = t.find("event_id")->text(i);
    const std::int64_t amount = t.find("amount")->integers()[i];
    if (id[0] == 'r') {
      ++refunds;
      ASSERT_EQ(t.find("kind")->text(i), "refund");
      ASSERT_LT(amount, 0);
      ASSERT_NE(id.substr(id.find('-')), "-1");  // first purchases are kept
    } else {
      repeats += id.substr(id.find('-')) == "-1" ? 0 : 1;
      ASSERT_GT(amount, 0);
    }
  }
  EXPECT_EQ(t.rows() - static_cast<std::size_t>(refunds), log_of(without).rows());
  // Refunds of the last week fall after the end: about 1 / 30 of the purchases.
  EXPECT_NEAR(refunds / repeats, .2, .02);
}

TEST(simulate, the_truth_table_adds_up_to_the_log) {
  simulate_options o = of(300);
  o.refund_share = .1;
  const outcome made = run(o);
  const table& t = log_of(made);
  const table& truth = *made.tables.at("truth");
  ASSERT_EQ(truth.rows(), 300U);
  std::size_t row = 0;
  for (std::size_t c = 0; c < truth.rows(); ++c) {
    std::int64_t purchases = 0, revenue = 0, refunds = 0;
    for (; row < t.rows() && t.find("customer")->text(row) == truth.find("customer")->text(c);
         ++row) {
      const std::int64_t amount = t.find("amount")->integers()[row];
      purchases += amount > 0 ? 1 : 0;
      (amount > 0 ? revenue : refunds) += std::abs(amount);
    }
    ASSERT_EQ(truth.find("purchases")->integers()[c], purchases);
    ASSERT_EQ(truth.find("revenue")->integers()[c], revenue);
    ASSERT_EQ(truth.find("refunds")->integers()[c], refunds);
  }
  EXPECT_EQ(row, t.rows());
}

TEST(simulate, repeat_purchases_and_amounts_have_the_means_of_the_models) {
  simulate_options o = of(40'000);
  o.acquisition_days = 0;  // everyone is observed for exactly 39 weeks
  const outcome made = run(o);
  const auto truth = cdnow();
  const auto purchases = made.tables.at("truth")->integers("purchases", type::i64);
  double sum = 0, squares = 0;
  for (const std::int64_t n : purchases) {
    const auto x = static_cast<double>(n - 1);
    sum += x;
    squares += x * x;
  }
  const double n = 40'000, mean = sum / n;
  const double se = std::sqrt((squares / n - mean * mean) / n);
  const double expected =
      truth->purchase.which->expected_new(truth->purchase.parameters, o.observed_days / 7);
  EXPECT_NEAR(mean, expected, 4 * se);
  double spent = 0;
  const auto amounts = log_of(made).integers("amount", type::money);
  for (const std::int64_t a : amounts) spent += static_cast<double>(a) / 100;
  // E[Z] = p gamma / (q - 1) = 35.17. Heavy tails (q = 3.7): 3 % is over five standard errors of
  // the customers' means.
  const double mean_spend = 6.249572 * 15.443521 / 2.744225;
  EXPECT_NEAR(spent / static_cast<double>(amounts.size()), mean_spend, .03 * mean_spend);
}

TEST(simulate, a_refit_of_the_simulated_log_finds_the_parameters_again) {
  simulate_options o = of(5000, 3);
  o.observed_days = 546;  // long enough that merging purchases of one day hardly matters
  const outcome made = run(o);
  job summary = summarize(made.tables.at(""), {.unit = "week"});
  summary.run();
  fit_options options;
  options.model = "bg_nbd";
  job refit = fit(summary.result().tables.at(""), options);
  refit.run();
  const estimates& e = refit.result().model->purchase;
  ASSERT_EQ(e.status, fit_status::converged) << e.reason;
  const auto truth = cdnow();
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(e.parameters[i], truth->purchase.parameters[i], 3 * e.standard_errors[i])
        << e.which->parameters[i].name;
  }
}

TEST(simulate, of_nobody_gives_empty_tables) {
  const outcome made = run(of(0));
  EXPECT_EQ(log_of(made).rows(), 0U);
  EXPECT_NE(log_of(made).find("amount"), nullptr);
}

TEST(simulate, refuses_what_it_cannot_simulate) {
  const auto refused = [](auto change) {
    simulate_options o = of(10);
    auto truth = cdnow();
    change(o, *truth);
    try {
      run(o, truth);
    } catch (const error& e) {
      return e.details().code;
    }
    return status::ok;
  };
  using model_type = fitted_model;
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.customers = -1; }), status::invalid);
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.observed_days = 0; }),
            status::invalid);
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.observed_days = std::nan(""); }),
            status::invalid);
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.acquisition_days = 300; }),
            status::invalid);
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.refund_share = 2; }), status::invalid);
  EXPECT_EQ(refused([](simulate_options& o, model_type&) { o.currency = "??"; }), status::invalid);
  EXPECT_EQ(refused([](simulate_options&, model_type& m) { m.spend.reset(); }), status::invalid);
  EXPECT_EQ(refused([](simulate_options&, model_type& m) { m.purchase.which = nullptr; }),
            status::invalid);
}

TEST(simulate, refuses_parameters_by_which_a_customer_buys_a_million_times) {
  const auto truth = cdnow();
  truth->purchase.which = &find_model("nbd");
  truth->purchase.parameters = {2, 1e-12};
  EXPECT_THROW(run(of(3), truth), error);
}

}  // namespace
}  // namespace clv
