// Moves that are asked of tickets now, judged by what is recorded of them. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/table.hpp"
#include "desk/tickets/event_log.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

struct move_answer {
  bool is_accepted = true, is_new = true;  // one that was recorded before is accepted, not new
  std::string reason, event_id;
  std::string counted_at;               // the ticket that an accepted new one moves
  std::optional<ticket_status> status;  // of that ticket then; else of its own after all moves

  void refuse(std::string why) {
    is_accepted = is_new = false;
    reason = std::move(why);
  }
  void known(std::string why) {
    is_new = false;
    reason = std::move(why);
  }
};

// Both tables are of schema ticket_events and must outlive it; a move later than `now` is refused.
class mover {
 public:
  mover(const table& events, const table& moves, std::int64_t now)
      : events_(events), moves_(moves), log_(events), asked_(moves), now_(now) {}
  // One answer per move, in order. Throws error{data} naming row, column and value of a move as
  // read_tickets does.
  const std::vector<move_answer>& run();
  // What is to be recorded, after run().
  std::shared_ptr<const table> accepted(const std::string& extra) const;

 private:
  void name_moves();
  void find_concerned();
  void recognise();
  void refuse_repeats();
  void refuse_early();
  void refuse_unknown();
  void fold();

  const ticket* end_of(const ticket* t) const;
  std::vector<const ticket*> touched(std::size_t row) const;
  bool counts_before(std::size_t row, const ticket_event& last) const;

  const table &events_, &moves_;
  event_columns log_, asked_;
  std::int64_t now_;
  std::vector<move_answer> answers_;
  std::vector<std::uint32_t> concerned_;  // rows of events_ that may matter
  ticket_book before_;
};

}  // namespace clv::desk
