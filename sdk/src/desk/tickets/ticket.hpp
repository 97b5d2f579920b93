// A ticket as its events tell it: a fold over the append-only log, in which illegal moves are set
// aside. reference: sdk/DESK.md, Tickets. [any]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clv/table.hpp"
#include "features/crowd.hpp"

namespace clv::desk {

class identity_map;

// In the order in which events of one instant count.
enum class event_kind : std::uint8_t {
  created,
  message_in,
  message_out,
  note,
  assigned,
  unassigned,
  opened,
  pending,
  waiting_customer,
  resolved,
  closed,
  reopened,
  merged,
  split,
  changed,
  worked,
  survey_sent
};
inline constexpr std::array event_names{std::string_view("created"),
                                        std::string_view("message_in"),
                                        std::string_view("message_out"),
                                        std::string_view("note"),
                                        std::string_view("assigned"),
                                        std::string_view("unassigned"),
                                        std::string_view("opened"),
                                        std::string_view("pending"),
                                        std::string_view("waiting_customer"),
                                        std::string_view("resolved"),
                                        std::string_view("closed"),
                                        std::string_view("reopened"),
                                        std::string_view("merged"),
                                        std::string_view("split"),
                                        std::string_view("changed"),
                                        std::string_view("worked"),
                                        std::string_view("survey_sent")};
std::optional<event_kind> find_event_kind(std::string_view name);

enum class ticket_status : std::uint8_t {
  fresh,
  open,
  pending,
  waiting_customer,
  resolved,
  closed,
  reopened,
  merged
};
inline constexpr std::array status_names{std::string_view("new"),
                                         std::string_view("open"),
                                         std::string_view("pending"),
                                         std::string_view("waiting_customer"),
                                         std::string_view("resolved"),
                                         std::string_view("closed"),
                                         std::string_view("reopened"),
                                         std::string_view("merged")};
// Neither resolved nor closed nor merged.
constexpr bool is_active(ticket_status s) {
  return s != ticket_status::resolved && s != ticket_status::closed && s != ticket_status::merged;
}

// One event that was applied. `status` is that of the ticket after it.
struct ticket_event {
  std::int64_t time = 0;
  std::uint32_t row = 0;  // of the table of events
  event_kind kind = event_kind::created;
  ticket_status status = ticket_status::fresh;
  bool automatic = false;
};

// What is known of a ticket now. Texts are those of the last event that gave one, "" when none did.
// What reached it while it was merged into another is counted there and not here.
struct ticket {
  std::string id;
  std::string customer;  // after identities
  std::string channel, category, severity, team, language, skill, subject;
  std::string agent;        // who has it, "" nobody
  std::string merged_into;  // of a merged one
  ticket_status status = ticket_status::fresh;
  bool outage = false;
  std::int64_t created = 0;  // of its first event, whatever that is
  // Replies and messages that were not automatic. `resolved` is the last resolution and `closed`
  // the last closing, also after a reopening: `status` says whether they stand.
  std::optional<std::int64_t> first_reply, last_reply, last_message_in, resolved, closed;
  std::optional<std::int64_t> assigned;  // since when `agent` has it
  std::string replied_by;                // the agent of the last answer before now
  std::string resolved_by;  // the agent of the last resolution: who resolved, else who had it
  bool resolved_automatically = false;
  // resolutions: resolved, or closed without; reassigned: given to another agent than had it last.
  std::int32_t messages_in = 0, messages_out = 0, reopened = 0, reassigned = 0, resolutions = 0;
  double length = 0;   // characters of its first message, 0 unknown
  double minutes = 0;  // agent time so far
  bool has_minutes = false;
  std::vector<ticket_event> events;  // in the order in which they counted
};

struct refused_event {
  std::size_t row = 0;
  std::string ticket;
  std::string reason;  // a sentence: "resolved is not reached from merged"
};

struct ticket_book {
  std::shared_ptr<const table> rows;   // schema ticket_events
  std::vector<ticket> tickets;         // in the order of their ids' bytes
  std::vector<refused_event> refused;  // in the order of rows
  std::unordered_map<std::string, std::size_t, features::text_hash, std::equal_to<>> index;
  const ticket* find(std::string_view id) const;
};

// The log up to and including `as_of`. The order of rows changes nothing
// (but that of equal instants, kinds and event ids, where the content decides). A row whose
// event_id was there before is left out when it is equal and refused when it is not. Throws
// error{data} naming row, column and value for an unknown kind or an empty ticket, customer or
// time; error{data} for identities in a circle.
ticket_book read_tickets(std::shared_ptr<const table> events,
                         const identity_map& who,
                         std::int64_t as_of);
// `identities` may be null.
ticket_book read_tickets(std::shared_ptr<const table> events,
                         const table* identities,
                         std::int64_t as_of);

// The status after `kind` happens to a ticket in `from`; nullopt: the move is not allowed.
// `before_merge` is the status that a split returns to.
std::optional<ticket_status> move(ticket_status from,
                                  event_kind kind,
                                  bool automatic,
                                  ticket_status before_merge);

}  // namespace clv::desk
