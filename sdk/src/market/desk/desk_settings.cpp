#include "market/desk/desk_settings.hpp"

#include "clv/time.hpp"
#include "math/json.hpp"

namespace clv::market_desk {

std::string default_rules(double churn_per_hour) {
  return R"({
  "format": "clv.desk/1",
  "calendars": {"office": {"time_zone": "Europe/Berlin",
    "week": {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"], "wed": ["09:00-17:00"],
             "thu": ["09:00-17:00"], "fri": ["09:00-17:00"]}}},
  "calendar": "office",
  "severities": ["low", "normal", "high", "critical"],
  "policies": [
    {"name": "urgent", "when": {"severity": ["critical"]},
     "first_response": 60, "resolution": 480},
    {"name": "standard", "first_response": 240, "resolution": 960,
     "tiers": {"high": {"first_response": 120, "resolution": 480}}}],
  "priority": {
    "delay_cost": {"low": 0.5, "normal": 1, "high": 4, "critical": 15},
    "sla_cost": 5, "sla_horizon": 240, "words": {"cancel": 4, "lawyer": 8}, "outage_cost": 20,
    "value_weight": 1, "churn_per_hour": )" +
         math::to_text(churn_per_hour) + R"(, "max_wait": 900, "handle_minutes": 15}
})";
}

desk_world read_world(const settings& s) {
  desk_world w;
  const auto whole = [&](std::string_view name, double fallback, double most) {
    return static_cast<std::size_t>(s.number_in(name, fallback, 1, most));
  };
  const auto share = [&](std::string_view name, double fallback) {
    return s.number_in(name, fallback, 0, 1);
  };
  w.seed = static_cast<std::uint64_t>(s.number_in("seed", 1, 0, 9007199254740992.0));
  w.days = s.number_in("days", w.days, 1, 366);
  w.agents = whole("agents", 6, 500);
  w.customers = whole("customers", 400, 1e6);
  w.load = s.number_in("load", w.load, .01, 10);
  w.load_given = s.has("load");
  w.clv_median = s.number_in("clv_median", w.clv_median, 0, 1e9);
  w.clv_sigma = s.number_in("clv_sigma", w.clv_sigma, 0, 3);
  w.score_noise = s.number_in("score_noise", w.score_noise, 0, 3);
  w.cost_noise = s.number_in("cost_noise", w.cost_noise, 0, 3);
  w.sensitivity_sd = s.number_in("sensitivity_sd", w.sensitivity_sd, 0, 3);
  w.churn_per_hour = share("churn_per_hour", w.churn_per_hour);
  w.churn_per_breach = s.number_in("churn_per_breach", w.churn_per_breach, 0, 10);
  w.base_churn = s.number_in("base_churn", w.base_churn, 0, 10);
  w.handle_sigma = s.number_in("handle_sigma", w.handle_sigma, 0, 3);
  w.question_share = share("question_share", w.question_share);
  w.reopen_share = share("reopen_share", w.reopen_share);
  w.absence_share = share("absence_share", w.absence_share);
  w.answer_share = share("answer_share", w.answer_share);
  w.grace = s.number_in("grace", w.grace, 0, 1e6);
  const auto start = parse_time(s.text("start", "2026-03-16"), zone("UTC"));
  // Far from the end of time, so that a drowned desk can still answer everybody.
  if (!start || *start > end_of_time - 2000 * us_per_day) {
    s.refuse("start", "a date such as \"2026-03-16\"");
  }
  w.begin_us = *start;
  w.rules =
      desk::read_desk_policy(s.has("desk") ? s.json("desk") : default_rules(w.churn_per_hour));
  return w;
}

}  // namespace clv::market_desk
