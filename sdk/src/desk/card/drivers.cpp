// What keeps or loses this customer, the largest concern first.
#include <algorithm>
#include <cmath>

#include "desk/card/card.hpp"
#include "desk/priority/why_now.hpp"

namespace clv::desk {
namespace {

// How much it speaks for losing the customer, 0 nothing, 1 everything: only the order of the rows.
struct driver {
  double concern = 0;
  std::string item, value, because;
};

constexpr double breach_window_days = 90;

// 1, 2, 3 of a kind: 1/2, 2/3, 3/4.
double crowd_concern(std::size_t n) {
  return static_cast<double>(n) / static_cast<double>(n + 1);
}

std::string percent(double share) {
  return fixed(100 * share, 0) + " %";
}

void add_alive(const card_source& from, std::vector<driver>& to) {
  const auto alive = from.number("scores", "p_alive");
  const auto churn = from.number("scores", "churn_probability");
  if (churn) {
    to.push_back({*churn, "churn", percent(*churn), "chance to lose this customer, as scored"});
  } else if (alive) {
    to.push_back(
        {1 - *alive, "alive", percent(*alive), "chance to be a customer still, as scored"});
  }
}

// Silence in units of the customer's own rhythm r: r / (1 + r).
void add_recency(const card_source& from, std::vector<driver>& to) {
  const auto x = from.number("scores", "x"), last = from.number("scores", "t_x"),
             age = from.number("scores", "T");
  if (x && last && age && *x > 0 && *last > 0) {
    const std::string& name = from.find("scores", "T")->unit();
    const std::string unit = name.empty() ? "" : " " + name + "s";
    const double silent = *age - *last, rhythm = *last / *x;
    to.push_back({silent / (silent + rhythm),
                  "recency",
                  fixed(silent, 1) + unit + " since the last purchase",
                  "bought every " + fixed(rhythm, 1) + unit + " before"});
    return;
  }
  if (const auto days = from.number("customers", "days_since_order")) {
    to.push_back({0, "recency", fixed(*days, 0) + " days since the last order", ""});
  }
}

void add_satisfaction(const card_source& from, std::vector<driver>& to) {
  for (auto a = from.answers().rbegin(); a != from.answers().rend(); ++a) {
    if (!a->satisfaction) continue;
    const std::string about = a->ticket.empty() ? "" : ", about ticket '" + a->ticket + "'";
    to.push_back({1 - *a->satisfaction,
                  "satisfaction",
                  a->kind + (a->score ? " " + fixed(*a->score, 0) : "") +
                      (a->complaint ? ", a detractor" : ""),
                  "last answer, of " + format_time(a->time) + about});
    return;
  }
}

void add_open_tickets(const card_source& from, std::vector<driver>& to) {
  std::size_t n = 0;
  std::string ids;
  for (const card_ticket& t : from.tickets()) {
    if (!is_active(t.what->status)) continue;
    ++n;
    ids += (ids.empty() ? "" : ", ") + t.what->id;
  }
  if (n > 0) to.push_back({crowd_concern(n), "open tickets", std::to_string(n), ids});
}

void add_breaches(const card_source& from, std::vector<driver>& to) {
  const double since =
      static_cast<double>(from.view().now) - breach_window_days * static_cast<double>(us_per_day);
  std::size_t n = 0;
  std::string which;
  for (const card_ticket& t : from.tickets()) {
    for (const ticket_clock& c : t.clocks.clocks) {
      if (c.state != clock_state::missed || static_cast<double>(c.started) < since) continue;
      ++n;
      which += (which.empty() ? "" : ", ") + t.what->id + " " +
               std::string(clock_names[static_cast<std::size_t>(c.kind)]);
    }
  }
  if (n > 0) {
    to.push_back({crowd_concern(n), "breaches", std::to_string(n), "in 90 days: " + which});
  }
}

}  // namespace

card driver_section(const card_source& from) {
  std::vector<driver> all;
  add_alive(from, all);
  add_recency(from, all);
  add_satisfaction(from, all);
  add_open_tickets(from, all);
  add_breaches(from, all);
  std::ranges::stable_sort(all, std::ranges::greater(), &driver::concern);
  card to("drivers");
  for (driver& d : all) to.add(std::move(d.item), std::move(d.value), std::move(d.because));
  return to;
}

}  // namespace clv::desk
