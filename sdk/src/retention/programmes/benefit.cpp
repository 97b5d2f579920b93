#include "retention/programmes/benefit.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "clv/error.hpp"
#include "math/hash.hpp"
#include "math/json.hpp"
#include "retention/programmes/json_members.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;

constexpr double most_money = 1e12;
constexpr std::int64_t most_count = 1'000'000'000'000;

std::map<std::string, double> read_zones(const json_members& m) {
  const char* wanted = "an object of costs by zone, at least one";
  const json::value& v = m.get("zones", wanted);
  if (!v.is_object() || v.get_object().empty()) m.refuse("zones", wanted);
  std::map<std::string, double> out;
  for (const auto& item : v.get_object()) {
    const double cost = item.value().is_number() ? item.value().to_number<double>() : -1;
    const std::string path = m.path_of("zones") + "." + std::string(item.key());
    if (!(cost >= 0 && cost <= most_money)) refuse_json(path, &item.value(), "a cost from 0");
    out.emplace(std::string(item.key()), cost);
  }
  return out;
}

std::int64_t required_count(const json_members& m, std::string_view member) {
  m.get(member, "a whole number from 0");
  return m.whole_or(member, 0, 0, most_count);
}

void read_discount(const json_members& m, benefit& b) {
  b.depth = m.number("depth", 0, 1);
  if (m.has("most")) b.most = m.number("most", 0, most_money);
}

void read_early_access(const json_members& m, benefit& b) {
  b.count = required_count(m, "seats");
  b.lottery = m.choice("draw", {"value", "lottery"}) == 1;
  b.learning = m.number_or("learning", 0.1, 0, 1);
  b.unit_cost = m.number_or("unit_cost", 0, 0, most_money);
}

benefit read_benefit(const json::value& v, const std::string& path) {
  const json_members any(v,
                         path,
                         {"name",
                          "kind",
                          "redemption",
                          "depth",
                          "most",
                          "zones",
                          "seats",
                          "draw",
                          "learning",
                          "unit_cost",
                          "stock",
                          "points",
                          "cost_per_point"});
  benefit b{.name = any.text("name")};
  b.kind = static_cast<benefit_kind>(
      any.choice("kind", {"discount", "free_shipping", "early_access", "gift", "points"}));
  b.redemption = any.number_or("redemption", 1, 0, 1);
  switch (b.kind) {
    case benefit_kind::discount:
      read_discount(json_members(v, path, {"name", "kind", "redemption", "depth", "most"}), b);
      break;
    case benefit_kind::free_shipping:
      b.zones = read_zones(json_members(v, path, {"name", "kind", "redemption", "zones"}));
      break;
    case benefit_kind::early_access:
      read_early_access(
          json_members(
              v, path, {"name", "kind", "redemption", "seats", "draw", "learning", "unit_cost"}),
          b);
      break;
    case benefit_kind::gift: {
      const json_members m(v, path, {"name", "kind", "redemption", "unit_cost", "stock"});
      b.unit_cost = m.number("unit_cost", 0, most_money);
      b.count = required_count(m, "stock");
      break;
    }
    case benefit_kind::points: {
      const json_members m(v, path, {"name", "kind", "redemption", "points", "cost_per_point"});
      b.count = required_count(m, "points");
      b.unit_cost = m.number("cost_per_point", 0, most_money);
      break;
    }
  }
  return b;
}

}  // namespace

const char* word_of(benefit_kind kind) {
  constexpr std::array words{"discount", "free_shipping", "early_access", "gift", "points"};
  return words[static_cast<std::size_t>(kind)];
}

std::vector<benefit> benefits_option(std::string_view report, std::string_view options_json) {
  const std::string path = "report '" + std::string(report) + "', option 'benefits'";
  const json::value all = options_json.empty() ? json::object() : math::parse_json(options_json);
  const json::value* list = all.is_object() ? all.get_object().if_contains("benefits") : nullptr;
  const char* wanted = "a list of benefits, at least one";
  if (list == nullptr || !list->is_array() || list->get_array().empty()) {
    refuse_json(path, list, wanted);
  }
  std::vector<benefit> out;
  std::set<std::string> names;
  for (const json::value& v : list->get_array()) {
    const std::string at = path + ": $[" + std::to_string(out.size()) + "]";
    out.push_back(read_benefit(v, at));
    if (!names.insert(out.back().name).second) {
      refuse_json(at + ".name", v.get_object().if_contains("name"), "a name no other benefit has");
    }
  }
  return out;
}

namespace {

double shipping_of(const benefit& b, const std::string& zone) {
  const auto found = b.zones.find(zone);
  if (found != b.zones.end()) return found->second;
  double dearest = 0;
  for (const auto& [name, cost] : b.zones) dearest = std::max(dearest, cost);
  return dearest;
}

double discount_of(const benefit& b, double basket) {
  const double off = b.depth * basket;
  return b.most ? std::min(off, *b.most) : off;
}

}  // namespace

benefit_cost cost_of(const benefit& b, const benefit_customer& c) {
  const double used = c.redemption.value_or(b.redemption);
  double usual = 0, largest = 0;
  switch (b.kind) {
    case benefit_kind::discount:
      usual = discount_of(b, c.basket);
      largest = discount_of(b, c.largest);
      break;
    case benefit_kind::free_shipping:
      usual = largest = shipping_of(b, c.zone);
      break;
    case benefit_kind::early_access:
    case benefit_kind::gift:
      usual = largest = b.unit_cost;
      break;
    case benefit_kind::points:
      usual = largest = static_cast<double>(b.count) * b.unit_cost;
      break;
  }
  return {.redemption = used, .expected = used * usual, .worst = largest};
}

namespace {

struct ranked {
  std::size_t at;
  double value;
  std::uint64_t draw;
};

std::vector<ranked> drawn_and_ranked(const benefit& b,
                                     const std::vector<benefit_customer>& customers,
                                     std::uint64_t seed) {
  std::vector<ranked> out(customers.size());
  const std::string salt = std::to_string(seed) + "|" + b.name + "|";
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = {i, customers[i].value, math::hash64(salt + customers[i].id)};
  }
  // Ids are different, so a tie of the hash is broken by them.
  std::sort(out.begin(), out.end(), [&](const ranked& x, const ranked& y) {
    if (x.value != y.value) return x.value > y.value;
    return std::tie(x.draw, customers[x.at].id) < std::tie(y.draw, customers[y.at].id);
  });
  return out;
}

}  // namespace

benefit_seats allot(const benefit& b,
                    const std::vector<benefit_customer>& customers,
                    std::uint64_t seed) {
  benefit_seats out{.seats = std::vector<benefit_seat>(customers.size())};
  const bool limited = b.kind == benefit_kind::gift || b.kind == benefit_kind::early_access;
  const std::size_t n = customers.size();
  const std::size_t seats =
      limited
          ? static_cast<std::size_t>(std::min<std::int64_t>(b.count, static_cast<std::int64_t>(n)))
          : n;
  out.left = limited ? b.count - static_cast<std::int64_t>(seats) : 0;
  if (seats == n) {
    for (benefit_seat& s : out.seats) s.given = true;
    return out;
  }
  const double share = b.kind == benefit_kind::gift ? 0 : b.lottery ? 1 : b.learning;
  const auto draws = static_cast<std::size_t>(share * static_cast<double>(seats));
  const std::size_t sure = seats - draws;
  std::vector<ranked> order = drawn_and_ranked(b, customers, seed);
  // Behind those who have a seat for their value, the draw decides.
  std::sort(order.begin() + static_cast<std::ptrdiff_t>(sure),
            order.end(),
            [&](const ranked& x, const ranked& y) {
              return std::tie(x.draw, customers[x.at].id) < std::tie(y.draw, customers[y.at].id);
            });
  const double chance = static_cast<double>(draws) / static_cast<double>(n - sure);
  for (std::size_t i = 0; i < n; ++i) {
    out.seats[order[i].at] = {.given = i < seats,
                              .by = i < sure    ? "value"
                                    : i < seats ? "lottery"
                                                : "none_left",
                              .propensity = i < sure ? 1 : chance};
    if (i >= seats) {
      out.next_value = i == seats ? order[i].value : std::max(out.next_value, order[i].value);
    }
  }
  for (std::size_t i = 0; i < seats; ++i) {
    out.seats[order[i].at].opportunity_cost = std::max(0.0, out.next_value - order[i].value);
  }
  return out;
}

}  // namespace clv::retention
