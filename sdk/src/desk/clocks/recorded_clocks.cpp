#include "desk/clocks/recorded_clocks.hpp"

#include <algorithm>
#include <cmath>

#include "features/cells.hpp"

namespace clv::desk {
namespace {

struct said_columns {
  const column &ticket, &time, &clock, &kind, &started, &elapsed, &target;
  const column *due, *policy, *agent;

  explicit said_columns(const table& t)
      : ticket(t.get("ticket", type::utf8)),
        time(t.get("time", type::time)),
        clock(t.get("clock", type::utf8)),
        kind(t.get("kind", type::utf8)),
        started(t.get("started", type::time)),
        elapsed(t.get("elapsed_minutes", type::f64)),
        target(t.get("target_minutes", type::f64)),
        due(t.find("due")),
        policy(t.find("policy")),
        agent(t.find("agent")) {}

  void check(std::size_t row) const {
    for (const column* c : {&ticket, &time, &clock, &kind, &started, &elapsed, &target}) {
      const bool empty = !c->present(row) || (c->kind() == type::utf8 && c->text(row).empty()) ||
                         (c->kind() == type::f64 && !std::isfinite(c->numbers()[row]));
      if (empty) features::refuse_cell(*c, row, "is empty", "give the rows as desk_due gave them");
    }
  }
};

template <class Word, std::size_t Count>
Word word_of(const column& c, std::size_t row, const std::array<std::string_view, Count>& names) {
  const auto at = std::find(names.begin(), names.end(), c.text(row));
  if (at != names.end()) return static_cast<Word>(at - names.begin());
  std::string known;
  for (const std::string_view each : names)
    known += (known.empty() ? "" : ", ") + std::string(each);
  features::refuse_cell(c, row, "'" + std::string(c.text(row)) + "' is unknown", "known: " + known);
}

std::int64_t microseconds(double minutes) {
  return std::llround(minutes * static_cast<double>(us_per_minute));
}

said_event read_row(const said_columns& in, std::size_t row) {
  in.check(row);
  said_event e{.clock = word_of<clock_kind>(in.clock, row, clock_names),
               .word = word_of<clock_word>(in.kind, row, clock_words),
               .started = in.started.integers()[row],
               .time = in.time.integers()[row],
               .due = {},
               .elapsed_us = microseconds(in.elapsed.numbers()[row]),
               .target_us = microseconds(in.target.numbers()[row]),
               .policy = {},
               .agent = {}};
  if (in.due != nullptr && in.due->present(row)) e.due = in.due->integers()[row];
  if (in.policy != nullptr && in.policy->present(row)) e.policy = in.policy->text(row);
  if (in.agent != nullptr && in.agent->present(row)) e.agent = in.agent->text(row);
  return e;
}

bool is_result(clock_word word) {
  return word == clock_word::hit || word == clock_word::missed;
}

}  // namespace

const said_event* said_of_ticket::result(clock_kind clock, std::int64_t started) const {
  const said_event* first = nullptr;
  for (const said_event& e : all_) {
    if (e.clock != clock || e.started != started || !is_result(e.word)) continue;
    // At one instant a miss counts: the order of rows must not decide.
    const bool earlier =
        first == nullptr || e.time < first->time || (e.time == first->time && e.word > first->word);
    if (earlier) first = &e;
  }
  return first;
}

bool said_of_ticket::breach(clock_kind clock, std::int64_t started) const {
  return std::any_of(all_.begin(), all_.end(), [&](const said_event& e) {
    return e.word == clock_word::breach && e.clock == clock && e.started == started;
  });
}

bool said_of_ticket::warning(clock_kind clock, std::int64_t started, std::int64_t before_us) const {
  return std::any_of(all_.begin(), all_.end(), [&](const said_event& e) {
    return e.word == clock_word::warning && e.clock == clock && e.started == started &&
           e.target_us - e.elapsed_us == before_us;
  });
}

recorded_clocks::recorded_clocks(const table& clock_events, std::int64_t as_of) {
  const said_columns in(clock_events);
  for (std::size_t row = 0; row < clock_events.rows(); ++row) {
    said_event e = read_row(in, row);
    if (e.time > as_of) continue;
    const std::string_view id = in.ticket.text(row);
    auto found = by_ticket_.find(id);
    if (found == by_ticket_.end()) found = by_ticket_.try_emplace(std::string(id)).first;
    found->second.push_back(std::move(e));
  }
}

said_of_ticket recorded_clocks::of(std::string_view ticket) const {
  const auto found = by_ticket_.find(ticket);
  return found == by_ticket_.end() ? said_of_ticket() : said_of_ticket(found->second);
}

}  // namespace clv::desk
