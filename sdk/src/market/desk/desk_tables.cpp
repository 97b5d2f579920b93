#include "market/desk/desk_tables.hpp"

#include <algorithm>
#include <cmath>

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "data/report_tables.hpp"
#include "market/desk/measures.hpp"
#include "math/json.hpp"

namespace clv::market_desk {
namespace {

constexpr std::int64_t us_per_hour = 3600 * us_per_second;
using some_text = std::optional<std::string_view>;

some_text known(std::string_view text) {
  return text.empty() ? some_text() : some_text(text);
}

std::vector<column_spec> columns_of(std::string_view schema, const std::string& currency) {
  std::vector<column_spec> out;
  for (const field& f : find_schema(schema).fields) {
    out.push_back({f.name, f.kind, f.kind == type::money ? currency : ""});
  }
  return out;
}

// What happens by itself after the last resolution.
std::vector<sim_event> with_surveys(const scenario& s, const run_result& r) {
  std::vector<sim_event> all = r.events;
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    if (r.tickets[i].agent == nobody) continue;
    all.push_back({r.tickets[i].resolved + us_per_hour, i, desk::event_kind::survey_sent});
  }
  std::stable_sort(all.begin(), all.end(), [](const sim_event& a, const sim_event& b) {
    return a.time < b.time;
  });
  return all;
}

report_writer events(const scenario& s, const run_result& r) {
  report_writer rows(columns_of("ticket_events", ""));
  std::vector<int> count(s.tickets.size(), 0);
  for (const sim_event& e : with_surveys(s, r)) {
    const sim_ticket& t = s.tickets[e.ticket];
    const bool created = e.kind == desk::event_kind::created;
    const auto said = [&](std::string_view text) { return created ? known(text) : some_text(); };
    const bool by_agent = e.agent != nobody;
    const bool machine = e.kind == desk::event_kind::survey_sent;
    rows.row(t.id,
             s.customers[t.customer].id,
             e.time,
             desk::event_names[static_cast<std::size_t>(e.kind)],
             said(t.channel),
             by_agent ? known(s.agents[e.agent].id) : some_text(),
             by_agent ? known(s.agents[e.agent].team) : some_text(),
             said(t.category),
             said(t.severity),
             said(t.language),
             said(t.skill),
             said(t.subject),
             created && t.length > 0 ? std::optional<double>(t.length) : std::nullopt,
             e.minutes > 0 ? std::optional<double>(e.minutes) : std::nullopt,
             created && t.outage ? std::optional<std::int64_t>(1) : std::nullopt,
             some_text(),
             machine ? std::optional<std::int64_t>(1) : std::nullopt,
             t.id + "-" + std::to_string(++count[e.ticket]));
  }
  return rows;
}

// "billing:0.9;account:0.7"
template <class Numbers>
std::string listed(const Numbers& of) {
  std::string out;
  for (const auto& [name, number] : of) {
    out += (out.empty() ? "" : ";") + name + ":" + math::to_text(number);
  }
  return out;
}

report_writer agents(const scenario& s) {
  report_writer rows(columns_of("agents", s.world.currency));
  const double minor = minor_per_major(s.world.currency);
  for (const desk::agent& a : s.agents) {
    std::string languages;
    for (const std::string& each : a.languages) languages += (languages.empty() ? "" : ";") + each;
    const std::string& calendar = s.world.rules.calendars[a.calendar].name();
    rows.row(a.id,
             known(a.team),
             known(listed(a.skills)),
             known(languages),
             known(listed(a.channels)),
             known(calendar),
             a.status,
             a.until,
             a.max_tickets,
             a.cost_hour ? std::optional<std::int64_t>(std::llround(*a.cost_hour * minor))
                         : std::nullopt);
  }
  return rows;
}

report_writer feedback(const scenario& s, const run_result& r) {
  report_writer rows(columns_of("feedback", ""));
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    const sim_ticket& t = s.tickets[i];
    const served& how = r.tickets[i];
    if (how.agent == nobody || t.answers >= s.world.answer_share) continue;
    const double score = std::clamp(std::round(how.satisfaction + .8 * t.mood), 1.0, 5.0);
    rows.row(s.customers[t.customer].id,
             how.resolved + static_cast<std::int64_t>(t.asks * 3600e6),
             "CSAT",
             score,
             5.0,
             known(t.category),
             t.id,
             s.agents[how.agent].id,
             "f-" + t.id);
  }
  return rows;
}

void write_customers(const scenario& s,
                     const run_result& r,
                     const std::string& extra,
                     outcome& out) {
  const std::string& money = s.world.currency;
  report_writer scores(
      {{"customer", type::utf8}, {"clv", type::f64, money}, {"clv_at_risk", type::f64, money}});
  report_writer segments(
      {{"customer", type::utf8}, {"scheme", type::utf8}, {"segment", type::utf8}});
  report_writer churn({{"customer", type::utf8}, {"churned", type::i64}});
  report_writer truth({{"customer", type::utf8},
                       {"tier", type::utf8},
                       {"clv", type::f64, money},
                       {"estimated_clv", type::f64, money},
                       {"sensitivity", type::f64},
                       {"unavoidable_hazard", type::f64},
                       {"added_hazard", type::f64},
                       {"p_churn", type::f64},
                       {"churned", type::i64}});
  const hazards h = hazards_of(s, r);
  for (std::size_t i = 0; i < s.customers.size(); ++i) {
    const sim_customer& c = s.customers[i];
    const double p = chance_of_leaving(h.unavoidable[i], h.added[i]);
    const std::int64_t left = c.leaves < p ? 1 : 0;
    scores.row(c.id, c.estimated_clv, c.estimated_clv);
    segments.row(c.id, "value", c.tier);
    churn.row(c.id, left);
    truth.row(
        c.id, c.tier, c.clv, c.estimated_clv, c.sensitivity, h.unavoidable[i], h.added[i], p, left);
  }
  out.tables["scores"] = scores.sealed(extra);
  out.tables["segments"] = segments.sealed(extra);
  out.tables["churn"] = churn.sealed(extra);
  out.tables["customer_truth"] = truth.sealed(extra);
}

report_writer truth(const scenario& s) {
  const std::string& money = s.world.currency;
  report_writer rows({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"nominal_minutes", type::f64},
                      {"delay_cost_hour", type::f64, money},
                      {"cost_hour", type::f64, money},
                      {"churn_per_hour", type::f64},
                      {"churn_per_breach", type::f64},
                      {"rounds", type::i64}});
  for (const sim_ticket& t : s.tickets) {
    rows.row(t.id,
             s.customers[t.customer].id,
             t.minutes(),
             s.delay_cost(t),
             t.cost_hour,
             t.churn_hour,
             t.churn_breach,
             static_cast<std::int64_t>(t.rounds.size()));
  }
  return rows;
}

report_writer served_tickets(const scenario& s, const run_result& r) {
  report_writer rows({{"ticket", type::utf8},
                      {"agent", type::utf8},
                      {"first_reply", type::time},
                      {"resolved", type::time},
                      {"delay_hours", type::f64},
                      {"longest_wait_minutes", type::f64},
                      {"work_minutes", type::f64},
                      {"clocks", type::i64},
                      {"missed", type::i64},
                      {"handed_over", type::i64},
                      {"delay_cost", type::f64, s.world.currency},
                      {"satisfaction", type::f64}});
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    const served& t = r.tickets[i];
    const bool done = t.agent != nobody;
    const auto at = [&](std::int64_t us) { return done ? std::optional(us) : std::nullopt; };
    rows.row(s.tickets[i].id,
             done ? known(s.agents[t.agent].id) : some_text(),
             at(t.first_reply),
             at(t.resolved),
             t.delay_hours,
             t.longest_wait_minutes,
             t.work_minutes,
             std::int64_t{t.clocks},
             std::int64_t{t.missed},
             std::int64_t{t.handed_over},
             t.delay_cost,
             t.satisfaction);
  }
  return rows;
}

}  // namespace

void write_tables(const scenario& s, const run_result& r, const std::string& extra, outcome& out) {
  out.tables[""] = events(s, r).sealed(extra);
  out.tables["agents"] = agents(s).sealed(extra);
  out.tables["feedback"] = feedback(s, r).sealed(extra);
  out.tables["truth"] = truth(s).sealed(extra);
  out.tables["served"] = served_tickets(s, r).sealed(extra);
  write_customers(s, r, extra, out);
}

}  // namespace clv::market_desk
