#include "desk_verbs.hpp"

namespace cli {
namespace {

constexpr desk_word no_word{};
constexpr desk_word ticket{"TICKET", "ticket", "Which ticket", true};
constexpr desk_word any_ticket{"TICKET", "ticket", "Only this one, and how it is counted"};

constexpr std::array verbs{
    desk_verb{"import",
              "desk_import",
              recording::always,
              "rows",
              nullptr,
              {no_word},
              "Turn a help desk's table of tickets into events",
              "  clv desk import tickets.csv --store shop.clv\n"
              "  clv desk import tickets.csv --out-dir events"},
    desk_verb{"triage",
              "desk_triage",
              recording::never,
              nullptr,
              nullptr,
              {no_word},
              "Say which ticket comes first, and why",
              "  clv desk triage --store shop.clv --desk desk.json\n"
              "  clv desk triage --input ticket_events=events.csv --top 10"},
    desk_verb{"clocks",
              "desk_clocks",
              recording::never,
              nullptr,
              nullptr,
              {any_ticket},
              "Say what is due when; of one ticket, which hours were counted",
              "  clv desk clocks --store shop.clv --desk desk.json\n"
              "  clv desk clocks T1 --store shop.clv --desk desk.json"},
    desk_verb{"due",
              "desk_due",
              recording::always,
              nullptr,
              nullptr,
              {no_word},
              "Say which warnings and breaches are new; with a store, once each",
              "  clv desk due --store shop.clv --desk desk.json\n"
              "  clv desk due --store shop.clv --desk desk.json --dry-run"},
    desk_verb{"assign",
              "desk_assign",
              recording::asked,
              nullptr,
              nullptr,
              {no_word},
              "Say which agent should have which ticket, and why",
              "  clv desk assign --store shop.clv --desk desk.json\n"
              "  clv desk assign --store shop.clv --desk desk.json --apply"},
    desk_verb{"claim",
              "desk_claim",
              recording::always,
              nullptr,
              "granted",
              {ticket, {"--agent", "agent", "Who takes it", true}},
              "Give a ticket to an agent, if nobody has it",
              "  clv desk claim T1 --agent ann --store shop.clv"},
    desk_verb{"move",
              "desk_move",
              recording::always,
              "moves",
              "accepted",
              {no_word},
              "Record what happens to tickets, where it is allowed",
              "  clv desk move moves.csv --store shop.clv\n"
              "  clv desk move moves.csv --input ticket_events=events.csv"},
    desk_verb{"sweep",
              "desk_sweep",
              recording::asked,
              nullptr,
              nullptr,
              {no_word},
              "Say which tickets are stuck with an agent and must go on",
              "  clv desk sweep --store shop.clv --desk desk.json --apply"},
    desk_verb{"survey",
              "desk_surveys",
              recording::asked,
              nullptr,
              nullptr,
              {no_word},
              "Say whom to ask how it was; with --apply they have been asked",
              "  clv desk survey --store shop.clv --desk desk.json --apply"},
    desk_verb{"follow-up",
              "desk_follow_ups",
              recording::asked,
              nullptr,
              nullptr,
              {no_word},
              "Say which customers must be looked after, by whom and until when",
              "  clv desk follow-up --store shop.clv --desk desk.json --apply"},
    desk_verb{"report",
              "desk_performance",
              recording::asked,
              nullptr,
              nullptr,
              {no_word},
              "Figures per agent and team; by name the other reports of the desk",
              "  clv desk report --store shop.clv --desk desk.json\n"
              "  clv desk report handle_times --store shop.clv\n"
              "  clv desk report --list"},
    desk_verb{"card",
              "desk_card",
              recording::never,
              nullptr,
              nullptr,
              {desk_word{"TICKET", "ticket", "Of the customer of this ticket"},
               {"--customer", "customer", "Of this customer"}},
              "What an agent should know before answering",
              "  clv desk card T1 --store shop.clv --desk desk.json\n"
              "  clv desk card --customer C1 --store shop.clv",
              true},
};

}  // namespace

std::span<const desk_verb> desk_verbs() {
  return verbs;
}

}  // namespace cli
