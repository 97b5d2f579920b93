// Which category a customer may buy for the first time within the horizon, and what that is worth.
//
// Of those who own category a and have been watched for a whole horizon since they first bought it,
// n_ak did not own k then, and e_ak of them bought k within the horizon. A customer's chance for k:
//   P = (sum over owned a of e_ak + prior x base_k) / (sum of n_ak + prior)
// over the pairs with n_ak >= min_support; base_k is the same ratio over all a. Without a supported
// pair, or where nobody has bought it, there is no offer.
//   value = P x mean first order of k x margin / (1+d)^(horizon/2)
// The main table has the `offers` most valuable ones of each customer, the addend the sum of all of
// them. A separate addend: it is part of no clv.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr double days_a_year = 365.25;

constexpr std::array<report_input, 1> cross_sell_inputs{
    {{"lines", "", true, "customer,time,category,amount"}}};
constexpr std::array<report_option, 7> cross_sell_options{
    {{"horizon_days", "365", "within which a first purchase counts"},
     {"min_support", "30", "customers that a pair of categories must rest on"},
     {"prior", "20", "customers that the base rate is worth"},
     {"margin", "1", "share of an order that is profit"},
     {"annual_discount", "0", "0.1 is ten per cent a year"},
     {"offers", "5", "rows per customer at most, the most valuable first"},
     {"as_of", "", "last day observed; left out: the last line"}}};
constexpr std::array<report_output, 3> cross_sell_outputs{
    {{"", "customer,category,probability,support,order_value,value"},
     {"addend", "customer,cross_sell_value,categories"},
     {"affinity", "owned,category,customers,bought,rate,base_rate,lift,supported"}}};

using category = std::size_t;

// A table of pairs is kept: beyond this, what is meant is hardly a category.
constexpr std::size_t most_categories = 2000;

struct request {
  double days, min_support, prior, margin, discount;
  std::size_t offers;
  std::optional<std::int64_t> as_of_us;
};

request read_request(const settings& s) {
  request r{.days = s.number_in("horizon_days", 365, 1, 36525),
            .min_support = s.number_in("min_support", 30, 1, 1e12),
            .prior = s.number_in("prior", 20, 0, 1e12),
            .margin = s.number_in("margin", 1, 1e-12, 1),
            .discount = s.number_in("annual_discount", 0, 0, 10),
            .offers = static_cast<std::size_t>(s.number_in("offers", 5, 1, most_categories))};
  if (!s.has("as_of")) return r;
  r.as_of_us = parse_time(s.text("as_of", ""), zone("UTC"));
  if (!r.as_of_us) s.refuse("as_of", "a date");
  return r;
}

struct purchase {
  category what;
  std::int64_t first;
};

struct basket_log {
  std::vector<std::string> customers, categories;  // sorted by bytes
  std::vector<std::vector<purchase>> owned;        // by customer, rising by category
  std::vector<double> order_sum, order_count;      // of first orders, by category
  std::int64_t last = 0;
};

std::vector<std::string> sorted_distinct(std::vector<std::string> all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

struct line {
  std::size_t customer;
  category what;
  std::int64_t time;
  double amount;
  auto key() const { return std::tie(customer, what, time, amount); }
};

std::size_t position_of(const std::vector<std::string>& sorted, const std::string& name) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), name) -
                                  sorted.begin());
}

// What was bought up to the last day, sorted, so that no order of the rows changes a bit; what was
// given back is left out.
std::vector<line> read_lines(const report_rows& rows, const request& r, basket_log& log) {
  const auto who = rows.texts("customer");
  const auto what = rows.texts("category");
  const auto when = rows.times("time", zone("UTC"));
  const auto amount = rows.numbers_or("amount", 0);
  log.customers = sorted_distinct(who);
  log.categories = sorted_distinct(what);
  if (log.categories.size() > most_categories) {
    throw error(status::limit,
                "report 'cross_sell': the lines have " + std::to_string(log.categories.size()) +
                    " categories; at most " + std::to_string(most_categories) + " are compared",
                "use coarser categories");
  }
  log.last = when.empty() ? 0 : *std::max_element(when.begin(), when.end());
  if (r.as_of_us) log.last = *r.as_of_us + us_per_day - 1;
  std::vector<line> out;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (when[row] > log.last || amount[row] < 0) continue;
    out.push_back({position_of(log.customers, who[row]),
                   position_of(log.categories, what[row]),
                   when[row],
                   amount[row]});
  }
  std::sort(out.begin(), out.end(), [](const line& a, const line& b) { return a.key() < b.key(); });
  return out;
}

basket_log read_log(const report_rows& rows, const request& r) {
  basket_log log;
  const std::vector<line> lines = read_lines(rows, r, log);
  log.owned.resize(log.customers.size());
  log.order_sum.assign(log.categories.size(), 0);
  log.order_count.assign(log.categories.size(), 0);
  for (const line& l : lines) {
    auto& owned = log.owned[l.customer];
    if (owned.empty() || owned.back().what != l.what) {
      owned.push_back({l.what, l.time});
      log.order_count[l.what] += 1;
    }
    if (owned.back().first == l.time) log.order_sum[l.what] += l.amount;
  }
  return log;
}

// At a * categories + k.
struct pair_table {
  std::vector<double> customers, bought;
};

// Everyone who owns a counts for every k, and who owned k before is taken off again: the work grows
// with what is owned and not with all categories.
pair_table count_pairs(const basket_log& log, std::int64_t horizon_us) {
  const std::size_t n = log.categories.size();
  pair_table t{std::vector<double>(n * n), std::vector<double>(n * n)};
  std::vector<double> watched(n);
  for (const auto& owned : log.owned) {
    for (const purchase& a : owned) {
      if (a.first > log.last - horizon_us) continue;  // not watched long enough
      watched[a.what] += 1;
      for (const purchase& k : owned) {
        const std::size_t at = a.what * n + k.what;
        if (k.first <= a.first) {
          t.customers[at] -= 1;  // owned k by then; a itself too
        } else {
          t.bought[at] += k.first <= a.first + horizon_us ? 1 : 0;
        }
      }
    }
  }
  for (category a = 0; a < n; ++a) {
    for (category k = 0; k < n; ++k) t.customers[a * n + k] += watched[a];
  }
  return t;
}

std::vector<double> base_rates(const pair_table& t, std::size_t n) {
  std::vector<double> customers(n), bought(n);
  for (category a = 0; a < n; ++a) {
    for (category k = 0; k < n; ++k) {
      customers[k] += t.customers[a * n + k];
      bought[k] += t.bought[a * n + k];
    }
  }
  for (category k = 0; k < n; ++k) bought[k] = customers[k] > 0 ? bought[k] / customers[k] : 0;
  return bought;
}

std::shared_ptr<const table> affinity_rows(const basket_log& log,
                                           const pair_table& t,
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
      const double customers = t.customers[a * n + k], bought = t.bought[a * n + k];
      if (a == k || customers == 0) continue;
      const double rate = bought / customers;
      rows.row(log.categories[a],
               log.categories[k],
               customers,
               bought,
               rate,
               base[k],
               base[k] > 0 ? std::optional(rate / base[k]) : std::nullopt,
               std::int64_t{customers >= min_support ? 1 : 0});
    }
  }
  return rows.sealed("cross_sell.affinity");
}

struct offer {
  category what;
  double probability, support, order, value;
};

// What the phases share.
class cross_sell_work {
 public:
  cross_sell_work(std::shared_ptr<const table> lines, const request& r)
      : lines_(std::move(lines)), asked_(r) {}

  double count();
  double offer_all();
  std::shared_ptr<outcome> result() const { return result_; }

 private:
  void find_offers(const std::vector<purchase>& owned);
  void write_offers(const std::string& customer);

  std::shared_ptr<const table> lines_;
  request asked_;
  basket_log log_;
  pair_table pairs_;
  std::vector<double> base_, support_, bought_;  // by category
  std::vector<offer> offers_;                    // of one customer
  std::size_t customer_ = 0;
  report_writer rows_{{{"customer", type::utf8},
                       {"category", type::utf8},
                       {"probability", type::f64},
                       {"support", type::f64},
                       {"order_value", type::f64},
                       {"value", type::f64}}};
  report_writer addend_{
      {{"customer", type::utf8}, {"cross_sell_value", type::f64}, {"categories", type::i64}}};
  std::shared_ptr<outcome> result_ = std::make_shared<outcome>();
};

double cross_sell_work::count() {
  log_ = read_log(report_rows(*lines_, "cross_sell", "lines"), asked_);
  pairs_ =
      count_pairs(log_, static_cast<std::int64_t>(asked_.days * static_cast<double>(us_per_day)));
  base_ = base_rates(pairs_, log_.categories.size());
  result_->tables["affinity"] = affinity_rows(log_, pairs_, base_, asked_.min_support);
  return 1.0;
}

void cross_sell_work::find_offers(const std::vector<purchase>& owned) {
  const std::size_t n = log_.categories.size();
  support_.assign(n, 0);
  bought_.assign(n, 0);
  for (const purchase& a : owned) {
    for (category k = 0; k < n; ++k) {
      const double customers = pairs_.customers[a.what * n + k];
      if (customers < asked_.min_support) continue;
      support_[k] += customers;
      bought_[k] += pairs_.bought[a.what * n + k];
    }
  }
  for (const purchase& a : owned) support_[a.what] = 0;  // not for the first time
  const double factor =
      asked_.margin * std::pow(1 + asked_.discount, -asked_.days / 2 / days_a_year);
  offers_.clear();
  for (category k = 0; k < n; ++k) {
    if (support_[k] == 0 || log_.order_count[k] == 0) continue;
    const double p = (bought_[k] + asked_.prior * base_[k]) / (support_[k] + asked_.prior);
    if (!(p > 0)) continue;
    const double order = log_.order_sum[k] / log_.order_count[k];
    offers_.push_back({k, p, support_[k], order, p * order * factor});
  }
}

void cross_sell_work::write_offers(const std::string& customer) {
  double sum = 0;
  for (const offer& o : offers_) sum += o.value;
  addend_.row(customer, sum, static_cast<std::int64_t>(offers_.size()));
  const std::size_t most = std::min(asked_.offers, offers_.size());
  const auto end = offers_.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(offers_.begin(), end, offers_.end(), [](const offer& a, const offer& b) {
    return a.value != b.value ? a.value > b.value : a.what < b.what;
  });
  for (std::size_t i = 0; i < most; ++i) {
    const offer& o = offers_[i];
    rows_.row(customer, log_.categories[o.what], o.probability, o.support, o.order, o.value);
  }
}

double cross_sell_work::offer_all() {
  constexpr std::size_t customers_a_unit = 1024;
  const std::size_t stop = std::min(log_.customers.size(), customer_ + customers_a_unit);
  for (; customer_ < stop; ++customer_) {
    find_offers(log_.owned[customer_]);
    write_offers(log_.customers[customer_]);
  }
  if (customer_ < log_.customers.size()) {
    return static_cast<double>(customer_) / static_cast<double>(log_.customers.size());
  }
  result_->tables[""] = rows_.sealed("cross_sell|" + lines_->fingerprint());
  result_->tables["addend"] = addend_.sealed("cross_sell.addend");
  return 1.0;
}

job cross_sell_begin(report_inputs in, std::string_view options_json) {
  const request r = read_request(settings("cross_sell", options_json, cross_sell_options));
  auto work = std::make_shared<cross_sell_work>(in.tables.at("lines"), r);
  return job({{"count", [work] { return work->count(); }},
              {"offer", [work] { return work->offer_all(); }}},
             work->result());
}

}  // namespace

constinit const report cross_sell_report{
    .name = "cross_sell",
    .summary = "Which category a customer may buy for the first time, and what that is worth",
    .needs_model = false,
    .inputs = cross_sell_inputs,
    .options = cross_sell_options,
    .outputs = cross_sell_outputs,
    .begin = cross_sell_begin,
};

}  // namespace clv
