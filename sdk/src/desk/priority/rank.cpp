// The order of work of tickets that somebody else keeps: no events, only what is known of each now.
// reference: sdk/DESK.md, Priority.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/desk_call.hpp"
#include "desk/priority/why_now.hpp"
#include "desk/reports.hpp"
#include "features/cells.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 1> rank_inputs{
    {{"tickets",
      "",
      true,
      "ticket and optionally delay_cost or its parts (severity_cost, words_cost, outage_cost, "
      "sla_cost, value_cost, or what they follow from: severity, subject, outage, slack_minutes, "
      "clv_at_risk), minutes (of work left), wait_minutes"}}};
constexpr std::array<report_option, 2> rank_option_rows{
    {desk_option, {"top", "", "only so many tickets, from the first on; default: all"}}};
constexpr std::array<report_output, 1> rank_outputs{
    {{"",
      "rank,ticket,index,delay_cost,severity_cost,words_cost,outage_cost,sla_cost,value_cost,"
      "ageing,minutes_left,minutes_source,wait_minutes,slack_minutes,beyond_bound,clv_at_risk,"
      "reason"}}};

constexpr double most_rows = 1e9;
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

// One row, and what its sentence needs.
struct ticket_asked {
  std::string ticket, severity, subject;
  ticket_index index;
  bool has_parts = true;  // its delay cost came in parts
};

// A column as numbers of 0 or more (`signed_one`: any), NaN where there is none.
std::vector<double> amounts(const report_rows& rows, std::string_view name, bool signed_one) {
  auto found = rows.numbers_or(name, absent);
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (!signed_one && found[row] < 0) {
      rows.refuse(name, row, short_text(found[row]) + " is below 0");
    }
    if (std::abs(found[row]) > largest_amount) {
      rows.refuse(name, row, short_text(found[row]) + " is out of range, at most 1e15 is taken");
    }
  }
  return found;
}

std::optional<double> number_if(double value) {
  if (std::isnan(value)) return std::nullopt;
  return value;
}

class ticket_rows {
 public:
  explicit ticket_rows(const table& t, const delay_rules& rules)
      : rows_(t, "desk_rank", "tickets"), table_(t), rules_(rules) {
    for (const char* name : {"delay_cost",
                             "severity_cost",
                             "words_cost",
                             "outage_cost",
                             "sla_cost",
                             "value_cost",
                             "outage",
                             "minutes",
                             "wait_minutes"}) {
      numbers_[name] = amounts(rows_, name, false);
    }
    for (const char* name : {"slack_minutes", "clv_at_risk"}) {
      numbers_[name] = amounts(rows_, name, true);
    }
    if (!says_a_cost()) {
      throw error(status::invalid,
                  "report 'desk_rank': table 'tickets' has neither delay_cost nor a part of it",
                  "give what an hour of delay costs, or severity, subject, outage, slack_minutes "
                  "or clv_at_risk");
    }
  }

  std::vector<ticket_asked> read() const {
    const auto ids = rows_.texts("ticket");
    positions(ids, rows_, "ticket");
    std::vector<ticket_asked> all(rows_.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
      all[row].ticket = ids[row];
      fill(row, all[row]);
    }
    return all;
  }

 private:
  bool says_a_cost() const {
    for (const char* name : {"delay_cost",
                             "severity_cost",
                             "words_cost",
                             "outage_cost",
                             "sla_cost",
                             "value_cost",
                             "severity",
                             "subject",
                             "outage",
                             "slack_minutes",
                             "clv_at_risk"}) {
      if (rows_.has(name)) return true;
    }
    return false;
  }

  std::optional<double> number(std::string_view name, std::size_t row) const {
    return number_if(numbers_.find(name)->second[row]);
  }

  std::string text(std::string_view name, std::size_t row) const {
    const column* c = table_.find(name);
    return c == nullptr ? std::string() : features::text_at(*c, row);
  }

  void fill(std::size_t row, ticket_asked& a) const {
    ticket_index& x = a.index;
    x.ticket = row;
    a.severity = text("severity", row);
    a.subject = text("subject", row);
    x.slack_minutes = number("slack_minutes", row);
    x.at_risk = number("clv_at_risk", row);
    x.wait_minutes = number("wait_minutes", row).value_or(0);
    fill_costs(row, a);
    const auto minutes = number("minutes", row);
    x.handle.left = std::fmax(minutes.value_or(rules_.fallback_minutes()), least_left);
    x.handle.source = minutes ? "given" : "policy";
    complete(x, rules_);
  }

  // A delay cost that is given is the whole of it. Of parts each one given is taken, and each other
  // follows from the facts by the rules; a fact that no column tells costs nothing.
  void fill_costs(std::size_t row, ticket_asked& a) const {
    ticket_index& x = a.index;
    if (const auto whole = number("delay_cost", row)) {
      x.given_cost = *whole;
      a.has_parts = false;
      return;
    }
    const double level = rows_.has("severity") ? rules_.severity(a.severity) : 0;
    x.severity_cost = number("severity_cost", row).value_or(level);
    x.words_cost = number("words_cost", row).value_or(rules_.words().of(a.subject));
    const bool outage = number("outage", row).value_or(0) > 0;
    x.outage_cost = number("outage_cost", row).value_or(rules_.outage(outage));
    x.sla_cost = number("sla_cost", row).value_or(rules_.sla(x.slack_minutes));
    x.value_cost = number("value_cost", row).value_or(rules_.value(x.at_risk));
  }

  static constexpr double least_left = least_minutes_left;

  report_rows rows_;
  const table& table_;
  const delay_rules& rules_;
  std::map<std::string, std::vector<double>, std::less<>> numbers_;
};

bool goes_first(const ticket_asked& a, const ticket_asked& b) {
  const auto order = by_urgency(a.index, b.index);
  return std::is_neq(order) ? std::is_lt(order) : a.ticket < b.ticket;
}

void write_row(report_writer& to, std::int64_t rank, const ticket_asked& a, const delay_rules& r) {
  const ticket_index& x = a.index;
  const auto part = [&](double cost) {
    return a.has_parts ? std::optional<double>(cost) : std::nullopt;
  };
  to.row(rank,
         a.ticket,
         x.index,
         x.delay_cost(),
         part(x.severity_cost),
         part(x.words_cost),
         part(x.outage_cost),
         part(x.sla_cost),
         part(x.value_cost),
         x.ageing,
         x.handle.left,
         x.handle.source,
         x.wait_minutes,
         x.slack_minutes,
         std::int64_t{x.beyond_bound},
         x.at_risk,
         why_now(x, {a.severity, a.subject}, r));
}

report_writer columns() {
  return report_writer({{"rank", type::i64},
                        {"ticket", type::utf8},
                        {"index", type::f64},
                        {"delay_cost", type::f64},
                        {"severity_cost", type::f64},
                        {"words_cost", type::f64},
                        {"outage_cost", type::f64},
                        {"sla_cost", type::f64},
                        {"value_cost", type::f64},
                        {"ageing", type::f64},
                        {"minutes_left", type::f64},
                        {"minutes_source", type::utf8},
                        {"wait_minutes", type::f64},
                        {"slack_minutes", type::f64},
                        {"beyond_bound", type::i64},
                        {"clv_at_risk", type::f64},
                        {"reason", type::utf8}});
}

double read_top(const settings& given) {
  return given.number_in("top", most_rows, 0, most_rows);
}

void rank_build(const desk_call& asked, outcome& out) {
  const delay_rules rules(read_desk_policy(asked.given.json("desk")).priority);
  const double top = read_top(asked.given);
  std::vector<ticket_asked> all = ticket_rows(asked.in.of("tickets"), rules).read();
  std::ranges::sort(all, goes_first);
  report_writer to = columns();
  for (std::size_t i = 0; i < all.size() && static_cast<double>(i) < top; ++i) {
    write_row(to, static_cast<std::int64_t>(i) + 1, all[i], rules);
  }
  out.tables[""] = to.sealed(asked.seal);
}

job rank_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_rank", std::move(in), options_json, rank_option_rows);
  read_top(asked.given);
  return desk_job("rank", std::move(asked), rank_build);
}

}  // namespace

constinit const report desk_rank_report{
    .name = "desk_rank",
    .summary = "The order of work of tickets that the caller keeps, from what is known of each",
    .needs_model = false,
    .inputs = rank_inputs,
    .options = rank_option_rows,
    .outputs = rank_outputs,
    .begin = rank_begin,
};

}  // namespace clv
