// The fold: what each event does to its ticket, or why it does nothing.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "desk/tickets/event_log.hpp"
#include "desk/tickets/identity.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {
namespace {

constexpr auto ticket_book_none = std::numeric_limits<std::uint32_t>::max();

// The rows that gave a ticket its words; the texts are copied once, at the end.
enum word : std::size_t { channel, category, severity, team, language, skill, subject, words };

struct unfinished {
  std::array<std::uint32_t, words> given;
  std::uint32_t customer = ticket_book_none;  // the row that says whose it is
  std::uint32_t into = ticket_book_none;      // the ticket that goes on
  std::uint32_t agent = ticket_book_none, answered = ticket_book_none,
                resolved = ticket_book_none;    // rows that name an agent
  std::uint32_t last_agent = ticket_book_none;  // who had it last, also when nobody has it now
  ticket_status before_merge = ticket_status::fresh;
  bool was_created = false;

  unfinished() { given.fill(ticket_book_none); }
};

class folder {
 public:
  folder(const event_columns& in, const event_log& log, ticket_book& book)
      : in_(in),
        log_(log),
        book_(book),
        sources_{in.channel, in.category, in.severity, in.team, in.language, in.skill, in.subject},
        state_(log.ids.size()) {
    book_.tickets.resize(log.ids.size());
    for (std::size_t t = 0; t < log.ids.size(); ++t)
      book_.tickets[t].events.reserve(log.events_of[t]);
  }
  void run() {
    for (const std::uint32_t row : log_.rows) apply(row);
  }
  void finish(const identity_map& who);

 private:
  void apply(std::uint32_t row);
  std::uint32_t where_it_counts(std::uint32_t own, event_kind kind) const;
  std::string objection(std::uint32_t row, std::uint32_t own) const;
  std::string objection_to_merge(std::uint32_t row, std::uint32_t own) const;
  void take(std::uint32_t row, std::uint32_t at, ticket_status next);
  void take_words(std::uint32_t row, std::uint32_t own);
  void take_message(std::uint32_t row, std::uint32_t at, event_kind kind);
  void take_agent(std::uint32_t row, std::uint32_t at, event_kind kind);
  void take_status(std::uint32_t row, std::uint32_t at, ticket_status next);
  std::uint32_t end_of(std::uint32_t t) const {
    while (book_.tickets[t].status == ticket_status::merged) t = state_[t].into;
    return t;
  }
  std::uint32_t find(std::string_view id) const {
    const auto at = std::lower_bound(log_.ids.begin(), log_.ids.end(), id);
    return at == log_.ids.end() || *at != id ? ticket_book_none
                                             : static_cast<std::uint32_t>(at - log_.ids.begin());
  }
  std::string_view agent(std::uint32_t row) const {
    return row == ticket_book_none ? std::string_view() : event_columns::text(in_.agent, row);
  }

  const event_columns& in_;
  const event_log& log_;
  ticket_book& book_;
  std::array<const column*, words> sources_;
  std::vector<unfinished> state_;
};

std::string ticket_book_quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

constexpr bool goes_on_elsewhere(event_kind kind) {
  return kind == event_kind::message_in || kind == event_kind::message_out ||
         kind == event_kind::note || kind == event_kind::worked;
}

std::uint32_t folder::where_it_counts(std::uint32_t own, event_kind kind) const {
  return goes_on_elsewhere(kind) ? end_of(own) : own;
}

std::string folder::objection_to_merge(std::uint32_t row, std::uint32_t own) const {
  const std::string_view into = event_columns::text(in_.into, row);
  if (into.empty()) return "merged names no ticket that goes on: column 'into' is empty";
  const std::uint32_t target = find(into);
  if (target == own) return "a ticket cannot be merged into itself";
  if (target == ticket_book_none || book_.tickets[target].events.empty()) {
    return "merged into " + ticket_book_quoted(into) + ", of which nothing had happened by then";
  }
  if (book_.tickets[own].status == ticket_status::merged) {
    return state_[own].into == target ? ""
                                      : "merged is not reached from merged: it is merged into " +
                                            ticket_book_quoted(log_.ids[state_[own].into]);
  }
  if (end_of(target) == own) return ticket_book_quoted(into) + " is itself merged into this ticket";
  return "";
}

// Why the event does nothing, "" when it counts; whether the move is allowed comes after this.
std::string folder::objection(std::uint32_t row, std::uint32_t own) const {
  const bool is_merged = book_.tickets[own].status == ticket_status::merged;
  switch (log_.kinds[row]) {
    case event_kind::created:
      return state_[own].was_created ? "created a second time" : "";
    case event_kind::assigned:
      if (agent(row).empty()) return "assigned names no agent: column 'agent' is empty";
      [[fallthrough]];
    case event_kind::unassigned:
    case event_kind::changed:
      return is_merged ? std::string(event_names[static_cast<std::size_t>(log_.kinds[row])]) +
                             " does nothing to a merged ticket: " +
                             ticket_book_quoted(log_.ids[end_of(own)]) + " goes on"
                       : "";
    case event_kind::merged:
      return objection_to_merge(row, own);
    default:
      return "";
  }
}

void folder::apply(std::uint32_t row) {
  const std::uint32_t own = log_.ticket_of[row];
  const event_kind kind = log_.kinds[row];
  std::string reason = objection(row, own);
  const std::uint32_t at = where_it_counts(own, kind);
  if (reason.empty()) {
    const ticket_status from = book_.tickets[at].status;
    const auto next =
        move(from, kind, event_columns::flag(in_.automatic, row), state_[own].before_merge);
    if (next) {
      if (at == own) take_words(row, own);
      take(row, at, *next);
      return;
    }
    reason = std::string(event_names[static_cast<std::size_t>(kind)]) + " is not reached from " +
             std::string(status_names[static_cast<std::size_t>(from)]);
  }
  book_.refused.push_back({row, std::string(log_.ids[own]), std::move(reason)});
}

void folder::take_words(std::uint32_t row, std::uint32_t own) {
  unfinished& s = state_[own];
  const event_kind kind = log_.kinds[row];
  // A message by somebody else does not make it that person's ticket.
  if (s.customer == ticket_book_none || kind == event_kind::created ||
      kind == event_kind::changed) {
    s.customer = row;
  }
  for (std::size_t w = 0; w < words; ++w) {
    if (!event_columns::text(sources_[w], row).empty()) s.given[w] = row;
  }
  if (in_.outage != nullptr && in_.outage->present(row)) {
    book_.tickets[own].outage = in_.outage->integers()[row] != 0;
  }
}

void folder::take(std::uint32_t row, std::uint32_t at, ticket_status next) {
  ticket& t = book_.tickets[at];
  const event_kind kind = log_.kinds[row];
  if (t.events.empty()) t.created = in_.time.integers()[row];
  if (kind == event_kind::created) state_[at].was_created = true;
  take_message(row, at, kind);
  take_agent(row, at, kind);
  take_status(row, at, next);
  if (in_.minutes != nullptr && in_.minutes->present(row)) {
    t.minutes += in_.minutes->numbers()[row];
    t.has_minutes = true;
  }
  t.events.push_back({.time = in_.time.integers()[row],
                      .row = row,
                      .kind = kind,
                      .status = next,
                      .automatic = event_columns::flag(in_.automatic, row)});
}

void folder::take_message(std::uint32_t row, std::uint32_t at, event_kind kind) {
  ticket& t = book_.tickets[at];
  const std::int64_t time = in_.time.integers()[row];
  const bool automatic = event_columns::flag(in_.automatic, row);
  // A ticket that a rule opened was opened for a customer all the same.
  if (kind == event_kind::created || (kind == event_kind::message_in && !automatic)) {
    if (t.messages_in++ == 0) t.length = event_columns::number(in_.length, row);
    t.last_message_in = time;
  } else if (kind == event_kind::message_out && !automatic) {
    ++t.messages_out;
    if (!t.first_reply) t.first_reply = time;
    t.last_reply = time;
    state_[at].answered = agent(row).empty() ? state_[at].agent : row;
  }
}

void folder::take_agent(std::uint32_t row, std::uint32_t at, event_kind kind) {
  ticket& t = book_.tickets[at];
  unfinished& s = state_[at];
  if (kind == event_kind::unassigned) {
    s.agent = ticket_book_none;
    t.assigned.reset();
  } else if (kind == event_kind::assigned &&
             (s.agent == ticket_book_none || agent(s.agent) != agent(row))) {
    if (s.last_agent != ticket_book_none && agent(s.last_agent) != agent(row)) ++t.reassigned;
    s.agent = s.last_agent = row;
    t.assigned = in_.time.integers()[row];
  }
}

void folder::take_status(std::uint32_t row, std::uint32_t at, ticket_status next) {
  ticket& t = book_.tickets[at];
  unfinished& s = state_[at];
  const std::int64_t time = in_.time.integers()[row];
  const bool ends = next == ticket_status::resolved || next == ticket_status::closed;
  const event_kind kind = log_.kinds[row];
  // Closed without being resolved first is resolved too; a split brings back what was.
  if (ends && is_active(t.status)) {
    ++t.resolutions;
    t.resolved = time;
    t.resolved_automatically = event_columns::flag(in_.automatic, row);
    s.resolved = agent(row).empty() ? s.agent : row;
  }
  if (next == ticket_status::closed && t.status != next && kind == event_kind::closed) {
    t.closed = time;
  }
  if (next == ticket_status::reopened && t.status != next && kind != event_kind::split) {
    ++t.reopened;
  }
  if (kind == event_kind::merged && t.status != next) {
    s.before_merge = t.status;
    s.into = find(event_columns::text(in_.into, row));
  }
  if (kind == event_kind::split) s.into = ticket_book_none;
  t.status = next;
}

void folder::finish(const identity_map& who) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < book_.tickets.size(); ++at) {
    ticket& t = book_.tickets[at];
    const unfinished& s = state_[at];
    if (t.events.empty()) continue;  // everything that was said of it was refused
    t.id = log_.ids[at];
    t.customer = who.customer_of(in_.customer.text(s.customer));
    const std::array<std::string*, words> to{
        &t.channel, &t.category, &t.severity, &t.team, &t.language, &t.skill, &t.subject};
    for (std::size_t w = 0; w < words; ++w) {
      if (s.given[w] != ticket_book_none) *to[w] = sources_[w]->text(s.given[w]);
    }
    t.agent = agent(s.agent);
    t.replied_by = agent(s.answered);
    t.resolved_by = agent(s.resolved);
    if (s.into != ticket_book_none) t.merged_into = log_.ids[s.into];
    if (kept != at) book_.tickets[kept] = std::move(t);
    ++kept;
  }
  book_.tickets.resize(kept);
  book_.index.reserve(kept);
  for (std::size_t at = 0; at < kept; ++at) book_.index.emplace(book_.tickets[at].id, at);
}

}  // namespace

ticket_book read_tickets(std::shared_ptr<const table> events,
                         const identity_map& who,
                         std::int64_t as_of) {
  const event_columns in(*events);
  const event_log log = read_event_log(in, as_of);
  ticket_book book;
  book.refused = log.refused;
  folder fold(in, log, book);
  fold.run();
  fold.finish(who);
  std::sort(book.refused.begin(), book.refused.end(), [](const auto& a, const auto& b) {
    return a.row < b.row;
  });
  book.rows = std::move(events);
  return book;
}

ticket_book read_tickets(std::shared_ptr<const table> events,
                         const table* identities,
                         std::int64_t as_of) {
  return read_tickets(std::move(events),
                      identities == nullptr ? identity_map() : identity_map(*identities, as_of),
                      as_of);
}

}  // namespace clv::desk
