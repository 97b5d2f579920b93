// A CRM's own table of tickets, or of their changes, as events to record; what cannot be is listed.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/event_writer.hpp"
#include "desk/tickets/import_facts.hpp"
#include "desk/tickets/import_rows.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 1> desk_import_inputs{
    {{"rows",
      "",
      true,
      "ticket,customer,created,first_response,resolved,closed,state,updated,channel,category,"
      "severity,agent,team,language,skill,subject,length,minutes,satisfaction,answered, or as "
      "option columns and common CRMs call them"}}};
constexpr std::array<report_option, 11> desk_import_option_rows{
    {{"shape", "\"tickets\"", "tickets: a row per ticket; log: a row per change of one"},
     {"columns", "", "an object: word to header, for headers that are not found by themselves"},
     {"time_format", "\"ymd\"", "order of a date's numbers: ymd, dmy or mdy; ISO 8601 always"},
     {"time_zone", "\"UTC\"", "whose clock instants without an offset are"},
     {"missing", "[\"?\"]", "texts that mean that nothing is known"},
     {"lower_case", "true", "channel, severity and language in lower case, as rules name them"},
     {"created_missing",
      "\"refuse\"",
      "refuse: rows without a creation are rejected; first_seen: it is the first instant known"},
     {"states", "", "an object: a state of the CRM to new, opened, pending, ... as of sdk/DESK.md"},
     {"satisfaction_kind", "\"CSAT\"", "CSAT, NPS or CES"},
     {"satisfaction_scale", "", "the best score; default: 5, of NPS 10"},
     {"source", "\"import\"", "the first part of every event_id"}}};
constexpr std::array<report_output, 4> desk_import_outputs{
    {{"", "rows,accepted,rejected,tickets,events,feedback,findings"},
     recorded_events_output,
     {"feedback", "customer,time,kind,score,scale,topics,ticket,agent,event_id", "feedback"},
     {"rejects", "row,ticket,column,value,reason,kept"}}};

std::shared_ptr<const table> rejects_table(std::vector<finding> found, const std::string& extra) {
  std::stable_sort(
      found.begin(), found.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  report_writer rows({{"row", type::i64},
                      {"ticket", type::utf8},
                      {"column", type::utf8},
                      {"value", type::utf8},
                      {"reason", type::utf8},
                      {"kept", type::i64}});
  for (const finding& f : found) {
    rows.row(static_cast<std::int64_t>(f.row) + 1,
             word(f.ticket),
             f.column,
             word(f.value),
             f.reason,
             static_cast<std::int64_t>(f.is_kept));
  }
  return rows.sealed(extra);
}

void add_notes(const import_facts& facts, std::size_t rows, bool is_log, outcome& out) {
  if (facts.without_creation > 0) {
    warn(out,
         std::to_string(facts.without_creation) +
             " tickets have no creation time: the first instant known stands for it, and "
             "first-response clocks and ages of these tickets cannot be computed",
         "give the creation, or leave first_response out of the policies for them");
  }
  if (is_log) {
    warn(out,
         "a log of states does not hold answers: first and next response of these tickets cannot "
         "be computed",
         "record the messages as events message_in and message_out");
  }
  if (facts.accepted < rows) {
    warn(out,
         std::to_string(rows - facts.accepted) + " of " + std::to_string(rows) +
             " rows were rejected: nothing of them is in the events or the feedback",
         "table 'rejects' names row, column and value; correct them and import again: what was "
         "recorded keeps its event_id");
  }
}

bool is_log(const settings& given) {
  const std::string shape = given.text("shape", "tickets");
  if (shape != "tickets" && shape != "log") given.refuse("shape", "tickets or log");
  return shape == "log";
}

void desk_import_build(const desk_call& asked, outcome& out) {
  const bool log = is_log(asked.given);
  const import_rules rules = read_import_rules(asked.given);
  import_rows rows(asked.in.of("rows"), asked.given);
  import_facts facts(rules);
  log ? import_log(rows, rules, facts) : import_tickets(rows, rules, facts);
  const auto count = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  report_writer counts({{"rows", type::i64},
                        {"accepted", type::i64},
                        {"rejected", type::i64},
                        {"tickets", type::i64},
                        {"events", type::i64},
                        {"feedback", type::i64},
                        {"findings", type::i64}});
  counts.row(count(rows.size()),
             count(facts.accepted),
             count(rows.size() - facts.accepted),
             count(facts.tickets),
             count(facts.events()),
             count(facts.answers()),
             count(rows.findings().size()));
  out.tables[""] = counts.sealed(asked.seal);
  out.tables["events"] = facts.sealed_events(asked.seal);
  out.tables["feedback"] = facts.sealed_answers(asked.seal);
  out.tables["rejects"] = rejects_table(rows.findings(), asked.seal);
  add_notes(facts, rows.size(), log, out);
}

job desk_import_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_import", std::move(in), options_json, desk_import_option_rows);
  is_log(asked.given);
  read_import_rules(asked.given);
  return desk_job("import", std::move(asked), desk_import_build);
}

}  // namespace

constinit const report desk_import_report{
    .name = "desk_import",
    .summary = "Events of tickets from a CRM's own table, and what in it cannot have happened",
    .needs_model = false,
    .inputs = desk_import_inputs,
    .options = desk_import_option_rows,
    .outputs = desk_import_outputs,
    .begin = desk_import_begin,
};

}  // namespace clv
