#include "decide_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

// The rows by a falling column; equal values in the order of the table, absent ones not at all.
std::vector<std::int64_t> best_rows(std::vector<double> value, std::int64_t top) {
  std::vector<std::int64_t> order(value.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto of = [&](std::int64_t row) { return value[static_cast<std::size_t>(row)]; };
  std::erase_if(order, [&](std::int64_t row) { return std::isnan(of(row)); });
  const auto shown = std::min(top, static_cast<std::int64_t>(order.size()));
  std::partial_sort(
      order.begin(), order.begin() + shown, order.end(), [&](std::int64_t a, std::int64_t b) {
        return of(a) != of(b) ? of(a) > of(b) : a < b;
      });
  order.resize(static_cast<std::size_t>(shown));
  return order;
}

std::string action_text(const result& decisions, std::int64_t row) {
  const std::string action = text_at(decisions, "action", row);
  if (!action.empty()) return action;
  return text_at(decisions, "arm", row) == "holdout" ? "(held out)" : "(none)";
}

std::vector<std::string> customer_row(const decided& t, std::int64_t row) {
  const bool acts = !text_at(t.decisions, "action", row).empty();
  const std::string low = rounded(number_at(t.scores, "clv_p10", row), 0);
  const std::string high = rounded(number_at(t.scores, "clv_p90", row), 0);
  return {text_at(t.scores, "customer", row),
          rounded(number_at(t.scores, "clv", row), 0),
          low + " to " + high,
          percent(number_at(t.scores, "p_alive", row)),
          t.segments == nullptr ? "" : text_at(t.segments, "segment", row),
          action_text(t.decisions, row),
          acts ? rounded(number_at(t.decisions, "cost", row), 2) : "",
          acts ? rounded(number_at(t.decisions, "net", row), 2) : "",
          text_at(t.decisions, "reason", row)};
}

constexpr std::size_t page_width = 120;  // "why" gets what the other columns leave

std::vector<text_column> table_columns() {
  return {{"customer", 14},
          {"value", 10, true},
          {"80 % interval", 18, true},
          {"alive", 6, true},
          {"segment", 8},
          {"action", 18},
          {"cost", 8, true},
          {"earns", 9, true},
          {"why"}};
}

std::string table_of_rows(const decided& t, const std::vector<std::int64_t>& chosen) {
  std::vector<std::vector<std::string>> rows;
  for (const std::int64_t row : chosen) rows.push_back(customer_row(t, row));
  return text_table(table_columns(), rows, page_width);
}

}  // namespace

std::string top_customers(const decided& t, std::int64_t top, const diag& d) {
  return table_of_rows(t, best_rows(numbers(t.scores, "clv", d), top));
}

std::string top_actions(const decided& t, std::int64_t top, const diag& d) {
  std::vector<double> net = numbers(t.decisions, "net", d);
  for (std::size_t row = 0; row < net.size(); ++row) {
    const bool acts = !text_at(t.decisions, "action", static_cast<std::int64_t>(row)).empty();
    if (!acts) net[row] = std::numeric_limits<double>::quiet_NaN();
  }
  return table_of_rows(t, best_rows(std::move(net), top));
}

std::string decision_summary(const decided& t) {
  const auto count = [&](const char* column) {
    return grouped(static_cast<std::int64_t>(number_at(t.budget, column, 0)));
  };
  const auto money = [&](const char* column) {
    return rounded(number_at(t.budget, column, 0), 2) + " " + unit_of(t.budget, column);
  };
  const bool limited = !std::isnan(number_at(t.budget, "budget_limit", 0));
  return count("customers_treated") + " of " + count("customers_considered") +
         " customers get an action, " + count("customers_held_out") +
         " are held out to measure it, " + count("proposals_refused") +
         " proposals were refused.\nExpected to cost " + money("spent") +
         (limited ? " of " + money("budget_limit") : " (no limit was set)") + " and to earn " +
         money("expected_profit") + " (at most " + money("profit_bound") + " is possible).\n";
}

std::string decision_json(const decided& t, const std::string& store) {
  json_object json;
  json.add("store", store).add("currency", unit_of(t.budget, "spent"));
  for (const char* column : {"customers_considered",
                             "customers_treated",
                             "customers_held_out",
                             "proposals_refused",
                             "budget_limit",
                             "spent",
                             "expected_profit",
                             "profit_bound",
                             "shadow_price"}) {
    json.add(column, number_at(t.budget, column, 0));
  }
  return json.add("fingerprint", clv_result_fingerprint(t.decisions.get())).text();
}

}  // namespace cli
