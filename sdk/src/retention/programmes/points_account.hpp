// The points of one member as lots, and the rows of the ledger that move them.
//
// Double entry: each row takes `points` (above 0) out of `from` and puts them into `to`, so that
// all accounts together are 0. The shop's liability is what all `customer:` accounts hold.
//
//   earn     issued -> customer:C     burn     customer:C -> redeemed
//   expire   customer:C -> expired    reverse  customer:C -> issued
//   restore  redeemed or expired -> customer:C
//
// Balance = earned - reversed - burned - expired + restored. The rules that need saying:
// * What expires first is taken first (the oldest lot); never-expiring lots by their age.
// * A reversal takes exactly the points of the order, whatever became of them: from the order's own
//   lot; what expired of it is taken back from `expired` first, else the member would lose it
//   twice; what was spent comes out of the other lots; and what is then missing is a debt, the row
//   without a lot. Points that come in later pay the debt before they make a lot: a balance can be
//   negative, but nothing is spent from it.
// * Points of a redemption that was refunded return to the lots they came from; where that lot ends
//   sooner than `restore_days` later they get a lot of their own that lasts so long.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "retention/programmes/programme.hpp"

namespace clv::retention {

struct ledger_row {
  std::int64_t time = 0;
  std::string_view kind;
  std::string from, to;
  std::int64_t points = 0;
  std::string lot;  // "" = the debt
  std::optional<std::int64_t> expires;
  std::string order, event_id;
};

struct lot_piece {
  std::string lot;
  std::int64_t points = 0;
};

// Calls must come in rising time, and expire_until(time) before what happens then. [one]
class points_account {
 public:
  // Both must outlive this.
  points_account(const programme& rules, std::string_view customer, std::vector<ledger_row>& rows);

  void expire_until(std::int64_t time);
  // An order that earns points, or a redemption: what expiry after inactivity counts from. What
  // leaves no row in the ledger is no activity, so that the ledger alone says when points end.
  void touch(std::int64_t time) { active_ = time; }
  void earn(std::int64_t time, const std::string& order, std::int64_t points);
  // The pieces it took, in order; `points` must be at most balance().
  std::vector<lot_piece> burn(std::int64_t time,
                              const std::string& id,
                              const std::string& order,
                              std::int64_t points);
  void reverse(std::int64_t time,
               const std::string& id,
               const std::string& order,
               std::int64_t points);
  void restore(std::int64_t time,
               const std::string& id,
               const std::string& order,
               const lot_piece& piece);

  std::int64_t balance() const { return held_ - debt_; }

 private:
  struct lot {
    std::int64_t time = 0, held = 0, expired = 0;
    std::optional<std::int64_t> end;  // empty: never, or by inactivity
    bool floating = false;            // ends by inactivity
  };
  using lot_map = std::map<std::string, lot, std::less<>>;
  struct cause {
    std::int64_t time;
    std::string_view kind;
    std::string id, order;
  };

  std::optional<std::int64_t> end_of(const lot& l) const;
  auto key_of(lot_map::iterator at) const {
    const lot& l = at->second;
    return std::make_tuple(l.end.value_or(INT64_MAX), l.time, at->first);
  }
  void change(lot_map::iterator at, std::int64_t by);
  void credit(const cause& why, std::string_view from, lot_map::iterator at, std::int64_t points);
  void take(const cause& why, std::string_view to, lot_map::iterator at, std::int64_t points);
  void expire_lot(lot_map::iterator at, std::int64_t time);
  lot_map::iterator lot_for_restored(std::int64_t time,
                                     const std::string& id,
                                     lot_map::iterator at);
  void write(const cause& why,
             std::string_view from,
             std::string_view to,
             std::int64_t points,
             const lot_map::value_type* at);

  const programme& rules_;
  std::string account_;
  std::vector<ledger_row>& rows_;
  lot_map lots_;
  // Lots that hold points, first the one to take from.
  std::set<std::tuple<std::int64_t, std::int64_t, std::string>> open_;
  std::int64_t held_ = 0, debt_ = 0, active_ = 0;
  std::map<std::string, int, std::less<>> pieces_;  // rows written per kind and event
};

}  // namespace clv::retention
