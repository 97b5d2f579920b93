#include "retention/experiments/lift_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "clv/time.hpp"
#include "math/chi_square.hpp"

namespace clv::retention {
namespace {

arm_means means_of(std::span<const measured_person> people, bool held) {
  arm_means a;
  for (const measured_person& p : people) {
    if (p.held != held) continue;
    a.n += 1;
    a.decisions += p.decisions;
    a.responded += p.responded;
    a.unsubscribed += p.unsubscribed;
    a.value += p.value;
    a.cost += p.cost;
  }
  if (a.n == 0) return a;
  a.value /= a.n;
  a.cost /= a.n;
  a.net = a.value - a.cost;
  if (a.n < 2) return a;
  for (const measured_person& p : people) {
    if (p.held != held) continue;
    a.value_variance += (p.value - a.value) * (p.value - a.value);
    const double net = p.value - p.cost - a.net;
    a.net_variance += net * net;
  }
  a.value_variance /= a.n * (a.n - 1);
  a.net_variance /= a.n * (a.n - 1);
  return a;
}

// Sums of one arm that customers join and change in.
struct running_arm {
  double n = 0, sum = 0, squares = 0;
  void change(double from, double to) {
    sum += to - from;
    squares += to * to - from * from;
  }
  double mean() const { return sum / n; }
  double variance_of_mean() const { return std::max(0.0, squares - sum * sum / n) / (n * (n - 1)); }
};

}  // namespace

arms compare_arms(std::span<const measured_person> people) {
  return {means_of(people, false), means_of(people, true)};
}

cuped_difference cuped(std::span<const measured_person> people,
                       std::span<const std::optional<double>> before) {
  double known = 0, mean = 0;
  for (const measured_person& p : people) {
    if (!before[p.customer]) continue;
    known += 1;
    mean += *before[p.customer];
  }
  if (known == 0) return {};
  mean /= known;
  std::vector<double> x;
  x.reserve(people.size());
  for (const measured_person& p : people) x.push_back(before[p.customer].value_or(mean) - mean);
  std::array<double, 2> n{}, mean_x{}, mean_y{}, xx{}, xy{}, yy{};
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::size_t arm = people[i].held ? 1 : 0;
    n[arm] += 1;
    mean_x[arm] += x[i];
    mean_y[arm] += people[i].value;
  }
  if (n[0] < 2 || n[1] < 2) return {};
  for (const std::size_t arm : {0U, 1U}) {
    mean_x[arm] /= n[arm];
    mean_y[arm] /= n[arm];
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::size_t arm = people[i].held ? 1 : 0;
    const double dx = x[i] - mean_x[arm], dy = people[i].value - mean_y[arm];
    xx[arm] += dx * dx;
    xy[arm] += dx * dy;
    yy[arm] += dy * dy;
  }
  if (!(xx[0] + xx[1] > 0)) return {};
  cuped_difference out{.covered = known / static_cast<double>(people.size())};
  out.theta = (xy[0] + xy[1]) / (xx[0] + xx[1]);
  out.difference = mean_y[0] - mean_y[1] - out.theta * (mean_x[0] - mean_x[1]);
  double after = 0, raw = 0;
  for (const std::size_t arm : {0U, 1U}) {
    const double rest = yy[arm] - 2 * out.theta * xy[arm] + out.theta * out.theta * xx[arm];
    after += std::max(0.0, rest) / (n[arm] * (n[arm] - 1));
    raw += yy[arm] / (n[arm] * (n[arm] - 1));
  }
  out.standard_error = std::sqrt(after);
  out.variance_reduction = raw > 0 ? 1 - after / raw : 0;
  return out;
}

split_test test_split(const lift_group& group) {
  split_test t;
  double held = 0;
  for (const measured_person& p : group.people) held += p.held ? 1 : 0;
  const auto n = static_cast<double>(group.people.size());
  if (n == 0) return t;
  t.observed_share = held / n;
  t.expected_share = group.expected_held / n;
  const double off = held - group.expected_held;
  if (group.expected_variance > 0) {
    t.chi_square = off * off / group.expected_variance;
    t.p = math::chi_square_tail(t.chi_square, 1);
  } else if (off != 0) {  // nobody, or everybody, should have been held out
    t.chi_square = HUGE_VAL;
    t.p = 0;
  }
  return t;
}

std::vector<lift_day> days_of(const measured_log& log, const lift_group& group) {
  std::vector<std::size_t> order = group.decisions;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return log.decisions[a].matured < log.decisions[b].matured;
  });
  const auto day_at = [&](std::size_t i) {  // in UTC
    const std::int64_t us = log.decisions[order[i]].matured;
    return us / us_per_day - (us % us_per_day < 0 ? 1 : 0);
  };
  std::unordered_map<std::size_t, bool> held;
  for (const measured_person& p : group.people) held.emplace(p.customer, p.held);
  std::unordered_map<std::size_t, double> net;
  std::array<running_arm, 2> sums;
  std::vector<lift_day> out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const measured_decision& d = log.decisions[order[i]];
    const auto [place, fresh] = net.emplace(d.customer, 0.0);
    running_arm& arm = sums[held[d.customer] ? 1 : 0];
    arm.n += fresh ? 1 : 0;
    arm.change(place->second, place->second + d.value - d.cost);
    place->second += d.value - d.cost;
    const std::int64_t day = day_at(i);
    if (i + 1 < order.size() && day_at(i + 1) == day) continue;
    lift_day done{.day = day,
                  .treated = sums[0].n,
                  .held = sums[1].n,
                  .decisions = static_cast<double>(i + 1)};
    if (done.treated > 1 && done.held > 1) {
      done.net_difference = sums[0].mean() - sums[1].mean();
      done.standard_error = std::sqrt(sums[0].variance_of_mean() + sums[1].variance_of_mean());
    }
    out.push_back(done);
  }
  return out;
}

}  // namespace clv::retention
