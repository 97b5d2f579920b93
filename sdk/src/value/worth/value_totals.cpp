// What each customer has been worth, is expected to be worth, and both together.
//   historic   margin x revenue - refunds x (1 - restock x (1 - margin)) - costs
//              (a refund gives back the price; where the goods are restocked their cost comes back)
//   predicted  the score's clv, absent where it is
//   total      historic + predicted
// Money of the past is counted as it was, not compounded.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 3> inputs{{{"summary", "summary", true, ""},
                                              {"scores", "scores", true, ""},
                                              {"costs", "", false, "customer,amount"}}};
constexpr std::array<report_option, 2> value_totals_options{
    {{"margin", "1", "share of a transaction that is profit; 1: the basis is revenue"},
     {"restock", "0", "share of refunded goods that can be sold again"}}};
constexpr std::array<report_output, 2> value_totals_outputs{
    {{"",
      "customer,revenue,refunds,costs,historic,predicted,total,basis,clv_status,rank,percentile"},
     {"sum", "customers,historic,predicted,total,negative,basis"}}};

struct ledger {
  std::vector<std::string> customers;
  std::vector<double> revenue, refunds, costs;
};

ledger read_ledger(const report_inputs& in) {
  const report_rows summary(in.of("summary"), "value_totals", "summary");
  ledger l{.customers = summary.texts("customer"),
           .revenue = summary.numbers("revenue"),
           .refunds = summary.numbers_or("refunds", 0)};
  l.costs.assign(l.customers.size(), 0.0);
  const auto at = positions(l.customers, summary, "customer");
  if (!in.has("costs")) return l;
  const report_rows costs(in.of("costs"), "value_totals", "costs");
  const auto who = costs.texts("customer");
  const auto amounts = costs.numbers("amount");
  std::vector<std::pair<std::size_t, double>> parts;
  for (std::size_t row = 0; row < costs.size(); ++row) {
    const auto found = at.find(who[row]);
    if (found == at.end())
      costs.refuse("customer", row, "'" + who[row] + "' is not in the summary");
    parts.emplace_back(found->second, amounts[row]);
  }
  std::sort(parts.begin(), parts.end());  // no order of the rows changes a bit
  for (const auto& [customer, amount] : parts) l.costs[customer] += amount;
  return l;
}

// Position 1 is the most valuable; equal totals in the order of the ids' bytes.
std::vector<std::int64_t> ranks(const std::vector<double>& totals,
                                const std::vector<std::string>& ids) {
  std::vector<std::size_t> order(totals.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return totals[a] != totals[b] ? totals[a] > totals[b] : ids[a] < ids[b];
  });
  std::vector<std::int64_t> out(totals.size());
  for (std::size_t i = 0; i < order.size(); ++i) out[order[i]] = static_cast<std::int64_t>(i) + 1;
  return out;
}

struct totals {
  std::vector<double> historic, total;
  std::vector<std::optional<double>> predicted;
  std::vector<std::string> status;
};

totals totals_of(const report_inputs& in, const ledger& l, double margin, double restock) {
  const table& scores = in.of("scores");
  const report_rows scored(scores, "value_totals", "scores");
  const auto ids = scored.texts("customer");
  const auto at = positions(ids, scored, "customer");
  const column& clv = scores.get("clv", type::f64);
  const column* told = scores.find("clv_status");
  totals t;
  for (std::size_t i = 0; i < l.customers.size(); ++i) {
    const double refund_share = 1 - restock * (1 - margin);
    t.historic.push_back(margin * l.revenue[i] - refund_share * l.refunds[i] - l.costs[i]);
    const auto found = at.find(l.customers[i]);
    const bool scored_here = found != at.end();
    const bool has = scored_here && clv.present(found->second);
    t.predicted.push_back(has ? std::optional(clv.numbers()[found->second]) : std::nullopt);
    t.total.push_back(t.historic.back() + t.predicted.back().value_or(0));
    t.status.emplace_back(scored_here && told != nullptr && told->present(found->second)
                              ? told->text(found->second)
                              : std::string_view(has ? "OK" : "INSUFFICIENT"));
  }
  return t;
}

// The sums of the base; what has no prediction counts with its history.
std::shared_ptr<const table> sum_of(const totals& t,
                                    const char* basis,
                                    const std::string& currency) {
  std::vector<double> predicted;
  for (const auto& each : t.predicted) predicted.push_back(each.value_or(0));
  const auto negative =
      std::count_if(t.total.begin(), t.total.end(), [](double v) { return v < 0; });
  report_writer out({{"customers", type::i64},
                     {"historic", type::f64, currency},
                     {"predicted", type::f64, currency},
                     {"total", type::f64, currency},
                     {"negative", type::i64},
                     {"basis", type::utf8}});
  const auto n = static_cast<std::int64_t>(t.total.size());
  out.row(n,
          sorted_sum(t.historic),
          sorted_sum(predicted),
          sorted_sum(t.total),
          static_cast<std::int64_t>(negative),
          basis);
  return out.sealed("value_totals.sum");
}

void add_up(const report_inputs& in, const settings& s, outcome& out) {
  const double margin = s.number_in("margin", 1, 1e-12, 1);
  const ledger l = read_ledger(in);
  const totals t = totals_of(in, l, margin, s.number_in("restock", 0, 0, 1));
  const std::string currency = report_rows(in.of("summary"), "", "").unit("revenue");
  const char* basis = margin == 1 ? "revenue" : "margin";
  const auto rank = ranks(t.total, l.customers);
  const auto n = static_cast<double>(rank.size());
  report_writer rows({{"customer", type::utf8},
                      {"revenue", type::f64, currency},
                      {"refunds", type::f64, currency},
                      {"costs", type::f64, currency},
                      {"historic", type::f64, currency},
                      {"predicted", type::f64, currency},
                      {"total", type::f64, currency},
                      {"basis", type::utf8},
                      {"clv_status", type::utf8},
                      {"rank", type::i64},
                      {"percentile", type::f64}});
  for (std::size_t i = 0; i < rank.size(); ++i) {
    std::optional<double> total;
    if (t.predicted[i]) total = t.total[i];
    const double percentile = 1 - (static_cast<double>(rank[i]) - 1) / n;
    rows.row(l.customers[i],
             l.revenue[i],
             l.refunds[i],
             l.costs[i],
             t.historic[i],
             t.predicted[i],
             total,
             basis,
             t.status[i],
             rank[i],
             percentile);
  }
  out.tables[""] =
      rows.sealed("value_totals|" + in.of("summary").fingerprint() + in.of("scores").fingerprint());
  out.tables["sum"] = sum_of(t, basis, currency);
}

job value_totals_begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("value_totals", options_json, value_totals_options);
  return report_at_once("add up", [in = std::move(in), s](outcome& out) { add_up(in, *s, out); });
}

}  // namespace

constinit const report value_totals_report{
    .name = "value_totals",
    .summary = "What each customer has been worth, is expected to be worth, and both together",
    .needs_model = false,
    .inputs = inputs,
    .options = value_totals_options,
    .outputs = value_totals_outputs,
    .begin = value_totals_begin,
};

}  // namespace clv
