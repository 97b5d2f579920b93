// What a run of the desk is judged by. [any]
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "market/desk/desk_run.hpp"

namespace clv::market_desk {

enum class measure : std::uint8_t {
  delay_cost,          // true, of all tickets, major units
  churned_value,       // true value expected to be lost by the desk's delays and breaches
  sla_kept,            // share of all clocks
  delay_hours,         // business hours per ticket in which the customer waited for an answer
  longest_wait_hours,  // business hours until somebody began
  beyond_share,        // of waits longer than max_wait
  passed_over,         // given past one that was beyond the bound and could have been taken
  constraints_broken,
  handed_over,     // times a ticket went back to all
  handle_minutes,  // of agents, all tickets
  satisfaction     // expected, 1 to 5
};
inline constexpr std::array measure_names{std::string_view("delay_cost"),
                                          std::string_view("churned_value"),
                                          std::string_view("sla_kept"),
                                          std::string_view("delay_hours"),
                                          std::string_view("longest_wait_hours"),
                                          std::string_view("beyond_share"),
                                          std::string_view("passed_over"),
                                          std::string_view("constraints_broken"),
                                          std::string_view("handed_over"),
                                          std::string_view("handle_minutes"),
                                          std::string_view("satisfaction")};
using measures = std::array<double, measure_names.size()>;

measures measures_of(const scenario& s, const run_result& r);

// Chance that the customer leaves: base and severities whatever the desk does, and what it added.
double chance_of_leaving(double unavoidable, double added);
// By customer: hazard whatever the desk does, and what its delays added.
struct hazards {
  std::vector<double> unavoidable, added;
};
hazards hazards_of(const scenario& s, const run_result& r);

// Mean over runs with Student's 95 % interval; one run has no error (NaN).
struct mean_over_runs {
  double mean = 0, standard_error = 0, lower = 0, upper = 0;
};
mean_over_runs mean_of(std::span<const double> runs);

}  // namespace clv::market_desk
