// Made-up tickets and what is behind any ticket.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "desk/priority/words.hpp"
#include "market/desk/scenario.hpp"
#include "math/hash.hpp"
#include "math/random.hpp"

namespace clv::market_desk {
namespace {

struct choice {
  std::string_view name;
  double share;
};
struct kind_of_issue {
  std::string_view name;
  double share, minutes;
};
constexpr std::array<kind_of_issue, 5> categories{{{"billing", .25, 12},
                                                   {"delivery", .25, 18},
                                                   {"technical", .20, 35},
                                                   {"account", .15, 8},
                                                   {"returns", .15, 15}}};
constexpr std::array<choice, 4> channels{
    {{"email", .4}, {"phone", .25}, {"chat", .25}, {"social", .1}}};
constexpr std::array<double, 4> severity_shares{.3, .5, .15, .05};  // from the least severe
constexpr double length_power = .3, length_sigma = .7, length_median = 500;
constexpr double outage_share = .01, word_share = .06;

template <class Choices>
std::size_t pick(const Choices& from, double u) {
  double sum = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    sum += from[i].share;
    if (u < sum) return i;
  }
  return from.size() - 1;
}

double draw_log_normal(random_source& random, double sigma) {  // mean 1
  return std::exp(sigma * random.normal() - sigma * sigma / 2);
}

// How busy an hour of the week is: offices write in office hours, some in the evening.
double busy(std::int64_t us, const zone& where) {
  const std::int64_t civil = where.to_civil(us);
  const std::int64_t day = where.day_of(us);
  const double hour = static_cast<double>(civil - day * us_per_day) / 3600e6;
  const bool weekend = (day + 3) % 7 >= 5;  // day 0 was a Thursday
  const double level = hour >= 8 && hour < 18 ? 1 : hour >= 6 && hour < 22 ? .4 : .08;
  return weekend ? .3 * level : level;
}

// By rejection: given their number, the arrivals of a Poisson process are independent.
std::int64_t draw_arrival(const desk_world& w, const zone& where, random_source& random) {
  for (;;) {
    const auto at = w.begin_us + static_cast<std::int64_t>(random.uniform() * w.days *
                                                           static_cast<double>(us_per_day));
    if (random.uniform() < busy(at, where)) return at;
  }
}

void draw_severity(const desk_world& w, random_source& random, sim_ticket& t) {
  const auto& levels = w.rules.severities;
  if (levels.empty()) return;
  double sum = 0;
  const double u = random.uniform();
  std::size_t at = 0;
  for (; at + 1 < std::min(levels.size(), severity_shares.size()); ++at) {
    sum += severity_shares[at];
    if (u < sum) break;
  }
  t.severity = levels[at];
}

void draw_words(const desk_world& w, random_source& random, sim_ticket& t) {
  t.subject = t.category.empty() ? "question" : "about " + t.category;
  for (const auto& [word, cost] : w.rules.priority.words) {
    if (random.uniform() < word_share) t.subject += ", " + word;
  }
}

sim_ticket draw_ticket(const scenario& s, std::size_t number) {
  const desk_world& w = s.world;
  sim_ticket t;
  t.id = "t" + std::to_string(100001 + number);
  random_source random(w.seed, math::hash64("ticket|" + t.id));
  t.created = draw_arrival(w, w.rules.calendars[w.rules.calendar].where(), random);
  const auto customer =
      static_cast<std::size_t>(random.uniform() * static_cast<double>(s.customers.size()));
  t.customer = std::min(customer, s.customers.size() - 1);
  t.language = s.customers[t.customer].language;
  const kind_of_issue& issue = categories[pick(categories, random.uniform())];
  t.category = issue.name;
  t.channel = channels[pick(channels, random.uniform())].name;
  draw_severity(w, random, t);
  draw_words(w, random, t);
  t.outage = random.uniform() < outage_share;
  const double z = random.normal();
  t.length = std::round(length_median * std::exp(length_sigma * z)) + 1;
  const double spread = length_power * length_sigma;  // long messages take longer
  const double minutes = issue.minutes * std::exp(spread * z - spread * spread / 2) *
                         draw_log_normal(random, w.handle_sigma);
  draw_behind(s, minutes, random.uniform() < w.reopen_share, t);
  return t;
}

double cost_by_rules(const desk::priority_rules& rules, const sim_ticket& t) {
  const auto severity = rules.delay_cost.find(t.severity);
  double cost = severity == rules.delay_cost.end() ? 1 : severity->second;
  cost += desk::word_costs(rules.words).of(t.subject);
  return cost + (t.outage ? rules.outage_cost : 0);
}

void set_targets(const scenario& s, sim_ticket& t) {
  const std::string& tier = s.customers[t.customer].tier;
  t.policy = desk::find_policy(s.world.rules,
                               {.severity = t.severity,
                                .channel = t.channel,
                                .category = t.category,
                                .team = {},
                                .tier = tier});
  t.calendar = t.policy != nullptr ? t.policy->calendar : s.world.rules.calendar;
  if (t.policy != nullptr) t.targets = desk::targets_for(*t.policy, tier);
}

}  // namespace

void draw_behind(const scenario& s, double nominal_minutes, bool reopens, sim_ticket& t) {
  const desk_world& w = s.world;
  random_source random(w.seed, math::hash64("behind|" + t.id));
  const sim_customer& who = s.customers[t.customer];
  t.cost_hour = cost_by_rules(w.rules.priority, t) * draw_log_normal(random, w.cost_noise);
  t.churn_hour = w.churn_per_hour * who.sensitivity;
  t.churn_breach = w.churn_per_breach * who.sensitivity;
  const auto level = desk::severity_level(w.rules, t.severity);
  // Who has a grave issue leaves more often, also when served at once: this confounds breaches.
  t.churn_severity = level && !w.rules.severities.empty()
                         ? w.base_churn * static_cast<double>(*level) /
                               static_cast<double>(w.rules.severities.size())
                         : 0;
  const double minutes = std::max(nominal_minutes, .5);
  if (random.uniform() < w.question_share) {
    const double gap = 4 * random.exponential();
    t.rounds = {{.4 * minutes, gap, false}, {.6 * minutes, 0, true}};
  } else {
    t.rounds = {{minutes, 0, true}};
  }
  const double back = 8 + 24 * random.exponential();
  if (reopens) {
    t.rounds.back().gap_hours = back;
    t.rounds.push_back({.4 * minutes, 0, true});
  }
  t.mood = random.normal();
  t.answers = random.uniform();
  t.asks = 2 + 20 * random.exponential();
  set_targets(s, t);
}

std::vector<sim_ticket> draw_tickets(const scenario& s, double nominal_minutes) {
  double mean = 0;
  for (const kind_of_issue& c : categories) mean += c.share * c.minutes;
  mean *= 1 + .4 * s.world.reopen_share;
  const auto n = s.customers.empty() ? 0 : static_cast<std::size_t>(nominal_minutes / mean);
  std::vector<sim_ticket> out;
  out.reserve(n);
  for (std::size_t i = 0; i < n; ++i) out.push_back(draw_ticket(s, i));
  std::sort(out.begin(), out.end(), [](const sim_ticket& a, const sim_ticket& b) {
    return a.created != b.created ? a.created < b.created : a.id < b.id;
  });
  return out;
}

}  // namespace clv::market_desk
