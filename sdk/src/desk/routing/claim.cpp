// One ticket to one agent, if nobody has it. Recorded in the same transaction in which it was
// granted (engine::apply), so of two who claim one gets it.
#include <algorithm>
#include <array>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/reports.hpp"
#include "desk/routing/shift.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr const char* claim_name = "desk_claim";
constexpr std::array<report_input, 3> claim_inputs{{events_input, agents_input, identities_input}};
constexpr std::array<report_option, 5> claim_option_rows{
    {{"ticket", "", "which ticket; needed"},
     {"agent", "", "who wants it; needed"},
     {"override", "false", "true: the rules who may take it are not asked; deleted stays deleted"},
     desk_option,
     {"as_of",
      "",
      "now: a date with a clock, or a date (its midnight, UTC); not before the last event: what "
      "others have recorded meanwhile counts"}}};
constexpr std::array<report_output, 2> claim_outputs{
    {{"", "ticket,agent,granted,code,reason"}, recorded_events_output}};

struct claim {
  std::string ticket, agent;
  bool override = false;
};

struct ruling {
  bool granted = false;
  std::string code, reason;
  bool record = false;  // it changes who has the ticket
};

std::string needed(const settings& given, std::string_view option) {
  std::string text = given.text(option, "");
  if (text.empty()) given.refuse(option, "an id: it is needed");
  return text;
}

[[noreturn]] void unknown(const char* option, const std::string& value, const char* where) {
  throw error(status::not_found,
              "report 'desk_claim': option '" + std::string(option) + "': '" + value +
                  "' is not in table '" + where + "'",
              "give an id that is there");
}

ruling rule(const claim& c, const ticket& t, std::size_t agent, const staff& who) {
  if (!is_active(t.status)) {
    const std::string is = std::string(status_names[static_cast<std::size_t>(t.status)]);
    const bool merged = t.status == ticket_status::merged;
    return {false,
            "NOT_ACTIVE",
            "it is " + is + (merged ? " into '" + t.merged_into + "'" : std::string())};
  }
  if (t.agent == c.agent) return {true, "ALREADY", c.agent + " has it"};
  if (!t.agent.empty()) return {false, "TAKEN", t.agent + " has it"};
  const demand d = demand_of(t);
  const refusal no = who.may_take(d, agent);
  if (no == refusal::none) return {true, "GRANTED", "nobody had it", true};
  if (c.override && no != refusal::deleted) {
    return {true, "OVERRIDE", "nobody had it; " + who.sentence(d, agent, no), true};
  }
  return {false, std::string(code_of(no)), who.sentence(d, agent, no)};
}

std::int64_t last_of(const table& events) {
  const column& time = events.get("time", type::time);
  std::int64_t last = earliest_time;
  for (std::size_t row = 0; row < events.rows(); ++row) {
    if (time.present(row)) last = std::max(last, time.integers()[row]);
  }
  return last;
}

// Whose clock is slow must not overlook that somebody else was faster.
void look_at_everything(shift& s, const report_inputs& in) {
  const auto& events = in.tables.find("ticket_events")->second;
  const std::int64_t last = last_of(*events);
  if (last <= s.view.now) return;
  s.view.now = last;
  if (in.has("identities")) s.view.who = identity_map(in.of("identities"), last);
  s.view.book = read_tickets(events, s.view.who, last);
  s.who.emplace(read_agents(in.of("agents"), s.view.policy), s.view.policy, last);
  s.who->load(s.view.book);
}

claim read_claim(const settings& given) {
  return {.ticket = needed(given, "ticket"),
          .agent = needed(given, "agent"),
          .override = given.flag("override", false)};
}

void build(const desk_call& asked, outcome& out) {
  const claim c = read_claim(asked.given);
  const auto s = read_shift(asked);
  look_at_everything(*s, asked.in);
  const ticket* t = s->view.book.find(c.ticket);
  if (t == nullptr) unknown("ticket", c.ticket, "ticket_events");
  const auto agent = s->who->find(c.agent);
  if (!agent) unknown("agent", c.agent, "agents");
  const ruling r = rule(c, *t, *agent, *s->who);
  report_writer main({{"ticket", type::utf8},
                      {"agent", type::utf8},
                      {"granted", type::i64},
                      {"code", type::utf8},
                      {"reason", type::utf8}});
  main.row(c.ticket, c.agent, std::int64_t{r.granted}, r.code, r.reason);
  assignment_events events(*s);
  if (r.record) events.assigned(*t, s->who->agents()[*agent], false);
  out.tables[""] = main.sealed(asked.seal);
  out.tables["events"] = events.sealed(asked.seal);
}

job claim_begin(report_inputs in, std::string_view options_json) {
  desk_call asked(claim_name, std::move(in), options_json, claim_option_rows);
  read_claim(asked.given);
  return desk_job("claim", std::move(asked), build);
}

}  // namespace

constinit const report desk_claim_report{
    .name = claim_name,
    .summary = "Gives a ticket to the agent who asks for it, if nobody has it",
    .needs_model = false,
    .inputs = claim_inputs,
    .options = claim_option_rows,
    .outputs = claim_outputs,
    .begin = claim_begin,
};

}  // namespace clv
