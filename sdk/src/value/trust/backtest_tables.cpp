#include "value/trust/backtest_tables.hpp"

#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clv {
namespace {

// A main table whose cells are filled by name, row by row.
class rows {
 public:
  rows(const std::string& unit, const std::string& currency) {
    for (std::string_view rest = backtest_columns;;) {
      const auto comma = rest.find(',');
      const std::string name(rest.substr(0, comma));
      table_->add(name, type_of(name), unit_of(name, unit, currency));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }

  void add(const backtest_case& on, const backtest_result& r, bool chosen) {
    text("model", r.which->name);
    r.tested ? whole("rank", ++rank_) : skip("rank");
    whole("chosen", chosen ? 1 : 0);
    text("status", r.status);
    text("reason", r.reason);
    number("customers", static_cast<double>(on.calibration->rows()));
    number("holdout", on.holdout);
    r.tested ? whole("parameters", r.parameters) : skip("parameters");
    measured("log_likelihood", r.tested, r.log_likelihood);
    measured("aic", r.tested, r.aic);
    measured("bic", r.tested, r.bic);
    measured("log_score", r.tested, r.log_score);
    measured("count_coverage", r.tested, r.counts.actual);
    measured("count_coverage_expected", r.tested, r.counts.expected);
    errors("purchases", "", r.tested ? std::optional(r.purchases) : std::nullopt);
    errors("value", "value_", r.tested ? r.value : std::nullopt);
    const bool value = r.tested && r.value.has_value();
    measured("value_coverage", value, r.values.actual);
    measured("value_coverage_expected", value, r.values.expected);
  }

  std::shared_ptr<table> take() { return std::move(table_); }

 private:
  static type type_of(std::string_view name) {
    if (name == "model" || name == "status" || name == "reason") return type::utf8;
    return name == "rank" || name == "chosen" || name == "parameters" ? type::i64 : type::f64;
  }
  static std::string unit_of(std::string_view name,
                             const std::string& unit,
                             const std::string& currency) {
    constexpr std::array money{
        "predicted_value", "actual_value", "value_bias", "value_mae", "value_rmse"};
    for (const char* m : money) {
      if (name == m) return currency;
    }
    return name == "holdout" ? unit : "";
  }

  column& at(const std::string& name) { return *table_->find(name); }
  void text(const std::string& name, std::string_view v) { at(name).push(v); }
  void whole(const std::string& name, std::int64_t v) { at(name).push(v); }
  void number(const std::string& name, double v) { at(name).push(v); }
  void skip(const std::string& name) { at(name).push_absent(); }
  void measured(const std::string& name, bool known, double v) {
    known&& std::isfinite(v) ? number(name, v) : skip(name);
  }
  void errors(const std::string& what,
              const std::string& prefix,
              const std::optional<forecast_error>& e) {
    const forecast_error f = e.value_or(forecast_error{});
    const bool known = e.has_value();
    const double bias = f.predicted - f.actual;
    measured("predicted_" + what, known, f.predicted);
    measured("actual_" + what, known, f.actual);
    measured(prefix + "bias", known, bias);
    measured(prefix + "bias_percent", known && f.actual > 0, 100.0 * bias / f.actual);
    measured(prefix + "mae", known, f.mae);
    measured(prefix + "rmse", known, f.rmse);
    measured(prefix + "rank_correlation", known, f.rank_correlation);
    measured(prefix + "top_decile_lift", known, f.top_decile_lift);
  }

  std::shared_ptr<table> table_ = std::make_shared<table>();
  std::int64_t rank_ = 0;
};

// In the order of the ranking, and then what was not tested.
std::vector<std::size_t> row_order(std::span<const backtest_result> results,
                                   const backtest_choice& choice) {
  std::vector<std::size_t> order = choice.ranking;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].tested) order.push_back(i);
  }
  return order;
}

struct by_frequency {
  std::array<double, backtest_groups> customers{}, actual{};
  explicit by_frequency(const backtest_case& on) {
    const auto x = on.calibration->numbers("x");
    for (std::size_t row = 0; row < x.size(); ++row) {
      customers[backtest_group(x[row])] += 1;
      actual[backtest_group(x[row])] += on.purchases[row];
    }
  }
};

void add_calibration(table& t, const by_frequency& seen, const backtest_result& r) {
  constexpr std::array<std::string_view, backtest_groups> names{
      "0", "1", "2", "3", "4", "5", "6", "7+"};
  for (std::size_t g = 0; g < backtest_groups; ++g) {
    if (seen.customers[g] == 0) continue;
    t.find("model")->push(r.which->name);
    t.find("x")->push(names[g]);
    t.find("customers")->push(seen.customers[g]);
    t.find("predicted_mean")->push(r.predicted_by_x[g] / seen.customers[g]);
    t.find("actual_mean")->push(seen.actual[g] / seen.customers[g]);
  }
}

}  // namespace

void write_backtest(const backtest_case& on,
                    std::span<const backtest_result> results,
                    const backtest_choice& choice,
                    std::string_view seal,
                    outcome& out) {
  rows main(on.fit.unit, on.fit.currency);
  auto calibration = std::make_shared<table>();
  for (const char* name : {"model", "x"}) calibration->add(name, type::utf8);
  for (const char* name : {"customers", "predicted_mean", "actual_mean"}) {
    calibration->add(name, type::f64);
  }
  const by_frequency seen(on);
  for (const std::size_t i : row_order(results, choice)) {
    main.add(on, results[i], choice.chosen == i);
    if (results[i].tested) add_calibration(*calibration, seen, results[i]);
  }
  auto table = main.take();
  table->seal(seal);
  calibration->seal(std::string(seal) + "|calibration");
  out.tables[""] = std::move(table);
  out.tables["calibration"] = std::move(calibration);
}

}  // namespace clv
