#include "segments/profile.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace clv {
namespace {

struct running_mean {
  double sum = 0, count = 0;
  void add(const column* c, std::size_t row) {
    if (c == nullptr || c->kind() != type::f64 || !c->present(row)) return;
    sum += c->numbers()[row];
    count += 1;
  }
  double mean() const { return count > 0 ? sum / count : 0; }
  void push_mean(column& to) const { count > 0 ? to.push(mean()) : to.push_absent(); }
};

struct group {
  std::string_view name;
  std::int64_t customers = 0;
  running_mean clv, p_alive, expected_purchases;
};

std::vector<group> groups_of(const table& scores, const column& segment) {
  const column* clv = scores.find("clv");
  const column* p_alive = scores.find("p_alive");
  const column* expected = scores.find("expected_purchases");
  std::map<std::string_view, group> by_name;
  for (std::size_t row = 0; row < segment.size(); ++row) {
    if (!segment.present(row)) continue;
    group& g = by_name[segment.text(row)];
    g.name = segment.text(row);
    g.customers += 1;
    g.clv.add(clv, row);
    g.p_alive.add(p_alive, row);
    g.expected_purchases.add(expected, row);
  }
  std::vector<group> groups;
  for (const auto& [name, g] : by_name) groups.push_back(g);
  std::stable_sort(groups.begin(), groups.end(), [](const group& a, const group& b) {
    return std::tuple(-a.clv.mean(), -a.customers) < std::tuple(-b.clv.mean(), -b.customers);
  });
  return groups;
}

}  // namespace

table profile_of(const table& scores, const column& segment) {
  const column* clv = scores.find("clv");
  const std::string currency = clv == nullptr ? "" : clv->unit();
  table out;
  column& name = out.add("segment", type::utf8);
  column& customers = out.add("customers", type::i64);
  column& share = out.add("share", type::f64);
  column& mean_clv = out.add("mean_clv", type::f64, currency);
  column& sum_clv = out.add("sum_clv", type::f64, currency);
  column& mean_p_alive = out.add("mean_p_alive", type::f64);
  column& mean_expected = out.add("mean_expected_purchases", type::f64);
  for (const group& g : groups_of(scores, segment)) {
    name.push(g.name);
    customers.push(g.customers);
    share.push(static_cast<double>(g.customers) / static_cast<double>(segment.size()));
    g.clv.push_mean(mean_clv);
    g.clv.count > 0 ? sum_clv.push(g.clv.sum) : sum_clv.push_absent();
    g.p_alive.push_mean(mean_p_alive);
    g.expected_purchases.push_mean(mean_expected);
  }
  return out;
}

}  // namespace clv
