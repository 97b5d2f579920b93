// What customers said, with the customer behind the address and the agent it is credited to. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/credit.hpp"
#include "desk/desk_view.hpp"
#include "features/feedback.hpp"

namespace clv::desk {

struct answer {
  std::size_t row = 0;  // of the table of feedback
  std::int64_t time = 0;
  std::string customer;                // after identities
  std::string said_by;                 // the address it came from
  std::string ticket;                  // "" of none
  std::string kind;                    // "CSAT", "NPS", "CES", "review", "complaint"
  std::string event_id;                // "" none
  std::optional<double> score;         // as it was given
  std::optional<double> satisfaction;  // on [0, 1], as features::satisfaction_of
  bool complaint = false;              // as features::is_complaint
  credit about;  // of the ticket at the answer; agent: as named in the row, else credited_agent
};

// Rows of schema feedback up to and including `now`, in the order of time, customer and content, so
// that the order of rows changes nothing; an event id that comes again is left out. An answer whose
// ticket the book does not know keeps the agent it names and has no other words. Throws error{data}
// naming row, column and value as features::read_feedback does.
std::vector<answer> read_answers(const table& feedback,
                                 const ticket_book& book,
                                 const identity_map& who,
                                 std::int64_t now);

// Of input "feedback" of a report, where it is given.
std::vector<answer> read_answers(const report_inputs& in, const desk_view& view);

// The words of kinds as they are written everywhere here.
std::string_view kind_name(std::string_view kind);  // "" when it is none, in any case

}  // namespace clv::desk
