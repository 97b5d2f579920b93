#include "value/churn/churn_groups.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "features/cells.hpp"
#include "value/churn/churn_data.hpp"

namespace clv {
namespace {

using features::number_at;
using features::text_at;

// Where a row belongs: a quarter (0..3) or, as -1, its own text. The order of the groups.
using group_key = std::pair<std::ptrdiff_t, std::string>;

std::size_t different_cells(const column& c, std::size_t most) {
  std::set<std::string> texts;
  for (std::size_t row = 0; row < c.size() && texts.size() <= most; ++row) {
    texts.insert(text_at(c, row));
  }
  return texts.size();
}

// Upper ends of the quarters of the numbers; equal ones once.
std::vector<double> quarters(const column& c) {
  std::vector<double> sorted;
  for (std::size_t row = 0; row < c.size(); ++row) {
    if (const auto v = number_at(c, row)) sorted.push_back(*v);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> uppers;
  for (const double q : std::array{0.25, 0.5, 0.75, 1.0}) {
    uppers.push_back(sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))]);
  }
  uppers.erase(std::unique(uppers.begin(), uppers.end()), uppers.end());
  return uppers;
}

std::string number_text(double v) {
  column one("", type::f64);
  one.push(v);
  return text_at(one, 0);
}

std::string name_of(const group_key& key, const std::vector<double>& uppers) {
  if (key.first < 0) return key.second;
  const auto bin = static_cast<std::size_t>(key.first);
  if (bin == 0) return "up to " + number_text(uppers[0]);
  return "over " + number_text(uppers[bin - 1]) + " to " + number_text(uppers[bin]);
}

}  // namespace

churn_groups group_cells(const column& c, std::size_t most) {
  std::vector<double> uppers;
  if (is_numeric_column(c) && different_cells(c, most) > most) uppers = quarters(c);
  std::vector<group_key> keys;
  std::map<group_key, std::size_t> known;
  for (std::size_t row = 0; row < c.size(); ++row) {
    const auto number = uppers.empty() ? std::nullopt : number_at(c, row);
    const std::string text = text_at(c, row);
    if (number) {
      keys.emplace_back(std::lower_bound(uppers.begin(), uppers.end(), *number) - uppers.begin(),
                        "");
    } else {
      keys.emplace_back(-1, text.empty() ? std::string(missing_level) : text);
    }
    known.emplace(keys.back(), 0);
  }
  churn_groups out;
  for (auto& [key, index] : known) {
    index = out.names.size();
    out.names.push_back(name_of(key, uppers));
  }
  for (const group_key& key : keys) out.group.push_back(known.at(key));
  return out;
}

}  // namespace clv
