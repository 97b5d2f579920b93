#include "desk/priority/waiting.hpp"

namespace clv::desk {
namespace {

bool is_answer(const ticket_event& e) {
  return (e.kind == event_kind::message_out && !e.automatic) ||
         e.status == ticket_status::resolved || e.status == ticket_status::closed;
}

}  // namespace

std::int64_t waited(const ticket& t, const business_calendar& hours, std::int64_t now) {
  std::size_t first = t.events.size();
  while (first > 0 && !is_answer(t.events[first - 1])) --first;
  if (first > 0) --first;  // from the answer itself on
  std::int64_t sum = 0;
  for (std::size_t i = first; i < t.events.size();) {
    // One stretch for all events that change nothing about whose turn it is.
    std::size_t end = i + 1;
    const bool ours = waits_for_us(t.events[i].status);
    while (end < t.events.size() && waits_for_us(t.events[end].status) == ours) ++end;
    if (ours)
      sum += hours.between(t.events[i].time, end < t.events.size() ? t.events[end].time : now);
    i = end;
  }
  return sum;
}

}  // namespace clv::desk
