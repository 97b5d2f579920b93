// Shape "log": one row per change of a ticket, with its state and words from then on.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clv/time.hpp"
#include "desk/tickets/import_facts.hpp"

namespace clv::desk {
namespace {

using instant = std::optional<std::int64_t>;

struct change {
  std::size_t row = 0;
  std::int64_t updated = 0;
  instant created, resolved, closed;
  std::string state;  // opened, ...; "new"
};

// The walk along one ticket's changes.
class ticket_walk {
 public:
  ticket_walk(import_rows& rows, const import_rules& rules, import_facts& to)
      : rows_(rows), rules_(rules), to_(to) {}
  void run(std::vector<change> changes);

 private:
  void begin(const change& first);
  bool take(const change& c);
  std::vector<event_kind> moves_to(const std::string& state) const;
  void add(event_kind kind, const import_words_of& words, std::int64_t time);
  void take_agent(const import_words_of& now);
  void take_words(const import_words_of& now);
  void compare_end(const change& c, const char* word, const instant& said, const instant& seen);

  import_rows& rows_;
  const import_rules& rules_;
  import_facts& to_;
  import_words_of words_;
  ticket_status status_ = ticket_status::fresh;
  std::int64_t last_ = 0;  // what comes next is later than this
};

void ticket_walk::add(event_kind kind, const import_words_of& w, std::int64_t time) {
  const std::string name(event_names[static_cast<std::size_t>(kind)]);
  to_.add({.ticket = words_.ticket,
           .customer = words_.customer,
           .time = time,
           .kind = kind,
           .channel = w.channel,
           .agent = w.agent,
           .team = w.team,
           .category = w.category,
           .severity = w.severity,
           .language = w.language,
           .skill = w.skill,
           .subject = w.subject},
          kind == event_kind::created ? name : name + ":" + std::to_string(time));
}

void ticket_walk::begin(const change& first) {
  words_ = import_words_of(rows_, first.row);
  if (!first.created) ++to_.without_creation;
  import_words_of given = words_;
  given.agent.clear();
  const std::int64_t created = first.created.value_or(first.updated);
  add(event_kind::created, given, created);
  words_.agent.clear();  // given by the first change
  last_ = created - 1;
  ++to_.tickets;
}

// What must happen to reach a state; nothing when it is there, `created` when it cannot.
std::vector<event_kind> ticket_walk::moves_to(const std::string& state) const {
  std::vector<event_kind> impossible{event_kind::created};
  if (state == "new") {
    return status_ == ticket_status::fresh ? std::vector<event_kind>{} : impossible;
  }
  const bool has_ended = status_ == ticket_status::resolved || status_ == ticket_status::closed;
  event_kind kind = *find_event_kind(state);
  if (kind == event_kind::reopened && !has_ended) kind = event_kind::opened;
  const bool goes_on = kind == event_kind::opened || kind == event_kind::pending ||
                       kind == event_kind::waiting_customer || kind == event_kind::reopened;
  if (has_ended && goes_on) {
    if (kind == event_kind::opened || kind == event_kind::reopened) return {event_kind::reopened};
    return {event_kind::reopened, kind};
  }
  // What was reopened is being worked on: that it is open says nothing new.
  if (status_ == ticket_status::reopened && kind == event_kind::opened) return {};
  const auto next = move(status_, kind, false, status_);
  if (!next) return impossible;
  return *next == status_ ? std::vector<event_kind>{} : std::vector<event_kind>{kind};
}

void ticket_walk::take_agent(const import_words_of& now) {
  if (now.agent == words_.agent) return;
  import_words_of given;
  given.agent = now.agent;
  if (!now.agent.empty() && now.team != words_.team) given.team = now.team;
  add(now.agent.empty() ? event_kind::unassigned : event_kind::assigned, given, last_);
  words_.agent = now.agent;
  if (!given.team.empty()) words_.team = given.team;
}

// An empty cell is no news.
void ticket_walk::take_words(const import_words_of& now) {
  import_words_of given;
  bool is_new = false;
  for (std::string import_words_of::*word : {&import_words_of::channel,
                                             &import_words_of::team,
                                             &import_words_of::category,
                                             &import_words_of::severity,
                                             &import_words_of::language,
                                             &import_words_of::skill,
                                             &import_words_of::subject}) {
    if ((now.*word).empty() || now.*word == words_.*word) continue;
    given.*word = words_.*word = now.*word;
    is_new = true;
  }
  if (is_new) add(event_kind::changed, given, last_);
}

// False: the state cannot follow, and the row gives nothing.
bool ticket_walk::take(const change& c) {
  const std::vector<event_kind> moves = moves_to(c.state);
  if (!moves.empty() && moves.front() == event_kind::created) {
    rows_.note(
        "state",
        c.row,
        "it cannot follow '" + std::string(status_names[static_cast<std::size_t>(status_)]) + "'");
    return false;
  }
  // Rows of one instant keep their order by a microsecond each.
  last_ = std::max(c.updated, last_ + 1);
  const import_words_of now(rows_, c.row);
  take_agent(now);
  take_words(now);
  for (const event_kind kind : moves) {
    if (kind != moves.front()) ++last_;
    import_words_of by;
    by.agent = words_.agent;
    add(kind, by, last_);
    status_ = *move(status_, kind, false, status_);
  }
  return true;
}

// The columns that repeat when it ended against what the log tells, once per ticket.
void ticket_walk::compare_end(const change& c,
                              const char* word,
                              const instant& said,
                              const instant& seen) {
  if (!rows_.has(word) || said == seen) return;
  const std::string told =
      seen ? "the log says " + format_time(*seen) : "the log has no such state";
  rows_.note(word, c.row, (said ? "" : "it is missing: ") + told, true);
}

void ticket_walk::run(std::vector<change> changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const change& a, const change& b) {
    return a.updated < b.updated;
  });
  begin(changes.front());
  std::map<std::string, instant> begun;  // by state: when it was last reached
  for (const change& c : changes) {
    const ticket_status before = status_;
    if (!take(c)) continue;
    ++to_.accepted;
    if (status_ != before) begun[c.state] = c.updated;
  }
  compare_end(changes.back(), "resolved", changes.back().resolved, begun["resolved"]);
  compare_end(changes.back(), "closed", changes.back().closed, begun["closed"]);
}

class change_log {
 public:
  change_log(import_rows& rows, const import_rules& rules) : rows_(rows), rules_(rules) {}
  std::optional<change> read(std::size_t row);

 private:
  bool is_named(std::size_t row);

  import_rows& rows_;
  const import_rules& rules_;
};

bool change_log::is_named(std::size_t row) {
  bool is_sound = true;
  for (const char* word : {"ticket", "customer", "state", "updated"}) {
    if (!rows_.text(word, row).empty()) continue;
    rows_.note(word, row, "it is missing");
    is_sound = false;
  }
  return is_sound;
}

std::optional<change> change_log::read(std::size_t row) {
  bool is_sound = is_named(row);
  change c{.row = row};
  const instant updated = rows_.time("updated", row, is_sound);
  c.created = rows_.time("created", row, is_sound);
  c.resolved = rows_.time("resolved", row, is_sound);
  c.closed = rows_.time("closed", row, is_sound);
  if (!is_sound) return std::nullopt;
  const auto known = rules_.states.find(lowered(rows_.text("state", row)));
  if (known == rules_.states.end()) {
    rows_.note("state", row, "option 'states' does not say what it means");
    return std::nullopt;
  }
  if (!c.created && !rules_.first_seen) {
    rows_.note("created", row, "it is missing, and option 'created_missing' is refuse");
    return std::nullopt;
  }
  if (c.created && *updated < *c.created) {
    rows_.note("updated", row, "it is earlier than the creation, " + format_time(*c.created));
    return std::nullopt;
  }
  c.updated = *updated;
  c.state = known->second;
  return c;
}

}  // namespace

void import_log(import_rows& rows, const import_rules& rules, import_facts& to) {
  for (const char* word : {"ticket", "customer", "state", "updated"}) rows.need(word);
  if (!rules.first_seen) rows.need("created");
  change_log log(rows, rules);
  std::map<std::string, std::vector<change>> tickets;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (auto c = log.read(row)) tickets[rows.text("ticket", row)].push_back(std::move(*c));
  }
  for (auto& [ticket, changes] : tickets) ticket_walk(rows, rules, to).run(std::move(changes));
}

}  // namespace clv::desk
