// The customer's tickets that are not done, with their clocks, and what was promised to them.
#include "desk/card/card.hpp"
#include "desk/priority/waiting.hpp"
#include "desk/priority/why_now.hpp"

namespace clv::desk {
namespace {

void add_word(std::string& list, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  list += (list.empty() ? "" : ", ") + std::string(name) + value;
}

void add_ticket(const card_source& from, const card_ticket& t, card& to) {
  std::string words;
  add_word(words, "severity ", t.what->severity);
  add_word(words, "about ", t.what->category);
  add_word(words, "by ", t.what->channel);
  add_word(words, "with ", t.what->agent);
  if (waits_for_us(t.what->status)) {
    const double minutes =
        minutes_of(waited(*t.what, from.view().hours_of(*t.what), from.view().now));
    add_word(words, "waits for us for ", duration_words(minutes));
  }
  to.add(t.what->id, std::string(status_names[static_cast<std::size_t>(t.what->status)]), words);
}

std::string clock_value(const ticket_clock& c, const business_calendar& hours, std::int64_t now) {
  if (!c.due) return "paused";
  const std::string at = "due " + format_time(*c.due);
  if (*c.due > now) return at + ", in " + duration_words(minutes_of(hours.between(now, *c.due)));
  return at + ", late by " + duration_words(minutes_of(hours.between(*c.due, now)));
}

void add_clocks(const card_source& from, const card_ticket& t, card& to) {
  for (const ticket_clock& c : t.clocks.clocks) {
    if (!c.active) continue;
    to.add(t.what->id + " " + std::string(clock_names[static_cast<std::size_t>(c.kind)]),
           clock_value(c, from.view().hours_of(*t.what), from.view().now),
           "policy '" + t.clocks.policy->name + "': " + duration_words(minutes_of(c.target_us)) +
               " of business time, " + duration_words(minutes_of(c.elapsed_us)) + " used");
  }
}

}  // namespace

card ticket_section(const card_source& from) {
  card to("tickets");
  for (const card_ticket& t : from.tickets()) {
    const bool asked = t.what->id == from.options().ticket;
    if (!asked && !is_active(t.what->status)) continue;
    add_ticket(from, t, to);
    add_clocks(from, t, to);
  }
  return to;
}

card follow_up_section(const card_source& from) {
  card to("follow_ups");
  for (const follow_up& f : from.follow_ups()) {
    std::string value(follow_up_states[static_cast<std::size_t>(f.state)]);
    if (f.due) value += ", due " + format_time(*f.due);
    std::string why = f.reason.empty() ? f.trigger : f.reason;
    if (!f.owner.empty()) why += (why.empty() ? "" : " ") + ("owner: " + f.owner);
    to.add(f.id, value, why);
  }
  return to;
}

}  // namespace clv::desk
