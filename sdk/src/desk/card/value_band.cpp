// What the customer is worth, as a band: no exact amount unless it was asked for.
#include <algorithm>
#include <array>
#include <cmath>

#include "clv/money.hpp"
#include "desk/card/card.hpp"
#include "desk/priority/why_now.hpp"
#include "features/cells.hpp"

namespace clv::desk {
namespace {

// A place among fewer says nothing.
constexpr std::size_t least_scored = 10;

std::string_view band_of(double share_below) {
  if (share_below >= 0.9) return "top tenth";
  if (share_below >= 0.5) return "upper half";
  return share_below >= 0.1 ? "lower half" : "lowest tenth";
}

// All customers' values, rising.
std::vector<double> everybody(const column& values) {
  std::vector<double> all;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (const auto v = features::number_at(values, row)) all.push_back(*v);
  }
  std::ranges::sort(all);
  return all;
}

double share_below(const std::vector<double>& all, double value) {
  const auto below = std::ranges::lower_bound(all, value) - all.begin();
  return static_cast<double>(below) / static_cast<double>(all.size());
}

std::string amount(double value, const std::string& currency) {
  const int exponent = currency_exponent(currency).value_or(2);
  return (currency.empty() ? "" : currency + " ") + fixed(value, exponent);
}

void add_amounts(const card_source& from, const column& values, card& to) {
  const auto value = from.number("scores", values.name());
  const auto low = from.number("scores", "clv_p10"), high = from.number("scores", "clv_p90");
  if (!from.options().money || !value) return;
  const std::string& unit = values.unit();
  to.add("amount",
         amount(*value, unit),
         low && high ? "eight in ten such customers are worth " + amount(*low, unit) + " to " +
                           amount(*high, unit)
                     : "expected");
}

// The band of the median, and how sure it is: the bands of P10 and P90 among everybody's medians.
void add_standing(const card_source& from, const column& values, card& to) {
  const auto own = from.number("scores", values.name());
  const auto all = everybody(values);
  if (!own) return to.add("standing", "not known", "no value was computed for this customer");
  if (all.size() < least_scored) {
    return to.add(
        "standing", "not known", "only " + std::to_string(all.size()) + " customers have a value");
  }
  const double share = share_below(all, *own);
  std::string why = "worth more than " + fixed(std::floor(100 * share), 0) + " % of " +
                    std::to_string(all.size()) + " customers";
  const auto low = from.number("scores", "clv_p10"), high = from.number("scores", "clv_p90");
  if (low && high) {
    const auto first = band_of(share_below(all, *low)), last = band_of(share_below(all, *high));
    why += first == last ? "; sure, P10 to P90 say the same"
                         : "; P10 says " + std::string(first) + ", P90 " + std::string(last);
  }
  to.add("standing", std::string(band_of(share)), why);
}

}  // namespace

card value_section(const card_source& from) {
  card to("value");
  const std::string segment = from.text("segments", "segment");
  if (!segment.empty()) {
    to.add("segment", segment, "scheme '" + from.text("segments", "scheme") + "'");
  }
  const column* values = from.find("scores", "clv_p50");
  if (values == nullptr) values = from.find("scores", "clv");
  if (values != nullptr) {
    add_standing(from, *values, to);
    add_amounts(from, *values, to);
  } else if (segment.empty()) {
    to.add("standing", "not known", "neither a segment nor a value was given");
  }
  return to;
}

}  // namespace clv::desk
