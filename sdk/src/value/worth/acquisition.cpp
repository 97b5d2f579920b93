// What may be paid for a new customer, by source.
//   mean_value      of the source's customers: total where there is one
//   lower           its lower bound: mean - 1.645 x standard error over customers (95 %, one-sided)
//   allowable_cost  lower / ratio, ratio the value wanted per unit of acquisition cost
//   payback_months  the first month after acquisition by whose end the mean cumulative margin of
//                   the customers observed that long has paid their mean cost; absent: not yet seen
//   equity          sum of value - cost; a source below 0 destroys value
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "data/log_reader.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr double z95_one_sided = 1.6448536269514722;
constexpr double days_a_month = 365.25 / 12;
constexpr double small_group = 30;  // customers: below, the bound is marked as weak

constexpr std::array<report_input, 3> inputs{
    {{"sources", "", true, "customer,source,cost"},
     {"values", "", true, "customer,total (or clv), before acquisition cost"},
     {"transactions", "transactions", false, ""}}};
constexpr std::array<report_option, 4> options{
    {{"ratio", "3", "value wanted per unit of acquisition cost"},
     {"margin", "1", "share of a transaction that is profit, for the payback"},
     {"as_of", "", "last day observed, for the payback; left out: the last event"},
     {"time_zone", "\"UTC\"", "whose days these are"}}};
constexpr std::array<report_output, 1> outputs{
    {{"",
      "source,customers,valued,mean_cost,mean_value,standard_error,lower,allowable_cost,"
      "value_to_cost,payback_months,equity,verdict"}}};

struct source_facts {
  double customers = 0;
  std::vector<double> costs;
  double cost = 0;  // their sum
  std::vector<double> values;
  // By month of age, over the customers observed through that month: purchases less refunds in
  // minor units (whole, so that no order of the rows matters), and how many customers.
  std::vector<std::int64_t> net_minor;
  std::vector<double> observed;
  double margin_per_minor = 0;
};

struct acquired {
  std::vector<std::string> customers, sources;
  std::vector<double> costs;
};

// Month by month from each customer's first purchase, whole months observed only.
void add_payback(const report_inputs& in,
                 const settings& s,
                 const acquired& who,
                 std::map<std::string, source_facts>& by_source) {
  const table& log = in.of("transactions");
  summarize_options how{.time_zone = s.text("time_zone", "UTC")};
  if (s.has("as_of")) {
    const auto at = parse_time(s.text("as_of", ""), zone(how.time_zone));
    if (!at) s.refuse("as_of", "a date");
    how.as_of_us = *at;
  }
  data::log_reader reader(log, how);
  std::map<std::string_view, std::size_t> at;
  for (std::size_t i = 0; i < who.customers.size(); ++i) at.emplace(who.customers[i], i);
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> first(who.customers.size(), never);
  std::vector<data::event> events;
  std::vector<std::size_t> owners;
  for (std::size_t row = 0; row < log.rows(); ++row) {
    const data::event e = reader.read(row);
    const auto found = at.find(reader.customers().text(row));
    if (found == at.end() || e.kind == data::event_kind::ignored) continue;
    events.push_back(e);
    owners.push_back(found->second);
    if (e.kind == data::event_kind::purchase) {
      first[found->second] = std::min(first[found->second], std::int64_t{e.day});
    }
  }
  reader.check_currencies();
  const double margin = s.number_in("margin", 1, 1e-12, 1);
  const double per_major = minor_per_major(reader.currency());
  const auto month_of = [&](std::size_t owner, std::int64_t day) {
    return static_cast<std::size_t>(static_cast<double>(day - first[owner]) / days_a_month);
  };
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == never) continue;
    source_facts& f = by_source[who.sources[i]];
    const std::size_t whole = month_of(i, reader.last_day() + 1);
    if (f.observed.size() < whole) {
      f.observed.resize(whole);
      f.net_minor.resize(whole);
    }
    for (std::size_t month = 0; month < whole; ++month) f.observed[month] += 1;
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::size_t owner = owners[i];
    if (first[owner] == never || events[i].day < first[owner]) continue;
    source_facts& f = by_source[who.sources[owner]];
    const std::size_t month = month_of(owner, events[i].day);
    if (month >= month_of(owner, reader.last_day() + 1)) continue;  // that month is not over
    f.margin_per_minor = margin / per_major;
    f.net_minor[month] +=
        events[i].kind == data::event_kind::refund ? -events[i].amount : events[i].amount;
  }
}

std::optional<double> payback_of(const source_facts& f) {
  double cumulative = 0;
  for (std::size_t month = 0; month < f.observed.size(); ++month) {
    if (f.observed[month] == 0) return std::nullopt;
    cumulative += f.margin_per_minor * static_cast<double>(f.net_minor[month]) / f.observed[month];
    if (cumulative >= f.cost / f.customers) return static_cast<double>(month + 1);
  }
  return std::nullopt;
}

struct value_facts {
  double mean = 0, standard_error = 0, sum = 0;
};

value_facts facts_of(const std::vector<double>& values) {
  value_facts v;
  const auto n = static_cast<double>(values.size());
  v.sum = sorted_sum(values);
  v.mean = n > 0 ? v.sum / n : 0;
  std::vector<double> squares;
  for (const double each : values) squares.push_back((each - v.mean) * (each - v.mean));
  v.standard_error = n > 1 ? std::sqrt(sorted_sum(squares) / (n - 1) / n) : 0;
  return v;
}

std::string verdict_of(const source_facts& f, double lower, double allowable, double equity) {
  if (f.values.empty()) return "NO_VALUE: none of its customers has a value";
  if (equity < 0) return "NEGATIVE: its customers cost more than they are worth";
  const auto n = static_cast<double>(f.values.size());
  if (n < small_group) return "FEW: fewer than 30 customers, the bound is weak";
  if (f.cost / f.customers > allowable) return "TOO_DEAR: it costs more than its value allows";
  return lower > 0 ? "OK" : "UNSURE: the lower bound is not above 0";
}

acquired read_sources(const report_inputs& in, std::map<std::string, source_facts>& by_source) {
  const report_rows rows(in.of("sources"), "acquisition", "sources");
  acquired who{.customers = rows.texts("customer"),
               .sources = rows.texts("source"),
               .costs = rows.numbers_or("cost", 0)};
  positions(who.customers, rows, "customer");  // refuses one that is there twice
  for (std::size_t i = 0; i < who.customers.size(); ++i) {
    if (who.costs[i] < 0) rows.refuse("cost", i, "is negative; a cost is 0 or more");
    source_facts& f = by_source[who.sources[i]];
    f.customers += 1;
    f.costs.push_back(who.costs[i]);
  }
  for (auto& [source, f] : by_source) f.cost = sorted_sum(f.costs);
  return who;
}

void add_values(const report_inputs& in,
                const acquired& who,
                std::map<std::string, source_facts>& by_source) {
  const report_rows rows(in.of("values"), "acquisition", "values");
  const char* name = rows.has("total") ? "total" : "clv";
  const auto ids = rows.texts("customer");
  const auto at = positions(ids, rows, "customer");
  const auto values = rows.numbers_or(name, std::nan(""));
  if (!rows.has(name)) rows.numbers(name);  // throws and names what is there
  for (std::size_t i = 0; i < who.customers.size(); ++i) {
    const auto found = at.find(who.customers[i]);
    if (found == at.end() || std::isnan(values[found->second])) continue;
    by_source[who.sources[i]].values.push_back(values[found->second]);
  }
}

void weigh(const report_inputs& in, const settings& s, outcome& out) {
  std::map<std::string, source_facts> by_source;
  const acquired who = read_sources(in, by_source);
  add_values(in, who, by_source);
  if (in.has("transactions")) add_payback(in, s, who, by_source);
  const double ratio = s.number_in("ratio", 3, 1e-6, 1e6);
  report_writer rows({{"source", type::utf8},
                      {"customers", type::f64},
                      {"valued", type::f64},
                      {"mean_cost", type::f64},
                      {"mean_value", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"allowable_cost", type::f64},
                      {"value_to_cost", type::f64},
                      {"payback_months", type::f64},
                      {"equity", type::f64},
                      {"verdict", type::utf8}});
  for (const auto& [source, f] : by_source) {
    const value_facts v = facts_of(f.values);
    const bool valued = !f.values.empty();
    const auto known = [valued](double x) { return valued ? std::optional(x) : std::nullopt; };
    const double mean_cost = f.cost / f.customers;
    const double lower = v.mean - z95_one_sided * v.standard_error;
    const double allowable = std::max(0.0, lower / ratio);
    const double equity = v.sum - f.cost;
    rows.row(source,
             f.customers,
             static_cast<double>(f.values.size()),
             mean_cost,
             known(v.mean),
             known(v.standard_error),
             known(lower),
             known(allowable),
             mean_cost > 0 ? known(v.mean / mean_cost) : std::nullopt,
             payback_of(f),
             known(equity),
             verdict_of(f, lower, allowable, equity));
  }
  out.tables[""] =
      rows.sealed("acquisition|" + in.of("sources").fingerprint() + in.of("values").fingerprint());
}

job begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("acquisition", options_json, options);
  return report_at_once("weigh", [in = std::move(in), s](outcome& out) { weigh(in, *s, out); });
}

}  // namespace

constinit const report acquisition_report{
    .name = "acquisition",
    .summary = "What may be paid for a new customer, and when it is earned back, by source",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
