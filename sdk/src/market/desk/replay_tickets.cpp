// Tickets as a log has them: when they came, what they were about, how much work they were.
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "clv/error.hpp"
#include "features/cells.hpp"
#include "market/desk/scenario.hpp"
#include "math/hash.hpp"
#include "math/random.hpp"

namespace clv::market_desk {
namespace {

struct past {
  std::string customer;
  std::int64_t created = end_of_time;
  std::map<std::string, std::string, std::less<>> words;  // of the first row that gave each
  double length = 0, minutes = 0, touches = 0;
  bool outage = false, reopened = false;
};

constexpr std::array<std::string_view, 6> worded{
    "channel", "category", "severity", "language", "skill", "subject"};

std::string cell(const table& t, std::string_view name, std::size_t row) {
  const column* c = t.find(name);
  return c == nullptr || !c->present(row) ? std::string() : std::string(c->text(row));
}

double number(const table& t, std::string_view name, std::size_t row) {
  const column* c = t.find(name);
  if (c == nullptr || !c->present(row)) return 0;
  return c->kind() == type::f64 ? c->numbers()[row] : static_cast<double>(c->integers()[row]);
}

// An agent has touched the ticket: all that happens to it but its coming and its being filed away.
bool is_touch(std::string_view kind) {
  return kind != "created" && kind != "message_in" && kind != "closed" && kind != "survey_sent";
}

std::map<std::string, past> read_past(const table& events) {
  std::map<std::string, past> out;
  const auto times = events.integers("time", type::time);
  for (std::size_t row = 0; row < events.rows(); ++row) {
    past& p = out[cell(events, "ticket", row)];
    const std::string kind = cell(events, "kind", row);
    if (times[row] < p.created || p.customer.empty()) p.customer = cell(events, "customer", row);
    p.created = std::min(p.created, times[row]);
    for (const std::string_view name : worded) {
      std::string& word = p.words.try_emplace(std::string(name)).first->second;
      if (word.empty()) word = cell(events, name, row);
    }
    p.length = std::max(p.length, number(events, "length", row));
    p.minutes += number(events, "minutes", row);
    p.outage = p.outage || number(events, "outage", row) != 0;
    p.reopened = p.reopened || kind == "reopened";
    if (is_touch(kind)) ++p.touches;
  }
  return out;
}

// Minutes per touch, or per minute of the log, so that all the work is as much as asked.
double scale_of(const std::map<std::string, past>& all, double nominal, bool has_minutes) {
  double sum = 0;
  for (const auto& [id, p] : all) sum += has_minutes ? p.minutes : 1 + p.touches;
  return sum > 0 ? nominal / sum : 1;
}

void check_severity(const desk::desk_policy& rules, const std::string& id, const past& p) {
  const std::string& word = p.words.find("severity")->second;
  if (word.empty() || rules.severities.empty() || desk::severity_level(rules, word)) return;
  throw error(status::data,
              "ticket '" + id + "': severity '" + word + "' is not one of the rules' severities",
              "name it in member 'severities' of option 'desk'");
}

}  // namespace

std::vector<sim_ticket> replay_tickets(scenario& s, const table& events, double nominal_minutes) {
  const std::map<std::string, past> all = read_past(events);
  const bool has_minutes =
      std::any_of(all.begin(), all.end(), [](const auto& each) { return each.second.minutes > 0; });
  const double scale =
      has_minutes && !s.world.load_given ? 1 : scale_of(all, nominal_minutes, has_minutes);
  std::map<std::string, std::size_t> place;
  std::vector<sim_ticket> out;
  for (const auto& [id, p] : all) {
    check_severity(s.world.rules, id, p);
    const auto [at, is_new] = place.emplace(p.customer, s.customers.size());
    if (is_new) s.customers.push_back(draw_customer(s.world, p.customer));
    sim_ticket t;
    t.id = id;
    t.customer = at->second;
    t.created = p.created;
    t.channel = p.words.find("channel")->second, t.category = p.words.find("category")->second;
    t.severity = p.words.find("severity")->second, t.language = p.words.find("language")->second;
    t.skill = p.words.find("skill")->second, t.subject = p.words.find("subject")->second;
    t.length = p.length, t.outage = p.outage;
    draw_behind(s, scale * (has_minutes ? p.minutes : 1 + p.touches), p.reopened, t);
    out.push_back(std::move(t));
  }
  std::sort(out.begin(), out.end(), [](const sim_ticket& a, const sim_ticket& b) {
    return a.created != b.created ? a.created < b.created : a.id < b.id;
  });
  return out;
}

}  // namespace clv::market_desk
