#include "value/scoring/future_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clv {
namespace {

constexpr double pi = 3.14159265358979323846;

// The last two coefficients may be this large: of discount, and of the other fields.
constexpr double fine = 1e-10, coarse = 5e-4;

// A count this long was cut, and a cut is no smooth function: not worth eleven more of them.
constexpr std::size_t cut_tail = 20'000;

double shortest_time(const future_maker& maker) {
  double shortest = std::numeric_limits<double>::infinity();
  const model& m = maker.which();
  for (std::size_t i = 0; i < m.parameters.size(); ++i) {
    const double p = maker.parameters()[i];
    if (m.parameters[i].how == scales::with_time) shortest = std::min(shortest, p);
    if (m.parameters[i].how == scales::per_time) shortest = std::min(shortest, 1.0 / p);
  }
  return shortest;
}

}  // namespace

std::unique_ptr<const future_table> future_table::for_maker(const future_maker& maker) {
  const model& m = maker.which();
  if (!m.future_forgets_t_x || m.key != tuple_key::purchases) return nullptr;
  const double c = shortest_time(maker);
  if (!std::isfinite(c) || !(c > 0.0)) return nullptr;
  return std::make_unique<const future_table>(c);
}

future_table::future_table(double shortest_time)
    : shortest_time_(shortest_time),
      rows_(std::make_unique<std::array<std::atomic<row*>, counts>>()) {}

future_table::~future_table() {
  for (const auto& slot : *rows_) {
    const std::unique_ptr<row> owned(slot.load());
    if (!owned) continue;
    for (const auto& place : *owned) delete place.load();
  }
}

future_table::row& future_table::row_of(std::size_t x) const {
  std::atomic<row*>& slot = (*rows_)[x];
  row* found = slot.load(std::memory_order_acquire);
  if (found != nullptr) return *found;
  auto fresh = std::make_unique<row>();
  if (slot.compare_exchange_strong(found, fresh.get(), std::memory_order_acq_rel)) {
    return *fresh.release();
  }
  return *found;
}

future_table::stretch future_table::compute(const future_maker& maker,
                                            std::size_t x,
                                            std::size_t which,
                                            std::vector<double>& scratch) const {
  std::array<std::array<double, fields>, nodes> at{};
  for (std::size_t j = 0; j < nodes; ++j) {
    const double angle = pi * (static_cast<double>(j) + 0.5) / nodes;
    const double y = (static_cast<double>(which) + 0.5 + 0.5 * std::cos(angle)) / per_unit;
    const double T = shortest_time_ * std::expm1(y);
    const auto count = static_cast<double>(x);
    const future f = maker.of({.x = count, .t_x = x > 0 ? T : 0.0, .T = T}, scratch);
    if (scratch.size() >= cut_tail) return {};
    at[j] = {f.mean, f.variance, f.skew, f.spread, f.discount};
  }
  stretch out;
  for (std::size_t k = 0; k < nodes; ++k) {
    for (std::size_t j = 0; j < nodes; ++j) {
      const double angle =
          pi * static_cast<double>(k) * (static_cast<double>(j) + 0.5) / static_cast<double>(nodes);
      const double weight = (k == 0 ? 1.0 : 2.0) / static_cast<double>(nodes) * std::cos(angle);
      for (std::size_t f = 0; f < fields; ++f) out.coefficients[k][f] += weight * at[j][f];
    }
  }
  out.trusted = true;
  for (std::size_t f = 0; f < fields; ++f) {
    const double left =
        std::fabs(out.coefficients[nodes - 1][f]) + std::fabs(out.coefficients[nodes - 2][f]);
    // False for NaN and infinity as well.
    out.trusted = out.trusted && left <= (f + 1 == fields ? fine : coarse);
  }
  return out;
}

const future_table::stretch& future_table::filled(const future_maker& maker,
                                                  std::size_t x,
                                                  std::size_t which,
                                                  std::vector<double>& scratch) const {
  std::atomic<const stretch*>& place = row_of(x)[which];
  const stretch* found = place.load(std::memory_order_acquire);
  if (found != nullptr) return *found;
  auto fresh = std::make_unique<const stretch>(compute(maker, x, which, scratch));
  if (place.compare_exchange_strong(found, fresh.get(), std::memory_order_acq_rel)) {
    return *fresh.release();
  }
  return *found;
}

// Clenshaw's recurrence for all fields at once.
bool future_table::at(const future_maker& maker,
                      const observation& o,
                      std::vector<double>& scratch,
                      future& out) const {
  const double y = per_unit * std::log1p(o.T / shortest_time_);
  if (!(o.x < static_cast<double>(counts)) || !(y < static_cast<double>(stretches))) return false;
  const auto which = static_cast<std::size_t>(y);
  const stretch& s = filled(maker, static_cast<std::size_t>(o.x), which, scratch);
  if (!s.trusted) return false;
  const double twice = 2.0 * (2.0 * (y - static_cast<double>(which)) - 1.0);
  std::array<double, fields> next{};
  std::array<double, fields> after{};
  for (std::size_t k = nodes; k-- > 1;) {
    for (std::size_t f = 0; f < fields; ++f) {
      const double now = twice * next[f] - after[f] + s.coefficients[k][f];
      after[f] = next[f];
      next[f] = now;
    }
  }
  std::array<double, fields> v{};
  for (std::size_t f = 0; f < fields; ++f) {
    v[f] = 0.5 * twice * next[f] - after[f] + s.coefficients[0][f];
  }
  out = {.mean = v[0],
         .variance = v[1],
         .skew = v[2],
         .spread = std::max(0.0, v[3]),
         .discount = v[4]};
  return true;
}

}  // namespace clv
