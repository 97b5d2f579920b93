#include "retention/programmes/breakage.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "clv/time.hpp"
#include "math/hash.hpp"

namespace clv::retention {
namespace {

constexpr double t_19 = 2.0930240544082634;  // 97.5 % quantile of Student's t, 19 degrees

std::size_t bin_of(std::int64_t age, std::int64_t width) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, age) / width);
}

}  // namespace

void breakage_counts::add(const member_lines& of) {
  const std::int64_t width = bin_days_ * us_per_day;
  auto& bins = bins_[math::hash64(of.customer) % groups];
  std::map<std::string_view, std::vector<const ledger_line*>> lots;
  for (const ledger_line& l : of.lines) {
    if (!l.lot.empty()) lots[l.lot].push_back(&l);
  }
  bool ended = false;
  for (const auto& [name, lines] : lots) {
    const std::int64_t start = lines.front()->time;
    const std::size_t complete =
        bin_of(as_of_ + 1 - start, width);  // bins 0 .. complete-1 are over
    if (bins.size() < complete) bins.resize(complete);
    std::int64_t held = 0;
    std::size_t at = 0;
    for (std::size_t k = 0; k < complete && (at < lines.size() || held > 0); ++k) {
      bin here{.held = held};
      for (; at < lines.size() && bin_of(lines[at]->time - start, width) == k; ++at) {
        const ledger_line& l = *lines[at];
        held += l.points;
        if (l.kind == ledger_kind::burn) here.burned -= l.points;
        if (l.kind == ledger_kind::expire) here.expired -= l.points;
        if (l.kind != ledger_kind::burn && l.kind != ledger_kind::expire) here.held += l.points;
      }
      bins[k].held += here.held;
      bins[k].burned += here.burned;
      bins[k].expired += here.expired;
    }
    const bool over = at == lines.size() && held == 0;
    lots_ += over ? 1 : 0;
    ended = ended || over;
  }
  customers_ += ended ? 1 : 0;
}

void breakage_counts::add_open(const member_points& of) {
  for (const open_lot& l : of.lots) {
    const std::size_t k = bin_of(as_of_ - l.since, bin_days_ * us_per_day);
    if (out_.size() <= k) out_.resize(k + 1);
    out_[k] += l.points;
  }
}

double breakage_counts::without(std::size_t group) const {
  std::vector<bin> sum;
  for (std::size_t g = 0; g < groups; ++g) {
    if (g == group) continue;
    if (sum.size() < bins_[g].size()) sum.resize(bins_[g].size());
    for (std::size_t k = 0; k < bins_[g].size(); ++k) {
      sum[k].held += bins_[g][k].held;
      sum[k].burned += bins_[g][k].burned;
      sum[k].expired += bins_[g][k].expired;
    }
  }
  // P from the oldest age down; an age at which nothing was held is one that nobody could see.
  double expected = 0, p = 1;
  for (std::size_t k = std::max(sum.size(), out_.size()); k-- > 0;) {
    if (k < sum.size() && sum[k].held > 0) {
      const double held = static_cast<double>(sum[k].held);
      const double h = static_cast<double>(sum[k].burned) / held;
      const double x = static_cast<double>(sum[k].expired) / held;
      p = std::clamp(h + (1 - h - x) * p, 0.0, 1.0);
    } else {
      p = 1;
    }
    if (k < out_.size()) expected += p * static_cast<double>(out_[k]);
  }
  return expected;
}

breakage_counts::estimate breakage_counts::redeemed() const {
  estimate e{.redeemed = without(groups), .lots = lots_, .customers = customers_};
  std::array<double, groups> part{};
  double mean = 0, total = 0;
  for (const std::int64_t points : out_) total += static_cast<double>(points);
  for (std::size_t g = 0; g < groups; ++g) mean += (part[g] = without(g)) / groups;
  double square = 0;
  for (const double each : part) square += (each - mean) * (each - mean);
  const double half = t_19 * std::sqrt(square * (groups - 1) / groups);
  e.low = std::max(0.0, e.redeemed - half);
  e.high = std::min(total, e.redeemed + half);
  return e;
}

}  // namespace clv::retention
