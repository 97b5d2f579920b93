#include "desk/routing/agents.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "clv/error.hpp"
#include "features/cells.hpp"

namespace clv::desk {
namespace {

using features::parse_number;
using features::text_at;
using features::trimmed;

constexpr std::array statuses{std::string_view("available"),
                              std::string_view("away"),
                              std::string_view("absent"),
                              std::string_view("deleted")};

// The columns of schema agents; all but the first may be missing.
struct agent_columns {
  const column *agent, *team, *skills, *languages, *channels, *calendar, *status, *until;
  const column *max_tickets, *cost_hour;

  explicit agent_columns(const table& t)
      : agent(&t.get("agent", type::utf8)),
        team(t.find("team")),
        skills(t.find("skills")),
        languages(t.find("languages")),
        channels(t.find("channels")),
        calendar(t.find("calendar")),
        status(t.find("status")),
        until(t.find("until")),
        max_tickets(t.find("max_tickets")),
        cost_hour(t.find("cost_hour")) {}
};

std::string text_of(const column* c, std::size_t row) {
  return c == nullptr ? std::string() : text_at(*c, row);
}

[[noreturn]] void refuse(const column& c,
                         std::size_t row,
                         const std::string& problem,
                         const char* hint) {
  features::refuse_cell(c, row, "'" + std::string(c.text(row)) + "' " + problem, hint);
}

// f(item, blanks around it removed) for what stands between the semicolons; an empty one is left
// out, so that a list may end with one.
template <class function>
void each_item(std::string_view list, const function& f) {
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min(list.find(';', from), list.size());
    const auto item = trimmed(list.substr(from, end - from));
    if (!item.empty()) f(item);
    from = end + 1;
  }
}

using named_numbers = std::map<std::string, double, std::less<>>;

// "billing:0.9;network": a number per name; `fits` says which numbers are taken.
template <class function>
named_numbers read_named(const column* c,
                         std::size_t row,
                         std::optional<double> without,
                         const char* wanted,
                         const function& fits) {
  named_numbers found;
  each_item(text_of(c, row), [&](std::string_view item) {
    const std::size_t colon = item.rfind(':');
    const auto name = trimmed(item.substr(0, colon));
    const auto number =
        colon == std::string_view::npos ? without : parse_number(item.substr(colon + 1));
    const std::string at = "has '" + std::string(item) + "', ";
    if (name.empty() || !number || !fits(*number)) refuse(*c, row, at + "not " + wanted, wanted);
    if (!found.emplace(std::string(name), *number).second) {
      refuse(*c, row, at + "and names it before", "give each name once");
    }
  });
  return found;
}

named_numbers read_skills(const column* c, std::size_t row) {
  return read_named(c, row, 1.0, "NAME or NAME:PROFICIENCY, above 0 and up to 1", [](double p) {
    return p > 0 && p <= 1;
  });
}

named_numbers read_channels(const column* c, std::size_t row) {
  return read_named(c, row, std::nullopt, "CHANNEL:CAPACITY of 0 or more", [](double units) {
    return units >= 0;
  });
}

std::size_t read_calendar(const agent_columns& c, std::size_t row, const desk_policy& desk) {
  const std::string name = text_of(c.calendar, row);
  if (name.empty()) return desk.calendar;
  std::string known;
  for (std::size_t i = 0; i < desk.calendars.size(); ++i) {
    if (desk.calendars[i].name() == name) return i;
    known += (known.empty() ? "" : ", ") + desk.calendars[i].name();
  }
  refuse(*c.calendar, row, "is no calendar of the desk", ("known: " + known).c_str());
}

std::string read_status(const agent_columns& c, std::size_t row) {
  std::string status = text_of(c.status, row);
  if (status.empty()) return std::string(statuses.front());
  if (std::ranges::find(statuses, status) == statuses.end()) {
    refuse(*c.status, row, "is no status", "use available, away, absent or deleted");
  }
  return status;
}

std::optional<double> read_not_below_0(const column* c, std::size_t row) {
  if (c == nullptr) return std::nullopt;
  const auto value = features::number_at(*c, row);
  if (value && *value < 0) {
    features::refuse_cell(
        *c, row, features::text_at(*c, row) + " is below 0", "give 0 or more, or leave it empty");
  }
  return value;
}

agent read_one(const agent_columns& c, std::size_t row, const desk_policy& desk) {
  agent a;
  a.id = text_at(*c.agent, row);
  if (a.id.empty()) refuse(*c.agent, row, "names nobody", "give the agent's id");
  a.team = text_of(c.team, row);
  a.skills = read_skills(c.skills, row);
  each_item(text_of(c.languages, row),
            [&](std::string_view item) { a.languages.emplace_back(item); });
  a.channels = read_channels(c.channels, row);
  a.calendar = read_calendar(c, row, desk);
  a.status = read_status(c, row);
  if (c.until != nullptr && c.until->present(row)) a.until = c.until->integers()[row];
  a.max_tickets = read_not_below_0(c.max_tickets, row);
  a.cost_hour = read_not_below_0(c.cost_hour, row);
  return a;
}

}  // namespace

std::string_view agent::status_at(std::int64_t now) const {
  const bool over = until && *until <= now && status != "deleted";
  return over ? statuses.front() : std::string_view(status);
}

bool agent::present(std::int64_t now, const desk_policy& desk) const {
  return status_at(now) == statuses.front() && desk.calendars[calendar].open_at(now);
}

std::vector<agent> read_agents(const table& rows, const desk_policy& desk) {
  const agent_columns columns(rows);
  std::vector<std::pair<agent, std::size_t>> found;
  found.reserve(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    found.emplace_back(read_one(columns, row, desk), row);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first.id != b.first.id ? a.first.id < b.first.id : a.second < b.second;
  });
  std::vector<agent> agents;
  agents.reserve(found.size());
  for (auto& [one, row] : found) {
    if (!agents.empty() && agents.back().id == one.id) {
      refuse(*columns.agent, row, "is there twice", "give one row per agent");
    }
    agents.push_back(std::move(one));
  }
  return agents;
}

}  // namespace clv::desk
