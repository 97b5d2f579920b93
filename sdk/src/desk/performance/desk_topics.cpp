// What tickets are about, by the customer value at risk behind them: each customer counts once per
// topic, however often they wrote. Trend of the number of tickets: Mann-Kendall on whole periods
// back from as_of (features/mann_kendall.hpp, features/pareto.hpp).
#include <algorithm>
#include <array>
#include <set>

#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "features/pareto.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 3> desk_topics_inputs{
    {events_input, identities_input, scores_input}};
constexpr std::array<report_option, 9> desk_topics_option_rows{
    {desk_option,
     as_of_option,
     {"by",
      "\"category\"",
      "what a topic is: category, channel, severity, team, skill, language or subject (its words)"},
     {"window_days", "365", "tickets that came in so many days count"},
     {"period_days", "30", "length of the periods whose counts are tested for a trend"},
     {"least", "1", "a topic of fewer tickets is left out"},
     {"letters", "4", "a word of a subject has at least so many letters"},
     {"ignore", "", "words that are no topic, in lower case"},
     {"weights",
      "\"clv\"",
      "clv: value at risk from table scores; none: every customer counts 1"}}};
constexpr std::array<report_output, 2> desk_topics_outputs{
    {{"",
      "topic,tickets,customers,customers_without_value,at_risk,share,cumulative_share,rank,"
      "rank_by_tickets,trend,trend_tau,trend_p_value,trend_least_p_value"},
     refused_output}};
constexpr std::array words_of_tickets{std::string_view("category"),
                                      std::string_view("channel"),
                                      std::string_view("severity"),
                                      std::string_view("team"),
                                      std::string_view("skill"),
                                      std::string_view("language"),
                                      std::string_view("subject")};

struct plan {
  std::string by;
  double window_days = 365, period_days = 30;
  std::int64_t least = 1;
  std::size_t letters = 4;
  std::vector<std::string> ignore;
  bool weighted = true;
};

plan desk_topics_read_plan(const settings& given) {
  plan p{.by = given.text("by", "category"),
         .window_days = given.number_in("window_days", 365, 1, 36'500),
         .period_days = given.number_in("period_days", 30, 1, 36'500),
         .least = static_cast<std::int64_t>(given.number_in("least", 1, 1, 1e9)),
         .letters = static_cast<std::size_t>(given.number_in("letters", 4, 1, 100)),
         .ignore = given.names("ignore").value_or(std::vector<std::string>())};
  if (std::ranges::find(words_of_tickets, p.by) == words_of_tickets.end()) {
    given.refuse("by", "category, channel, severity, team, skill, language or subject");
  }
  const std::string weights = given.text("weights", "clv");
  if (weights != "clv" && weights != "none") given.refuse("weights", "clv or none");
  p.weighted = weights == "clv";
  return p;
}

bool is_letter(char c) {
  const bool ascii = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return ascii || static_cast<unsigned char>(c) >= 0x80;  // any letter beyond ASCII in UTF-8
}

// Characters, not bytes.
std::size_t letters_of(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(
      word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::set<std::string> words_of(std::string_view text, const plan& p) {
  std::set<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_letter(text[i])) {
      const char c = text[i];
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    const bool ignored = std::ranges::find(p.ignore, word) != p.ignore.end();
    if (letters_of(word) >= p.letters && !ignored) words.insert(word);
    word.clear();
  }
  return words;
}

std::set<std::string> topics_of(const ticket& t, const plan& p) {
  if (p.by == "subject") return words_of(t.subject, p);
  const std::string& word = p.by == "category"   ? t.category
                            : p.by == "channel"  ? t.channel
                            : p.by == "severity" ? t.severity
                            : p.by == "team"     ? t.team
                            : p.by == "skill"    ? t.skill
                                                 : t.language;
  if (word.empty() || std::ranges::find(p.ignore, word) != p.ignore.end()) return {};
  return {word};
}

features::issue_book collect(const desk_view& view, const plan& p, features::crowd& who) {
  for (const ticket& t : view.book.tickets) who.add(t.customer);
  who.settle();
  const auto periods = static_cast<std::size_t>(p.window_days / p.period_days);
  features::issue_book found;
  for (const ticket& t : view.book.tickets) {
    // One that was merged into another is not a second ticket.
    if (t.status == ticket_status::merged) continue;
    const double age = static_cast<double>(view.now - t.created) / static_cast<double>(us_per_day);
    if (age > p.window_days) continue;
    const auto back = static_cast<std::size_t>(age / p.period_days);
    for (const std::string& topic : topics_of(t, p)) {
      features::mention(found, topic, *who.find(t.customer), back, periods);
    }
  }
  std::erase_if(found, [&](const auto& each) { return each.second.mentions < p.least; });
  return found;
}

void say_what_is_missing(const plan& p, bool weighted, outcome& out) {
  if (p.weighted && !weighted) {
    warn(out,
         "no table 'scores' was given: every customer counts 1",
         "give the scores of the customers to weigh topics by value");
  }
  const auto periods = static_cast<std::int64_t>(p.window_days / p.period_days);
  if (periods >= 5) return;
  warn(out,
       std::to_string(periods) +
           " periods cannot show a trend: no order of fewer than five is significant at 5 %",
       "make option period_days smaller or window_days larger");
}

void desk_topics_build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const plan p = desk_topics_read_plan(asked.given);
  const bool weighted = p.weighted && asked.in.has("scores");
  features::crowd who;
  const features::issue_book found = collect(view, p, who);
  features::value_at_risk values;
  if (weighted) {
    values = [&view](std::string_view customer) { return view.at_risk_of(customer); };
  }
  const auto t = features::pareto_table(
      found,
      who,
      values,
      {.mentions = "tickets", .rank_by_mentions = "rank_by_tickets", .power = true});
  t->seal(asked.seal);
  out.tables[""] = t;
  out.tables["refused"] = refused_table(view.book, asked.seal);
  say_what_is_missing(p, weighted, out);
}

job desk_topics_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_topics", std::move(in), options_json, desk_topics_option_rows);
  desk_topics_read_plan(asked.given);
  return desk_job("topics", std::move(asked), desk_topics_build);
}

}  // namespace

constinit const report desk_topics_report{
    .name = "desk_topics",
    .summary =
        "What tickets are about, by the customer value at risk behind them, with their trend",
    .needs_model = false,
    .inputs = desk_topics_inputs,
    .options = desk_topics_option_rows,
    .outputs = desk_topics_outputs,
    .begin = desk_topics_begin,
};

}  // namespace clv
