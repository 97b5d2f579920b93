// What the members of a loyalty programme hold, and what that will cost the shop.
//
// Main table: per member the balance (lots less debt), what ends within `expiring_days`, the tier
// by the programme's rules and what is missing to the next. `lots`: the points by when they end.
// `liability`: the points that are out, how many of them will be redeemed (breakage.hpp: from what
// became of earlier lots, with a 95 % interval, `lots` and `customers` say from how many), in money
// at the cost of a point. With fewer than `min_customers` whose lots have ended the share is the
// option `fallback_redemption`, 1 if not told otherwise: nothing is booked as breakage without
// data. `roll_forward`: opening, earned, restored, burned, expired, reversed, adjusted, closing;
// what left is negative, so the lines above closing add up to it: the points that are out less the
// debts.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/programmes/breakage.hpp"
#include "retention/programmes/ledger_lines.hpp"
#include "retention/programmes/tier_standing.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr const char* loyalty_balances_name = "loyalty_balances";

constexpr std::array<report_input, 2> loyalty_balances_inputs{
    {{"ledger", "ledger", true, ""}, {"transactions", "", false, loyalty_transaction_columns}}};
constexpr std::array<report_option, 9> loyalty_balances_options{
    {{"programme", "", "the programme as JSON, sdk/LOYALTY.md tells its members"},
     {"as_of", "", "last day that counts; left out: the last row of the ledger"},
     {"from", "", "first day of the roll-forward; left out: from the beginning"},
     {"expiring_days", "30", "column 'expiring': points that end within so many days"},
     {"bin_days", "30", "ages of lots are counted in bins of so many days"},
     {"min_customers", "30", "whose lots must have ended before breakage is estimated"},
     {"fallback_redemption", "1", "share redeemed where breakage is not estimated"},
     {"cost_per_point", "", "in currency; left out: what a point pays for"},
     {"time_zone", "\"UTC\"", "of dates without an offset, and whose day as_of is"}}};
constexpr std::array<report_output, 4> loyalty_balances_outputs{
    {{"",
      "customer,balance,debt,lots,next_expiry,expiring,tier,tier_sum,next_tier,to_next_tier,"
      "next_review"},
     {"lots", "customer,lot,since,expires,points"},
     {"liability",
      "as_of,points,debt,redeemed,redeemed_low,redeemed_high,breakage,lots,customers,method,"
      "cost_per_point,liability,liability_low,liability_high"},
     {"roll_forward", "item,points"}}};

struct loyalty_balances_request {
  programme rules;
  std::string as_of, from, time_zone;
  double expiring_days, bin_days, min_customers, fallback;
  double cost_per_point;
};

struct balances_work {
  const report_inputs& in;
  const loyalty_balances_request& asked;
  std::int64_t as_of = 0;
  std::vector<member_lines> members;
  std::vector<member_points> held;
};

// A ledger that stops before the date has not booked what ended since.
void check_expiry(const balances_work& w, std::size_t i) {
  for (const open_lot& l : w.held[i].lots) {
    if (!l.expires || *l.expires > w.as_of) continue;
    throw error(status::invalid,
                std::string("report '") + loyalty_balances_name + "': lot '" + l.lot +
                    "' of customer '" + w.members[i].customer + "' ended on " +
                    format_time(*l.expires) + ", and the ledger has not booked it",
                "make the ledger as of the same day, and with the same programme");
  }
}

balances_work read_members(const report_inputs& in, const loyalty_balances_request& asked) {
  balances_work w{in, asked, 0, {}, {}};
  const table& ledger = in.of("ledger");
  w.as_of = as_of_option(loyalty_balances_name, asked.as_of, asked.time_zone, ledger_times(ledger));
  w.members = read_ledger(ledger, loyalty_balances_name, w.as_of);
  for (std::size_t i = 0; i < w.members.size(); ++i) {
    w.held.push_back(open_points(w.members[i], asked.rules));
    check_expiry(w, i);
  }
  return w;
}

std::optional<double> tier_amount(const programme& p, std::int64_t amount) {
  const bool spend = p.tiers.by == tier_basis::spend;
  return static_cast<double>(amount) / (spend ? static_cast<double>(p.minor_per_unit) : 1);
}

void write_member(const balances_work& w,
                  const std::string& customer,
                  const member_points& held,
                  const tier_standing& at,
                  report_writer& rows) {
  const programme& p = w.asked.rules;
  const auto soon = w.as_of + static_cast<std::int64_t>(w.asked.expiring_days * 86'400e6);
  std::int64_t expiring = 0;
  std::optional<std::int64_t> next;
  for (const open_lot& l : held.lots) {
    if (!l.expires) continue;
    if (!next) next = l.expires;
    if (*l.expires <= soon) expiring += l.points;
  }
  const bool top = at.level + 1 == p.tiers.levels.size();
  const tier* above = top ? nullptr : &p.tiers.levels[at.level + 1];
  rows.row(
      customer,
      held.balance(),
      held.debt,
      static_cast<std::int64_t>(held.lots.size()),
      next,
      expiring,
      p.tiers.levels[at.level].name,
      tier_amount(p, at.sum),
      top ? std::nullopt : std::optional<std::string_view>(above->name),
      top ? std::nullopt : tier_amount(p, std::max<std::int64_t>(0, above->threshold - at.sum)),
      at.next_review == INT64_MAX ? std::nullopt : std::optional(at.next_review));
}

std::shared_ptr<const table> balance_rows(const balances_work& w) {
  const programme& p = w.asked.rules;
  const std::string unit = p.tiers.by == tier_basis::spend ? p.currency : "points";
  report_writer rows({{"customer", type::utf8},
                      {"balance", type::i64, "points"},
                      {"debt", type::i64, "points"},
                      {"lots", type::i64},
                      {"next_expiry", type::time},
                      {"expiring", type::i64, "points"},
                      {"tier", type::utf8},
                      {"tier_sum", type::f64, unit},
                      {"next_tier", type::utf8},
                      {"to_next_tier", type::f64, unit},
                      {"next_review", type::time}});
  const auto standings = tier_standings(w.in,
                                        w.members,
                                        {.report = loyalty_balances_name,
                                         .rules = p,
                                         .as_of = w.as_of,
                                         .time_zone = w.asked.time_zone});
  std::size_t i = 0;
  for (const auto& [customer, standing] : standings) {
    while (i < w.members.size() && w.members[i].customer < customer) ++i;
    const bool known = i < w.members.size() && w.members[i].customer == customer;
    write_member(w, customer, known ? w.held[i] : member_points{}, standing, rows);
  }
  return rows.sealed(std::string(loyalty_balances_name) + "|" + w.in.of("ledger").fingerprint());
}

std::shared_ptr<const table> lot_rows(const balances_work& w) {
  report_writer rows({{"customer", type::utf8},
                      {"lot", type::utf8},
                      {"since", type::time},
                      {"expires", type::time},
                      {"points", type::i64, "points"}});
  for (std::size_t i = 0; i < w.members.size(); ++i) {
    for (const open_lot& l : w.held[i].lots) {
      rows.row(w.members[i].customer, l.lot, l.since, l.expires, l.points);
    }
  }
  return rows.sealed("loyalty_balances.lots");
}

struct outstanding {
  std::int64_t points = 0, debt = 0;
};

outstanding totals_of(const balances_work& w) {
  outstanding sum;
  for (const member_points& m : w.held) {
    sum.points += m.balance() + m.debt;
    sum.debt += m.debt;
  }
  return sum;
}

std::shared_ptr<const table> liability_rows(const balances_work& w) {
  breakage_counts counts(static_cast<std::int64_t>(w.asked.bin_days), w.as_of);
  for (const member_lines& m : w.members) counts.add(m);
  for (const member_points& m : w.held) counts.add_open(m);
  const outstanding out = totals_of(w);
  breakage_counts::estimate e = counts.redeemed();
  const bool observed = static_cast<double>(e.customers) >= w.asked.min_customers;
  std::optional<double> low = e.low, high = e.high;
  if (!observed) {
    e.redeemed = w.asked.fallback * static_cast<double>(out.points);
    low = high = std::nullopt;
  }
  const std::string& currency = w.asked.rules.currency;
  const double cost = w.asked.cost_per_point;
  const auto money = [&](std::optional<double> points) {
    return points ? std::optional(*points * cost) : std::nullopt;
  };
  report_writer rows({{"as_of", type::time},
                      {"points", type::i64, "points"},
                      {"debt", type::i64, "points"},
                      {"redeemed", type::f64, "points"},
                      {"redeemed_low", type::f64, "points"},
                      {"redeemed_high", type::f64, "points"},
                      {"breakage", type::f64, "points"},
                      {"lots", type::i64},
                      {"customers", type::i64},
                      {"method", type::utf8},
                      {"cost_per_point", type::f64, currency},
                      {"liability", type::f64, currency},
                      {"liability_low", type::f64, currency},
                      {"liability_high", type::f64, currency}});
  rows.row(w.as_of,
           out.points,
           out.debt,
           e.redeemed,
           low,
           high,
           static_cast<double>(out.points) - e.redeemed,
           e.lots,
           e.customers,
           observed ? "observed" : "fallback",
           cost,
           e.redeemed * cost,
           money(low),
           money(high));
  return rows.sealed("loyalty_balances.liability");
}

std::shared_ptr<const table> roll_forward_rows(const balances_work& w) {
  std::int64_t from = INT64_MIN;
  if (!w.asked.from.empty()) from = *parse_time(w.asked.from, zone(w.asked.time_zone));
  std::int64_t opening = 0, closing = 0;
  std::array<std::int64_t, 6> by_kind{};
  for (const member_lines& m : w.members) {
    for (const ledger_line& l : m.lines) {
      closing += l.points;
      (l.time < from ? opening : by_kind[static_cast<std::size_t>(l.kind)]) += l.points;
    }
  }
  report_writer rows({{"item", type::utf8}, {"points", type::i64, "points"}});
  rows.row("opening", opening);
  constexpr const char* words[] = {
      "earned", "restored", "burned", "expired", "reversed", "adjusted"};
  for (std::size_t k = 0; k < by_kind.size(); ++k) rows.row(words[k], by_kind[k]);
  rows.row("closing", closing);
  return rows.sealed("loyalty_balances.roll_forward");
}

void loyalty_balances_answer(const report_inputs& in,
                             const loyalty_balances_request& asked,
                             outcome& out) {
  const balances_work w = read_members(in, asked);
  out.tables[""] = balance_rows(w);
  out.tables["lots"] = lot_rows(w);
  out.tables["liability"] = liability_rows(w);
  out.tables["roll_forward"] = roll_forward_rows(w);
}

loyalty_balances_request read_request(std::string_view json) {
  const settings s(loyalty_balances_name, json, loyalty_balances_options);
  loyalty_balances_request r{.rules = programme_option(loyalty_balances_name, json),
                             .as_of = s.text("as_of", ""),
                             .from = s.text("from", ""),
                             .time_zone = s.text("time_zone", "UTC"),
                             .expiring_days = s.number_in("expiring_days", 30, 0, 36'525),
                             .bin_days = s.number_in("bin_days", 30, 1, 36'525),
                             .min_customers = s.number_in("min_customers", 30, 1, 1e12),
                             .fallback = s.number_in("fallback_redemption", 1, 0, 1),
                             .cost_per_point = 0};
  r.cost_per_point =
      s.number_in("cost_per_point",
                  static_cast<double>(per_one) / static_cast<double>(r.rules.burn.per_unit),
                  0,
                  1e9);
  as_of_option(loyalty_balances_name, r.as_of, r.time_zone, {});  // refused before any work
  if (!r.from.empty() && !parse_time(r.from, zone(r.time_zone))) s.refuse("from", "a date");
  return r;
}

job loyalty_balances_begin(report_inputs in, std::string_view options_json) {
  loyalty_balances_request r = read_request(options_json);
  return report_at_once("balances", [in = std::move(in), r = std::move(r)](outcome& out) {
    loyalty_balances_answer(in, r, out);
  });
}

}  // namespace

constinit const report loyalty_balances_report{
    .name = loyalty_balances_name,
    .summary = "What members of a loyalty programme hold, and what that will cost the shop",
    .needs_model = false,
    .inputs = loyalty_balances_inputs,
    .options = loyalty_balances_options,
    .outputs = loyalty_balances_outputs,
    .begin = loyalty_balances_begin,
};

}  // namespace clv
