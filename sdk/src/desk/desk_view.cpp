#include "desk/desk_view.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "data/settings.hpp"
#include "features/cells.hpp"

namespace clv::desk {
namespace {

using features::number_at;
using features::text_at;

struct risk_columns {
  const column *at_risk, *clv, *churn, *alive;

  risk_columns(const table& t, std::string_view report)
      : at_risk(t.find("clv_at_risk")),
        clv(t.find("clv")),
        churn(t.find("churn_probability")),
        alive(t.find("p_alive")) {
    if (at_risk != nullptr || (clv != nullptr && (churn != nullptr || alive != nullptr))) return;
    throw error(status::invalid,
                "report '" + std::string(report) +
                    "': table 'scores' has neither clv_at_risk nor clv with churn_probability or "
                    "p_alive",
                "give the scores of the customers");
  }
  std::optional<double> at(std::size_t row) const {
    if (at_risk != nullptr) return number_at(*at_risk, row);
    const auto value = number_at(*clv, row);
    const auto p = number_at(churn != nullptr ? *churn : *alive, row);
    if (!value || !p) return std::nullopt;
    return *value * (churn != nullptr ? *p : 1 - *p);
  }
  [[noreturn]] void refuse(std::size_t row) const {
    const column& value = at_risk != nullptr ? *at_risk : *clv;
    features::refuse_cell(value,
                          row,
                          "'" + text_at(value, row) + "' is out of range",
                          "value at risk is in major units, at most 1e15");
  }
};

std::int64_t last_event(const table& events) {
  const column& time = events.get("time", type::time);
  std::optional<std::int64_t> last;
  for (std::size_t row = 0; row < events.rows(); ++row) {
    if (time.present(row)) last = std::max(last.value_or(earliest_time), time.integers()[row]);
  }
  return last.value_or(0);
}

// The last row that gave the ticket its severity, from 1.
std::size_t row_of_severity(const ticket_book& book, const ticket& t) {
  const column* severity = book.rows->find("severity");
  for (auto e = t.events.rbegin(); e != t.events.rend(); ++e) {
    if (text_at(*severity, e->row) == t.severity) return e->row + 1;
  }
  return t.events.front().row + 1;
}

// Taken for no severity at all, a misspelt one would make a ticket the least urgent. What is done
// may be of levels that are there no more.
void check_severities(const desk_policy& policy, const ticket_book& book) {
  if (policy.severities.empty()) return;
  for (const ticket& t : book.tickets) {
    if (t.severity.empty() || !is_active(t.status) || severity_level(policy, t.severity)) continue;
    std::string levels;
    for (const std::string& s : policy.severities) levels += (levels.empty() ? "" : ", ") + s;
    throw error(status::data,
                "table 'ticket_events': row " + std::to_string(row_of_severity(book, t)) +
                    ", ticket '" + t.id + "', column 'severity': '" + t.severity +
                    "' is not one of the rules' severities (" + levels + ")",
                "name it in member 'severities' of option 'desk', or record an event 'changed' "
                "with one of them");
  }
}

}  // namespace

by_text<double> values_at_risk(const table& scores, std::string_view report) {
  const column& customer = features::need(scores, "customer", "scores", report);
  const risk_columns columns(scores, report);
  by_text<double> found;
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    const auto value = columns.at(row);
    if (!value) continue;
    if (std::abs(*value) > largest_amount) columns.refuse(row);
    found[text_at(customer, row)] = *value;
  }
  return found;
}

by_text<std::string> tiers_of(const table& segments, std::string_view report) {
  const column& customer = features::need(segments, "customer", "segments", report);
  const column& segment = features::need(segments, "segment", "segments", report);
  by_text<std::string> found;
  for (std::size_t row = 0; row < segments.rows(); ++row) {
    const auto [at, is_new] = found.emplace(text_at(customer, row), text_at(segment, row));
    if (is_new || at->second == text_at(segment, row)) continue;
    features::refuse_cell(segment,
                          row,
                          "customer '" + at->first + "' is in '" + at->second + "' and in '" +
                              text_at(segment, row) + "'",
                          "give one segment per customer");
  }
  return found;
}

std::optional<double> desk_view::at_risk_of(std::string_view customer) const {
  const auto found = at_risk.find(customer);
  if (found == at_risk.end()) return std::nullopt;
  return found->second;
}

std::string_view desk_view::tier_of(std::string_view customer) const {
  const auto found = tiers.find(customer);
  return found == tiers.end() ? std::string_view() : std::string_view(found->second);
}

const sla_policy* desk_view::policy_of(const ticket& t) const {
  return find_policy(policy,
                     {.severity = t.severity,
                      .channel = t.channel,
                      .category = t.category,
                      .team = t.team,
                      .tier = tier_of(t.customer)});
}

const business_calendar& desk_view::hours_of(const sla_policy* of) const {
  return policy.calendars[of != nullptr ? of->calendar : policy.calendar];
}

clock_view desk_view::clocks_of(const ticket& t) const {
  return desk::clocks_of(t, policy, tier_of(t.customer), said(), now);
}

said_of_ticket desk_view::said_of(const ticket& t) const {
  return recorded ? recorded->of(t.id) : said_of_ticket();
}

std::int64_t read_as_of(const settings& given, std::int64_t fallback) {
  if (!given.has("as_of")) return fallback;
  const auto at = parse_time(given.text("as_of", ""), zone("UTC"));
  if (!at) given.refuse("as_of", "a date with a clock, like 2026-03-01T09:00Z");
  return *at;
}

desk_view read_desk(const report_inputs& in, const settings& given, std::string_view report) {
  desk_view view;
  view.policy = read_desk_policy(given.json("desk"));
  const auto& events = in.tables.find("ticket_events")->second;
  view.now = read_as_of(given, last_event(*events));
  if (in.has("identities")) view.who = identity_map(in.of("identities"), view.now);
  view.book = read_tickets(events, view.who, view.now);
  check_severities(view.policy, view.book);
  if (in.has("clock_events")) view.recorded.emplace(in.of("clock_events"), view.now);
  if (in.has("scores")) view.at_risk = values_at_risk(in.of("scores"), report);
  if (in.has("segments")) view.tiers = tiers_of(in.of("segments"), report);
  return view;
}

}  // namespace clv::desk
