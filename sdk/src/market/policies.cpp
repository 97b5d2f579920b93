#include "market/policies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "data/report_tables.hpp"
#include "math/hash.hpp"
#include "retention/allocation/plan.hpp"

namespace clv::market {
namespace {

constexpr std::size_t nobody = truth_book::nobody;

std::uint64_t key_of(const truth_book& book, std::size_t customer, std::uint64_t seed) {
  return math::hash64("market|" + std::to_string(seed) + "|" + book.customers()[customer]);
}

named_policy blanket(const market_state& m, std::size_t action) {
  named_policy p{"everybody:" + m.book.actions()[action], {}};
  for (std::size_t i = 0; i < m.book.customers().size(); ++i) {
    p.action.push_back(truth_now(m, i, action).allowed ? action : nobody);
  }
  return p;
}

// Those with the highest rank first; equals by hash, so that the order of rows decides nothing.
named_policy top(const market_state& m,
                 const targeting& t,
                 std::string name,
                 const std::vector<double>& rank) {
  const std::size_t n = m.book.customers().size();
  std::vector<std::uint64_t> key(n);
  for (std::size_t i = 0; i < n; ++i) key[i] = key_of(m.book, i, t.seed);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rank[a] != rank[b] ? rank[a] > rank[b] : key[a] < key[b];
  });
  named_policy p{std::move(name), std::vector<std::size_t>(n, nobody)};
  const double most = t.budget ? static_cast<double>(n) : std::round(t.share * double(n));
  double left = t.budget.value_or(std::numeric_limits<double>::infinity()), chosen = 0;
  for (const std::size_t i : order) {
    if (!(chosen < most)) break;
    const truth now = truth_now(m, i, t.action);
    if (!now.allowed) continue;
    if (now.cost() > left) break;
    left -= now.cost();
    ++chosen;
    p.action[i] = t.action;
  }
  return p;
}

named_policy oracle(const market_state& m) {
  named_policy p{"oracle", {}};
  for (std::size_t i = 0; i < m.book.customers().size(); ++i) {
    const std::vector<truth> all = truths_now(m, i);
    const std::size_t best = best_of(all);
    p.action.push_back(best < all.size() ? best : nobody);
  }
  return p;
}

named_policy oracle_within(const market_state& m, double budget) {
  retention::plan plan({budget});
  const std::size_t n = m.book.customers().size();
  std::vector<retention::use> uses;
  std::vector<retention::option> options;
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<truth> all = truths_now(m, i);
    uses.clear();
    options.clear();
    for (const truth& t : all) uses.push_back({.resource = 0, .amount = t.cost()});
    for (std::size_t a = 0; a < all.size(); ++a) {
      if (!all[a].allowed) continue;
      options.push_back({.rank = all[a].net(),
                         .id = static_cast<std::uint32_t>(a),
                         .uses = std::span(uses).subspan(a, 1)});
    }
    plan.add(options, key_of(m.book, i, 0), true);
  }
  while (plan.advance(n + 1) < 1) {
  }
  named_policy p{"oracle_budget", {}};
  for (std::size_t i = 0; i < n; ++i) {
    const auto chosen = plan.chosen(i);
    p.action.push_back(chosen ? std::size_t{*chosen} : nobody);
  }
  return p;
}

}  // namespace

rankings read_rankings(std::string_view report, const table* rows, const truth_book& book) {
  rankings out;
  const std::size_t n = book.customers().size();
  if (rows == nullptr) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::vector<truth> all = book.of(i);
      out.risk.push_back(all.empty() ? 0 : 1 - all.front().p0);
      out.value.push_back(all.empty() ? 0 : all.front().future_value);
    }
    return out;
  }
  const report_rows in(*rows, report, "scores");
  const std::vector<std::string> ids = in.texts("customer");
  positions(ids, in, "customer");  // throws for one that is there twice
  const std::vector<double> alive = in.numbers("p_alive"), clv = in.numbers_or("clv", 0);
  out.risk.assign(n, -std::numeric_limits<double>::infinity());
  out.value = out.risk;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const std::size_t i = book.customer_at(ids[row]);
    if (i == nobody) continue;
    out.risk[i] = 1 - alive[row];
    out.value[i] = clv[row];
  }
  return out;
}

std::size_t best_blanket(const market_state& m) {
  std::size_t best = nobody;
  double most = 0;
  for (std::size_t a = 0; a < m.book.actions().size(); ++a) {
    std::vector<double> net;
    for (std::size_t i = 0; i < m.book.customers().size(); ++i) {
      const truth t = truth_now(m, i, a);
      if (t.allowed) net.push_back(t.net());
    }
    const double total = sorted_sum(std::move(net));
    if (best == nobody || total > most) best = a, most = total;
  }
  return best;
}

std::vector<named_policy> standard_policies(const market_state& m,
                                            const rankings& by,
                                            const targeting& t) {
  const std::size_t n = m.book.customers().size();
  std::vector<named_policy> out{{"nobody", std::vector<std::size_t>(n, nobody)}};
  for (std::size_t a = 0; a < m.book.actions().size(); ++a) out.push_back(blanket(m, a));
  if (t.action != nobody) {
    out.push_back(top(m, t, "top_risk", by.risk));
    out.push_back(top(m, t, "top_value", by.value));
    out.push_back(top(m, t, "random", std::vector<double>(n, 0)));
  }
  out.push_back(oracle(m));
  if (t.budget) out.push_back(oracle_within(m, *t.budget));
  return out;
}

}  // namespace clv::market
