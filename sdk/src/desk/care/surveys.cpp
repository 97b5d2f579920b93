#include "desk/care/surveys.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "math/json.hpp"

namespace clv::desk {
namespace {

// When a customer was last asked or answered, on any ticket and under any address.
class asked_book {
 public:
  asked_book(const desk_view& view, std::span<const answer> answers) {
    for (const ticket& t : view.book.tickets) {
      for (const ticket_event& e : t.events) {
        if (e.kind == event_kind::survey_sent) ask(t.customer, e.time);
      }
    }
    for (const answer& a : answers) {
      if (is_survey(a)) ask(a.customer, a.time);
      if (is_survey(a) && !a.ticket.empty()) answered_[a.ticket].push_back(a.time);
    }
  }
  void ask(const std::string& customer, std::int64_t when) {
    const auto [at, is_new] = last_.emplace(customer, when);
    if (!is_new) at->second = std::max(at->second, when);
  }
  std::optional<std::int64_t> last(const std::string& customer) const {
    const auto found = last_.find(customer);
    if (found == last_.end()) return std::nullopt;
    return found->second;
  }
  bool answered(const survey_choice& c) const {
    const auto found = answered_.find(c.of->id);
    if (found == answered_.end()) return false;
    const auto& events = c.of->events;
    const std::int64_t next =
        c.next_event < events.size() ? events[c.next_event].time : end_of_time;
    return std::ranges::any_of(found->second,
                               [&](std::int64_t t) { return t >= c.end.time && t < next; });
  }

 private:
  // Who complains unasked has not been bothered with a survey.
  static bool is_survey(const answer& a) { return a.kind != "complaint"; }

  std::map<std::string, std::int64_t, std::less<>> last_;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> answered_;  // by ticket
};

bool was_sent(const survey_choice& c) {
  for (std::size_t i = c.end.event + 1; i < c.next_event; ++i) {
    if (c.of->events[i].kind == event_kind::survey_sent) return true;
  }
  return false;
}

std::vector<survey_choice> candidates(const desk_view& view, double window_days) {
  const auto oldest = view.now - static_cast<std::int64_t>(window_days * us_per_day);
  std::vector<survey_choice> all;
  for (const ticket& t : view.book.tickets) {
    const std::vector<resolution> ends = resolutions_of(t);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      survey_choice c{.of = &t, .end = ends[i]};
      c.next_event = i + 1 < ends.size() ? ends[i + 1].event : t.events.size();
      c.due = view.hours_of(t).add(ends[i].time, view.policy.surveys->delay_us);
      if (c.due >= oldest && c.due < end_of_time) all.push_back(std::move(c));
    }
  }
  std::ranges::sort(all, [](const survey_choice& a, const survey_choice& b) {
    return std::tie(a.due, a.of->id, a.end.time) < std::tie(b.due, b.of->id, b.end.time);
  });
  return all;
}

using verdict = std::pair<std::string_view, std::string>;

// Why the resolution itself is asked about no more, "" when it may be.
verdict own_verdict(const survey_choice& c, const asked_book& asked) {
  if (was_sent(c)) return {"ALREADY_SENT", "This resolution has had its survey."};
  if (asked.answered(c)) return {"ANSWERED", "The customer has answered without being asked."};
  if (c.end.automatic) return {"AUTOMATIC", "A rule resolved it: there is nobody to rate."};
  if (c.of->status == ticket_status::merged) {
    return {"MERGED", "It goes on in ticket '" + c.of->merged_into + "'."};
  }
  if (!c.end.last) return {"REOPENED", "It was reopened since."};
  return {};
}

verdict judge(const survey_choice& c, const asked_book& asked, const desk_view& view) {
  if (verdict own = own_verdict(c, asked); !own.first.empty()) return own;
  if (c.due > view.now) return {"NOT_YET", "It is due at " + format_time(c.due) + "."};
  const double days = view.policy.surveys->cool_down_days;
  const auto last = asked.last(c.of->customer);
  // Counted to the due time, not to now: a survey that falls into the cool-down is dropped, not
  // put off to its end.
  if (last && static_cast<double>(c.due - *last) < days * us_per_day) {
    return {"COOL_DOWN",
            "The customer was asked or answered at " + format_time(*last) + ", and is left alone " +
                math::to_text(days) + " days."};
  }
  return {"SEND", "The resolution has not been asked about."};
}

}  // namespace

std::vector<survey_choice> survey_choices(const desk_view& view,
                                          std::span<const answer> answers,
                                          double window_days) {
  if (!view.policy.surveys) return {};
  std::vector<survey_choice> all = candidates(view, window_days);
  asked_book asked(view, answers);
  for (survey_choice& c : all) {
    std::tie(c.code, c.reason) = judge(c, asked, view);
    if (c.send()) asked.ask(c.of->customer, view.now);
  }
  return all;
}

}  // namespace clv::desk
