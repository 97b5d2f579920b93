// What somebody wants to do to tickets now: the moves that are legal become events to record.
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "clv/time.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/event_log.hpp"
#include "desk/tickets/event_writer.hpp"
#include "desk/tickets/mover.hpp"

namespace clv {
namespace {

using namespace desk;

// Without a log the first tickets can still be created.
constexpr std::array<report_input, 2> inputs{
    {{"ticket_events", "ticket_events", false, ""}, {"moves", "ticket_events", true, ""}}};
constexpr std::array<report_option, 1> option_rows{
    {{"as_of", "", "now: a move later than this is refused; default: any time is taken"}}};
constexpr std::array<report_output, 2> outputs{
    {{"", "row,ticket,time,kind,accepted,counted_at,status,reason,event_id"},
     recorded_events_output}};

constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

void build(const desk_call& asked, outcome& out) {
  const table& moves = asked.in.of("moves");
  const table* log = asked.find("ticket_events");
  const auto none = schema_rows("ticket_events").sealed("none");
  mover all(log != nullptr ? *log : *none, moves, read_as_of(asked.given, forever));
  const event_columns wanted(moves);
  report_writer rows({{"row", type::i64},
                      {"ticket", type::utf8},
                      {"time", type::time, "us"},
                      {"kind", type::utf8},
                      {"accepted", type::i64},
                      {"counted_at", type::utf8},
                      {"status", type::utf8},
                      {"reason", type::utf8},
                      {"event_id", type::utf8}});
  std::size_t row = 0;
  for (const move_answer& a : all.run()) {
    std::optional<std::string_view> status;
    if (a.status) status = status_names[static_cast<std::size_t>(*a.status)];
    rows.row(static_cast<std::int64_t>(row) + 1,
             wanted.ticket.text(row),
             wanted.time.integers()[row],
             wanted.kind.text(row),
             static_cast<std::int64_t>(a.is_accepted),
             word(a.counted_at),
             status,
             word(a.reason),
             a.event_id);
    ++row;
  }
  out.tables[""] = rows.sealed(asked.seal);
  out.tables["events"] = all.accepted(asked.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_move", std::move(in), options_json, option_rows);
  read_as_of(asked.given, forever);
  return desk_job("moves", std::move(asked), build);
}

}  // namespace

constinit const report desk_move_report{
    .name = "desk_move",
    .summary =
        "Which moves of tickets are allowed now, as events to record, and why others are not",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
