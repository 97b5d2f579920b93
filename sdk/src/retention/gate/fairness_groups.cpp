#include "retention/gate/fairness_groups.hpp"

#include <algorithm>
#include <array>

#include "math/json.hpp"

namespace clv::retention {
namespace {

double number_at(const column& c, std::size_t row) {
  return c.kind() == type::f64 ? c.numbers()[row] : static_cast<double>(c.integers()[row]);
}

// The number below or at which a quarter, half and three quarters of the values lie.
std::array<double, 3> quarters(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::array<double, 3> cuts{};
  for (std::size_t i = 0; i < 3; ++i) cuts[i] = values[(values.size() * (i + 1) - 1) / 4];
  return cuts;
}

std::string band_name(double value, const std::array<double, 3>& cuts) {
  const auto at = std::lower_bound(cuts.begin(), cuts.end(), value) - cuts.begin();
  const std::string name = std::to_string(at + 1) + ": ";
  if (at == 0) return name + "up to " + math::to_text(cuts[0]);
  const std::string above = "above " + math::to_text(cuts[static_cast<std::size_t>(at) - 1]);
  return at == 3 ? name + above
                 : name + above + " to " + math::to_text(cuts[static_cast<std::size_t>(at)]);
}

// The group of each row of the attribute's table; "" where the value is absent.
std::vector<std::string> names_of(const column& attribute, std::size_t most_values) {
  std::vector<std::string> names(attribute.size());
  if (attribute.kind() == type::utf8) {
    for (std::size_t row = 0; row < names.size(); ++row) names[row] = attribute.text(row);
    return names;
  }
  std::vector<double> values;
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (attribute.present(row)) values.push_back(number_at(attribute, row));
  }
  std::vector<double> different = values;
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  const bool banded = different.size() > most_values;
  const auto cuts = banded ? quarters(std::move(values)) : std::array<double, 3>{};
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (!attribute.present(row)) continue;
    const double value = number_at(attribute, row);
    names[row] = banded ? band_name(value, cuts) : math::to_text(value);
  }
  return names;
}

}  // namespace

std::vector<fairness_group> groups_of(const treatments& all,
                                      const std::vector<std::string>& ids,
                                      const column& attribute,
                                      std::size_t most_values) {
  const std::vector<std::string> names = names_of(attribute, most_values);
  std::map<std::string_view, std::string_view> group_of;
  for (std::size_t row = 0; row < names.size(); ++row) group_of.emplace(ids[row], names[row]);
  std::map<std::string_view, fairness_group> groups;
  for (const auto& [id, t] : all) {
    const auto found = group_of.find(id);
    fairness_group& g = groups[found == group_of.end() ? std::string_view() : found->second];
    g.customers += 1;
    g.treated += t.treated ? 1 : 0;
    g.nets.push_back(t.net);
    g.benefits.push_back(t.benefit);
  }
  std::vector<fairness_group> out;
  for (auto& [name, g] : groups) {
    g.name = name.empty() ? "(not known)" : std::string(name);
    out.push_back(std::move(g));
  }
  // "" sorts first.
  if (!out.empty() && out.front().name == "(not known)") {
    std::rotate(out.begin(), out.begin() + 1, out.end());
  }
  return out;
}

}  // namespace clv::retention
