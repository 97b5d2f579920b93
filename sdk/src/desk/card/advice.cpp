// Do and do not, as they follow from the other sections; and the attributes that were asked for.
#include <algorithm>

#include "desk/card/card.hpp"
#include "desk/priority/waiting.hpp"
#include "desk/priority/why_now.hpp"

namespace clv::desk {
namespace {

// The ticket whose clock ends first among those whose turn is ours.
const card_ticket* most_urgent(const card_source& from) {
  const card_ticket* first = nullptr;
  for (const card_ticket& t : from.tickets()) {
    if (!waits_for_us(t.what->status)) continue;
    const auto due = [](const card_ticket& c) { return c.clocks.due().value_or(end_of_time); };
    if (first == nullptr || due(t) < due(*first)) first = &t;
  }
  return first;
}

// An active ticket with a clock past its due time.
const ticket* late(const card_source& from) {
  for (const card_ticket& t : from.tickets()) {
    if (!is_active(t.what->status)) continue;
    const bool missed = std::ranges::any_of(
        t.clocks.clocks, [](const ticket_clock& c) { return c.state == clock_state::missed; });
    if (missed) return t.what;
  }
  return nullptr;
}

bool calm(const card_source& from) {
  return !from.complains() && !from.has_open_ticket();
}

}  // namespace

card do_section(const card_source& from) {
  card to("do");
  if (const card_ticket* t = most_urgent(from)) {
    const auto due = t->clocks.due();
    to.add("answer " + t->what->id,
           due ? "first, due " + format_time(*due) : "first",
           "it is our turn");
  }
  if (const ticket* t = late(from)) {
    to.add("apologise", "for the delay of " + t->id, "a promised time was missed");
  }
  if (!from.answers().empty() && from.answers().back().complaint) {
    to.add("ask what went wrong", "", "the last answer is that of a detractor");
  }
  for (const follow_up& f : from.follow_ups()) {
    if (f.state == follow_up_state::open) continue;
    to.add("keep the promise",
           f.id,
           "it is " + std::string(follow_up_states[static_cast<std::size_t>(f.state)]));
  }
  if (calm(from)) {
    const card actions = action_section(from);
    for (const card_row& action : actions.rows()) {
      if (action.value.ends_with(needs_approval)) continue;
      to.add("mention " + action.item, action.value, "it was decided for this customer");
    }
  }
  return to;
}

card dont_section(const card_source& from) {
  card to("dont");
  if (from.complains()) {
    to.add("sell", "", "this customer complains: solve it first");
  } else if (from.has_open_ticket()) {
    to.add("sell", "", "a ticket is open: solve it first");
  }
  const card refused = refusal_section(from);
  const auto is_held_out = [](const card_row& r) { return r.value == "HOLDOUT"; };
  if (std::ranges::any_of(refused.rows(), is_held_out)) {
    to.add("give what is held out", "", "it would spoil the measurement");
  }
  if (!refused.rows().empty()) {
    to.add("promise what is listed under do_not_offer", "", "each row says why");
  }
  if (from.number("customers", "survey_sent").value_or(0) > 0) {
    to.add("ask for a rating", "", "a survey is out already");
  }
  return to;
}

// What a host chose to show: attributes only, none of them protected.
card attribute_section(const card_source& from) {
  card to("attributes");
  for (const std::string& name : from.options().show) {
    const std::string value = from.text("customers", name);
    if (!value.empty()) to.add(name.substr(5), value, "shown because option 'show' names it");
  }
  return to;
}

}  // namespace clv::desk
