// How the members of "clv.desk/1" are read: one function per member, each in the file of its
// subject. [any]
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_policy.hpp"
#include "retention/gate/policy_node.hpp"

namespace clv::desk::rules {

using node = retention::policy_node;

// Complaints begin "desk: $.policies[0]".
inline constexpr retention::policy_page desk_page{"desk", "sdk/DESK.md"};

inline constexpr double most_minutes = 5'270'400;  // ten years: a longer one is another unit
inline constexpr double most_cost = 1e15;          // major units
inline constexpr double most_weight = 1e6;

// An object with exactly these members allowed.
template <std::size_t n>
void only(const node& at, const std::array<std::string_view, n>& names) {
  at.allow(names);
}

// Minutes of business time, as microseconds: above 0, and 0 too where `may_be_zero`.
std::int64_t minutes(const node& at, bool may_be_zero = false);
// The same of a member that may be absent.
std::optional<std::int64_t> minutes_if(const node& at, std::string_view name);
double number_if(const node& at, std::string_view name, double fallback, double most);
// An object of numbers from 0 to `most`, by names that are not empty.
std::map<std::string, double> numbers_by_name(const node& at, double most);
// A text that is one of these.
std::size_t one_of(const node& at, std::span<const std::string_view> words);
// Refuses a severity that is not among those of the desk, where it names any.
void check_severity(const node& at, const desk_policy& desk, std::string_view severity);

// Members, in the order in which they are read: later ones look names up in earlier ones.
void read_format(const node& at, desk_policy& desk);
void read_calendars(const node& at, desk_policy& desk);
void read_calendar(const node& at, desk_policy& desk);
void read_severities(const node& at, desk_policy& desk);
void read_policies(const node& at, desk_policy& desk);
void read_priority(const node& at, desk_policy& desk);
void read_routing(const node& at, desk_policy& desk);
void read_surveys(const node& at, desk_policy& desk);
void read_follow_ups(const node& at, desk_policy& desk);

// The calendar of a name, as its place in desk.calendars.
std::size_t find_calendar(const node& at, const desk_policy& desk);

}  // namespace clv::desk::rules
