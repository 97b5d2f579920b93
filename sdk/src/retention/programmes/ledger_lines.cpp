#include "retention/programmes/ledger_lines.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "clv/time.hpp"
#include "retention/programmes/loyalty_columns.hpp"

namespace clv::retention {
namespace {

constexpr std::array<std::string_view, 6> kinds{
    "earn", "restore", "burn", "expire", "reverse", "adjust"};

ledger_kind kind_of(const std::string& word, const report_rows& rows, std::size_t row) {
  const auto at = std::find(kinds.begin(), kinds.end(), word);
  if (at == kinds.end()) {
    rows.refuse(
        "kind", row, "'" + word + "' is not earn, restore, burn, expire, reverse or adjust");
  }
  return static_cast<ledger_kind>(at - kinds.begin());
}

// +1: into the member's account, -1: out of it.
int direction_of(const std::string& from,
                 const std::string& to,
                 const std::string& customer,
                 const report_rows& rows,
                 std::size_t row) {
  const std::string account = "customer:" + customer;
  if ((from == account) == (to == account)) {
    rows.refuse("from",
                row,
                "'" + from + "' to '" + to + "' is no entry of '" + account +
                    "': exactly one of the two must be it");
  }
  return to == account ? 1 : -1;
}

struct raw_line {
  std::string customer;
  ledger_line line;
};

auto key_of(const raw_line& l) {
  return std::tie(l.customer, l.line.time, l.line.kind, l.line.event_id, l.line.lot, l.line.points);
}

// A row that came twice counts once; two rows of one id that differ are two ledgers in one table.
class seen_lines {
 public:
  // True when it is new.
  bool add(const raw_line& l, const report_rows& rows, std::size_t row) {
    if (l.line.event_id.empty()) return true;
    const auto [at, fresh] = by_id_.emplace(l.line.event_id, l);
    if (!fresh && key_of(at->second) != key_of(l)) {
      rows.refuse("event_id",
                  row,
                  "'" + l.line.event_id +
                      "' is there before with other values: a ledger is made again as a whole, "
                      "not added to an older one");
    }
    return fresh;
  }

 private:
  std::unordered_map<std::string, raw_line> by_id_;
};

std::vector<raw_line> read_lines(const loyalty_input& in, std::optional<std::int64_t> as_of) {
  const report_rows& rows = in.rows;
  const auto customers = rows.texts("customer"), words = rows.texts("kind");
  const auto from = rows.texts("from"), to = rows.texts("to");
  const auto times = rows.times("time", zone("UTC"));
  const auto points = whole_points(in, "points");
  const auto lots = optional_texts(in, "lot"), orders = optional_texts(in, "order");
  const auto ids = optional_texts(in, "event_id");
  const column* ends = in.raw->find("expires");
  seen_lines seen;
  std::vector<raw_line> out;
  out.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const int way = direction_of(from[row], to[row], customers[row], rows, row);
    ledger_line l{.time = times[row],
                  .kind = kind_of(words[row], rows, row),
                  .points = way * points[row],
                  .lot = lots[row],
                  .expires = std::nullopt,
                  .order = orders[row],
                  .event_id = ids[row]};
    if (ends != nullptr && ends->present(row)) l.expires = ends->integers()[row];
    raw_line whole{customers[row], std::move(l)};
    if (!seen.add(whole, rows, row)) continue;
    if (!as_of || whole.line.time <= *as_of) out.push_back(std::move(whole));
  }
  return out;
}

}  // namespace

std::vector<std::int64_t> ledger_times(const table& rows) {
  const auto times = rows.integers("time", type::time);
  return {times.begin(), times.end()};
}

std::vector<member_lines> read_ledger(const table& rows,
                                      std::string_view report,
                                      std::optional<std::int64_t> as_of) {
  std::vector<raw_line> all = read_lines(loyalty_input(rows, report, "ledger"), as_of);
  std::sort(all.begin(), all.end(), [](const raw_line& a, const raw_line& b) {
    return key_of(a) < key_of(b);
  });
  std::vector<member_lines> out;
  for (raw_line& l : all) {
    if (out.empty() || out.back().customer != l.customer) {
      out.push_back({std::move(l.customer), {}});
    }
    out.back().lines.push_back(std::move(l.line));
  }
  return out;
}

std::int64_t member_points::balance() const {
  std::int64_t sum = -debt;
  for (const open_lot& l : lots) sum += l.points;
  return sum;
}

member_points open_points(const member_lines& of, const programme& rules) {
  std::map<std::string, open_lot> lots;
  std::int64_t active = 0;
  for (const ledger_line& l : of.lines) {
    if (l.kind == ledger_kind::earn || l.kind == ledger_kind::burn) active = l.time;
    open_lot& lot = lots.try_emplace(l.lot, open_lot{l.lot, l.time, 0, {}}).first->second;
    lot.points += l.points;
    if (l.expires) lot.expires = l.expires;
  }
  member_points out;
  for (auto& [name, lot] : lots) {
    if (name.empty()) out.debt -= lot.points;
    if (name.empty() || lot.points == 0) continue;
    // A lot of points given back has an end of its own.
    if (rules.expiry.after_inactivity && !name.starts_with("restore:")) {
      lot.expires = active + rules.expiry.days * us_per_day;
    }
    out.lots.push_back(std::move(lot));
  }
  std::sort(out.lots.begin(), out.lots.end(), [](const open_lot& a, const open_lot& b) {
    return std::make_tuple(a.expires.value_or(INT64_MAX), a.since, std::string_view(a.lot)) <
           std::make_tuple(b.expires.value_or(INT64_MAX), b.since, std::string_view(b.lot));
  });
  return out;
}

}  // namespace clv::retention
