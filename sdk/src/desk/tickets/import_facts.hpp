// What an import makes of a table: events and answers to surveys, named so that importing twice
// records once. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "clv/table.hpp"
#include "data/settings.hpp"
#include "desk/tickets/event_writer.hpp"
#include "desk/tickets/import_rows.hpp"

namespace clv::desk {

struct import_rules {
  std::string source = "import";  // the first part of every event_id
  bool first_seen = false;        // a missing creation: the first instant known of the ticket
  std::string survey = "CSAT";
  double scale = 5;
  std::map<std::string, std::string, std::less<>> states;  // of the CRM, in lower case: kind or new
};
import_rules read_import_rules(const settings& given);

// What a row says of its ticket besides instants and states.
struct import_words_of {
  std::string ticket, customer, channel, agent, team, category, severity, language, skill, subject;
  import_words_of() = default;
  import_words_of(const import_rows& rows, std::size_t row);
};

class import_facts {
 public:
  explicit import_facts(const import_rules& rules);

  // `what` makes the event_id: source:ticket:what, or a hash of it when that is too long.
  void add(new_event e, std::string_view what);
  void add_answer(const import_words_of& of, std::int64_t time, double score);

  std::size_t events() const { return events_.size(); }
  std::size_t answers() const { return answers_->rows(); }
  std::shared_ptr<const table> sealed_events(const std::string& extra) {
    return events_.sealed(extra);
  }
  std::shared_ptr<const table> sealed_answers(const std::string& extra);

  std::size_t accepted = 0, tickets = 0;
  std::size_t without_creation = 0;  // tickets whose creation is the first instant known

 private:
  std::string event_name(std::string_view ticket, std::string_view what) const;

  const import_rules& rules_;
  event_writer events_;
  std::shared_ptr<table> answers_ = std::make_shared<table>();
};

// One row per ticket: created, first_response, resolved and closed say when, `agent` who has it.
void import_tickets(import_rows& rows, const import_rules& rules, import_facts& to);
// One row per change: `state` and the words as they are from `updated` on.
void import_log(import_rows& rows, const import_rules& rules, import_facts& to);

}  // namespace clv::desk
