// Which category a customer may buy for the first time within the horizon, and what that is worth.
//
// Of those who own category a and have been watched for a whole horizon since they first bought it,
// n_ak did not own k then, and e_ak of them bought k within the horizon. A customer's chance for k:
//   P = (sum over owned a of e_ak + prior x base_k) / (sum of n_ak + prior)
// over the pairs with n_ak >= min_support; base_k is the same ratio over all a. Without a supported
// pair, or where nobody has bought it, there is no row. value = P x mean first order of k x margin / (1+d)^(horizon/2).
// A separate addend: it is part of no clv.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "data/report_tables.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr double days_a_year = 365.25;

constexpr std::array<report_input, 1> inputs{
    {{"lines", "", true, "customer,time,category,amount"}}};
constexpr std::array<report_option, 6> options{
    {{"horizon_days", "365", "within which a first purchase counts"},
     {"min_support", "30", "customers that a pair of categories must rest on"},
     {"prior", "20", "customers that the base rate is worth"},
     {"margin", "1", "share of an order that is profit"},
     {"annual_discount", "0", "0.1 is ten per cent a year"},
     {"as_of", "", "last day observed; left out: the last line"}}};
constexpr std::array<report_output, 3> outputs{
    {{"", "customer,category,probability,support,order_value,value"},
     {"addend", "customer,cross_sell_value,categories"},
     {"affinity", "owned,category,customers,bought,rate,base_rate,lift,supported"}}};

using category = std::size_t;

struct basket_log {
  std::vector<std::string> customers, categories;              // sorted by bytes
  std::vector<std::map<category, std::int64_t>> first_bought;  // by customer
  std::vector<double> order_sum, order_count;                  // of first orders, by category
  std::int64_t last = 0;
};

std::vector<std::string> sorted_distinct(const std::vector<std::string>& all) {
  std::map<std::string_view, int> seen;
  for (const std::string& each : all) seen.emplace(each, 0);
  std::vector<std::string> out;
  for (const auto& [name, unused] : seen) out.emplace_back(name);
  return out;
}

basket_log read_lines(const report_rows& rows, const settings& s) {
  const auto who = rows.texts("customer");
  const auto what = rows.texts("category");
  const auto when = rows.times("time", zone("UTC"));
  const auto amount = rows.numbers_or("amount", 0);
  basket_log log{.customers = sorted_distinct(who), .categories = sorted_distinct(what)};
  const auto customer_at = positions(log.customers, rows, "customer");
  const auto category_at = positions(log.categories, rows, "category");
  log.first_bought.resize(log.customers.size());
  log.order_sum.assign(log.categories.size(), 0);
  log.order_count.assign(log.categories.size(), 0);
  log.last = when.empty() ? 0 : *std::max_element(when.begin(), when.end());
  if (s.has("as_of")) {
    const auto at = parse_time(s.text("as_of", ""), zone("UTC"));
    if (!at) s.refuse("as_of", "a date");
    log.last = *at + us_per_day - 1;
  }
  std::vector<std::map<category, double>> first_amount(log.customers.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (when[row] > log.last || amount[row] < 0) continue;  // later, or given back
    const std::size_t c = customer_at.at(who[row]), k = category_at.at(what[row]);
    const auto [at, added] = log.first_bought[c].emplace(k, when[row]);
    if (added || when[row] < at->second) {
      at->second = when[row];
      first_amount[c][k] = amount[row];
    } else if (when[row] == at->second) {
      first_amount[c][k] += amount[row];
    }
  }
  for (const auto& amounts : first_amount) {
    for (const auto& [k, money] : amounts) {
      log.order_sum[k] += money;
      log.order_count[k] += 1;
    }
  }
  return log;
}

struct pair_counts {
  double customers = 0, bought = 0;
};

// counts[a * categories + k]
std::vector<pair_counts> count_pairs(const basket_log& log, std::int64_t horizon_us) {
  const std::size_t n = log.categories.size();
  std::vector<pair_counts> counts(n * n);
  for (const auto& owned : log.first_bought) {
    for (const auto& [a, since] : owned) {
      if (since > log.last - horizon_us) continue;  // not watched long enough
      for (category k = 0; k < n; ++k) {
        const auto at = owned.find(k);
        if (k == a || (at != owned.end() && at->second <= since)) continue;
        pair_counts& c = counts[a * n + k];
        c.customers += 1;
        c.bought += at != owned.end() && at->second <= since + horizon_us ? 1 : 0;
      }
    }
  }
  return counts;
}

std::vector<double> base_rates(const std::vector<pair_counts>& counts, std::size_t n) {
  std::vector<double> rates(n);
  for (category k = 0; k < n; ++k) {
    pair_counts all;
    for (category a = 0; a < n; ++a) {
      all.customers += counts[a * n + k].customers;
      all.bought += counts[a * n + k].bought;
    }
    rates[k] = all.customers > 0 ? all.bought / all.customers : 0;
  }
  return rates;
}

std::shared_ptr<const table> affinity_rows(const basket_log& log,
                                           const std::vector<pair_counts>& counts,
                                           const std::vector<double>& base,
                                           double min_support) {
  report_writer rows({{"owned", type::utf8},
                      {"category", type::utf8},
                      {"customers", type::f64},
                      {"bought", type::f64},
                      {"rate", type::f64},
                      {"base_rate", type::f64},
                      {"lift", type::f64},
                      {"supported", type::i64}});
  const std::size_t n = log.categories.size();
  for (category a = 0; a < n; ++a) {
    for (category k = 0; k < n; ++k) {
      const pair_counts& c = counts[a * n + k];
      if (c.customers == 0) continue;
      const double rate = c.bought / c.customers;
      rows.row(log.categories[a],
               log.categories[k],
               c.customers,
               c.bought,
               rate,
               base[k],
               base[k] > 0 ? std::optional(rate / base[k]) : std::nullopt,
               std::int64_t{c.customers >= min_support ? 1 : 0});
    }
  }
  return rows.sealed("cross_sell.affinity");
}

struct offer {
  double probability = 0, support = 0;
};

std::optional<offer> offer_of(const std::map<category, std::int64_t>& owned,
                              category k,
                              const std::vector<pair_counts>& counts,
                              const std::vector<double>& base,
                              const settings& s) {
  const std::size_t n = base.size();
  const double min_support = s.number_in("min_support", 30, 1, 1e12);
  const double prior = s.number_in("prior", 20, 0, 1e12);
  pair_counts sum;
  for (const auto& [a, since] : owned) {
    const pair_counts& c = counts[a * n + k];
    if (c.customers < min_support) continue;
    sum.customers += c.customers;
    sum.bought += c.bought;
  }
  if (sum.customers == 0) return std::nullopt;
  return offer{(sum.bought + prior * base[k]) / (sum.customers + prior), sum.customers};
}

void find(const report_inputs& in, const settings& s, outcome& out) {
  const basket_log log = read_lines(report_rows(in.of("lines"), "cross_sell", "lines"), s);
  const double days = s.number_in("horizon_days", 365, 1, 36525);
  const double margin = s.number_in("margin", 1, 1e-12, 1);
  const double factor =
      std::pow(1 + s.number_in("annual_discount", 0, 0, 10), -days / 2 / days_a_year);
  const auto counts = count_pairs(log, static_cast<std::int64_t>(days) * us_per_day);
  const auto base = base_rates(counts, log.categories.size());
  report_writer rows({{"customer", type::utf8},
                      {"category", type::utf8},
                      {"probability", type::f64},
                      {"support", type::f64},
                      {"order_value", type::f64},
                      {"value", type::f64}});
  report_writer addend(
      {{"customer", type::utf8}, {"cross_sell_value", type::f64}, {"categories", type::i64}});
  for (std::size_t c = 0; c < log.customers.size(); ++c) {
    double sum = 0;
    std::int64_t found = 0;
    for (category k = 0; k < log.categories.size(); ++k) {
      if (log.first_bought[c].count(k) != 0 || log.order_count[k] == 0) continue;
      const auto o = offer_of(log.first_bought[c], k, counts, base, s);
      if (!o || !(o->probability > 0)) continue;
      const double order = log.order_sum[k] / log.order_count[k];
      const double value = o->probability * order * margin * factor;
      rows.row(log.customers[c], log.categories[k], o->probability, o->support, order, value);
      sum += value;
      ++found;
    }
    addend.row(log.customers[c], sum, found);
  }
  out.tables[""] = rows.sealed("cross_sell|" + in.of("lines").fingerprint());
  out.tables["addend"] = addend.sealed("cross_sell.addend");
  out.tables["affinity"] = affinity_rows(log, counts, base, s.number("min_support", 30));
}

job begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("cross_sell", options_json, options);
  return report_at_once("find", [in = std::move(in), s](outcome& out) { find(in, *s, out); });
}

}  // namespace

constinit const report cross_sell_report{
    .name = "cross_sell",
    .summary = "Which category a customer may buy for the first time, and what that is worth",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
