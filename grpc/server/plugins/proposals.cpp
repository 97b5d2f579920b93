#include "plugins/proposals.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "plugins/text.hpp"

namespace clvd::plugins {
namespace {

using namespace clv::worker;

// Beyond it a double no longer holds every minor unit, and the core prices in doubles.
constexpr double largest_amount = 9007199254740992.0;
constexpr double any = 1e9, whole = 9.2e18;

// A column of schema "proposals". Numbers lie in [low, high]; texts have at most `high` bytes.
struct rule {
  const char* column;
  clv_type type;
  bool required;
  double low, high;
};

constexpr std::array rules{rule{"row", CLV_T_I64, true, 0, whole},
                           rule{"customer", CLV_T_UTF8, false, 0, whole},
                           rule{"plugin", CLV_T_UTF8, false, 0, whole},
                           rule{"action", CLV_T_UTF8, true, 0, 128},
                           rule{"channel", CLV_T_UTF8, true, 0, 128},
                           rule{"reason", CLV_T_UTF8, true, 0, 1000},
                           rule{"effect_mean", CLV_T_F64, true, -1, 1},
                           rule{"effect_sd", CLV_T_F64, true, 0, any},
                           rule{"effect_n", CLV_T_F64, false, 0, 1e15},
                           rule{"response_value", CLV_T_MONEY, false, 0, largest_amount},
                           rule{"benefit", CLV_T_MONEY, true, 0, largest_amount},
                           rule{"contact_cost", CLV_T_MONEY, true, 0, largest_amount},
                           rule{"horizon_us", CLV_T_I64, false, 0, whole},
                           rule{"expires_us", CLV_T_TIME, false, 0, whole},
                           rule{"agent_minutes", CLV_T_F64, false, 0, any},
                           rule{"category", CLV_T_UTF8, false, 0, 128},
                           rule{"benefit_kind", CLV_T_UTF8, false, 0, 128},
                           rule{"discount_share", CLV_T_F64, false, 0, 1},
                           rule{"worst_case", CLV_T_MONEY, false, 0, largest_amount},
                           rule{"pull_forward", CLV_T_F64, false, 0, 1},
                           rule{"unsubscribe_effect", CLV_T_F64, false, 0, 1},
                           rule{"resource", CLV_T_UTF8, false, 0, 128},
                           rule{"resource_units", CLV_T_F64, false, 0, any},
                           rule{"veto", CLV_T_I64, false, 0, 1},
                           rule{"needs_approval", CLV_T_I64, false, 0, 1},
                           rule{"message", CLV_T_UTF8, false, 0, 4000},
                           rule{"reads", CLV_T_UTF8, false, 0, whole},
                           rule{"response_p0", CLV_T_F64, false, 0, 1}};

static_assert(rules.size() == proposal_columns);

enum known_column : std::size_t { row_column = 0, action_column = 3 };

// Written here, whatever the plugin's side says.
constexpr bool filled_in(std::string_view column) {
  return column == "customer" || column == "plugin" || column == "reads";
}

std::optional<std::string> broken_text(const clv_column& c, std::int64_t row, const rule& r) {
  const std::string_view text = text_at(c, row);
  const std::string name = r.column;
  if (r.required && text.empty()) return name + " is missing";
  if (static_cast<double>(text.size()) > r.high) {
    return name + " is longer than " + std::to_string(static_cast<int>(r.high)) + " bytes";
  }
  if (!is_utf8(text)) return name + " is not UTF-8";
  return std::nullopt;
}

std::optional<std::string> broken_number(const clv_column& c, std::int64_t row, const rule& r) {
  const double v = number_at(c, row);
  if (std::isfinite(v) && v >= r.low && v <= r.high) return std::nullopt;
  return std::string(r.column) + " is not in its range";
}

std::optional<std::string> broken_cell(const clv_column* c, std::int64_t row, const rule& r) {
  if (c == nullptr || !present(*c, row)) {
    if (r.required) return std::string(r.column) + " is missing";
    return std::nullopt;
  }
  if (c->type != r.type) return std::string(r.column) + " has another type than the schema says";
  return r.type == CLV_T_UTF8 ? broken_text(*c, row, r) : broken_number(*c, row, r);
}

// The candidates' currency: of the first amount that says it.
std::string currency_of(const clv_batch& candidates) {
  for (const char* name : {"expected_spend", "clv", "clv_p10", "clv_p50", "clv_p90", "clv_mu"}) {
    const clv_column* c = find(candidates, name);
    if (c != nullptr && c->unit != nullptr && *c->unit != '\0') return c->unit;
  }
  return {};
}

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& p : parts) all += (all.empty() ? "" : ",") + p;
  return all;
}

void copy_cell(const clv_column& from, std::int64_t row, owned_table::column& to) {
  if (!present(from, row)) {
    to.push_absent();
  } else if (from.type == CLV_T_UTF8) {
    to.push(text_at(from, row));
  } else if (from.type == CLV_T_F64) {
    to.push(number_at(from, row));
  } else {
    to.push(integer_at(from, row));
  }
}

// A column whose values this side knows: who it is for, from whom, from what.
void fill_in(std::string_view name,
             const proposal_part& part,
             const clv_column* ids,
             owned_table::column& to) {
  const std::string text = name == "plugin"  ? part.by().id
                           : name == "reads" ? join(part.by().reads)
                                             : std::string();
  for (std::int64_t i = 0; i < part.rows(); ++i) {
    if (name != "customer") {
      text.empty() ? to.push_absent() : to.push(std::string_view(text));
    } else if (ids == nullptr || ids->type != CLV_T_UTF8) {
      to.push_absent();
    } else {
      copy_cell(*ids, integer_at(*part.column(row_column), i), to);
    }
  }
}

}  // namespace

proposal_part::proposal_part(const clv_batch& part, const description& by, std::int64_t customers)
    : rows_(part.n_rows), by_(by), customers_(customers) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!filled_in(rules[i].column)) columns_[i] = find(part, rules[i].column);
  }
}

std::optional<std::string> proposal_part::broken_rule(std::int64_t row) const {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (filled_in(rules[i].column)) continue;
    if (auto broken = broken_cell(columns_[i], row, rules[i])) return broken;
  }
  if (integer_at(*columns_[row_column], row) >= customers_) {
    return "its row is out of range; the batch has " + std::to_string(customers_) + " rows";
  }
  const std::string_view action = text_at(*columns_[action_column], row);
  if (std::ranges::find(by_.actions, action) == by_.actions.end()) {
    return "action '" + printable(action, 128) + "' is not declared in its manifest";
  }
  return std::nullopt;
}

proposal_table::proposal_table(const clv_batch& candidates) : candidates_(candidates) {
  const std::string currency = currency_of(candidates);
  for (const rule& r : rules) {
    made_.add(r.column, r.type, r.type == CLV_T_MONEY ? currency : std::string());
  }
}

void proposal_table::add(const clv_batch& batch, const description& by) {
  const proposal_part part(batch, by, candidates_.n_rows);
  for (std::int64_t row = 0; row < part.rows(); ++row) {
    const auto broken = part.broken_rule(row);
    if (!broken) continue;
    throw plugin_failure(fault::failed,
                         "proposal " + std::to_string(row + 1) + " it sent back: " + *broken);
  }
  const clv_column* ids = find(candidates_, "customer");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (filled_in(rules[i].column)) {
      fill_in(rules[i].column, part, ids, made_[i]);
      continue;
    }
    const clv_column* from = part.column(i);
    for (std::int64_t row = 0; row < part.rows(); ++row) {
      from == nullptr ? made_[i].push_absent() : copy_cell(*from, row, made_[i]);
    }
  }
}

}  // namespace clvd::plugins
