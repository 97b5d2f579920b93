#include "desk/performance/breach_units.hpp"

#include <algorithm>

#include "clv/error.hpp"
#include "desk/care/credit.hpp"
#include "features/cells.hpp"
#include "math/hash.hpp"

namespace clv::desk {
namespace {

constexpr double us_per_hour = 3600.0 * static_cast<double>(us_per_second);

double zero_or_one(const column& c, std::size_t row) {
  const auto value = features::number_at(c, row);
  if (value && (*value == 0 || *value == 1)) return *value;
  features::refuse_cell(
      c, row, "'" + features::text_at(c, row) + "' is neither 0 nor 1", "say 1 for yes, 0 for no");
}

// Each customer's first ticket of the window; of equal times the first by its id.
std::vector<const ticket*> first_tickets(const ticket_book& book, const time_window& window) {
  by_text<const ticket*> first;
  for (const ticket& t : book.tickets) {
    if (!window.holds(t.created) || t.status == ticket_status::merged) continue;
    const auto [at, is_new] = first.emplace(t.customer, &t);
    if (!is_new && t.created < at->second->created) at->second = &t;
  }
  std::vector<const ticket*> out;
  out.reserve(first.size());
  for (const auto& [customer, t] : first) out.push_back(t);
  return out;
}

void shuffle(std::vector<const ticket*>& all, std::uint64_t seed) {
  const std::string salt = std::to_string(seed) + "|";
  std::vector<std::pair<std::uint64_t, const ticket*>> keyed;
  keyed.reserve(all.size());
  for (const ticket* t : all) keyed.emplace_back(math::hash64(salt + t->customer), t);
  std::ranges::sort(keyed, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->customer < b.second->customer;
  });
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = keyed[i].second;
}

struct verdict_of_clocks {
  bool known = false, breached = false;
  double hours = 0;
};

verdict_of_clocks judge(const ticket& t, const breach_sources& from, const breach_rules& rules) {
  verdict_of_clocks v;
  for (const clock_result& r : results_of(t, from.view)) {
    if (rules.clock && r.kind != *rules.clock) continue;
    v.known = true;
    v.breached = v.breached || !r.kept;
    if (!r.kept) v.hours = std::max(v.hours, r.overrun_minutes() / 60);
  }
  return v;
}

// Whether the customer left, or why that is not known.
struct aftermath {
  std::optional<double> churned;
  std::string_view why;
};

aftermath after(const ticket& t, const breach_sources& from, const breach_rules& rules) {
  if (from.outcomes != nullptr) {
    const auto found = from.outcomes->churned.find(t.customer);
    if (found != from.outcomes->churned.end()) return {found->second, {}};
    return {std::nullopt, "no row in customers_after"};
  }
  if (!from.purchases->before(t.customer, t.created)) return {std::nullopt, "had never bought"};
  std::int64_t start = t.created;
  if (rules.from_resolution) {
    const auto ends = resolutions_of(t);
    if (ends.empty()) return {std::nullopt, "not resolved"};
    start = ends.front().time;
  }
  const std::int64_t end = start + rules.horizon_us;
  if (end > from.view.now) return {std::nullopt, "horizon not over"};
  return {from.purchases->bought_within(t.customer, start, end) ? 0.0 : 1.0, {}};
}

}  // namespace

known_outcomes read_outcomes(std::shared_ptr<const table> rows, const identity_map& who) {
  const column& customer =
      features::need(*rows, "customer", "customers_after", "desk_breach_effect");
  const column* churned = rows->find("churned");
  const column* bought = rows->find("bought");
  if ((churned == nullptr) == (bought == nullptr)) {
    throw error(status::invalid,
                "report 'desk_breach_effect': table 'customers_after' must have one of the columns "
                "churned and bought",
                "churned 1: the customer left within the horizon; bought 1: did not");
  }
  known_outcomes known;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const double said = zero_or_one(churned != nullptr ? *churned : *bought, row);
    const std::string given = features::text_at(customer, row);
    const std::string id(who.customer_of(given));
    if (id.empty()) features::refuse_cell(customer, row, "is empty", "every row needs one");
    if (!known.row_of.emplace(id, row).second) {
      features::refuse_cell(
          customer, row, "customer '" + id + "' is there twice", "give one row per customer");
    }
    known.churned[id] = churned != nullptr ? said : 1 - said;
  }
  known.rows = std::move(rows);
  return known;
}

breach_units read_units(const breach_sources& from, const breach_rules& rules) {
  breach_units out;
  std::vector<const ticket*> first = first_tickets(from.view.book, rules.window);
  shuffle(first, rules.seed);
  for (const ticket* t : first) {
    const verdict_of_clocks v = judge(*t, from, rules);
    if (!v.known) {
      ++out.left_out["no clock has ended"];
      continue;
    }
    const aftermath a = after(*t, from, rules);
    if (!a.churned) {
      ++out.left_out[std::string(a.why)];
      continue;
    }
    out.units.push_back({.of = t, .breached = v.breached, .hours = v.hours, .churned = *a.churned});
  }
  return out;
}

}  // namespace clv::desk
