#include "retention/programmes/points_account.hpp"

#include <algorithm>
#include <utility>

#include "clv/time.hpp"

namespace clv::retention {

points_account::points_account(const programme& rules,
                               std::string_view customer,
                               std::vector<ledger_row>& rows)
    : rules_(rules), account_("customer:" + std::string(customer)), rows_(rows) {}

std::optional<std::int64_t> points_account::end_of(const lot& l) const {
  if (!l.floating) return l.end;
  return active_ + rules_.expiry.days * us_per_day;
}

void points_account::write(const cause& why,
                           std::string_view from,
                           std::string_view to,
                           std::int64_t points,
                           const lot_map::value_type* at) {
  std::string id = std::string(why.kind) + ":" + why.id;
  const int piece = pieces_[id]++;
  if (piece > 0) id += "#" + std::to_string(piece + 1);
  rows_.push_back({.time = why.time,
                   .kind = why.kind,
                   .from = std::string(from),
                   .to = std::string(to),
                   .points = points,
                   .lot = at == nullptr ? "" : at->first,
                   .expires = at == nullptr ? std::nullopt : end_of(at->second),
                   .order = why.order,
                   .event_id = std::move(id)});
}

// Keeps the sums and the list of open lots in step with what a lot holds.
void points_account::change(lot_map::iterator at, std::int64_t by) {
  lot& l = at->second;
  if (l.held > 0) open_.erase(key_of(at));
  l.held += by;
  held_ += by;
  if (l.held > 0) open_.insert(key_of(at));
}

void points_account::credit(const cause& why,
                            std::string_view from,
                            lot_map::iterator at,
                            std::int64_t points) {
  const std::int64_t pays = std::min(points, debt_);
  if (pays > 0) {
    write(why, from, account_, pays, nullptr);
    debt_ -= pays;
  }
  if (points == pays) return;
  write(why, from, account_, points - pays, &*at);
  change(at, points - pays);
}

void points_account::take(const cause& why,
                          std::string_view to,
                          lot_map::iterator at,
                          std::int64_t points) {
  if (points == 0) return;
  write(why, account_, to, points, &*at);
  change(at, -points);
}

void points_account::expire_lot(lot_map::iterator at, std::int64_t time) {
  const std::int64_t points = at->second.held;
  take({time, "expire", at->first, {}}, "expired", at, points);
  at->second.expired += points;
}

void points_account::expire_until(std::int64_t time) {
  const bool floats = rules_.expiry.after_inactivity;
  const std::int64_t lapse = active_ + rules_.expiry.days * us_per_day;
  while (!open_.empty()) {
    const auto& [end, since, name] = *open_.begin();
    const bool floating = floats && end == INT64_MAX;
    const std::int64_t ends = floating ? lapse : end;
    if (ends > time || ends == INT64_MAX) return;
    expire_lot(lots_.find(name), ends);
  }
}

void points_account::earn(std::int64_t time, const std::string& order, std::int64_t points) {
  if (points == 0) return;
  lot l{.time = time, .floating = rules_.expiry.after_inactivity};
  if (rules_.expiry.days > 0 && !l.floating) l.end = time + rules_.expiry.days * us_per_day;
  credit({time, "earn", order, order}, "issued", lots_.emplace(order, l).first, points);
}

std::vector<lot_piece> points_account::burn(std::int64_t time,
                                            const std::string& id,
                                            const std::string& order,
                                            std::int64_t points) {
  std::vector<lot_piece> pieces;
  while (points > 0) {
    const auto at = lots_.find(std::get<2>(*open_.begin()));
    const std::int64_t part = std::min(points, at->second.held);
    take({time, "burn", id, order}, "redeemed", at, part);
    pieces.push_back({at->first, part});
    points -= part;
  }
  return pieces;
}

void points_account::reverse(std::int64_t time,
                             const std::string& id,
                             const std::string& order,
                             std::int64_t points) {
  const cause why{time, "reverse", id, order};
  const auto own = lots_.find(order);
  const std::int64_t left = std::min(points, own->second.held);
  take(why, "issued", own, left);
  points -= left;
  const std::int64_t lapsed = std::min(points, own->second.expired);
  if (lapsed > 0) {
    write({time, "restore", id, order}, "expired", account_, lapsed, &*own);
    write(why, account_, "issued", lapsed, &*own);
    own->second.expired -= lapsed;
    points -= lapsed;
  }
  while (points > 0 && !open_.empty()) {
    const auto at = lots_.find(std::get<2>(*open_.begin()));
    const std::int64_t part = std::min(points, at->second.held);
    take(why, "issued", at, part);
    points -= part;
  }
  if (points == 0) return;
  write(why, account_, "issued", points, nullptr);
  debt_ += points;
}

points_account::lot_map::iterator points_account::lot_for_restored(std::int64_t time,
                                                                   const std::string& id,
                                                                   lot_map::iterator at) {
  const std::int64_t until = time + rules_.refunds.restore_days * us_per_day;
  const auto end = end_of(at->second);
  if (!end || *end >= until) return at;
  return lots_.try_emplace("restore:" + id, lot{.time = time, .end = until}).first;
}

void points_account::restore(std::int64_t time,
                             const std::string& id,
                             const std::string& order,
                             const lot_piece& piece) {
  const auto at = lot_for_restored(time, id, lots_.find(piece.lot));
  credit({time, "restore", id, order}, "redeemed", at, piece.points);
}

}  // namespace clv::retention
