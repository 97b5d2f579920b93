// Which resolutions to ask the customer about. reference: sdk/DESK.md, Surveys and follow-ups.
// [any]
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"

namespace clv::desk {

// One resolution, and what is to be done about it.
struct survey_choice {
  const ticket* of = nullptr;
  resolution end;
  std::size_t next_event = 0;  // of the ticket: its next resolution, or past its last event
  std::int64_t due = 0;
  // SEND, or why not: ALREADY_SENT, ANSWERED, AUTOMATIC, MERGED, REOPENED, NOT_YET, COOL_DOWN.
  std::string_view code;
  std::string reason;
  bool send() const { return code == "SEND"; }
};

// By due time, then ticket. None without rules (desk_policy::surveys). Those that fell due more
// than `window_days` ago are left out. Of two of one customer that are due at once the first is
// sent.
std::vector<survey_choice> survey_choices(const desk_view& view,
                                          std::span<const answer> answers,
                                          double window_days);

}  // namespace clv::desk
