#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "clv/state.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

using triple = std::array<double, 3>;

triple key_of(tuple_key key, const observation& o) {
  switch (key) {
    case tuple_key::spend:
      return {o.x, o.mean_spend, 0.0};
    case tuple_key::renewals:
      return {o.x, o.x, std::min(o.T, o.x + 1.0)};
    default:
      return {o.x, o.t_x, o.T};
  }
}

triple key_at(const tuples& t, tuple_key key, std::size_t i) {
  if (key == tuple_key::spend) return {t.x[i], t.mean_spend[i], 0.0};
  return {t.x[i], t.t_x[i], t.T[i]};
}

// The stretch of tuples with these covariates, as first and last.
std::pair<std::size_t, std::size_t> stretch_of(const tuples& t, values covariates) {
  if (t.cell_first.empty()) return {0, t.size()};
  for (std::size_t c = 0; c + 1 < t.cell_first.size(); ++c) {
    const auto cell = values(t.covariates).subspan(c * covariates.size(), covariates.size());
    if (std::equal(cell.begin(), cell.end(), covariates.begin())) {
      return {t.cell_first[c], t.cell_first[c + 1]};
    }
  }
  return {0, 0};
}

[[noreturn]] void not_there(const triple& key, double weight, double held) {
  throw error(status::not_found,
              "the tuples hold " + math::to_text(held) + " customers like (" +
                  math::to_text(key[0]) + ", " + math::to_text(key[1]) + ", " +
                  math::to_text(key[2]) + "), not " + math::to_text(weight),
              "forget a customer with the observation it was counted with");
}

// Tuple i is gone; so is its cell when it was the last of it.
void erase(tuples& t, std::size_t i, std::size_t names) {
  for (std::vector<double>* each : {&t.x, &t.t_x, &t.T, &t.mean_spend, &t.weight}) {
    if (i < each->size()) each->erase(each->begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t& first : t.cell_first) first -= first > i ? 1 : 0;
  for (std::size_t c = 0; c + 1 < t.cell_first.size(); ++c) {
    if (t.cell_first[c] != t.cell_first[c + 1]) continue;
    t.cell_first.erase(t.cell_first.begin() + static_cast<std::ptrdiff_t>(c));
    const auto gone = t.covariates.begin() + static_cast<std::ptrdiff_t>(c * names);
    t.covariates.erase(gone, gone + static_cast<std::ptrdiff_t>(names));
  }
}

}  // namespace

void forget(tuples& t, tuple_key key, const observation& o, double weight, values covariates) {
  if (key == tuple_key::spend && !(o.x >= 1.0 && o.mean_spend > 0.0)) return;
  const triple wanted = key_of(key, o);
  auto [first, last] = stretch_of(t, covariates);
  for (std::size_t count = last - first; count > 0;) {
    const std::size_t step = count / 2;
    if (key_at(t, key, first + step) < wanted) {
      first += step + 1;
      count -= step + 1;
    } else {
      count = step;
    }
  }
  const bool found = first < last && key_at(t, key, first) == wanted;
  if (!found || t.weight[first] < weight) not_there(wanted, weight, found ? t.weight[first] : 0.0);
  t.customers -= weight;
  if (t.has_litt) t.litt -= weight * o.litt;
  t.weight[first] -= weight;
  if (t.weight[first] == 0.0) erase(t, first, covariates.size());
}

}  // namespace clv
