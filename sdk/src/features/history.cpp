#include "features/history.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "clv/money.hpp"
#include "data/log_reader.hpp"

namespace clv::features {
namespace {

summarize_options options_for(const moment& at, const std::string& currency) {
  return {.time_zone = at.where.name(), .as_of_us = at.cutoff - 1, .currency = currency};
}

// The whole of an event, so that sending it again is told from another one with its id.
std::string content(const table& log, std::string_view id, std::size_t row) {
  return std::string(id) + '\n' + std::string(log.get("customer", type::utf8).text(row)) + '\n' +
         std::to_string(log.get("time", type::time).integers()[row]) + '\n' +
         std::to_string(log.get("amount", type::money).integers()[row]);
}

auto sort_key(const order& o) {
  return std::tie(o.customer, o.time, o.refund, o.minor, o.event_id);
}

}  // namespace

history read_history(const table& log, const moment& at, const std::string& currency, crowd& who) {
  data::log_reader reader(log, options_for(at, currency));
  const column& times = log.get("time", type::time);
  const column* ids = log.find("event_id");
  history all;
  seen_events known, ids_seen;
  for (std::size_t row = 0; row < log.rows(); ++row) {
    if (times.present(row) && !at.knows(times.integers()[row])) continue;
    const data::event e = reader.read(row);
    if (e.kind == data::event_kind::ignored) continue;
    const std::string_view id = ids == nullptr ? std::string_view() : ids->text(row);
    if (!id.empty() && known.first_row(content(log, id, row), row)) {
      ++all.repeated;
      continue;
    }
    if (ids_seen.first_row(id, row)) ++all.differing;
    all.orders.push_back({.customer = who.add(reader.customers().text(row)),
                          .day = e.day,
                          .time = e.time,
                          .minor = e.amount,
                          .refund = e.kind == data::event_kind::refund,
                          .event_id = std::string(id)});
  }
  if (!all.orders.empty()) reader.check_currencies();
  all.currency = reader.currency();
  all.minor_per_major = minor_per_major(all.currency);
  return all;
}

void settle(history& all, const crowd& who) {
  for (order& o : all.orders) o.customer = who.ranks()[o.customer];
  std::sort(all.orders.begin(), all.orders.end(), [](const order& a, const order& b) {
    return sort_key(a) < sort_key(b);
  });
}

}  // namespace clv::features
