// A ledger read back, member by member, in one order whatever order the rows are in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "retention/programmes/programme.hpp"

namespace clv::retention {

enum class ledger_kind : std::uint8_t { earn, restore, burn, expire, reverse, adjust };

struct ledger_line {
  std::int64_t time = 0;
  ledger_kind kind = ledger_kind::earn;
  std::int64_t points = 0;  // into the member's account; negative: out of it
  std::string lot;          // "" = the debt
  std::optional<std::int64_t> expires;
  std::string order, event_id;
};

struct member_lines {
  std::string customer;
  std::vector<ledger_line> lines;
};

// Of a table of schema "ledger" up to `as_of`; a row that came twice (event_id) counts once.
// Members by customer, byte by byte. Throws error{data} naming the row that is no entry of the
// member.
std::vector<member_lines> read_ledger(const table& rows,
                                      std::string_view report,
                                      std::optional<std::int64_t> as_of);

// Where all rows of a ledger end; 0 when it has none.
std::vector<std::int64_t> ledger_times(const table& rows);

struct open_lot {
  std::string lot;
  std::int64_t since = 0, points = 0;
  std::optional<std::int64_t> expires;
};

struct member_points {
  std::vector<open_lot> lots;  // that hold points, first the one that ends first
  std::int64_t debt = 0;       // 0 or more
  std::int64_t balance() const;
};

// What the lines leave open. Under expiry by inactivity a lot ends `days` after the last earning or
// burning, whatever its row says.
member_points open_points(const member_lines& of, const programme& rules);

}  // namespace clv::retention
