// Who buys on discount only. A share of few orders says little, so each is shrunk to the mean of
// all customers by the beta-binomial model: with d of n orders discounted,
//   share | d, n ~ Beta(a + d, b + n - d),  shrunk = (a + d) / (a + b + n),  index = shrunk / mean.
// a and b by the moments of Kleinman (1973), JASA 68, 46-54: with p = sum d / sum n, N = sum n and
// k customers,  S = sum n (d/n - p)^2,
//   rho = (S - p (1-p) (k-1)) / (p (1-p) (N - sum n^2 / N - (k-1))),  a + b = 1/rho - 1,  a =
//   p(a+b)
// rho is kept in [1e-6, 0.999]: customers who differ no more than chance are all the mean.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/incomplete_beta.hpp"
#include "math/json.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> deal_seekers_inputs{
    {{"transactions",
      "",
      true,
      "customer,amount (as paid),discount (taken off the order; empty: not known), optional "
      "event_id (rows of one order) and kind (refunds are left out)"}}};
constexpr std::array<report_option, 4> deal_seekers_options{
    {{"share", "0.8", "share of discounted orders from which on a customer is a deal seeker"},
     {"orders", "3", "orders that are needed to call somebody one"},
     {"depth", "0", "least discount, as a share of the full price, that makes an order discounted"},
     {"level", "0.9", "of the interval, and of the certainty that DEAL_SEEKER asks for"}}};
constexpr std::array<report_output, 2> deal_seekers_outputs{
    {{"",
      "customer,orders,discounted_orders,discounted_share,revenue,discount,revenue_share,shrunk,"
      "lower,upper,index,p_above,verdict"},
     {"overall",
      "customers,orders,discounted_orders,mean_share,prior_a,prior_b,deal_seekers,revenue,discount,"
      "deal_seeker_revenue_share,deal_seeker_discount_share,orders_not_known"}}};

struct deal_seekers_knobs {
  double share, orders, depth, level;
};

struct order {
  std::vector<double> amounts, discounts;
  bool known = true;
};

struct buyer {
  double orders = 0, discounted = 0;
  double revenue = 0, discount = 0, discounted_revenue = 0;
};

struct prior {
  double mean = 0, a = 0, b = 0;
};

bool is_sale(const table& t, std::size_t row, double amount, const report_rows& rows) {
  const column* kind = t.find("kind");
  if (kind == nullptr || kind->kind() != type::utf8 || !kind->present(row)) return amount >= 0;
  const std::string_view word = kind->text(row);
  if (!word.empty() && word != "purchase" && word != "refund") {
    rows.refuse("kind", row, "'" + std::string(word) + "' is neither purchase nor refund");
  }
  return word != "refund" && amount >= 0;
}

using orders_of = std::map<std::string, std::map<std::string, order>>;  // by customer, then event

orders_of read_orders(const table& t) {
  const report_rows rows(t, "deal_seekers", "transactions");
  const auto customers = rows.texts("customer");
  const auto amounts = rows.numbers("amount");
  const auto discounts = rows.numbers_or("discount", std::nan(""));
  if (!rows.has("discount")) rows.numbers("discount");  // throws and names what is there
  const bool has_events = rows.has("event_id");
  const auto events = has_events ? rows.texts("event_id") : std::vector<std::string>();
  orders_of out;
  for (std::size_t row = 0; row < customers.size(); ++row) {
    if (!is_sale(t, row, amounts[row], rows)) continue;
    if (discounts[row] < 0) {
      rows.refuse("discount", row, math::to_text(discounts[row]) + " is below 0");
    }
    order& o = out[customers[row]][has_events ? events[row] : std::to_string(row)];
    o.amounts.push_back(amounts[row]);
    o.known = o.known && !std::isnan(discounts[row]);
    if (o.known) o.discounts.push_back(discounts[row]);
  }
  return out;
}

// Sums are taken in rising order: neither rows nor orders have an order that matters.
buyer sum_up(const std::map<std::string, order>& orders, double depth, double& not_known) {
  buyer out;
  std::vector<double> revenue, discount, discounted_revenue;
  for (const auto& [event, o] : orders) {
    if (!o.known) {
      not_known += 1;
      continue;
    }
    const double paid = sorted_sum(o.amounts), off = sorted_sum(o.discounts);
    const bool discounted = off > 0 && off >= depth * (paid + off);
    out.orders += 1;
    out.discounted += discounted ? 1 : 0;
    revenue.push_back(paid);
    discount.push_back(off);
    if (discounted) discounted_revenue.push_back(paid);
  }
  out.revenue = sorted_sum(std::move(revenue));
  out.discount = sorted_sum(std::move(discount));
  out.discounted_revenue = sorted_sum(std::move(discounted_revenue));
  return out;
}

using buyers = std::map<std::string, buyer>;

prior prior_of(const buyers& all) {
  double n = 0, d = 0, squares = 0;
  for (const auto& [id, b] : all) {
    n += b.orders;
    d += b.discounted;
    squares += b.orders * b.orders;
  }
  prior out;
  out.mean = n > 0 ? d / n : 0;
  const double p = out.mean, k = static_cast<double>(all.size());
  std::vector<double> spread;
  for (const auto& [id, b] : all) {
    const double off = b.discounted / b.orders - p;
    spread.push_back(b.orders * off * off);
  }
  const double chance = p * (1 - p) * (k - 1);
  const double room = n > 0 ? p * (1 - p) * (n - squares / n - (k - 1)) : 0;
  const double rho = room > 0 ? (sorted_sum(std::move(spread)) - chance) / room : 0;
  const double strength = 1 / std::clamp(rho, 1e-6, 0.999) - 1;
  // A mean of 0 or 1 still leaves a beta distribution: nobody is certain of the next order.
  out.a = strength * std::clamp(p, 1e-6, 1 - 1e-6);
  out.b = strength - out.a;
  return out;
}

struct posterior {
  double shrunk = 0, lower = 0, upper = 1, p_above = 0;
};

// Many customers have the same few orders: each pair of counts is worked out once.
class posteriors {
 public:
  posteriors(const prior& from, const deal_seekers_knobs& with) : from_(from), with_(with) {}
  const posterior& of(double orders, double discounted) {
    auto [found, fresh] = known_.try_emplace({orders, discounted});
    if (fresh) {
      const double a = from_.a + discounted, b = from_.b + orders - discounted;
      const double tail = 0.5 * (1 - with_.level);
      found->second = {.shrunk = a / (a + b),
                       .lower = math::beta_quantile(tail, a, b),
                       .upper = math::beta_quantile(1 - tail, a, b),
                       .p_above = 1 - math::beta_cdf(with_.share, a, b)};
    }
    return found->second;
  }

 private:
  prior from_;
  deal_seekers_knobs with_;
  std::map<std::pair<double, double>, posterior> known_;
};

const char* verdict_of(const buyer& b, const posterior& p, const deal_seekers_knobs& with) {
  if (b.orders < with.orders) return "FEW_ORDERS";
  if (p.p_above >= with.level) return "DEAL_SEEKER";
  return p.p_above >= 0.5 ? "PROBABLY" : "NO";
}

double share_of(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

struct totals {
  std::vector<double> revenue, discount, seeker_revenue, seeker_discount;
  double orders = 0, discounted = 0, seekers = 0, not_known = 0;
};

void write_buyers(const buyers& all,
                  const prior& from,
                  const deal_seekers_knobs& with,
                  report_writer& rows,
                  totals& sums) {
  posteriors known(from, with);
  for (const auto& [id, b] : all) {
    const posterior& p = known.of(b.orders, b.discounted);
    const std::string_view verdict = verdict_of(b, p, with);
    rows.row(id,
             b.orders,
             b.discounted,
             b.discounted / b.orders,
             b.revenue,
             b.discount,
             share_of(b.discounted_revenue, b.revenue),
             p.shrunk,
             p.lower,
             p.upper,
             share_of(p.shrunk, from.mean),
             p.p_above,
             verdict);
    sums.orders += b.orders;
    sums.discounted += b.discounted;
    sums.revenue.push_back(b.revenue);
    sums.discount.push_back(b.discount);
    if (verdict != "DEAL_SEEKER") continue;
    sums.seekers += 1;
    sums.seeker_revenue.push_back(b.revenue);
    sums.seeker_discount.push_back(b.discount);
  }
}

report_writer buyer_columns(const std::string& unit) {
  return report_writer({{"customer", type::utf8},
                        {"orders", type::f64},
                        {"discounted_orders", type::f64},
                        {"discounted_share", type::f64},
                        {"revenue", type::f64, unit},
                        {"discount", type::f64, unit},
                        {"revenue_share", type::f64},
                        {"shrunk", type::f64},
                        {"lower", type::f64},
                        {"upper", type::f64},
                        {"index", type::f64},
                        {"p_above", type::f64},
                        {"verdict", type::utf8}});
}

std::shared_ptr<const table> overall(const buyers& all,
                                     const prior& from,
                                     const totals& sums,
                                     const std::string& unit,
                                     const std::string& seal) {
  report_writer rows({{"customers", type::f64},
                      {"orders", type::f64},
                      {"discounted_orders", type::f64},
                      {"mean_share", type::f64},
                      {"prior_a", type::f64},
                      {"prior_b", type::f64},
                      {"deal_seekers", type::f64},
                      {"revenue", type::f64, unit},
                      {"discount", type::f64, unit},
                      {"deal_seeker_revenue_share", type::f64},
                      {"deal_seeker_discount_share", type::f64},
                      {"orders_not_known", type::f64}});
  const double revenue = sorted_sum(sums.revenue), discount = sorted_sum(sums.discount);
  rows.row(static_cast<double>(all.size()),
           sums.orders,
           sums.discounted,
           from.mean,
           from.a,
           from.b,
           sums.seekers,
           revenue,
           discount,
           share_of(sorted_sum(sums.seeker_revenue), revenue),
           share_of(sorted_sum(sums.seeker_discount), discount),
           sums.not_known);
  return rows.sealed(seal + "|overall");
}

void find_seekers(const report_inputs& in, const deal_seekers_knobs& with, outcome& out) {
  const table& log = in.of("transactions");
  const report_rows given(log, "deal_seekers", "transactions");
  totals sums;
  buyers all;
  for (const auto& [id, orders] : read_orders(log)) {
    const buyer b = sum_up(orders, with.depth, sums.not_known);
    if (b.orders > 0) all.emplace(id, b);
  }
  const prior from = prior_of(all);
  const std::string unit = given.unit("amount");
  const std::string seal = "deal_seekers|" + log.fingerprint() + "|" + math::to_text(with.share) +
                           "|" + math::to_text(with.orders) + "|" + math::to_text(with.depth) +
                           "|" + math::to_text(with.level);
  report_writer rows = buyer_columns(unit);
  write_buyers(all, from, with, rows, sums);
  out.tables[""] = rows.sealed(seal);
  out.tables["overall"] = overall(all, from, sums, unit, seal);
}

job deal_seekers_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'deal_seekers'", options_json, deal_seekers_options);
  const deal_seekers_knobs with{.share = s.number_in("share", 0.8, 0, 1),
                                .orders = s.number_in("orders", 3, 1, 1e9),
                                .depth = s.number_in("depth", 0, 0, 1),
                                .level = s.number_in("level", 0.9, 0.5, 0.9999)};
  return report_at_once("count",
                        [in = std::move(in), with](outcome& out) { find_seekers(in, with, out); });
}

}  // namespace

constinit const report deal_seekers_report{
    .name = "deal_seekers",
    .summary = "Which customers buy on discount only, with the certainty their orders allow",
    .needs_model = false,
    .inputs = deal_seekers_inputs,
    .options = deal_seekers_options,
    .outputs = deal_seekers_outputs,
    .begin = deal_seekers_begin,
};

}  // namespace clv
