// How the desk does, per agent, team and overall: counts, times, promises kept, satisfaction, each
// with its n and interval. sdk/DESK.md, Figures, defines each; figures.hpp has the formulas.
#include <algorithm>
#include <array>

#include "clv/error.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/performance/figures.hpp"
#include "desk/performance/window.hpp"
#include "desk/reports.hpp"
#include "desk/routing/agents.hpp"
#include "features/cells.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 7> inputs{{events_input,
                                              identities_input,
                                              optional_agents_input,
                                              clock_events_input,
                                              feedback_input,
                                              scores_input,
                                              segments_input}};
constexpr std::array<report_option, 8> option_rows{
    {desk_option,
     as_of_option,
     from_option,
     to_option,
     {"by",
      "\"agent,team\"",
      "what to group by beside overall: agent, team, category, channel, severity, tier"},
     {"least", "5", "a figure of fewer has no rank"},
     {"level", "0.95", "of the intervals"},
     {"prior", "5", "answers' worth of the wider mean beside those of a small cell or group"}}};
constexpr std::array<report_output, 3> outputs{
    {{"", "level,group,team,measure,n,value,lower,upper,value_weighted,weighted_n,rank,ranked"},
     {"case_mix", "category,severity,channel,answers,satisfaction"},
     refused_output}};

figure_rules read_rules(const settings& given) {
  figure_rules r{.levels = given.names("by").value_or(std::vector<std::string>{"agent", "team"}),
                 .least = given.number_in("least", 5, 1, 1e9),
                 .level = given.number_in("level", 0.95, 0.5, 0.9999),
                 .prior = given.number_in("prior", 5, 0, 1e6)};
  for (const std::string& level : r.levels) {
    if (std::ranges::find(level_names, level) == level_names.end()) {
      given.refuse("by", "words of agent, team, category, channel, severity, tier");
    }
  }
  return r;
}

// For logs without teams: the team of the agent as table agents has it now.
class team_lookup {
 public:
  explicit team_lookup(const report_inputs& in) {
    if (!in.has("agents")) return;
    const table& rows = in.of("agents");
    const column& agent = rows.get("agent", type::utf8);
    const column* team = rows.find("team");
    for (std::size_t row = 0; team != nullptr && row < rows.rows(); ++row) {
      teams_[features::text_at(agent, row)] = features::text_at(*team, row);
    }
  }
  void fill(credit& who) const {
    const auto found = teams_.find(who.agent);
    if (who.team.empty() && found != teams_.end()) who.team = found->second;
  }

 private:
  by_text<std::string> teams_;
};

std::vector<answer> answers_in(const report_inputs& in,
                               const desk_view& view,
                               const time_window& window,
                               const team_lookup& teams) {
  auto all = read_answers(in, view);
  std::erase_if(all, [&](const answer& a) { return !window.holds(a.time); });
  for (answer& a : all) teams.fill(a.about);
  return all;
}

std::shared_ptr<const table> figures_table(const std::vector<group_figures>& all,
                                           const std::string& seal) {
  report_writer rows({{"level", type::utf8},
                      {"group", type::utf8},
                      {"team", type::utf8},
                      {"measure", type::utf8},
                      {"n", type::f64},
                      {"value", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64},
                      {"value_weighted", type::f64},
                      {"weighted_n", type::f64},
                      {"rank", type::i64},
                      {"ranked", type::i64}});
  for (const group_figures& g : all) {
    for (const figure& f : g.figures) {
      rows.row(g.level,
               g.name,
               word(g.team),
               f.measure,
               f.n,
               f.value,
               f.lower,
               f.upper,
               f.weighted,
               f.weighted_n,
               f.rank,
               f.rank ? std::optional(f.ranked) : std::nullopt);
    }
  }
  return rows.sealed(seal);
}

std::shared_ptr<const table> case_mix_table(const std::vector<answer>& answers,
                                            const std::string& seal) {
  std::map<std::array<std::string, 3>, std::pair<double, double>> cells;
  for (const answer& a : answers) {
    if (!a.satisfaction) continue;
    auto& [sum, n] = cells[{a.about.category, a.about.severity, a.about.channel}];
    sum += *a.satisfaction;
    n += 1;
  }
  report_writer rows({{"category", type::utf8},
                      {"severity", type::utf8},
                      {"channel", type::utf8},
                      {"answers", type::f64},
                      {"satisfaction", type::f64}});
  for (const auto& [words, tally] : cells) {
    const auto& [category, severity, channel] = words;
    rows.row(
        word(category), word(severity), word(channel), tally.second, tally.first / tally.second);
  }
  return rows.sealed(seal);
}

// Answers come after the last ticket event, which is what as_of is by default.
void say_what_came_later(const report_inputs& in, std::int64_t now, outcome& out) {
  if (!in.has("feedback")) return;
  const column& time = in.of("feedback").get("time", type::time);
  const auto later =
      std::ranges::count_if(time.integers(), [now](std::int64_t at) { return at > now; });
  if (later == 0) return;
  warn(out,
       std::to_string(later) + " answers are later than " + format_time(now) + " and do not count",
       "give option as_of");
}

void build(const desk_call& asked, outcome& out) {
  const figure_rules rules = read_rules(asked.given);
  const desk_view view = asked.view();
  const time_window window = read_window(asked.given, view.now);
  const team_lookup teams(asked.in);
  const std::vector<answer> answers = answers_in(asked.in, view, window, teams);
  std::vector<deed> deeds = deeds_of(view, answers, window);
  for (deed& d : deeds) teams.fill(d.who);
  out.tables[""] = figures_table(figures_of(view, deeds, answers, rules), asked.seal);
  out.tables["case_mix"] = case_mix_table(answers, asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
  say_what_came_later(asked.in, view.now, out);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_performance", std::move(in), options_json, option_rows);
  read_rules(asked.given);
  return desk_job("figures", std::move(asked), build);
}

}  // namespace

constinit const report desk_performance_report{
    .name = "desk_performance",
    .summary =
        "Response and resolution times, service levels, reopening and satisfaction per agent "
        "and team, with intervals",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv
