// A review of tiers: who keeps, gains and loses one, and whether the tiers' perks pay.
//
// What a member holds is the tier of table `members`, else what the rules gave at `previous`; the
// new one is what the rules give at `review`: up as soon as the sum of the window is enough, down
// at the member's own reviews, by one tier at most under soft landing. With `everyone` all are
// reviewed on that day.
//
// A tier's perks are weighed against what it changes, not against what its members bring: table
// `gains` (an experiment: margin_gain and its standard error, a year and member, before the perks'
// cost), else the difference in differences of table `members` (tier_worth.hpp). They pay when
// mean - z sd covers their cost. `perks` adds them up in the order of the programme and flags the
// first that the careful gain does not cover and all after it.
//
// `thresholds` counts members just below and just above each threshold. Without buying up to it the
// two would be about alike, a little more below where fewer have more: a share above one half by
// more than its 95 % interval (Wilson) is a sign of it, not a measure of what it earned.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/proportion.hpp"
#include "retention/programmes/loyalty_columns.hpp"
#include "retention/programmes/tier_standing.hpp"
#include "retention/programmes/tier_worth.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr const char* loyalty_tiers_name = "loyalty_tiers";

constexpr std::array<report_input, 4> loyalty_tiers_inputs{
    {{"ledger", "ledger", true, ""},
     {"transactions", "", false, loyalty_transaction_columns},
     {"members",
      "",
      false,
      "customer; optional: tier (held now),margin (a year),before,after (margin a year before and "
      "after reaching the tier),compared_with (a tier: this customer stands for those without it)"},
     {"gains", "", false, "tier,margin_gain,margin_gain_sd; optional: n"}}};
constexpr std::array<report_option, 7> loyalty_tiers_options{
    {{"programme", "", "the programme as JSON, sdk/LOYALTY.md tells its members"},
     {"review", "", "day of the review; left out: the last row of the ledger"},
     {"previous", "", "day of the last review; left out: review_days before"},
     {"everyone", "false", "review everybody on that day, not only who is due"},
     {"z", "1", "the careful gain is mean - z sd"},
     {"near", "0.1", "just below and above a threshold: within this share of it"},
     {"time_zone", "\"UTC\"", "of dates without an offset, and whose days these are"}}};
constexpr std::array<report_output, 4> loyalty_tiers_outputs{
    {{"", "customer,tier,new_tier,decision,reason,tier_sum,next_review,margin,flag"},
     {"tiers",
      "tier,members,perk_cost,margin_gain,margin_gain_sd,n,source,careful_gain,net,verdict"},
     {"perks", "tier,perk,yearly_cost,cost_so_far,careful_gain,flag"},
     {"thresholds",
      "tier,threshold,just_below,just_above,share_above,share_above_low,share_above_high"}}};

struct loyalty_tiers_request {
  programme rules;
  std::string review, previous, time_zone;
  bool everyone;
  double z, near;
};

struct member_facts {
  std::optional<std::size_t> tier;
  std::optional<double> margin;
};

struct facts {
  std::map<std::string, member_facts> members;
  std::map<std::size_t, margin_change> changes;
  std::map<std::size_t, tier_gain> gains;
};

std::size_t tier_named(const programme& p,
                       const std::string& word,
                       const report_rows& rows,
                       std::string_view column,
                       std::size_t row) {
  std::string names;
  for (std::size_t i = 0; i < p.tiers.levels.size(); ++i) {
    if (p.tiers.levels[i].name == word) return i;
    names += (i == 0 ? "" : ", ") + p.tiers.levels[i].name;
  }
  rows.refuse(column, row, "'" + word + "' is no tier of the programme; it has: " + names);
}

void read_members(const table& of, const programme& p, facts& out) {
  const loyalty_input in(of, loyalty_tiers_name, "members");
  const report_rows& rows = in.rows;
  const auto customers = rows.texts("customer");
  positions(customers, rows, "customer");  // refuses who is there twice
  const auto tiers = optional_texts(in, "tier"), compared = optional_texts(in, "compared_with");
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto margins = rows.numbers_or("margin", none);
  const auto before = rows.numbers_or("before", none), after = rows.numbers_or("after", none);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double change = after[row] - before[row];
    if (!compared[row].empty()) {
      const std::size_t at = tier_named(p, compared[row], rows, "compared_with", row);
      if (change == change) out.changes[at].others.push_back(change);
      continue;
    }
    member_facts& m = out.members[customers[row]];
    if (margins[row] == margins[row]) m.margin = margins[row];
    if (tiers[row].empty()) continue;
    m.tier = tier_named(p, tiers[row], rows, "tier", row);
    if (change == change) out.changes[*m.tier].members.push_back(change);
  }
}

void read_gains(const table& of, const programme& p, facts& out) {
  const report_rows rows(of, loyalty_tiers_name, "gains");
  const auto tiers = rows.texts("tier");
  const auto mean = rows.numbers("margin_gain"), sd = rows.numbers("margin_gain_sd");
  const auto n = rows.numbers_or("n", 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (sd[row] < 0) rows.refuse("margin_gain_sd", row, "is negative");
    const std::size_t at = tier_named(p, tiers[row], rows, "tier", row);
    if (!out.gains.emplace(at, tier_gain{mean[row], sd[row], n[row], "experiment"}).second) {
      rows.refuse("tier", row, "'" + tiers[row] + "' is there twice");
    }
  }
}

facts read_facts(const report_inputs& in, const programme& p) {
  facts out;
  if (in.has("members")) read_members(in.of("members"), p, out);
  if (in.has("gains")) read_gains(in.of("gains"), p, out);
  for (const auto& [tier, change] : out.changes) {
    const auto gain = compared_gain(change);
    if (gain) out.gains.emplace(tier, *gain);  // an experiment goes first
  }
  return out;
}

std::string amount_text(const programme& p, std::int64_t amount) {
  if (p.tiers.by == tier_basis::points) return std::to_string(amount) + " points";
  return format_money(amount, *currency_exponent(p.currency)) + " " + p.currency;
}

struct review {
  std::size_t held = 0, next = 0;
  tier_standing now;
};

const char* decision_of(const review& r) {
  return r.next > r.held ? "upgrade" : r.next < r.held ? "downgrade" : "keep";
}

std::string reason_of(const programme& p, const review& r) {
  const auto& levels = p.tiers.levels;
  std::string text = amount_text(p, r.now.sum) + " in " + std::to_string(p.tiers.window_days) +
                     " days: enough for " + levels[r.now.earned].name;
  if (r.next > r.now.earned) {
    text += r.next < r.held ? ", one tier down at most"
                            : ", kept until the review on " + format_time(r.now.next_review);
  } else if (r.next + 1 < levels.size()) {
    text += ", " + amount_text(p, levels[r.next + 1].threshold - r.now.sum) + " short of " +
            levels[r.next + 1].name;
  }
  return text;
}

review review_of(const programme& p,
                 const tier_standing& before,
                 const tier_standing& now,
                 const std::optional<std::size_t>& booked,
                 bool everyone) {
  review r{booked.value_or(before.level), everyone ? now.after_review : now.level, now};
  // The books may know more than the events: then, too, one tier at most.
  if (booked && p.tiers.soft_landing && r.next < *booked) r.next = std::max(r.next, *booked - 1);
  return r;
}

class tier_review {
 public:
  tier_review(const report_inputs& in, const loyalty_tiers_request& asked)
      : in_(in), asked_(asked), levels_(asked.rules.tiers.levels) {}

  void answer(outcome& out);

 private:
  void decide();
  std::shared_ptr<const table> decision_rows() const;
  std::shared_ptr<const table> tier_rows() const;
  std::shared_ptr<const table> perk_rows() const;
  std::shared_ptr<const table> threshold_rows() const;
  std::optional<double> margin_of(const std::string& customer) const;
  double perk_cost(std::size_t tier) const;
  std::optional<tier_gain> gain(std::size_t tier) const;

  const report_inputs& in_;
  const loyalty_tiers_request& asked_;
  const std::vector<tier>& levels_;
  facts facts_;
  std::map<std::string, review> reviews_;
};

void tier_review::decide() {
  const table& ledger = in_.of("ledger");
  const std::int64_t at =
      as_of_option(loyalty_tiers_name, asked_.review, asked_.time_zone, ledger_times(ledger));
  const std::int64_t previous =
      asked_.previous.empty()
          ? at - asked_.rules.tiers.review_days * us_per_day
          : as_of_option(loyalty_tiers_name, asked_.previous, asked_.time_zone, {});
  const auto lines = read_ledger(ledger, loyalty_tiers_name, at);
  const standing_request now{loyalty_tiers_name, asked_.rules, at, asked_.time_zone};
  const standing_request then{loyalty_tiers_name, asked_.rules, previous, asked_.time_zone};
  const auto standings = tier_standings(in_, lines, now);
  const auto before = tier_standings(in_, lines, then);
  for (const auto& [customer, standing] : standings) {
    const auto known = facts_.members.find(customer);
    const auto held = known == facts_.members.end() ? std::nullopt : known->second.tier;
    const auto old = before.find(customer);
    reviews_.emplace(customer,
                     review_of(asked_.rules,
                               old == before.end() ? tier_standing{} : old->second,
                               standing,
                               held,
                               asked_.everyone));
  }
}

std::optional<double> tier_review::margin_of(const std::string& customer) const {
  const auto known = facts_.members.find(customer);
  if (known == facts_.members.end()) return std::nullopt;
  return known->second.margin;
}

std::shared_ptr<const table> tier_review::decision_rows() const {
  const programme& p = asked_.rules;
  const bool spend = p.tiers.by == tier_basis::spend;
  const double scale = spend ? static_cast<double>(p.minor_per_unit) : 1;
  report_writer rows({{"customer", type::utf8},
                      {"tier", type::utf8},
                      {"new_tier", type::utf8},
                      {"decision", type::utf8},
                      {"reason", type::utf8},
                      {"tier_sum", type::f64, spend ? p.currency : "points"},
                      {"next_review", type::time},
                      {"margin", type::f64, p.currency},
                      {"flag", type::utf8}});
  for (const auto& [customer, r] : reviews_) {
    const std::optional<double> margin = margin_of(customer);
    rows.row(
        customer,
        levels_[r.held].name,
        levels_[r.next].name,
        decision_of(r),
        reason_of(p, r),
        static_cast<double>(r.now.sum) / scale,
        r.now.next_review == INT64_MAX ? std::nullopt : std::optional(r.now.next_review),
        margin,
        margin && *margin < 0 ? std::optional<std::string_view>("NEGATIVE_MARGIN") : std::nullopt);
  }
  return rows.sealed(std::string(loyalty_tiers_name) + "|" + in_.of("ledger").fingerprint());
}

double tier_review::perk_cost(std::size_t tier) const {
  std::int64_t sum = 0;
  for (const perk& each : levels_[tier].perks) sum += each.yearly_cost;
  return static_cast<double>(sum) / static_cast<double>(asked_.rules.minor_per_unit);
}

std::optional<tier_gain> tier_review::gain(std::size_t tier) const {
  const auto found = facts_.gains.find(tier);
  return found == facts_.gains.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const table> tier_review::tier_rows() const {
  const std::string& currency = asked_.rules.currency;
  report_writer rows({{"tier", type::utf8},
                      {"members", type::i64},
                      {"perk_cost", type::f64, currency},
                      {"margin_gain", type::f64, currency},
                      {"margin_gain_sd", type::f64, currency},
                      {"n", type::f64},
                      {"source", type::utf8},
                      {"careful_gain", type::f64, currency},
                      {"net", type::f64, currency},
                      {"verdict", type::utf8}});
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    std::int64_t members = 0;
    for (const auto& [customer, r] : reviews_) members += r.next == i ? 1 : 0;
    const double cost = perk_cost(i);
    const auto g = gain(i);
    const tier_judgement j = judge_tier(g, cost, asked_.z);
    rows.row(levels_[i].name,
             members,
             cost,
             g ? std::optional(g->mean) : std::nullopt,
             g ? std::optional(g->sd) : std::nullopt,
             g && g->n > 0 ? std::optional(g->n) : std::nullopt,
             g ? std::optional<std::string_view>(g->source) : std::nullopt,
             j.careful,
             g ? std::optional(g->mean - cost) : std::nullopt,
             word_of(j.verdict));
  }
  return rows.sealed("loyalty_tiers.tiers");
}

std::shared_ptr<const table> tier_review::perk_rows() const {
  const std::string& currency = asked_.rules.currency;
  report_writer rows({{"tier", type::utf8},
                      {"perk", type::utf8},
                      {"yearly_cost", type::f64, currency},
                      {"cost_so_far", type::f64, currency},
                      {"careful_gain", type::f64, currency},
                      {"flag", type::utf8}});
  const double scale = static_cast<double>(asked_.rules.minor_per_unit);
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const auto careful = judge_tier(gain(i), perk_cost(i), asked_.z).careful;
    std::int64_t sum = 0;
    for (const perk& each : levels_[i].perks) {
      sum += each.yearly_cost;
      const double so_far = static_cast<double>(sum) / scale;
      std::optional<std::string_view> flag;
      if (!careful) flag = "NO_EVIDENCE";
      if (careful && so_far > *careful) flag = "ABOVE_GAIN";
      rows.row(levels_[i].name,
               each.name,
               static_cast<double>(each.yearly_cost) / scale,
               so_far,
               careful,
               flag);
    }
  }
  return rows.sealed("loyalty_tiers.perks");
}

std::shared_ptr<const table> tier_review::threshold_rows() const {
  const programme& p = asked_.rules;
  const bool spend = p.tiers.by == tier_basis::spend;
  const double scale = spend ? static_cast<double>(p.minor_per_unit) : 1;
  report_writer rows({{"tier", type::utf8},
                      {"threshold", type::f64, spend ? p.currency : "points"},
                      {"just_below", type::i64},
                      {"just_above", type::i64},
                      {"share_above", type::f64},
                      {"share_above_low", type::f64},
                      {"share_above_high", type::f64}});
  for (std::size_t i = 1; i < levels_.size(); ++i) {
    const auto cut = static_cast<double>(levels_[i].threshold);
    std::int64_t below = 0, above = 0;
    for (const auto& [customer, r] : reviews_) {
      const auto sum = static_cast<double>(r.now.sum);
      if (sum >= cut * (1 - asked_.near) && sum < cut) ++below;
      if (sum >= cut && sum < cut * (1 + asked_.near)) ++above;
    }
    const auto n = static_cast<double>(below + above);
    std::optional<double> share, low, high;
    if (n > 0) {
      const math::share_interval around =
          math::wilson(static_cast<double>(above), n, 1.959963984540054);
      share = around.share;
      low = around.lower;
      high = around.upper;
    }
    rows.row(levels_[i].name, cut / scale, below, above, share, low, high);
  }
  return rows.sealed("loyalty_tiers.thresholds");
}

void tier_review::answer(outcome& out) {
  facts_ = read_facts(in_, asked_.rules);
  decide();
  out.tables[""] = decision_rows();
  out.tables["tiers"] = tier_rows();
  out.tables["perks"] = perk_rows();
  out.tables["thresholds"] = threshold_rows();
}

job loyalty_tiers_begin(report_inputs in, std::string_view options_json) {
  const settings s(loyalty_tiers_name, options_json, loyalty_tiers_options);
  loyalty_tiers_request r{.rules = programme_option(loyalty_tiers_name, options_json),
                          .review = s.text("review", ""),
                          .previous = s.text("previous", ""),
                          .time_zone = s.text("time_zone", "UTC"),
                          .everyone = s.flag("everyone", false),
                          .z = s.number_in("z", 1, 0, 10),
                          .near = s.number_in("near", 0.1, 0.001, 0.9)};
  for (const std::string& date : {r.review, r.previous}) {
    as_of_option(loyalty_tiers_name, date, r.time_zone, {});  // refused before any work
  }
  return report_at_once("review", [in = std::move(in), r = std::move(r)](outcome& out) {
    tier_review(in, r).answer(out);
  });
}

}  // namespace

constinit const report loyalty_tiers_report{
    .name = loyalty_tiers_name,
    .summary = "A review of tiers: who keeps, gains and loses one, and whether their perks pay",
    .needs_model = false,
    .inputs = loyalty_tiers_inputs,
    .options = loyalty_tiers_options,
    .outputs = loyalty_tiers_outputs,
    .begin = loyalty_tiers_begin,
};

}  // namespace clv
