#include "decide_text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "json.hpp"
#include "rows.hpp"
#include "score_text.hpp"
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

bool acts(const decided& t, std::int64_t row) {
  return !text_at(t.decisions, "action", row).empty();
}

bool is_held_out(const decided& t, std::int64_t row) {
  return text_at(t.decisions, "arm", row) == "holdout";
}

// Absent where the row is not one of those asked for.
void keep_rows(std::vector<double>& value, const decided& t, bool acting) {
  for (std::size_t row = 0; row < value.size(); ++row) {
    if (acts(t, static_cast<std::int64_t>(row)) == acting) continue;
    value[row] = std::numeric_limits<double>::quiet_NaN();
  }
}

std::string action_text(const decided& t, std::int64_t row) {
  if (acts(t, row)) return text_at(t.decisions, "action", row);
  return is_held_out(t, row) ? "(held out)" : "(none)";
}

std::string interval(const decided& t, std::int64_t row) {
  return rounded(number_at(t.scores, "clv_p10", row), 0) + " to " +
         rounded(number_at(t.scores, "clv_p90", row), 0);
}

// A held-out customer is left alone whatever a proposal would earn: its sums are no reason.
std::string why(const decided& t, std::int64_t row) {
  return is_held_out(t, row) ? "held out to measure the effect"
                             : text_at(t.decisions, "reason", row);
}

struct decision_column {
  text_column look;
  std::function<std::string(std::int64_t)> cell;
};

constexpr std::size_t decisions_width = 120;  // "why" gets what the other columns leave

// The columns of money only where there is any.
std::vector<decision_column> columns_of(const decided& t) {
  const bool valued = has_column(t.scores, "clv");
  const bool priced = valued || number_at(t.budget, "customers_treated", 0) > 0;
  const auto number = [](const result& from, const char* name, int decimals) {
    return [&from, name, decimals](std::int64_t row) {
      return rounded(number_at(from, name, row), decimals);
    };
  };
  const auto of_action = [&t](const char* name) {
    return [&t, name](std::int64_t row) {
      return acts(t, row) ? rounded(number_at(t.decisions, name, row), 2) : "";
    };
  };
  std::vector<decision_column> columns;
  const auto add = [&](text_column look, auto cell) {
    columns.push_back({std::move(look), std::move(cell)});
  };
  add({"customer", 14}, [&t](std::int64_t row) { return text_at(t.scores, "customer", row); });
  if (valued) add({"value", 10, true}, number(t.scores, "clv", 0));
  if (valued) add({"80 % interval", 18, true}, [&t](std::int64_t row) { return interval(t, row); });
  if (!valued) add({"purchases", 9, true}, number(t.scores, "expected_purchases", 2));
  add({"alive", 6, true},
      [&t](std::int64_t row) { return percent(number_at(t.scores, "p_alive", row)); });
  if (t.segments != nullptr) {
    add({"segment", 8}, [&t](std::int64_t row) { return text_at(t.segments, "segment", row); });
  }
  add({"action", 18}, [&t](std::int64_t row) { return action_text(t, row); });
  if (priced) add({"cost", 8, true}, of_action("cost"));
  if (priced) add({"earns", 9, true}, of_action("net"));
  add({"why"}, [&t](std::int64_t row) { return why(t, row); });
  return columns;
}

std::string table_of_rows(const decided& t, const std::vector<std::int64_t>& chosen) {
  const std::vector<decision_column> columns = columns_of(t);
  std::vector<text_column> looks;
  for (const decision_column& c : columns) looks.push_back(c.look);
  std::vector<std::vector<std::string>> rows;
  for (const std::int64_t row : chosen) {
    rows.emplace_back();
    for (const decision_column& c : columns) rows.back().push_back(c.cell(row));
  }
  return text_table(std::move(looks), rows, decisions_width);
}

std::string money_summary(const decided& t) {
  const auto money = [&](const char* column) {
    return rounded(number_at(t.budget, column, 0), 2) + " " + unit_of(t.budget, column);
  };
  const bool limited = !std::isnan(number_at(t.budget, "budget_limit", 0));
  return "Expected to cost " + money("spent") +
         (limited ? " of " + money("budget_limit") : " (no limit was set)") + " and to earn " +
         money("expected_profit") + " (at most " + money("profit_bound") + " is possible).\n";
}

// "Of 'contacts' 90 of 90 are used; one more would earn 0.42."
std::string resource_summary(const decided& t) {
  std::string said;
  for (std::int64_t row = 1; row < clv_result_rows(t.resources.get()); ++row) {
    const double price = number_at(t.resources, "shadow_price", row);
    said += "Of '" + text_at(t.resources, "resource", row) + "' " +
            rounded(number_at(t.resources, "used", row), 0) + " of " +
            rounded(number_at(t.resources, "limit", row), 0) + " are used" +
            (price > 0 ? "; one more would earn " + rounded(price, 2) : "") + ".\n";
  }
  return said;
}

}  // namespace

std::string top_actions(const decided& t, std::int64_t top, const diag& d) {
  std::vector<double> net = numbers(t.decisions, "net", d);
  keep_rows(net, t, true);
  return table_of_rows(t, best_rows(std::move(net), top));
}

std::string top_untreated(const decided& t, std::int64_t top, const diag& d) {
  const bool valued = has_column(t.scores, "clv");
  const char* const order = valued ? "clv" : "expected_purchases";
  std::vector<double> value = numbers(t.scores, order, d);
  keep_rows(value, t, false);
  return table_of_rows(t, best_rows(std::move(value), top));
}

std::string decision_summary(const decided& t) {
  const auto count = [&](const char* column) {
    return grouped(static_cast<std::int64_t>(number_at(t.budget, column, 0)));
  };
  const bool priced =
      has_column(t.scores, "clv") || number_at(t.budget, "customers_treated", 0) > 0;
  return count("customers_treated") + " of " + count("customers_considered") +
         " customers get an action, " + count("customers_held_out") +
         " are held out to measure it, " + count("proposals_refused") +
         " proposals were refused.\n" + (priced ? money_summary(t) : "") + resource_summary(t);
}

std::string decision_json(const decided& t, const std::string& store, const diag& d) {
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
  json.add("fingerprint", clv_result_fingerprint(t.decisions.get()));
  json.add_json("statuses", statuses_json(t.scores));
  return json.add_json("warnings", d.warnings_json()).text();
}

}  // namespace cli
