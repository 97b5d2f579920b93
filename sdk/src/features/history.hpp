// The orders and refunds of everybody, as they were known at a moment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "features/crowd.hpp"
#include "features/moment.hpp"

namespace clv::features {

struct order {
  std::uint32_t customer = 0;
  std::int32_t day = 0;
  std::int64_t time = 0;
  std::int64_t minor = 0;  // never negative
  bool refund = false;
  std::string event_id;  // "" when the log has none
};

struct history {
  std::vector<order> orders;  // by customer, then time, refund, amount, event id
  std::string currency;
  double minor_per_major = 100;
  std::int64_t repeated = 0;   // rows left out: the same event, sent again
  std::int64_t differing = 0;  // rows that share an event id with another customer, time or amount
};

// The rows of `log` (schema transactions) before the moment's cutoff; later rows are not looked at,
// not even checked. An event id that comes twice with the same customer, time and amount counts
// once. With another content both rows count: real logs have invoices whose lines were booked a
// minute apart (Online Retail: 31 of them), and leaving one out would lose money in silence.
// Throws what data::log_reader throws about a row. Adds the customers to `who` (provisional
// numbers).
history read_history(const table& log, const moment& at, const std::string& currency, crowd& who);

// Replaces provisional numbers by final ones and sorts.
void settle(history& all, const crowd& who);

}  // namespace clv::features
