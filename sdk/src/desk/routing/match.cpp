// Assign these to those: tickets and agents of a host that keeps its own events.
#include <algorithm>
#include <array>
#include <numeric>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/desk_call.hpp"
#include "desk/reports.hpp"
#include "desk/routing/matching.hpp"
#include "features/cells.hpp"

namespace clv {
namespace {

using namespace desk;
using features::text_at;

constexpr const char* name = "desk_match";
constexpr double most_urgent = 1e18;  // the largest index of report desk_rank and more
constexpr std::array<report_input, 3> inputs{
    {{"tickets",
      "",
      true,
      "ticket and optionally urgency (default 1), skill, language, channel, customer, answered_by "
      "(agents who answered this customer before, with ; between), beyond_bound (1: before all "
      "others)"},
     agents_input,
     {"held", "", false, "agent, and optionally channel: one row per ticket already in hand"}}};
constexpr std::array<report_option, 3> option_rows{
    {desk_option,
     {"as_of", "", "now: a date with a clock, like 2026-03-01T09:00Z; needed for who is there"},
     mode_option}};
constexpr std::array<report_output, 2> outputs{
    {{"", "ticket,customer,agent,rank,fit,skill,load,relationship,satisfaction,urgency,reason"},
     {"unassigned", "ticket,customer,rank,code,reason"}}};

class match_run {
 public:
  explicit match_run(desk_call asked)
      : asked_(std::move(asked)),
        mode_(read_match_mode(asked_.given)),
        policy_(read_desk_policy(asked_.given.json("desk"))) {
    const auto now = parse_time(asked_.given.text("as_of", ""), zone("UTC"));
    if (!now) {
      asked_.given.refuse("as_of", "a date with a clock, like 2026-03-01T09:00Z: it is needed");
    }
    now_ = *now;
  }

  double read();
  double advance() { return matching_->advance(); }
  void write(outcome& out) const;

 private:
  void take_held();
  std::vector<demand> read_demands();

  desk_call asked_;
  match_mode mode_;
  desk_policy policy_;
  std::int64_t now_ = 0;
  std::optional<staff> who_;
  std::optional<matching> matching_;
};

std::string text_in(const table& t, std::string_view column, std::size_t row) {
  const auto* c = t.find(column);
  return c == nullptr ? std::string() : text_at(*c, row);
}

void match_run::take_held() {
  if (!asked_.in.has("held")) return;
  const table& held = asked_.in.of("held");
  const report_rows rows(held, name, "held");
  const auto agents = rows.texts("agent");
  for (std::size_t row = 0; row < agents.size(); ++row) {
    const auto agent = who_->find(agents[row]);
    if (!agent) rows.refuse("agent", row, "'" + agents[row] + "' is not in table 'agents'");
    who_->take(*agent, text_in(held, "channel", row));
  }
}

// The most urgent first; of equals in the order of rows.
std::vector<demand> match_run::read_demands() {
  const table& tickets = asked_.in.of("tickets");
  const report_rows rows(tickets, name, "tickets");
  const auto ids = rows.texts("ticket");
  positions(ids, rows, "ticket");
  const auto urgency = rows.numbers_or("urgency", 1);
  const auto bound = rows.numbers_or("beyond_bound", 0);
  std::vector<demand> all(ids.size());
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (urgency[row] < 0) rows.refuse("urgency", row, "is below 0");
    if (urgency[row] > most_urgent) rows.refuse("urgency", row, "is above 1e18");
    all[row] = {.ticket = ids[row],
                .customer = text_in(tickets, "customer", row),
                .channel = text_in(tickets, "channel", row),
                .skill = text_in(tickets, "skill", row),
                .language = text_in(tickets, "language", row),
                .urgency = urgency[row],
                .beyond_bound = bound[row] != 0,
                .taken_from = {}};
    who_->remember_answers(all[row], text_in(tickets, "answered_by", row));
  }
  std::ranges::stable_sort(all, [](const demand& a, const demand& b) {
    return a.beyond_bound != b.beyond_bound ? a.beyond_bound : a.urgency > b.urgency;
  });
  return all;
}

double match_run::read() {
  who_.emplace(read_agents(asked_.in.of("agents"), policy_), policy_, now_);
  take_held();
  matching_.emplace(*who_, read_demands(), mode_);
  return 1;
}

void match_run::write(outcome& out) const {
  report_writer main({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"agent", type::utf8},
                      {"rank", type::i64},
                      {"fit", type::f64},
                      {"skill", type::f64},
                      {"load", type::f64},
                      {"relationship", type::f64},
                      {"satisfaction", type::f64},
                      {"urgency", type::f64},
                      {"reason", type::utf8}});
  report_writer nobody({{"ticket", type::utf8},
                        {"customer", type::utf8},
                        {"rank", type::i64},
                        {"code", type::utf8},
                        {"reason", type::utf8}});
  std::int64_t rank = 0;
  for (const demand& d : matching_->demands()) {
    const auto i = static_cast<std::size_t>(rank++);
    if (!matching_->of(i)) {
      const no_match& why = matching_->why_not(i);
      nobody.row(d.ticket, d.customer, rank, why.code, why.reason);
      continue;
    }
    const desk::match& m = *matching_->of(i);
    const fit_parts& p = m.parts;
    main.row(d.ticket,
             d.customer,
             who_->agents()[m.agent].id,
             rank,
             p.fit(),
             p.skill,
             p.load,
             p.relationship,
             p.satisfaction,
             d.urgency,
             m.reason);
  }
  out.tables[""] = main.sealed(asked_.seal);
  out.tables["unassigned"] = nobody.sealed(asked_.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  return desk_job(
      "match",
      std::make_shared<match_run>(desk_call(name, std::move(in), options_json, option_rows)));
}

}  // namespace

constinit const report desk_match_report{
    .name = name,
    .summary = "Assigns these tickets to those agents, without any events",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
