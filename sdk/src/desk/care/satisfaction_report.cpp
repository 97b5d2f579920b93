// How satisfied customers are, by whom they dealt with, and how far few answers can be trusted.
#include <array>

#include "desk/care/satisfaction.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr report_input answers_input{"feedback", "feedback", true, ""};
constexpr std::array<report_input, 3> inputs{events_input, identities_input, answers_input};
constexpr std::array<report_option, 4> option_rows{
    {desk_option,
     as_of_option,
     {"satisfaction_days", "365", "tau: an answer of age a weighs exp(-a / tau)"},
     {"satisfaction_prior",
      "5",
      "answers' worth of the usual beside one's own, where there are too few to estimate it"}}};
constexpr std::array<report_output, 4> outputs{
    {{"",
      "level,group,kind,answers,satisfied,detractors,mean,recent,shrunk,lower,upper,toward,own"},
     {"customers", "customer,answers,detractors,mean,satisfaction,lower,upper"},
     {"feedback",
      "customer,time,kind,score,scale,topics,ticket,agent,event_id,satisfaction,team,category"},
     refused_output}};

struct satisfaction_study {
  const desk_call& asked;
  std::int64_t now = 0;
  std::vector<answer> answers;
  satisfaction_rules rules;
};

void add_figure(report_writer& rows,
                std::string_view level,
                std::string_view name,
                std::string_view kind,
                const satisfaction_figure& f) {
  rows.row(level,
           name,
           kind,
           f.answers,
           f.satisfied,
           f.detractors,
           f.mean,
           f.recent,
           f.shrunk,
           f.low,
           f.high,
           f.toward,
           f.own);
}

void add_kind(report_writer& rows, const satisfaction_study& s, std::string_view kind) {
  const satisfaction_figures figures(s.answers, kind, s.now, s.rules);
  if (!figures.all()) return;
  const std::string_view word = kind.empty() ? "all" : kind;
  add_figure(rows, "overall", "all", word, *figures.all());
  const auto level = [&](std::string_view name, const figures_by_name& of) {
    for (const auto& [key, f] : of) add_figure(rows, name, key, word, f);
  };
  level("team", figures.teams());
  level("agent", figures.agents());
  level("category", figures.categories());
  level("channel", figures.channels());
}

std::shared_ptr<const table> figures_table(const satisfaction_study& s) {
  report_writer rows({{"level", type::utf8},
                      {"group", type::utf8},
                      {"kind", type::utf8},
                      {"answers", type::i64},
                      {"satisfied", type::i64},
                      {"detractors", type::i64},
                      {"mean", type::f64},
                      {"recent", type::f64},
                      {"shrunk", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"toward", type::f64},
                      {"own", type::f64}});
  for (const std::string_view kind : {"", "CSAT", "NPS", "CES", "review"}) add_kind(rows, s, kind);
  return rows.sealed(s.asked.seal);
}

std::shared_ptr<const table> customers_table(const satisfaction_study& s) {
  report_writer rows({{"customer", type::utf8},
                      {"answers", type::i64},
                      {"detractors", type::i64},
                      {"mean", type::f64},
                      {"satisfaction", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64}});
  const satisfaction_figures figures(s.answers, "", s.now, s.rules);
  for (const auto& [name, f] : figures.customers()) {
    rows.row(name, f.answers, f.detractors, f.mean, f.shrunk, f.low, f.high);
  }
  return rows.sealed(s.asked.seal);
}

// The answers as features and issue_pareto take them: of the customer, not of the address, and with
// the agent that they are credited to.
std::shared_ptr<const table> credited_table(const satisfaction_study& s) {
  report_writer rows({{"customer", type::utf8},
                      {"time", type::time, "us"},
                      {"kind", type::utf8},
                      {"score", type::f64},
                      {"scale", type::f64},
                      {"topics", type::utf8},
                      {"ticket", type::utf8},
                      {"agent", type::utf8},
                      {"event_id", type::utf8},
                      {"satisfaction", type::f64},
                      {"team", type::utf8},
                      {"category", type::utf8}});
  const table& given = s.asked.in.of("feedback");
  const column *scale = given.find("scale"), *topics = given.find("topics");
  for (const answer& a : s.answers) {
    std::optional<double> most;
    if (scale != nullptr && scale->present(a.row)) most = scale->numbers()[a.row];
    std::string about;
    if (topics != nullptr && topics->present(a.row)) about = topics->text(a.row);
    rows.row(a.customer,
             a.time,
             a.kind,
             a.score,
             most,
             word(about),
             word(a.ticket),
             word(a.about.agent),
             word(a.event_id),
             a.satisfaction,
             word(a.about.team),
             word(a.about.category));
  }
  return rows.sealed(s.asked.seal);
}

satisfaction_rules read_rules(const settings& given) {
  return {.tau_days = given.number_in("satisfaction_days", 365, 1, 36'500),
          .prior = given.number_in("satisfaction_prior", 5, 0.01, 1e6)};
}

void build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const satisfaction_study s{.asked = asked,
                             .now = view.now,
                             .answers = read_answers(asked.in, view),
                             .rules = read_rules(asked.given)};
  out.tables[""] = figures_table(s);
  out.tables["customers"] = customers_table(s);
  out.tables["feedback"] = credited_table(s);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_satisfaction", std::move(in), options_json, option_rows);
  read_rules(asked.given);
  return desk_job("satisfaction", std::move(asked), build);
}

}  // namespace

constinit const report desk_satisfaction_report{
    .name = "desk_satisfaction",
    .summary =
        "Satisfaction per agent, team, category, channel and customer, few answers shrunk to "
        "the usual",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
