// What was known of a ticket when it came. Words are those that were given first: a severity that
// was raised because of the delay is no cause of it.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "clv/error.hpp"
#include "desk/performance/breach_units.hpp"
#include "desk/tickets/event_log.hpp"
#include "features/cells.hpp"

namespace clv::desk {
namespace {

constexpr std::size_t rarest = 10, most_levels = 20;
constexpr std::array weekdays{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

// How many tickets were active at a moment.
class backlog {
 public:
  explicit backlog(const ticket_book& book) {
    std::vector<std::pair<std::int64_t, int>> steps;
    for (const ticket& t : book.tickets) {
      bool active = false;
      for (const ticket_event& e : t.events) {
        if (is_active(e.status) == active) continue;
        active = !active;
        steps.emplace_back(e.time, active ? 1 : -1);
      }
    }
    std::ranges::sort(steps);
    double sum = 0;
    for (const auto& [time, step] : steps) {
      sum += step;
      times_.push_back(time);
      active_.push_back(sum);
    }
  }
  double before(std::int64_t when) const {
    const auto later = std::ranges::lower_bound(times_, when);
    return later == times_.begin() ? 0
                                   : active_[static_cast<std::size_t>(later - times_.begin()) - 1];
  }

 private:
  std::vector<std::int64_t> times_;
  std::vector<double> active_;
};

class writer {
 public:
  writer(const breach_units& units, const breach_sources& from, table& to)
      : units_(units.units), from_(from), events_(*from.view.book.rows), to_(to) {}

  // False: the name is unknown, or its data are not there.
  bool add(const std::string& name) {
    if (name == "category") return words(name, events_.category);
    if (name == "severity") return words(name, events_.severity);
    if (name == "channel") return words(name, events_.channel);
    if (name == "hour") return hours();
    if (name == "weekday") return weekday();
    if (name == "backlog") return load();
    if (name == "length") return length();
    if (name == "outage") return outage();
    if (name == "tier") return tier();
    if (name == "clv_at_risk") return at_risk();
    return past(name) || own(name);
  }
  const std::vector<std::string>& used() const { return used_; }

 private:
  using number = std::function<std::optional<double>(const breach_unit&)>;

  bool numbers(const std::string& name, const number& of) {
    column& c = to_.add(name, type::f64);
    for (const breach_unit& u : units_) {
      const auto value = of(u);
      value ? c.push(*value) : c.push_absent();
    }
    used_.push_back(name);
    return true;
  }
  bool texts(const std::string& name, const std::vector<std::string>& values) {
    std::map<std::string, std::size_t> counts;
    for (const std::string& v : values) ++counts[v];
    std::vector<std::size_t> sorted;
    sorted.reserve(counts.size());
    for (const auto& [word, n] : counts) sorted.push_back(n);
    std::ranges::sort(sorted, std::greater<>());
    const std::size_t least =
        std::max(rarest, sorted.size() > most_levels ? sorted[most_levels] + 1 : 0);
    column& c = to_.add(name, type::utf8);
    for (const std::string& v : values) c.push(std::string_view(counts[v] < least ? "(other)" : v));
    used_.push_back(name);
    return true;
  }

  bool words(const std::string& name, const column* given) {
    if (given == nullptr) return false;
    std::vector<std::string> out;
    out.reserve(units_.size());
    for (const breach_unit& u : units_) {
      std::string_view word;
      for (const ticket_event& e : u.of->events) {
        word = event_columns::text(given, e.row);
        if (!word.empty()) break;
      }
      out.emplace_back(word);
    }
    return texts(name, out);
  }

  const zone& where() const {
    return from_.view.policy.calendars[from_.view.policy.calendar].where();
  }
  // The hour on a circle: 23:00 and 01:00 are near.
  bool hours() {
    const auto angle = [this](const breach_unit& u) {
      const std::int64_t civil = where().to_civil(u.of->created);
      const std::int64_t of_day = ((civil % us_per_day) + us_per_day) % us_per_day;
      return 2 * std::numbers::pi * static_cast<double>(of_day) / static_cast<double>(us_per_day);
    };
    numbers("hour_sin", [&](const breach_unit& u) { return std::sin(angle(u)); });
    return numbers("hour_cos", [&](const breach_unit& u) { return std::cos(angle(u)); });
  }
  bool weekday() {
    std::vector<std::string> out;
    out.reserve(units_.size());
    for (const breach_unit& u : units_) {
      // 1970-01-01 was a Thursday.
      const std::int64_t day = where().day_of(u.of->created) + 3;
      out.emplace_back(weekdays[static_cast<std::size_t>(((day % 7) + 7) % 7)]);
    }
    return texts("weekday", out);
  }
  bool load() {
    const backlog open(from_.view.book);
    return numbers("backlog",
                   [&](const breach_unit& u) { return std::log1p(open.before(u.of->created)); });
  }
  bool length() {
    if (events_.length == nullptr) return false;
    return numbers("length", [](const breach_unit& u) { return std::log1p(u.of->length); });
  }
  bool outage() {
    if (events_.outage == nullptr) return false;
    return numbers("outage", [this](const breach_unit& u) {
      return event_columns::flag(events_.outage, u.of->events.front().row) ? 1.0 : 0.0;
    });
  }
  bool tier() {
    if (from_.view.tiers.empty()) return false;
    std::vector<std::string> out;
    out.reserve(units_.size());
    for (const breach_unit& u : units_) out.emplace_back(from_.view.tier_of(u.of->customer));
    return texts("tier", out);
  }
  bool at_risk() {
    if (from_.view.at_risk.empty()) return false;
    return numbers("clv_at_risk",
                   [this](const breach_unit& u) { return from_.view.at_risk_of(u.of->customer); });
  }

  bool past(const std::string& name) {
    const bool known =
        name == "recency" || name == "frequency" || name == "spend" || name == "tenure";
    if (!known || from_.purchases == nullptr) return false;
    return numbers(name, [&](const breach_unit& u) -> std::optional<double> {
      const auto p = from_.purchases->before(u.of->customer, u.of->created);
      if (!p) return std::nullopt;
      return std::log1p(name == "recency"     ? p->recency_days
                        : name == "frequency" ? p->orders
                        : name == "spend"     ? p->spend
                                              : p->tenure_days);
    });
  }

  // A column of the caller's table of outcomes.
  bool own(const std::string& name) {
    if (from_.outcomes == nullptr) return false;
    const column* c = from_.outcomes->rows->find(name);
    if (c == nullptr || name == "customer" || name == "churned" || name == "bought") return false;
    const auto row = [&](const breach_unit& u) {
      return from_.outcomes->row_of.find(u.of->customer)->second;
    };
    if (c->kind() != type::utf8) {
      return numbers(name, [&](const breach_unit& u) { return features::number_at(*c, row(u)); });
    }
    std::vector<std::string> out;
    out.reserve(units_.size());
    for (const breach_unit& u : units_) out.push_back(features::text_at(*c, row(u)));
    return texts(name, out);
  }

  const std::vector<breach_unit>& units_;
  const breach_sources& from_;
  event_columns events_;
  table& to_;
  std::vector<std::string> used_;
};

}  // namespace

table covariates_of(const breach_units& units,
                    const breach_sources& from,
                    const std::vector<std::string>& names,
                    std::vector<std::string>& used) {
  table to;
  writer out(units, from, to);
  if (names.empty()) {
    for (std::size_t at = 0; at < default_covariates.size();) {
      const std::size_t end = std::min(default_covariates.find(',', at), default_covariates.size());
      out.add(std::string(default_covariates.substr(at, end - at)));
      at = end + 1;
    }
  }
  for (const std::string& name : names) {
    if (out.add(name)) continue;
    throw error(status::invalid,
                "report 'desk_breach_effect' option 'covariates' has '" + name +
                    "', whose data are not there",
                "use " + std::string(default_covariates) +
                    ", tier, clv_at_risk or a column of customers_after");
  }
  used = out.used();
  return to;
}

}  // namespace clv::desk
