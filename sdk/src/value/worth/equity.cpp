// What the customer base is worth as an asset, and how it could fail.
//   customer_equity  sum of clv
//   clv_at_risk      sum of (1 - p_stay) clv, p_stay = p_alive (or 1 - no_purchase where all are
//                    alive by assumption)
//   concentration    HHI = sum of squared shares; top_decile_share; neither where the equity is not
//                    above 0
//   value_at_risk    equity - its `level` quantile over simulated outcomes of every customer:
//                    nothing with probability no_purchase, else the skewed shape of clv_mu,
//                    clv_sigma and clv_skew, scaled so that each customer's mean is its clv;
//                    expected_shortfall: equity - the mean of the outcomes below that quantile.
// Customers are drawn independently of each other: a downturn that hits all of them is not in it.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/random.hpp"
#include "value/reports.hpp"
#include "value/scoring/interval.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> equity_inputs{{{"scores", "scores", true, ""}}};
constexpr std::array<report_option, 3> equity_options{{{"level", "0.05", "share of bad outcomes"},
                                                       {"simulations", "1000", "outcomes drawn"},
                                                       {"seed", "0", "of the random numbers"}}};
constexpr std::array<report_output, 2> equity_outputs{
    {{"",
      "customers,valued,customer_equity,clv_at_risk,hhi,top_decile_share,value_at_risk,"
      "expected_shortfall,simulated_mean,simulations,level"},
     {"curve", "customer_share,value_share"}}};

struct equity_request {
  double level;
  std::size_t simulations;
  std::uint64_t seed;
};

equity_request equity_read_request(const settings& s) {
  return {.level = s.number_in("level", 0.05, 1e-6, 0.5),
          .simulations = static_cast<std::size_t>(s.number_in("simulations", 1000, 20, 1e6)),
          .seed = static_cast<std::uint64_t>(s.number_in("seed", 0, 0, 9e15))};
}

// What is not told of a customer is NaN.
struct holding {
  double clv, p_alive, no_purchase, mu, sigma, skew;
  double scale = 1;  // of a drawn value
  bool can_simulate() const { return !std::isnan(no_purchase + mu + sigma); }
};

// E[exp(mu + sigma h(Z))] by the trapezoid rule over 10 standard deviations either side; what lies
// beyond is below 1e-15 of the whole for sigma up to 2.
double mean_of_shape(const holding& h) {
  constexpr double step = 0.125, density = 0.3989422804014327;
  const skewed_normal shape(h.skew);
  double sum = 0;
  for (double z = -10; z <= 10; z += step) {
    sum += density * std::exp(h.mu + h.sigma * shape.at(z) - z * z / 2);
  }
  return sum * step;
}

// NaN before every number, so that any rows have one order.
bool before(double a, double b) {
  return std::isnan(a) ? !std::isnan(b) : a < b;
}

// The most valuable first, and in an order that does not depend on that of the rows: neither sums
// nor the random numbers of a customer do then.
std::vector<holding> read_holdings(const report_rows& rows) {
  constexpr double untold = std::numeric_limits<double>::quiet_NaN();
  const auto clv = rows.numbers_or("clv", untold);
  const auto alive = rows.numbers_or("p_alive", untold);
  const auto none = rows.numbers_or("no_purchase", untold);
  const auto mu = rows.numbers_or("clv_mu", untold);
  const auto sigma = rows.numbers_or("clv_sigma", untold);
  const auto skew = rows.numbers_or("clv_skew", 0);
  std::vector<holding> out;
  for (std::size_t i = 0; i < clv.size(); ++i) {
    if (!std::isnan(clv[i])) out.push_back({clv[i], alive[i], none[i], mu[i], sigma[i], skew[i]});
  }
  std::sort(out.begin(), out.end(), [](const holding& a, const holding& b) {
    if (a.clv != b.clv) return a.clv > b.clv;
    for (double holding::*each : {&holding::p_alive,
                                  &holding::no_purchase,
                                  &holding::mu,
                                  &holding::sigma,
                                  &holding::skew}) {
      if (before(a.*each, b.*each)) return true;
      if (before(b.*each, a.*each)) return false;
    }
    return false;
  });
  return out;
}

// Absent where nothing tells who stays.
std::optional<double> value_at_risk_of_leaving(const std::vector<holding>& base) {
  const bool all_alive = std::all_of(base.begin(), base.end(), [](const holding& h) {
    return std::isnan(h.p_alive) || h.p_alive == 1.0;
  });
  double sum = 0;
  for (const holding& h : base) {
    const double leaves = all_alive ? h.no_purchase : 1 - h.p_alive;
    if (std::isnan(leaves)) return std::nullopt;
    sum += leaves * h.clv;
  }
  return sum;
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
std::optional<double> top_share(const std::vector<holding>& base, double total, double share) {
  double left = share * static_cast<double>(base.size()), sum = 0;
  for (const holding& h : base) {
    if (left <= 0) break;
    sum += h.clv * std::fmin(1, left);
    left -= 1;
  }
  return total > 0 ? std::optional(sum / total) : std::nullopt;
}

std::shared_ptr<const table> lorenz_rows(const std::vector<holding>& base, double total) {
  report_writer rows({{"customer_share", type::f64}, {"value_share", type::f64}});
  for (int tenth = 1; tenth <= 10; ++tenth) {
    rows.row(tenth / 10.0, top_share(base, total, tenth / 10.0));
  }
  return rows.sealed("equity.curve");
}

void require_finite(double value, const char* what) {
  if (std::isfinite(value)) return;
  throw error(status::numeric,
              std::string("report 'equity': ") + what + " is too large for a number",
              "check clv, clv_mu and clv_sigma of the scores");
}

// What the phases share.
class equity_work {
 public:
  equity_work(std::shared_ptr<const table> scores, const equity_request& r)
      : scores_(std::move(scores)), asked_(r) {}

  double read();
  double simulate();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void draw();
  void finish();

  std::shared_ptr<const table> scores_;
  equity_request asked_;
  std::vector<holding> base_;
  bool can_simulate_ = false;
  // Of the outcome being drawn, whose random numbers are stream totals_.size() of the seed.
  std::optional<random_source> random_;
  std::size_t customer_ = 0;
  double total_ = 0;
  std::vector<double> totals_;
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

double equity_work::read() {
  const report_rows rows(*scores_, "equity", "scores");
  if (!rows.has("clv")) rows.numbers("clv");  // throws and names what is there
  base_ = read_holdings(rows);
  can_simulate_ = !base_.empty() && std::all_of(base_.begin(), base_.end(), [](const holding& h) {
    return h.can_simulate();
  });
  for (holding& h : base_) {
    if (!can_simulate_) break;
    const double mean = (1 - h.no_purchase) * mean_of_shape(h);
    h.scale = mean > 0 && std::isfinite(mean) ? h.clv / mean : 1.0;
  }
  if (base_.empty() || can_simulate_) return 1.0;
  result_->notes.push_back({.code = status::data,
                            .level = log_level::warn,
                            .message =
                                "value_at_risk needs no_purchase, clv_mu and clv_sigma of every "
                                "valued customer",
                            .hint = "score with all quantities"});
  return 1.0;
}

// Some customers of one outcome.
void equity_work::draw() {
  constexpr std::size_t customers_a_unit = 1U << 17U;
  if (!random_) random_.emplace(asked_.seed, totals_.size());
  const std::size_t stop = std::min(base_.size(), customer_ + customers_a_unit);
  for (; customer_ < stop; ++customer_) {
    const holding& h = base_[customer_];
    if (random_->uniform() >= h.no_purchase) {
      total_ += h.scale * value_at(random_->normal(), h.mu, h.sigma, h.skew);
    }
  }
  if (customer_ < base_.size()) return;
  require_finite(total_, "a simulated total");
  totals_.push_back(total_);
  random_.reset();
  customer_ = 0;
  total_ = 0;
}

double equity_work::simulate() {
  if (can_simulate_ && totals_.size() < asked_.simulations) {
    draw();
    return 0.999 * static_cast<double>(totals_.size()) / static_cast<double>(asked_.simulations);
  }
  finish();
  return 1.0;
}

void equity_work::finish() {
  double equity = 0, squares = 0;
  for (const holding& h : base_) {
    equity += h.clv;
    squares += h.clv * h.clv;
  }
  require_finite(squares, "the sum of the squared values");
  std::sort(totals_.begin(), totals_.end());
  const tail_risk risk = risk_of(totals_, asked_.level);
  const std::string currency = report_rows(*scores_, "equity", "scores").unit("clv");
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
  main.row(static_cast<double>(scores_->rows()),
           static_cast<double>(base_.size()),
           equity,
           value_at_risk_of_leaving(base_),
           equity > 0 ? std::optional(squares / equity / equity) : std::nullopt,
           top_share(base_, equity, 0.1),
           risk.value_at_risk,
           risk.expected_shortfall,
           risk.mean,
           static_cast<double>(totals_.size()),
           asked_.level);
  result_->tables[""] = main.sealed("equity|" + scores_->fingerprint());
  result_->tables["curve"] = lorenz_rows(base_, equity);
}

job equity_begin(report_inputs in, std::string_view options_json) {
  const equity_request r = equity_read_request(settings("equity", options_json, equity_options));
  auto work = std::make_shared<equity_work>(in.tables.at("scores"), r);
  return job({{"read", [work] { return work->read(); }},
              {"simulate", [work] { return work->simulate(); }}},
             work->result());
}

}  // namespace

constinit const report equity_report{
    .name = "equity",
    .summary = "What the customer base is worth as an asset, how concentrated and how risky it is",
    .needs_model = false,
    .inputs = equity_inputs,
    .options = equity_options,
    .outputs = equity_outputs,
    .begin = equity_begin,
};

}  // namespace clv
