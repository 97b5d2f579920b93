#include "desk/tickets/mover.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "desk/tickets/event_writer.hpp"
#include "math/hash.hpp"

namespace clv::desk {
namespace {

constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

// The same move asked for twice gets the same name, so that it is recorded once.
std::string name_of(const table& moves, std::size_t row) {
  math::fingerprint_builder name;
  for (const field& f : find_schema("ticket_events").fields) {
    const column* c = moves.find(f.name);
    const bool is_there = c != nullptr && c->present(row);
    name.add(is_there ? "1" : "0");
    if (!is_there || f.name == "event_id") continue;
    if (c->kind() == type::utf8) {
      name.add(std::to_string(c->text(row).size()) + ":");
      name.add(c->text(row));
    } else if (c->kind() == type::f64) {
      const double value = c->numbers()[row];
      name.add(&value, sizeof value);
    } else {
      const std::int64_t value = c->integers()[row];
      name.add(&value, sizeof value);
    }
  }
  return "move:" + name.hex();
}

}  // namespace

void mover::name_moves() {
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    const std::string_view given = event_columns::text(asked_.event_id, row);
    answers_.emplace_back().event_id = given.empty() ? name_of(moves_, row) : std::string(given);
    if (asked_.time.integers()[row] > now_) {
      answers_.back().refuse("it is later than now, " + format_time(now_));
    }
  }
}

// The events of the tickets that are to be moved and of those that merges join to them: a log of
// years is not folded for one move.
void mover::find_concerned() {
  std::set<std::string_view> tickets;
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    tickets.insert(asked_.ticket.text(row));
    tickets.insert(event_columns::text(asked_.into, row));
  }
  std::vector<std::uint32_t> merges;
  for (std::uint32_t row = 0; row < events_.rows(); ++row) {
    if (log_.kind.text(row) == "merged") merges.push_back(row);
  }
  for (std::size_t known = 0; known != tickets.size();) {
    known = tickets.size();
    for (const std::uint32_t row : merges) {
      const std::string_view one = log_.ticket.text(row);
      const std::string_view other = event_columns::text(log_.into, row);
      if (tickets.contains(one)) tickets.insert(other);
      if (tickets.contains(other)) tickets.insert(one);
    }
  }
  for (std::uint32_t row = 0; row < events_.rows(); ++row) {
    if (tickets.contains(log_.ticket.text(row))) concerned_.push_back(row);
  }
}

// Moves that are in the log already, by their event ids, and ids that are another event's.
void mover::recognise() {
  if (log_.event_id == nullptr) return;
  std::unordered_map<std::string_view, std::uint32_t> rows;
  for (std::uint32_t row = 0; row < moves_.rows(); ++row) rows.emplace(answers_[row].event_id, row);
  event_writer both;
  std::vector<std::uint32_t> found;
  for (std::uint32_t row = 0; row < events_.rows(); ++row) {
    const auto move = rows.find(event_columns::text(log_.event_id, row));
    if (move == rows.end() || !answers_[move->second].is_new) continue;
    both.copy(events_, row, move->first);
    both.copy(moves_, move->second, move->first);
    found.push_back(move->second);
  }
  const event_columns compared(*both.unsealed());
  for (std::size_t i = 0; i < found.size(); ++i) {
    move_answer& a = answers_[found[i]];
    if (compared.compare_content(2 * i, 2 * i + 1) == 0) {
      a.known("it is recorded already");
    } else {
      a.refuse("event_id " + quoted(a.event_id) + " is already that of another event");
    }
  }
}

// Of moves with one event_id the first is taken.
void mover::refuse_repeats() {
  std::unordered_map<std::string_view, std::size_t> first;
  event_writer both;
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    move_answer& a = answers_[row];
    const auto [at, is_first] = first.emplace(a.event_id, row);
    if (is_first || !a.is_new) continue;
    const std::size_t pair = both.size();
    both.copy(moves_, at->second, a.event_id);
    both.copy(moves_, row, a.event_id);
    const move_answer& earlier = answers_[at->second];
    if (event_columns(*both.unsealed()).compare_content(pair, pair + 1) != 0) {
      a.refuse("event_id " + quoted(a.event_id) + " is already that of row " +
               std::to_string(at->second + 1));
    } else if (!earlier.is_accepted) {
      a.refuse(earlier.reason);
    } else {
      a.known("it is asked for twice, first in row " + std::to_string(at->second + 1));
    }
  }
}

bool mover::counts_before(std::size_t row, const ticket_event& last) const {
  const std::string_view last_id = before_.rows->get("event_id", type::utf8).text(last.row);
  const auto kind = *find_event_kind(asked_.kind.text(row));
  return std::tuple(asked_.time.integers()[row], kind, std::string_view(answers_[row].event_id)) <
         std::tuple(last.time, last.kind, last_id);
}

const ticket* mover::end_of(const ticket* t) const {
  while (t->status == ticket_status::merged) t = before_.find(t->merged_into);
  return t;
}

// The tickets that a move touches: its own, where that counts, and those of a merge.
std::vector<const ticket*> mover::touched(std::size_t row) const {
  std::vector<const ticket*> all;
  for (const std::string_view id :
       {asked_.ticket.text(row), event_columns::text(asked_.into, row)}) {
    const ticket* t = before_.find(id);
    if (t == nullptr) continue;
    all.push_back(t);
    if (t->status == ticket_status::merged) all.push_back(end_of(t));
  }
  return all;
}

// What counts before the last event of a ticket is no move of now but a fact that came late, and
// could make what has happened since illegal.
void mover::refuse_early() {
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    if (!answers_[row].is_new) continue;
    for (const ticket* t : touched(row)) {
      const ticket_event& last = t->events.back();
      if (!counts_before(row, last)) continue;
      answers_[row].refuse("it counts before the last event of " +
                           (t->id == asked_.ticket.text(row) ? "the ticket" : quoted(t->id)) +
                           ", " + std::string(event_names[static_cast<std::size_t>(last.kind)]) +
                           " at " + format_time(last.time) +
                           ": record it as a late event if it happened then");
      break;
    }
  }
}

// A ticket that nothing is known of begins with `created`.
void mover::refuse_unknown() {
  std::map<std::string_view, std::int64_t> created;
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    if (!answers_[row].is_new || asked_.kind.text(row) != "created") continue;
    const std::int64_t time = asked_.time.integers()[row];
    const auto [at, is_first] = created.emplace(asked_.ticket.text(row), time);
    if (!is_first) at->second = std::min(at->second, time);
  }
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    const std::string_view id = asked_.ticket.text(row);
    if (!answers_[row].is_new || before_.find(id) != nullptr) continue;
    const auto begins = created.find(id);
    if (begins == created.end()) {
      answers_[row].refuse("ticket " + quoted(id) + " is not known: create it first");
    } else if (asked_.time.integers()[row] < begins->second) {
      answers_[row].refuse("ticket " + quoted(id) + " is created only at " +
                           format_time(begins->second));
    }
  }
}

// The log with what is left of the moves: what the fold sets aside is refused.
void mover::fold() {
  event_writer all;
  for (const std::uint32_t row : concerned_) {
    all.copy(events_, row, event_columns::text(log_.event_id, row));
  }
  std::vector<std::size_t> move_of(all.size());
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    if (!answers_[row].is_new) continue;
    all.copy(moves_, row, answers_[row].event_id);
    move_of.push_back(row);
  }
  const ticket_book after = read_tickets(all.unsealed(), nullptr, forever);
  for (const refused_event& r : after.refused) {
    if (r.row >= concerned_.size()) answers_[move_of[r.row]].refuse(r.reason);
  }
  for (const ticket& t : after.tickets) {
    for (const ticket_event& e : t.events) {
      if (e.row < concerned_.size()) continue;
      answers_[move_of[e.row]].status = e.status;
      answers_[move_of[e.row]].counted_at = t.id;
    }
  }
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    if (answers_[row].status) continue;
    const ticket* t = after.find(asked_.ticket.text(row));
    if (t != nullptr) answers_[row].status = t->status;
  }
}

const std::vector<move_answer>& mover::run() {
  read_event_log(asked_, forever);  // complains by row and column of the moves
  name_moves();
  find_concerned();
  event_writer known;
  for (const std::uint32_t row : concerned_) {
    known.copy(events_, row, event_columns::text(log_.event_id, row));
  }
  before_ = read_tickets(known.unsealed(), nullptr, forever);
  recognise();
  refuse_repeats();
  refuse_early();
  refuse_unknown();
  fold();
  return answers_;
}

std::shared_ptr<const table> mover::accepted(const std::string& extra) const {
  event_writer events;
  for (std::size_t row = 0; row < moves_.rows(); ++row) {
    if (answers_[row].is_new) events.copy(moves_, row, answers_[row].event_id);
  }
  return events.sealed(extra);
}

}  // namespace clv::desk
