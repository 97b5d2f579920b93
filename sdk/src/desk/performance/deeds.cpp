#include "desk/performance/deeds.hpp"

#include <algorithm>

#include "desk/tickets/event_log.hpp"
#include "desk/tickets/holder.hpp"

namespace clv::desk {
namespace {

constexpr std::array kept_kinds{
    deed_kind::kept_first, deed_kind::kept_next, deed_kind::kept_resolution};

class reader {
 public:
  reader(const desk_view& view, const time_window& window, std::vector<deed>& out)
      : view_(view), window_(window), rows_(*view.book.rows), out_(out) {}

  void read(const ticket& t) {
    const std::vector<clock_result> results = results_of(t, view_);
    read_resolutions(t, results);
    read_events(t);
    read_first_response(t, results);
    for (const clock_result& r : results) read_clock(t, r);
  }

 private:
  void add(deed_kind kind, const ticket& t, std::int64_t time, const credit& who, double value) {
    if (!window_.holds(time)) return;
    out_.push_back({kind, time, t.id, t.customer, who, value});
  }
  std::string_view named(const ticket_event& e) const {
    return event_columns::text(rows_.agent, e.row);
  }

  // From the last reopening before event `first`, or the creation, to the next one.
  struct stretch {
    double minutes = 0, reassigned = 0, answers = 0;
    bool has_minutes = false, reopened = false;
  };
  stretch stretch_around(const ticket& t, std::size_t from, std::size_t resolved) const {
    stretch s;
    holder now;
    for (std::size_t i = 0; i < from; ++i) now.follow(t.events[i], named(t.events[i]));
    std::string_view last = now.agent;
    for (std::size_t i = from; i < t.events.size(); ++i) {
      const ticket_event& e = t.events[i];
      const bool over = i > resolved && is_active(e.status);
      if (over) return s.reopened = true, s;
      now.follow(e, named(e));
      if (!now.agent.empty() && !last.empty() && now.agent != last) ++s.reassigned;
      if (!now.agent.empty()) last = now.agent;
      const double minutes = event_columns::number(rows_.minutes, e.row);
      s.minutes += minutes;
      s.has_minutes = s.has_minutes || minutes > 0;
      s.answers += i < resolved && e.kind == event_kind::message_out && !e.automatic ? 1 : 0;
    }
    return s;
  }

  void read_resolutions(const ticket& t, const std::vector<clock_result>& results) {
    std::size_t from = 0;
    bool first = true;
    for (const resolution& r : resolutions_of(t)) {
      const stretch s = stretch_around(t, from, r.event);
      const credit who = credited_agent(view_.book, t, r.time);
      add(deed_kind::resolution, t, r.time, who, 1);
      add(deed_kind::resolution_time, t, r.time, who, resolution_minutes(t, r, results));
      if (first) {
        add(deed_kind::first_contact, t, r.time, who, s.answers <= 1 && !s.reopened ? 1 : 0);
      }
      add(deed_kind::reopened, t, r.time, who, s.reopened ? 1 : 0);
      add(deed_kind::reassigned, t, r.time, who, s.reassigned);
      if (s.has_minutes) add(deed_kind::handle, t, r.time, who, s.minutes);
      first = false;
      from = r.event + 1;
    }
  }

  double resolution_minutes(const ticket& t,
                            const resolution& r,
                            const std::vector<clock_result>& results) const {
    for (const clock_result& c : results) {
      if (c.kind == clock_kind::resolution && c.ended == r.time) return c.minutes;
    }
    return worked_on_minutes(t, view_, r.event);
  }

  void read_events(const ticket& t) {
    holder now;
    for (const ticket_event& e : t.events) {
      const std::string_view own = named(e);
      now.follow(e, own);
      const double minutes = event_columns::number(rows_.minutes, e.row);
      const bool answer = e.kind == event_kind::message_out && !e.automatic;
      if (!window_.holds(e.time) || (!(minutes > 0) && !answer)) continue;
      const credit who = acting(t, e.time, now.acting(own));
      if (minutes > 0) add(deed_kind::worked, t, e.time, who, minutes);
      if (answer) add(deed_kind::answered, t, e.time, who, 1);
    }
  }

  // The words of the ticket then, with the agent who did it.
  credit acting(const ticket& t, std::int64_t time, std::string_view agent) const {
    credit who = holder_at(view_.book, t, time);
    if (!agent.empty()) who.agent = agent;
    return who;
  }

  // Who gave the first visible answer at or after that moment, else who had the ticket then.
  credit answering(const ticket& t, std::int64_t time) const {
    for (const ticket_event& e : t.events) {
      if (e.time != time || e.kind != event_kind::message_out || e.automatic) continue;
      return acting(t, time, named(e));
    }
    return holder_at(view_.book, t, time);
  }

  void read_first_response(const ticket& t, const std::vector<clock_result>& results) {
    if (!t.first_reply || !window_.holds(*t.first_reply)) return;
    double minutes = waited_minutes(t, view_, *t.first_reply);
    for (const clock_result& c : results) {
      if (c.kind == clock_kind::first_response && c.ended == *t.first_reply) minutes = c.minutes;
    }
    add(deed_kind::first_response, t, *t.first_reply, answering(t, *t.first_reply), minutes);
  }

  void read_clock(const ticket& t, const clock_result& r) {
    // One that is overdue at the end of the window is a miss already.
    const std::int64_t end = std::min(view_.now, window_.to - 1);
    const std::int64_t time = r.ended.value_or(end);
    if (!window_.holds(time) || (!r.ended && r.due.value_or(r.started) > end)) return;
    credit who = !r.ended                           ? holder_at(view_.book, t, time)
                 : r.kind == clock_kind::resolution ? credited_agent(view_.book, t, time)
                                                    : answering(t, time);
    if (!r.agent.empty()) who.agent = r.agent;
    add(kept_kinds[static_cast<std::size_t>(r.kind)], t, time, who, r.kept ? 1 : 0);
  }

  const desk_view& view_;
  const time_window& window_;
  event_columns rows_;
  std::vector<deed>& out_;
};

}  // namespace

std::vector<deed> deeds_of(const desk_view& view,
                           std::span<const answer> answers,
                           const time_window& window) {
  std::vector<deed> out;
  reader each(view, window, out);
  for (const ticket& t : view.book.tickets) each.read(t);
  for (const answer& a : answers) {
    if (!a.satisfaction || !window.holds(a.time)) continue;
    out.push_back({deed_kind::rated, a.time, a.ticket, a.customer, a.about, *a.satisfaction});
  }
  return out;
}

}  // namespace clv::desk
