#include "desk/tickets/import_facts.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "clv/schema.hpp"
#include "math/hash.hpp"
#include "math/json.hpp"

namespace clv::desk {
namespace {

constexpr std::size_t longest_id = 128;  // bytes, as recorded facts have it

// What common desks call their states.
constexpr std::array known_states{
    std::pair{std::string_view("new"), std::string_view("new")},
    std::pair{std::string_view("open"), std::string_view("opened")},
    std::pair{std::string_view("active"), std::string_view("opened")},
    std::pair{std::string_view("assigned"), std::string_view("opened")},
    std::pair{std::string_view("in progress"), std::string_view("opened")},
    std::pair{std::string_view("work in progress"), std::string_view("opened")},
    std::pair{std::string_view("pending"), std::string_view("pending")},
    std::pair{std::string_view("on hold"), std::string_view("pending")},
    std::pair{std::string_view("awaiting problem"), std::string_view("pending")},
    std::pair{std::string_view("awaiting vendor"), std::string_view("pending")},
    std::pair{std::string_view("awaiting evidence"), std::string_view("pending")},
    std::pair{std::string_view("awaiting user info"), std::string_view("waiting_customer")},
    std::pair{std::string_view("waiting for customer"), std::string_view("waiting_customer")},
    std::pair{std::string_view("waiting on customer"), std::string_view("waiting_customer")},
    std::pair{std::string_view("pending customer"), std::string_view("waiting_customer")},
    std::pair{std::string_view("resolved"), std::string_view("resolved")},
    std::pair{std::string_view("solved"), std::string_view("resolved")},
    std::pair{std::string_view("done"), std::string_view("resolved")},
    std::pair{std::string_view("closed"), std::string_view("closed")},
    std::pair{std::string_view("reopened"), std::string_view("reopened")}};

constexpr std::string_view state_words =
    "new, opened, pending, waiting_customer, resolved, closed, reopened";

bool is_state_word(std::string_view text) {
  constexpr std::array all{std::string_view("new"),
                           std::string_view("opened"),
                           std::string_view("pending"),
                           std::string_view("waiting_customer"),
                           std::string_view("resolved"),
                           std::string_view("closed"),
                           std::string_view("reopened")};
  return std::find(all.begin(), all.end(), text) != all.end();
}

void read_states(const settings& given, import_rules& rules) {
  for (const auto& [state, kind] : known_states) rules.states.emplace(state, kind);
  if (!given.has("states")) return;
  const std::string wanted = "an object: a state to one of " + std::string(state_words);
  const boost::json::value value = math::parse_json(given.json("states"));
  if (!value.is_object()) given.refuse("states", wanted);
  for (const auto& [state, kind] : value.get_object()) {
    if (!kind.is_string() || !is_state_word(std::string_view(kind.get_string()))) {
      given.refuse("states", wanted);
    }
    rules.states[lowered(std::string_view(state))] = std::string_view(kind.get_string());
  }
}

}  // namespace

import_rules read_import_rules(const settings& given) {
  import_rules rules;
  rules.source = given.text("source", "import");
  if (rules.source.empty() || rules.source.size() > longest_id / 4) {
    given.refuse("source", "a text of 1 to 32 bytes");
  }
  const std::string missing = given.text("created_missing", "refuse");
  if (missing != "refuse" && missing != "first_seen") {
    given.refuse("created_missing", "refuse or first_seen");
  }
  rules.first_seen = missing == "first_seen";
  rules.survey = given.text("satisfaction_kind", "CSAT");
  if (rules.survey != "CSAT" && rules.survey != "NPS" && rules.survey != "CES") {
    given.refuse("satisfaction_kind", "CSAT, NPS or CES");
  }
  rules.scale = given.number_in("satisfaction_scale", rules.survey == "NPS" ? 10 : 5, 2, 1000);
  read_states(given, rules);
  return rules;
}

import_words_of::import_words_of(const import_rows& rows, std::size_t row)
    : ticket(rows.text("ticket", row)),
      customer(rows.text("customer", row)),
      channel(rows.lower_text("channel", row)),
      agent(rows.text("agent", row)),
      team(rows.text("team", row)),
      category(rows.text("category", row)),
      severity(rows.lower_text("severity", row)),
      language(rows.lower_text("language", row)),
      skill(rows.text("skill", row)),
      subject(rows.text("subject", row)) {}

import_facts::import_facts(const import_rules& rules) : rules_(rules) {
  for (const field& f : find_schema("feedback").fields) {
    answers_->add(std::string(f.name), f.kind, std::string(f.unit));
  }
}

std::string import_facts::event_name(std::string_view ticket, std::string_view what) const {
  std::string name = rules_.source + ":" + std::string(ticket) + ":" + std::string(what);
  if (name.size() <= longest_id) return name;
  math::fingerprint_builder hash;
  hash.add(name);
  return rules_.source + ":" + hash.hex();
}

void import_facts::add(new_event e, std::string_view what) {
  const std::string id = event_name(e.ticket, what);
  e.event_id = id;
  events_.push(e);
}

void import_facts::add_answer(const import_words_of& of, std::int64_t time, double score) {
  std::size_t at = 0;
  const auto next = [&]() -> column& { return answers_->columns()[at++]; };
  const auto text = [&](std::string_view value) {
    value.empty() ? next().push_absent() : next().push(value);
  };
  text(of.customer);
  next().push(time);
  text(rules_.survey);
  next().push(score);
  next().push(rules_.scale);
  text(of.category);
  text(of.ticket);
  text(of.agent);
  text(event_name(of.ticket, "answer"));
}

std::shared_ptr<const table> import_facts::sealed_answers(const std::string& extra) {
  answers_->seal(extra);
  return answers_;
}

}  // namespace clv::desk
