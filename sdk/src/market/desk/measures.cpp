#include "market/desk/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/report_tables.hpp"
#include "math/incomplete_beta.hpp"

namespace clv::market_desk {
namespace {

// T^2 / (T^2 + nu) of Student's t is Beta(1/2, nu/2), so the quantile is one of the beta's
// (Abramowitz & Stegun 26.5.27).
double t_975(double nu) {
  const double x = math::beta_quantile(.05, nu / 2, .5);  // nu / (nu + t^2)
  return std::sqrt(nu * (1 - x) / x);
}

double value_lost(const scenario& s, const run_result& r) {
  const hazards h = hazards_of(s, r);
  std::vector<double> lost;
  for (std::size_t i = 0; i < s.customers.size(); ++i) {
    lost.push_back(s.customers[i].clv * (chance_of_leaving(h.unavoidable[i], h.added[i]) -
                                         chance_of_leaving(h.unavoidable[i], 0)));
  }
  return sorted_sum(std::move(lost));
}

}  // namespace

double chance_of_leaving(double unavoidable, double added) {
  return -std::expm1(-(unavoidable + added));
}

hazards hazards_of(const scenario& s, const run_result& r) {
  hazards h;
  for (const sim_customer& c : s.customers) h.unavoidable.push_back(c.base_hazard);
  h.added.assign(s.customers.size(), 0);
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    h.unavoidable[s.tickets[i].customer] += s.tickets[i].churn_severity;
    h.added[s.tickets[i].customer] += r.tickets[i].hazard;
  }
  return h;
}

measures measures_of(const scenario& s, const run_result& r) {
  measures out{};
  const auto at = [&](measure m) -> double& { return out[static_cast<std::size_t>(m)]; };
  double clocks = 0, missed = 0;
  for (const served& t : r.tickets) {
    at(measure::delay_cost) += t.delay_cost;
    at(measure::delay_hours) += t.delay_hours;
    at(measure::handle_minutes) += t.work_minutes;
    at(measure::satisfaction) += t.satisfaction;
    at(measure::handed_over) += t.handed_over;
    double& longest = at(measure::longest_wait_hours);
    longest = std::max(longest, t.longest_wait_minutes / 60);
    clocks += t.clocks;
    missed += t.missed;
  }
  const double n = std::max<double>(1, static_cast<double>(r.tickets.size()));
  at(measure::delay_hours) /= n;
  at(measure::satisfaction) /= n;
  at(measure::sla_kept) = clocks > 0 ? 1 - missed / clocks : 1;
  at(measure::churned_value) = value_lost(s, r);
  at(measure::beyond_share) =
      r.waits > 0 ? static_cast<double>(r.beyond) / static_cast<double>(r.waits) : 0;
  at(measure::passed_over) = static_cast<double>(r.passed_over);
  at(measure::constraints_broken) = static_cast<double>(r.constraints_broken);
  return out;
}

mean_over_runs mean_of(std::span<const double> runs) {
  const auto n = static_cast<double>(runs.size());
  mean_over_runs m;
  m.mean = sorted_sum({runs.begin(), runs.end()}) / n;
  std::vector<double> squares;
  for (const double x : runs) squares.push_back((x - m.mean) * (x - m.mean));
  if (runs.size() < 2) {
    m.standard_error = m.lower = m.upper = std::numeric_limits<double>::quiet_NaN();
    return m;
  }
  m.standard_error = std::sqrt(sorted_sum(std::move(squares)) / (n - 1) / n);
  const double half = t_975(n - 1) * m.standard_error;
  m.lower = m.mean - half;
  m.upper = m.mean + half;
  return m;
}

}  // namespace clv::market_desk
