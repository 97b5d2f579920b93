// What handling tickets costs: the minutes of their events at the hourly cost of who worked. [any]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_view.hpp"

namespace clv::desk {

// Options of the reports that price minutes.
inline constexpr report_option cost_hour_option{
    "cost_hour", "", "of agents that table agents has not, or without a cost; major units"};
inline constexpr report_option currency_option{
    "currency", "", "of option cost_hour where table agents has none; an ISO 4217 code"};

// What an hour of an agent costs, in major units.
class hourly_costs {
 public:
  // `agents` (schema agents) may be null. Throws error{invalid} for a currency that is unknown or
  // is not that of column cost_hour.
  hourly_costs(const table* agents, const desk_policy& desk, const settings& given);
  std::optional<double> of(std::string_view agent) const;    // nullopt: not known
  const std::string& currency() const { return currency_; }  // "" unknown
  bool empty() const { return by_agent_.empty() && !others_; }

 private:
  by_text<double> by_agent_;
  std::optional<double> others_;
  std::string currency_;
};
// Refuses values of the two options that are none, before any table is read.
void check_cost_options(const settings& given);

// An event that took time.
struct handled {
  const ticket_event* what = nullptr;
  std::string_view agent;      // of the event, else who had the ticket then; "" nobody
  double minutes = 0;          // > 0
  std::optional<double> cost;  // major units; absent where nobody knows what the hour costs
};
// Those of a ticket, in the order of its events; the views are of the book.
std::vector<handled> handled_of(const ticket_book& book, const ticket& t, const hourly_costs& by);

// Of the ticket so far; nullopt when no minutes are known, or those of somebody whose cost is not.
std::optional<double> cost_of(const ticket_book& book, const ticket& t, const hourly_costs& by);

}  // namespace clv::desk
