#include "features/touches.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "features/cells.hpp"

namespace clv::features {
namespace {

double weight_at(const column* c, std::size_t row) {
  if (c == nullptr || text_at(*c, row).empty()) return 1;
  const auto weight = number_at(*c, row);
  if (weight && *weight >= 0) return *weight;
  refuse_cell(*c, row, "'" + text_at(*c, row) + "' is not a weight", "use a number, 0 or more");
}

auto sort_key(const touch& t) {
  return std::tie(t.customer, t.time, t.kind, t.channel, t.weight);
}

}  // namespace

std::vector<touch> read_touches(const table& rows,
                                const moment& at,
                                std::string_view owner,
                                crowd& who) {
  const column& customer = need(rows, "customer", "touches", owner);
  const column& time = need(rows, "time", "touches", owner);
  const column* kind = rows.find("kind");
  const column* channel = rows.find("channel");
  const column* weight = rows.find("weight");
  const column* ids = rows.find("event_id");
  std::vector<touch> all;
  seen_events seen;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto when = time_at(time, row, at.where);
    if (!when) refuse_cell(time, row, "is empty", "every touch needs one");
    if (!at.knows(*when)) continue;
    if (ids != nullptr && seen.first_row(text_at(*ids, row), row)) continue;
    const std::string id = text_at(customer, row);
    if (id.empty()) refuse_cell(customer, row, "is empty", "every touch needs one");
    all.push_back({.customer = who.add(id),
                   .time = *when,
                   .weight = weight_at(weight, row),
                   .kind = kind == nullptr ? "" : text_at(*kind, row),
                   .channel = channel == nullptr ? "" : text_at(*channel, row)});
  }
  return all;
}

void settle(std::vector<touch>& all, const crowd& who) {
  for (touch& t : all) t.customer = who.ranks()[t.customer];
  std::sort(all.begin(), all.end(), [](const touch& a, const touch& b) {
    return sort_key(a) < sort_key(b);
  });
}

double engagement(std::span<const touch> of_one, const moment& at, double tau) {
  double sum = 0;
  for (const touch& t : of_one) sum += t.weight * std::exp(-at.age_days(t.time) / tau);
  return sum;
}

}  // namespace clv::features
