// Shape "tickets": one row per ticket, its instants side by side.
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "clv/time.hpp"
#include "desk/tickets/import_facts.hpp"

namespace clv::desk {
namespace {

struct instants {
  std::optional<std::int64_t> created, first_response, resolved, closed;
  bool is_assumed = false;  // the creation is the first instant known
};

using instant = std::optional<std::int64_t>;

bool is_before(const instant& a, const instant& b) {
  return a && b && *a < *b;
}

std::string earlier_than(const char* what, const instant& when) {
  return "it is earlier than the " + std::string(what) + ", " + format_time(*when);
}

class ticket_table {
 public:
  ticket_table(import_rows& rows, const import_rules& rules, import_facts& to)
      : rows_(rows), rules_(rules), to_(to) {}
  void read(std::size_t row);

 private:
  bool is_named(const import_words_of& of, std::size_t row);
  instants when(std::size_t row, bool& is_sound);
  bool is_in_order(const instants& at, std::size_t row);
  void add_events(const import_words_of& of, const instants& at, std::size_t row);
  void add_answer(const import_words_of& of, const instants& at, std::size_t row);

  import_rows& rows_;
  const import_rules& rules_;
  import_facts& to_;
  std::unordered_map<std::string, std::size_t> seen_;  // ticket to the row that gave its events
};

bool ticket_table::is_named(const import_words_of& of, std::size_t row) {
  if (of.ticket.empty()) rows_.note("ticket", row, "it is missing");
  if (of.customer.empty()) rows_.note("customer", row, "it is missing");
  const auto known = seen_.find(of.ticket);
  const bool is_new = known == seen_.end();
  if (!is_new) {
    rows_.note("ticket", row, "it is already in row " + std::to_string(known->second + 1));
  }
  return is_new && !of.ticket.empty() && !of.customer.empty();
}

instants ticket_table::when(std::size_t row, bool& is_sound) {
  instants at{.created = rows_.time("created", row, is_sound),
              .first_response = rows_.time("first_response", row, is_sound),
              .resolved = rows_.time("resolved", row, is_sound),
              .closed = rows_.time("closed", row, is_sound)};
  if (at.created || !is_sound) return at;
  if (rules_.first_seen) {
    for (const instant& known : {at.first_response, at.resolved, at.closed}) {
      if (known && (!at.created || *known < *at.created)) at.created = known;
    }
    at.is_assumed = at.created.has_value();
  }
  if (!at.created) {
    rows_.note("created",
               row,
               rules_.first_seen ? "no instant of the ticket is known"
                                 : "it is missing, and option 'created_missing' is refuse");
    is_sound = false;
  }
  return at;
}

bool ticket_table::is_in_order(const instants& at, std::size_t row) {
  const std::size_t before = rows_.findings().size();
  // An assumed creation is no evidence against anything.
  const instant created = at.is_assumed ? std::nullopt : at.created;
  if (is_before(at.first_response, created)) {
    rows_.note("first_response", row, earlier_than("creation", created));
  }
  if (is_before(at.resolved, created)) {
    rows_.note("resolved", row, earlier_than("creation", created));
  } else if (is_before(at.resolved, at.first_response)) {
    rows_.note("resolved", row, earlier_than("first response", at.first_response));
  }
  if (is_before(at.closed, created)) {
    rows_.note("closed", row, earlier_than("creation", created));
  } else if (is_before(at.closed, at.resolved)) {
    rows_.note("closed", row, earlier_than("resolution", at.resolved));
  } else if (is_before(at.closed, at.first_response)) {
    rows_.note("closed", row, earlier_than("first response", at.first_response));
  }
  return rows_.findings().size() == before;
}

// The table does not say since when the agent has it: from the creation on.
void ticket_table::add_events(const import_words_of& of, const instants& at, std::size_t row) {
  to_.add({.ticket = of.ticket,
           .customer = of.customer,
           .time = *at.created,
           .kind = event_kind::created,
           .channel = of.channel,
           .team = of.team,
           .category = of.category,
           .severity = of.severity,
           .language = of.language,
           .skill = of.skill,
           .subject = of.subject,
           .length = rows_.amount("length", row)},
          "created");
  const auto add = [&](const instant& time, event_kind kind) {
    if (!time) return;
    to_.add({.ticket = of.ticket,
             .customer = of.customer,
             .time = *time,
             .kind = kind,
             .agent = of.agent},
            event_names[static_cast<std::size_t>(kind)]);
  };
  if (!of.agent.empty()) add(at.created, event_kind::assigned);
  add(at.first_response, event_kind::message_out);
  add(at.resolved, event_kind::resolved);
  add(at.closed, event_kind::closed);
  if (const auto minutes = rows_.amount("minutes", row)) {
    to_.add({.ticket = of.ticket,
             .customer = of.customer,
             .time = at.closed     ? *at.closed
                     : at.resolved ? *at.resolved
                                   : std::max(*at.created, at.first_response.value_or(*at.created)),
             .kind = event_kind::worked,
             .agent = of.agent,
             .minutes = minutes},
            "worked");
  }
}

void ticket_table::add_answer(const import_words_of& of, const instants& at, std::size_t row) {
  if (rows_.text("satisfaction", row).empty()) return;
  const auto score = rows_.amount("satisfaction", row);
  if (!score) return;
  const double least = rules_.survey == "NPS" ? 0 : 1;
  if (*score < least || *score > rules_.scale) {
    rows_.note("satisfaction", row, "it is outside the scale of option 'satisfaction_scale'", true);
    return;
  }
  bool is_sound = true;
  instant given = rows_.time("answered", row, is_sound);
  if (!is_sound) return;
  if (!given) given = at.resolved ? at.resolved : at.closed;
  if (given) {
    to_.add_answer(of, *given, *score);
  } else {
    rows_.note("satisfaction", row, "the ticket has no end at which it could be given", true);
  }
}

void ticket_table::read(std::size_t row) {
  const import_words_of of(rows_, row);
  bool is_sound = is_named(of, row);
  const instants at = when(row, is_sound);
  if (!is_sound || !is_in_order(at, row)) return;
  seen_.emplace(of.ticket, row);
  ++to_.accepted;
  ++to_.tickets;
  if (at.is_assumed) ++to_.without_creation;
  add_events(of, at, row);
  add_answer(of, at, row);
}

}  // namespace

void import_tickets(import_rows& rows, const import_rules& rules, import_facts& to) {
  rows.need("ticket");
  rows.need("customer");
  if (!rules.first_seen) rows.need("created");
  ticket_table all(rows, rules, to);
  for (std::size_t row = 0; row < rows.size(); ++row) all.read(row);
}

}  // namespace clv::desk
