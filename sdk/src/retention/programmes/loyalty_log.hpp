// The events of a loyalty programme, read from a report's tables: each once, in one order, whatever
// order and however often the rows came in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/report.hpp"
#include "retention/programmes/programme.hpp"

namespace clv::retention {

inline constexpr std::string_view loyalty_transaction_columns =
    "customer,time,amount,event_id; optional: kind (refund, else a word for rules),orig_event_id "
    "(of a refund: the event_id it takes back),category,shipping,tax,currency";
inline constexpr std::string_view redemption_columns =
    "customer,time,points; optional: order (event_id of what they paid),event_id";

struct loyalty_event {
  // In the order in which events of one instant happen: points of an order cannot pay for it.
  enum class what : std::uint8_t { redemption, purchase, refund };
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::int64_t time = 0;
  what kind = what::purchase;
  std::string id;
  std::string order;        // redemption: what it paid, may be ""; refund: what it takes back
  std::int64_t amount = 0;  // minor units that earn: 0 or more, shipping and tax off as ruled
  std::int64_t points = 0;  // of a redemption
  std::int64_t rate = 0;    // of a purchase: millionths of a point per currency unit
  std::size_t at = none;    // position of `order` in the member's events
};

struct loyalty_member {
  std::string customer;
  std::vector<loyalty_event> events;
};

struct loyalty_exception {
  std::string event_id, customer, what;
  auto operator<=>(const loyalty_exception&) const = default;
};

struct loyalty_log {
  std::vector<loyalty_member> members;  // by customer, byte by byte
  std::vector<loyalty_exception> exceptions;
  std::int64_t as_of = 0;
};

// The last instant of the day that option `as_of` names, or the instant; without it the last of
// `times`, 0 when there are none.
std::int64_t as_of_option(std::string_view report,
                          std::string_view text,
                          std::string_view time_zone,
                          const std::vector<std::int64_t>& times);

struct loyalty_request {
  std::string_view report;
  programme rules;
  std::string as_of, time_zone;
};

// `transactions`, and `redemptions` where given. Later than as_of is left out. Throws error{data}
// naming the row for an event id that stands for two different events.
loyalty_log read_loyalty_log(const report_inputs& in, const loyalty_request& asked);

}  // namespace clv::retention
