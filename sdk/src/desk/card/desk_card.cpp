// An agent's context card for one customer or ticket. reference: sdk/DESK.md, The agent's card.
#include <array>
#include <utility>

#include "desk/card/card.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr report_input optional_events{"ticket_events", "ticket_events", false, ""};

constexpr std::array<report_input, 11> inputs{
    {optional_events,
     identities_input,
     {"scores",
      "",
      false,
      "customer and optionally x, t_x, T, p_alive, churn_probability, clv, clv_p10, clv_p50, "
      "clv_p90, clv_at_risk"},
     segments_input,
     {"customers",
      "",
      false,
      "customer and optionally complaint_open, legal_hold, running_discount, unreachable, "
      "days_since_order, survey_sent, attr.*"},
     {"decisions", "decisions", false, ""},
     {"refusals", "refusals", false, ""},
     feedback_input,
     follow_ups_input,
     clock_events_input,
     {"consent", "consent", false, ""}}};
constexpr std::array<report_option, 7> option_rows{
    {{"customer", "", "whose card: an id, or an address that identities link to it"},
     {"ticket", "", "instead: the card of the customer of this ticket, which comes first"},
     desk_option,
     as_of_option,
     {"money", "false", "show exact amounts; otherwise bands and sentences without them"},
     {"show", "", "attributes to show (attr.city); without it none is"},
     {"protected", "", "names that are never shown nor used; default: gender, age, ..."}}};
constexpr std::array<report_output, 1> outputs{{{"", "section,item,value,because"}}};

void build(const desk_call& asked, outcome& out) {
  const card_source from(asked.in, asked.given, read_card_options(asked.given));
  report_writer to({{"section", type::utf8},
                    {"item", type::utf8},
                    {"value", type::utf8},
                    {"because", type::utf8}});
  to.row("customer", "id", from.customer(), std::optional<std::string_view>());
  for (const auto section : {value_section,
                             driver_section,
                             ticket_section,
                             action_section,
                             refusal_section,
                             follow_up_section,
                             do_section,
                             dont_section,
                             attribute_section}) {
    const card part = section(from);
    for (const card_row& r : part.rows()) {
      to.row(r.section, r.item, word(r.value), word(r.because));
    }
  }
  out.tables[""] = to.sealed(asked.seal);
  if (from.known()) return;
  warn(out,
       "nothing is known of customer '" + from.customer() + "'",
       "check the id, or give the tables that tell of this customer");
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_card", std::move(in), options_json, option_rows);
  read_card_options(asked.given);
  return desk_job("card", std::move(asked), build);
}

}  // namespace

constinit const report desk_card_report{
    .name = "desk_card",
    .summary = "What an agent should know of a customer: value, concerns, tickets, do and do not",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
