#include "desk/care/credit.hpp"

#include <algorithm>

namespace clv::desk {
namespace {

// Columns that hosts may leave out.
class event_texts {
 public:
  explicit event_texts(const table& rows)
      : agent_(rows.find("agent")),
        team_(rows.find("team")),
        category_(rows.find("category")),
        channel_(rows.find("channel")),
        severity_(rows.find("severity")),
        into_(rows.find("into")) {}

  std::string_view agent(std::uint32_t row) const { return at(agent_, row); }
  std::string_view into(std::uint32_t row) const { return at(into_, row); }
  void keep_words(std::uint32_t row, credit& words) const {
    keep(team_, row, words.team);
    keep(category_, row, words.category);
    keep(channel_, row, words.channel);
    keep(severity_, row, words.severity);
  }

 private:
  static std::string_view at(const column* c, std::uint32_t row) {
    return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
  }
  static void keep(const column* c, std::uint32_t row, std::string& word) {
    if (const std::string_view text = at(c, row); !text.empty()) word = text;
  }

  const column *agent_, *team_, *category_, *channel_, *severity_, *into_;
};

// The channel is that of the ticket, not of one message: a customer who writes by chat to a ticket
// of the phone has not moved it.
bool gives_words(event_kind k) {
  return k == event_kind::created || k == event_kind::assigned || k == event_kind::changed;
}

// The history up to one event.
struct story {
  credit words;
  std::string_view holder;    // who has it
  std::string_view answered;  // who answered since it was last assigned
  std::string_view answered_at_all;

  void tell(const ticket_event& e, const event_texts& texts) {
    if (gives_words(e.kind)) texts.keep_words(e.row, words);
    if (e.kind == event_kind::unassigned) holder = {};
    if (e.kind == event_kind::assigned) {
      const std::string_view who = texts.agent(e.row);
      if (who != holder) answered = {};
      holder = who;
    }
    if (e.kind != event_kind::message_out || e.automatic) return;
    const std::string_view who = texts.agent(e.row);
    answered = who.empty() ? holder : who;
    if (!answered.empty()) answered_at_all = answered;
  }
  std::string_view responsible() const {
    return !answered.empty() ? answered : !holder.empty() ? holder : answered_at_all;
  }
};

// `events` is how many of them have happened.
story told(const ticket_book& book, const ticket& t, std::size_t events) {
  const event_texts texts(*book.rows);
  story s;
  for (std::size_t i = 0; i < events; ++i) s.tell(t.events[i], texts);
  return s;
}

std::size_t events_until(const ticket& t, std::int64_t when) {
  const auto later = std::ranges::find_if(t.events, [&](const auto& e) { return e.time > when; });
  return static_cast<std::size_t>(later - t.events.begin());
}

// Where a ticket that was merged by then goes on, nullptr when it was not.
const ticket* merged_into(const ticket_book& book, const ticket& t, std::int64_t when) {
  const std::size_t happened = events_until(t, when);
  if (happened == 0 || t.events[happened - 1].status != ticket_status::merged) return nullptr;
  const event_texts texts(*book.rows);
  for (std::size_t i = happened; i-- > 0;) {
    if (t.events[i].kind == event_kind::merged) return book.find(texts.into(t.events[i].row));
  }
  return nullptr;
}

const resolution* last_until(const std::vector<resolution>& all, std::int64_t when) {
  const resolution* found = nullptr;
  for (const resolution& r : all) {
    if (r.time <= when) found = &r;
  }
  return found;
}

}  // namespace

std::vector<resolution> resolutions_of(const ticket& t) {
  std::vector<resolution> all;
  ticket_status before = ticket_status::fresh;
  for (std::size_t i = 0; i < t.events.size(); ++i) {
    const ticket_event& e = t.events[i];
    const bool ends = e.kind == event_kind::resolved || e.kind == event_kind::closed;
    if (ends && is_active(before) && !is_active(e.status)) {
      all.push_back({.time = e.time, .event = i, .automatic = e.automatic, .last = false});
    }
    before = e.status;
  }
  const bool done = t.status == ticket_status::resolved || t.status == ticket_status::closed;
  if (!all.empty()) all.back().last = done;
  return all;
}

credit credited_agent(const ticket_book& book, const ticket& t, std::int64_t answered_at) {
  const ticket* of = &t;
  std::vector<resolution> all = resolutions_of(t);
  const resolution* about = last_until(all, answered_at);
  // A chain of merges has no more links than there are tickets.
  for (std::size_t link = 0; about == nullptr && link < book.tickets.size(); ++link) {
    const ticket* next = merged_into(book, *of, answered_at);
    if (next == nullptr) break;
    of = next;
    all = resolutions_of(*of);
    about = last_until(all, answered_at);
  }
  const std::size_t happened = about != nullptr ? about->event + 1 : events_until(*of, answered_at);
  story s = told(book, *of, happened);
  std::string_view who;
  if (about != nullptr) {
    s.words.resolved = about->time;
    if (!about->automatic) who = event_texts(*book.rows).agent(of->events[about->event].row);
  }
  s.words.agent = who.empty() ? s.responsible() : who;
  return s.words;
}

credit holder_at(const ticket_book& book, const ticket& t, std::int64_t when) {
  story s = told(book, t, events_until(t, when));
  s.words.agent = s.holder;
  return s.words;
}

}  // namespace clv::desk
