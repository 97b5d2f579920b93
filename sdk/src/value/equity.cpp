// What the customer base is worth as an asset, and how it could fail.
//   customer_equity  sum of clv
//   clv_at_risk      sum of (1 - p_stay) clv, p_stay = p_alive (or 1 - no_purchase where all are
//                    alive by assumption)
//   concentration    HHI = sum of squared shares; top_decile_share
//   value_at_risk    equity - its `level` quantile over simulated outcomes of every customer:
//                    nothing with probability no_purchase, else log-normal (clv_mu, clv_sigma);
//                    expected_shortfall: equity - the mean of the outcomes below that quantile.
// Customers are drawn independently of each other: a downturn that hits all of them is not in it.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "math/random.hpp"
#include "data/report_tables.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> inputs{{{"scores", "scores", true, ""}}};
constexpr std::array<report_option, 3> options{{{"level", "0.05", "share of bad outcomes"},
                                                {"simulations", "1000", "outcomes drawn"},
                                                {"seed", "0", "of the random numbers"}}};
constexpr std::array<report_output, 2> outputs{
    {{"",
      "customers,valued,customer_equity,clv_at_risk,hhi,top_decile_share,value_at_risk,"
      "expected_shortfall,simulated_mean,simulations,level"},
     {"curve", "customer_share,value_share"}}};

struct holding {
  double clv, p_stay, no_purchase, mu, sigma;
};

std::vector<holding> read_holdings(const report_rows& rows, bool& can_simulate) {
  const auto clv = rows.numbers_or("clv", std::nan(""));
  rows.numbers_or("clv", 0);
  const auto alive = rows.numbers_or("p_alive", 1);
  const auto none = rows.numbers_or("no_purchase", std::nan(""));
  const auto mu = rows.numbers_or("clv_mu", std::nan(""));
  const auto sigma = rows.numbers_or("clv_sigma", std::nan(""));
  std::vector<holding> out;
  can_simulate = true;
  for (std::size_t i = 0; i < clv.size(); ++i) {
    if (std::isnan(clv[i])) continue;
    out.push_back({clv[i], alive[i], none[i], mu[i], sigma[i]});
    can_simulate = can_simulate && !std::isnan(none[i] + mu[i] + sigma[i]);
  }
  return out;
}

// Totals of the simulated outcomes, ascending. Stream i of the seed is outcome i.
std::vector<double> simulate(const std::vector<holding>& base,
                             std::uint64_t seed,
                             std::size_t times) {
  std::vector<double> totals;
  for (std::size_t i = 0; i < times; ++i) {
    random_source random(seed, i);
    double total = 0;
    for (const holding& h : base) {
      if (random.uniform() >= h.no_purchase) total += std::exp(h.mu + h.sigma * random.normal());
    }
    totals.push_back(total);
  }
  std::sort(totals.begin(), totals.end());
  return totals;
}

struct tail_risk {
  std::optional<double> value_at_risk, expected_shortfall, mean;
};

tail_risk risk_of(const std::vector<double>& totals, double level) {
  if (totals.empty()) return {};
  const auto n = static_cast<double>(totals.size());
  double mean = 0;
  for (const double t : totals) mean += t / n;
  const auto bad = std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(level * n)));
  double below = 0;
  for (std::size_t i = 0; i < bad; ++i) below += totals[i] / static_cast<double>(bad);
  return {mean - totals[bad - 1], mean - below, mean};
}

// Share of value held by the best `share` of customers, the last one in part.
double top_share(const std::vector<double>& falling, double total, double share) {
  double left = share * static_cast<double>(falling.size()), sum = 0;
  for (const double v : falling) {
    if (left <= 0) break;
    sum += v * std::fmin(1, left);
    left -= 1;
  }
  return total > 0 ? sum / total : 0;
}

std::shared_ptr<const table> lorenz_rows(const std::vector<double>& falling, double total) {
  report_writer rows({{"customer_share", type::f64}, {"value_share", type::f64}});
  for (int tenth = 1; tenth <= 10; ++tenth) {
    rows.row(tenth / 10.0, top_share(falling, total, tenth / 10.0));
  }
  return rows.sealed("equity.curve");
}

void add_up(const report_inputs& in, const settings& s, outcome& out) {
  const report_rows rows(in.of("scores"), "equity", "scores");
  if (!rows.has("clv")) rows.numbers("clv");  // throws and names what is there
  bool can_simulate = false;
  const auto base = read_holdings(rows, can_simulate);
  double equity = 0, at_risk = 0, squares = 0;
  std::vector<double> falling;
  for (const holding& h : base) {
    equity += h.clv;
    at_risk += (1 - h.p_stay) * h.clv;
    squares += h.clv * h.clv;
    falling.push_back(h.clv);
  }
  std::sort(falling.begin(), falling.end(), std::greater<>());
  const double level = s.number_in("level", 0.05, 1e-6, 0.5);
  const auto times = static_cast<std::size_t>(s.number_in("simulations", 1000, 20, 1e6));
  const auto seed = static_cast<std::uint64_t>(s.number_in("seed", 0, 0, 9e15));
  const tail_risk risk = can_simulate ? risk_of(simulate(base, seed, times), level) : tail_risk{};
  if (!can_simulate) {
    out.notes.push_back({.code = status::data,
                         .level = log_level::warn,
                         .message =
                             "value_at_risk needs no_purchase, clv_mu and clv_sigma of every "
                             "valued customer",
                         .hint = "score with all quantities"});
  }
  const std::string currency = rows.unit("clv");
  report_writer main({{"customers", type::f64},
                      {"valued", type::f64},
                      {"customer_equity", type::f64, currency},
                      {"clv_at_risk", type::f64, currency},
                      {"hhi", type::f64},
                      {"top_decile_share", type::f64},
                      {"value_at_risk", type::f64, currency},
                      {"expected_shortfall", type::f64, currency},
                      {"simulated_mean", type::f64, currency},
                      {"simulations", type::f64},
                      {"level", type::f64}});
  main.row(static_cast<double>(rows.size()),
           static_cast<double>(base.size()),
           equity,
           at_risk,
           equity > 0 ? squares / equity / equity : 0,
           top_share(falling, equity, 0.1),
           risk.value_at_risk,
           risk.expected_shortfall,
           risk.mean,
           static_cast<double>(times),
           level);
  out.tables[""] = main.sealed("equity|" + in.of("scores").fingerprint());
  out.tables["curve"] = lorenz_rows(falling, equity);
}

job begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("equity", options_json, options);
  return report_at_once("add up", [in = std::move(in), s](outcome& out) { add_up(in, *s, out); });
}

}  // namespace

constinit const report equity_report{
    .name = "equity",
    .summary = "What the customer base is worth as an asset, how concentrated and how risky it is",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
