#include "retention/programmes/programme.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <set>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "math/json.hpp"
#include "retention/programmes/json_members.hpp"

namespace clv::retention {
namespace {

namespace json = boost::json;

// Wide enough for money x rate x multiplier: 2^53 x 1e10 x 1e8 < 2^123.
__extension__ using wide = __int128;

constexpr double most_points = 1e12;  // of one setting
constexpr double most_money = 1e12;
constexpr double most_rate = 1e4;
constexpr std::int64_t most_days = 36'525;

std::int64_t narrow(wide value, const char* what) {
  constexpr wide most = std::int64_t{1} << 53;  // what a column's numbers carry exactly
  if (value <= most) return static_cast<std::int64_t>(value);
  throw error(status::limit,
              std::string("the programme gives more than 2^53 ") + what + " for one event",
              "check points_per_unit and the amounts");
}

std::string index_path(const std::string& list, std::size_t i) {
  return list + "[" + std::to_string(i) + "]";
}

perk read_perk(const json::value& v, const std::string& path, std::int64_t minor) {
  const json_members m(v, path, {"name", "yearly_cost"});
  return {m.text("name"), m.scaled("yearly_cost", minor, 0, most_money)};
}

tier read_level(const json::value& v,
                const std::string& path,
                std::int64_t scale,
                std::int64_t minor) {
  const json_members m(v, path, {"name", "threshold", "multiplier", "perks"});
  tier t{.name = m.text("name"),
         .threshold = m.scaled("threshold", scale, 0, most_points),
         .multiplier = m.scaled_or("multiplier", per_one, per_one, 100)};
  std::size_t i = 0;
  for (const json::value& p : m.items("perks")) {
    t.perks.push_back(read_perk(p, index_path(m.path_of("perks"), i++), minor));
  }
  return t;
}

void check_levels(const json_members& m, const std::vector<tier>& levels) {
  if (levels.empty()) m.refuse("levels", "a list with at least one tier");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string path = index_path(m.path_of("levels"), i);
    const json::value& v = m.items("levels")[i];
    const json::value* threshold = v.get_object().if_contains("threshold");
    if (i == 0 && levels[0].threshold != 0) {
      refuse_json(path + ".threshold", threshold, "0: the first tier is everybody's");
    }
    if (i > 0 && levels[i].threshold <= levels[i - 1].threshold) {
      refuse_json(path + ".threshold", threshold, "more than that of the tier before");
    }
    if (!names.insert(levels[i].name).second) {
      refuse_json(path + ".name", v.get_object().if_contains("name"), "a name no other tier has");
    }
  }
}

tier_rules read_tiers(const json::value* v, std::int64_t minor) {
  if (v == nullptr) return {.levels = {{.name = "member"}}};
  const json_members m(
      *v, "$.tiers", {"by", "window_days", "review_days", "soft_landing", "levels"});
  tier_rules r{
      .by = m.choice("by", {"points", "spend"}) == 0 ? tier_basis::points : tier_basis::spend,
      .window_days = m.whole_or("window_days", 365, 1, most_days),
      .review_days = m.whole_or("review_days", 365, 1, most_days),
      .soft_landing = m.flag_or("soft_landing", false)};
  const std::int64_t scale = r.by == tier_basis::spend ? minor : 1;
  std::size_t i = 0;
  for (const json::value& level : m.items("levels")) {
    r.levels.push_back(read_level(level, index_path(m.path_of("levels"), i++), scale, minor));
  }
  check_levels(m, r.levels);
  return r;
}

earn_rules read_earn(const json::value& v) {
  const json_members m(v, "$.earn", {"points_per_unit", "rounding", "base", "exclude", "rules"});
  earn_rules r{.per_unit = m.scaled("points_per_unit", per_one, 0, most_rate)};
  constexpr rounding ways[] = {rounding::down, rounding::half_even, rounding::up};
  r.round = ways[m.choice("rounding", {"down", "half_even", "up"})];
  r.before_redemption = m.choice("base", {"after_redemption", "before_redemption"}) == 1;
  for (const json::value& item : m.items("exclude")) {
    if (item == "shipping") {
      r.exclude_shipping = true;
    } else if (item == "tax") {
      r.exclude_tax = true;
    } else {
      m.refuse("exclude", "a list of \"shipping\" and \"tax\"");
    }
  }
  std::size_t i = 0;
  for (const json::value& item : m.items("rules")) {
    const json_members rule(
        item, index_path(m.path_of("rules"), i++), {"kind", "category", "points_per_unit"});
    r.rules.push_back({rule.text_or("kind", ""),
                       rule.text_or("category", ""),
                       rule.scaled("points_per_unit", per_one, 0, most_rate)});
  }
  return r;
}

burn_rules read_burn(const json::value& v) {
  const json_members m(v, "$.burn", {"points_per_unit", "minimum"});
  return {m.scaled("points_per_unit", per_one, 1e-6, 1e6),
          m.whole_or("minimum", 0, 0, static_cast<std::int64_t>(most_points))};
}

expiry_rules read_expiry(const json::value* v) {
  if (v == nullptr) return {};
  const json_members m(*v, "$.expiry", {"days", "after"});
  m.get("days", "days from 1");
  return {m.whole_or("days", 0, 1, most_days), m.choice("after", {"earning", "inactivity"}) == 1};
}

refund_rules read_refunds(const json::value* v) {
  if (v == nullptr) return {};
  const json_members m(*v, "$.refunds", {"reverse", "restore_days"});
  return {m.flag_or("reverse", true), m.whole_or("restore_days", 30, 0, most_days)};
}

programme programme_of(const json::value& v) {
  const json_members m(
      v, "$", {"format", "name", "currency", "tiers", "earn", "burn", "expiry", "refunds"});
  m.choice("format", {"clv.programme/1"});
  programme p{.name = m.text("name"), .currency = m.text("currency")};
  if (!currency_exponent(p.currency)) m.refuse("currency", "an ISO 4217 code such as \"EUR\"");
  p.minor_per_unit = static_cast<std::int64_t>(minor_per_major(p.currency));
  const json::object& members = v.get_object();
  p.tiers = read_tiers(members.if_contains("tiers"), p.minor_per_unit);
  p.earn = read_earn(m.get("earn", "an object: points_per_unit, rounding, base"));
  p.burn = read_burn(m.get("burn", "an object: points_per_unit, minimum"));
  p.expiry = read_expiry(members.if_contains("expiry"));
  p.refunds = read_refunds(members.if_contains("refunds"));
  return p;
}

}  // namespace

std::int64_t share_of(std::int64_t a, std::int64_t b, std::int64_t c) {
  return static_cast<std::int64_t>(static_cast<wide>(a) * b / c);
}

std::int64_t programme::points_for(std::int64_t base,
                                   std::int64_t rate,
                                   std::int64_t multiplier) const {
  const wide product = static_cast<wide>(base) * rate * multiplier;
  const wide unit = static_cast<wide>(minor_per_unit) * per_one * per_one;
  const wide whole = product / unit, rest = product % unit;
  bool up = false;
  if (earn.round == rounding::up) up = rest > 0;
  if (earn.round == rounding::half_even) {
    up = 2 * rest > unit || (2 * rest == unit && whole % 2 == 1);
  }
  return narrow(whole + (up ? 1 : 0), "points");
}

std::int64_t programme::value_of(std::int64_t points) const {
  return narrow(static_cast<wide>(points) * per_one * minor_per_unit / burn.per_unit,
                "minor units");
}

std::int64_t programme::rate_of(std::string_view kind, std::string_view category) const {
  for (const earn_rate& r : earn.rules) {
    if ((r.kind.empty() || r.kind == kind) && (r.category.empty() || r.category == category)) {
      return r.per_unit;
    }
  }
  return earn.per_unit;
}

programme read_programme(std::string_view text) {
  return programme_of(math::parse_json(text));
}

programme programme_option(std::string_view report, std::string_view options_json) {
  const json::value all = options_json.empty() ? json::object() : math::parse_json(options_json);
  const json::value* found = all.is_object() ? all.get_object().if_contains("programme") : nullptr;
  if (found == nullptr) {
    throw error(status::invalid,
                "report '" + std::string(report) + "': option 'programme' is missing",
                "give the document \"clv.programme/1\"");
  }
  try {
    if (found->is_string()) return read_programme(std::string_view(found->get_string()));
    return programme_of(*found);
  } catch (const error& e) {
    issue told = e.details();
    told.message = "report '" + std::string(report) + "', option 'programme': " + told.message;
    throw error(std::move(told));
  }
}

}  // namespace clv::retention
