// What most reports of the desk read, read once: the rules, the moment, tickets, what their clocks
// have said, and what customers are worth. [any] Immutable once read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "clv/report.hpp"
#include "desk/clocks/clock.hpp"
#include "desk/clocks/recorded_clocks.hpp"
#include "desk/desk_policy.hpp"
#include "desk/tickets/identity.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv {
class settings;
}

namespace clv::desk {

template <class Value>
using by_text = std::unordered_map<std::string, Value, features::text_hash, std::equal_to<>>;

// Larger amounts are mistakes: sums and shares of them are not numbers any more.
inline constexpr double largest_amount = 1e15;

// Of table "scores" (any columns): clv_at_risk as it is, else clv x churn_probability, else
// clv x (1 - p_alive); in major units. A customer without a row has no entry.
by_text<double> values_at_risk(const table& scores, std::string_view report);
// Of table "segments" (schema segments): the customer's segment. Two rows of one customer with
// different segments throw error{data}.
by_text<std::string> tiers_of(const table& segments, std::string_view report);

struct desk_view {
  desk_policy policy;
  std::int64_t now = 0;
  identity_map who;
  ticket_book book;
  std::optional<recorded_clocks> recorded;  // where clock_events were given
  by_text<double> at_risk;
  by_text<std::string> tiers;

  std::optional<double> at_risk_of(std::string_view customer) const;
  std::string_view tier_of(std::string_view customer) const;  // "" unknown
  const sla_policy* policy_of(const ticket& t) const;         // nullptr: none fits
  // The calendar of that policy, without one the desk's.
  const business_calendar& hours_of(const sla_policy* of) const;
  const business_calendar& hours_of(const ticket& t) const { return hours_of(policy_of(t)); }
  // The clocks of a ticket under the rules of now; results that were recorded stay.
  clock_view clocks_of(const ticket& t) const;
  const recorded_clocks* said() const { return recorded ? &*recorded : nullptr; }
  said_of_ticket said_of(const ticket& t) const;  // nothing where no clock_events were given
};
// Options "desk" (the rules, an object) and "as_of" (an instant; without it the last event's).
// Inputs, each optional but the first: "ticket_events", "identities", "clock_events", "scores",
// "segments". Throws error{data} for a ticket under way of a severity that the rules do not name.
desk_view read_desk(const report_inputs& in, const settings& given, std::string_view report);
// Option "as_of", `fallback` without it. Throws error{invalid} for a text that is no instant.
std::int64_t read_as_of(const settings& given, std::int64_t fallback);

// The rows of every list of report_options and report_inputs that the desk reads.
inline constexpr report_option desk_option{
    "desk", "", "the rules: a JSON object clv.desk/1 (sdk/DESK.md)"};
inline constexpr report_option as_of_option{
    "as_of",
    "",
    "now: a date with a clock, or a date (its midnight, UTC); default: the last event"};
inline constexpr report_input events_input{"ticket_events", "ticket_events", true, ""};
inline constexpr report_input identities_input{"identities", "identities", false, ""};
inline constexpr report_input clock_events_input{"clock_events", "clock_events", false, ""};
inline constexpr report_input scores_input{
    "scores", "", false, "customer,clv_at_risk,clv,churn_probability,p_alive"};
inline constexpr report_input segments_input{"segments", "segments", false, ""};
inline constexpr report_input feedback_input{"feedback", "feedback", false, ""};
inline constexpr report_input follow_ups_input{"follow_ups", "follow_ups", false, ""};

}  // namespace clv::desk
