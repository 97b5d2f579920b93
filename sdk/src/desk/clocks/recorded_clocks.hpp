// What clocks have said already (schema clock_events): results that stay as they were, and warnings
// and breaches that are not said again. [any] Immutable.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clv/table.hpp"
#include "desk/desk_policy.hpp"
#include "features/crowd.hpp"

namespace clv::desk {

enum class clock_word : std::uint8_t { warning, breach, hit, missed };
inline constexpr std::array clock_words{std::string_view("warning"),
                                        std::string_view("breach"),
                                        std::string_view("hit"),
                                        std::string_view("missed")};

// One row of clock_events.
struct said_event {
  clock_kind clock = clock_kind::first_response;
  clock_word word = clock_word::warning;
  std::int64_t started = 0;  // of the run
  std::int64_t time = 0;
  std::optional<std::int64_t> due;
  std::int64_t elapsed_us = 0, target_us = 0;
  std::string policy, agent;  // "" not said
};

// What was said of one ticket.
class said_of_ticket {
 public:
  said_of_ticket() = default;
  explicit said_of_ticket(std::span<const said_event> all) : all_(all) {}
  bool empty() const { return all_.empty(); }
  // The recorded hit or missed of a run, nullptr when there is none. Of several the earliest
  // counts.
  const said_event* result(clock_kind clock, std::int64_t started) const;
  bool breach(clock_kind clock, std::int64_t started) const;
  // The warning so long before the due time.
  bool warning(clock_kind clock, std::int64_t started, std::int64_t before_us) const;

 private:
  std::span<const said_event> all_;
};

class recorded_clocks {
 public:
  // Rows later than `as_of` have not happened. Throws error{data} naming row, column and value for
  // an unknown clock or kind and for an empty ticket, time, start, elapsed or target.
  recorded_clocks(const table& clock_events, std::int64_t as_of);
  said_of_ticket of(std::string_view ticket) const;  // its spans live as long as this object

 private:
  std::unordered_map<std::string, std::vector<said_event>, features::text_hash, std::equal_to<>>
      by_ticket_;
};

}  // namespace clv::desk
