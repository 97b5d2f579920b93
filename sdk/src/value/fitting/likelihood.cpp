#include "value/fitting/likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "data/limits.hpp"
#include "math/parallel.hpp"
#include "value/links.hpp"

namespace clv {
namespace {

// One block's share: p is moved for each cell that the block touches, and the cell's gradient is
// taken back to the common parameters before the next one.
class cell_sum {
 public:
  cell_sum(const model& m, values p, const effects_of_tuples& e, const tuples& t)
      : m_(m), p_(p), e_(e), t_(t), moved_(p.begin(), p.end()) {
    total_.gradient.assign(p.size() + e.terms.size(), 0.0);
  }

  void add(std::size_t first, std::size_t last) {
    if (t_.cell_first.empty()) return add_cell({}, first, last);
    const auto& starts = t_.cell_first;
    auto cell = static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), first) -
                                         starts.begin()) -
                1;
    const std::size_t names = t_.covariates.size() / (starts.size() - 1);
    for (; first < last; ++cell) {
      const std::size_t end = std::min(last, starts[cell + 1]);
      add_cell(values(t_.covariates).subspan(cell * names, names), first, end);
      first = end;
    }
  }
  likelihood_sum& total() { return total_; }

 private:
  void add_cell(values covariates, std::size_t first, std::size_t last) {
    const effect eta = effect_of(e_.terms, e_.coefficients, covariates);
    if (!e_.terms.empty()) {
      std::copy(p_.begin(), p_.end(), moved_.begin());
      apply_links(m_, eta.transaction, eta.life, moved_);
    }
    cell_.value = 0;
    cell_.gradient.assign(p_.size(), 0.0);
    if (!std::all_of(moved_.begin(), moved_.end(), data::is_scale)) {
      total_.value = std::numeric_limits<double>::quiet_NaN();
      return;
    }
    m_.accumulate(moved_, t_, first, last, cell_);
    total_.value += cell_.value;
    effect by_effect;
    pull_back(m_, p_, eta, cell_.gradient, std::span(total_.gradient).first(p_.size()), by_effect);
    for (std::size_t i = 0; i < e_.terms.size(); ++i) {
      const effect_term& term = e_.terms[i];
      total_.gradient[p_.size() + i] +=
          covariates[term.covariate] * (term.life ? by_effect.life : by_effect.transaction);
    }
  }

  const model& m_;
  values p_;
  const effects_of_tuples& e_;
  const tuples& t_;
  std::vector<double> moved_;
  likelihood_sum cell_, total_;
};

}  // namespace

unit_scales scales_of(const model& m, const tuples& t) {
  unit_scales found{.time = 0.0, .money = 0.0};
  if (!is_discrete(m)) {
    for (const double T : t.T) found.time = std::max(found.time, T);
  }
  for (std::size_t i = 0; i < t.mean_spend.size(); ++i) {
    found.money += t.weight[i] / t.customers * t.mean_spend[i];
  }
  if (!(found.time > 0.0)) found.time = 1.0;
  if (!(found.money > 0.0)) found.money = 1.0;
  return found;
}

tuples scaled(tuples t, const unit_scales& by) {
  double purchases = 0;
  for (std::size_t i = 0; i < t.size(); ++i) purchases += t.weight[i] * t.x[i];
  for (double& v : t.t_x) v /= by.time;
  for (double& v : t.T) v /= by.time;
  for (double& v : t.mean_spend) v /= by.money;
  if (t.has_litt) t.litt -= purchases * std::log(by.time);
  return t;
}

double unit_of(const parameter& p, const unit_scales& by) {
  switch (p.how) {
    case scales::with_time:
      return by.time;
    case scales::per_time:
      return 1 / by.time;
    case scales::with_money:
      return by.money;
    case scales::not_at_all:
      break;
  }
  return 1;
}

double unit_shift(const model& m, const tuples& t, const unit_scales& by) {
  if (m.key == tuple_key::spend) return -t.customers * std::log(by.money);
  if (is_discrete(m)) return 0;
  double purchases = 0;
  for (std::size_t i = 0; i < t.size(); ++i) purchases += t.weight[i] * t.x[i];
  return -purchases * std::log(by.time);
}

tuples sample_of(const tuples& t, std::size_t customers) {
  tuples out;
  const double step = t.customers / static_cast<double>(customers);
  const std::size_t cells = t.cell_first.empty() ? 0 : t.cell_first.size() - 1;
  const std::size_t names = cells == 0 ? 0 : t.covariates.size() / cells;
  const auto take = [](const std::vector<double>& from, std::vector<double>& to, std::size_t i) {
    if (!from.empty()) to.push_back(from[i]);
  };
  double next = 0.5 * step, seen = 0;
  std::size_t cell = 0;
  bool begun = false;  // a tuple of this cell was taken
  for (std::size_t i = 0; i < t.size(); ++i) {
    for (; cells > 0 && i >= t.cell_first[cell + 1]; ++cell) begun = false;
    seen += t.weight[i];
    const double hits = next < seen ? std::ceil((seen - next) / step) : 0;
    if (!(hits > 0)) continue;
    next += hits * step;
    if (cells > 0 && !begun) {
      out.cell_first.push_back(out.x.size());
      const auto row = t.covariates.begin() + static_cast<std::ptrdiff_t>(cell * names);
      out.covariates.insert(out.covariates.end(), row, row + static_cast<std::ptrdiff_t>(names));
      begun = true;
    }
    out.x.push_back(t.x[i]);
    take(t.t_x, out.t_x, i);
    take(t.T, out.T, i);
    take(t.mean_spend, out.mean_spend, i);
    out.weight.push_back(hits);
    out.customers += hits;
  }
  if (cells > 0) out.cell_first.push_back(out.x.size());
  return out;
}

likelihood_sum total_likelihood(
    const model& m, values p, const effects_of_tuples& e, const tuples& t, unsigned threads) {
  std::array<likelihood_sum, math::block_count> parts;
  math::for_blocks(t.size(), threads, [&](std::size_t block, std::size_t first, std::size_t last) {
    cell_sum part(m, p, e, t);
    part.add(first, last);
    parts[block] = std::move(part.total());
  });
  likelihood_sum total;
  total.gradient.assign(p.size() + e.terms.size(), 0.0);
  for (const likelihood_sum& part : parts) {
    total.value += part.value;
    for (std::size_t i = 0; i < part.gradient.size(); ++i) total.gradient[i] += part.gradient[i];
  }
  return total;
}

}  // namespace clv
