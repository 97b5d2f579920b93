#include "market/policy_run.hpp"

#include <cmath>

#include "data/report_tables.hpp"

namespace clv::market {

truth truth_now(const market_state& m, std::size_t customer, std::size_t action) {
  const truth* said = m.book.of(customer, action);
  if (said == nullptr) return {.allowed = false};
  truth t = after_contacts(*said, m.history.sent[customer], m.fatigue);
  if (m.history.unheard[customer * m.book.actions().size() + action]) {
    t.tau = 0;
    t.benefit = 0;
    t.unsubscribe = 0;
    t.allowed = false;
  }
  return t;
}

std::vector<truth> truths_now(const market_state& m, std::size_t customer) {
  std::vector<truth> out;
  for (std::size_t a = 0; a < m.book.actions().size(); ++a) {
    out.push_back(truth_now(m, customer, a));
  }
  return out;
}

share share_of(const market_state& m, const fortune& f, std::size_t customer, std::size_t action) {
  share s;
  if (action == truth_book::nobody) {
    // Untreated, every row of an order says the same; of other responses the lift needs none.
    for (std::size_t a = 0; a < m.book.actions().size(); ++a) {
      const truth* any = m.book.of(customer, a);
      if (any == nullptr) continue;
      s.without = untreated(*any, f);
      break;
    }
    s.with = s.without;
    return s;
  }
  const truth t = truth_now(m, customer, action);
  s.without = untreated(t, f);
  s.with = treated(t, f);
  s.expected_lift = t.net();
  s.expected_cost = t.cost();
  s.treated = true;
  s.consented = t.allowed;
  return s;
}

std::vector<fortune> fortunes_of(const truth_book& book, std::uint64_t seed) {
  std::vector<fortune> out;
  out.reserve(book.customers().size());
  for (std::size_t i = 0; i < book.customers().size(); ++i) {
    double shape = 1;
    for (std::size_t a = 0; a < book.actions().size(); ++a) {
      const truth* any = book.of(i, a);
      if (any == nullptr) continue;
      shape = any->order_shape;
      break;
    }
    out.emplace_back(seed, book.customers()[i], shape);
  }
  return out;
}

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t round) {
  return seed + round * 0x9E3779B97F4A7C15U;  // far from the neighbours' seeds
}

total total_of(std::vector<double> values) {
  total t;
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return t;
  t.sum = sorted_sum(values);
  const double mean = t.sum / n;
  for (double& v : values) v = (v - mean) * (v - mean);
  if (values.size() > 1) t.standard_error = std::sqrt(n * sorted_sum(values) / (n - 1));
  return t;
}

}  // namespace clv::market
