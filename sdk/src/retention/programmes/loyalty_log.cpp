#include "retention/programmes/loyalty_log.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "retention/programmes/loyalty_columns.hpp"

namespace clv::retention {
namespace {

using what = loyalty_event::what;

struct raw_event {
  std::string customer;
  loyalty_event event;
};

// Event id -> position, and what it said: the same id may come again only with the same content.
class seen_events {
  static auto content(const raw_event& e) {
    return std::tie(e.customer,
                    e.event.time,
                    e.event.kind,
                    e.event.order,
                    e.event.amount,
                    e.event.points,
                    e.event.rate);
  }

 public:
  // True when it is new.
  bool add(const raw_event& e, const report_rows& rows, std::size_t row) {
    const auto [at, fresh] = by_id_.emplace(e.event.id, e);
    if (!fresh && content(at->second) != content(e)) {
      rows.refuse("event_id", row, "'" + e.event.id + "' is there before with other values");
    }
    return fresh;
  }

 private:
  std::unordered_map<std::string, raw_event> by_id_;
};

class log_builder {
 public:
  log_builder(const report_inputs& in, const loyalty_request& asked) : in_(in), asked_(asked) {}

  loyalty_log build() {
    read_transactions();
    if (in_.has("redemptions")) read_redemptions();
    out_.as_of = as_of_option(asked_.report, asked_.as_of, asked_.time_zone, times_);
    std::erase_if(events_, [&](const raw_event& e) { return e.event.time > out_.as_of; });
    resolve();
    group();
    std::sort(out_.exceptions.begin(), out_.exceptions.end());
    return std::move(out_);
  }

 private:
  void read_transactions();
  void read_redemptions();
  void resolve();
  bool resolved(raw_event& e);
  void group();
  void except(const raw_event& e, std::string why) {
    out_.exceptions.push_back({e.event.id, e.customer, std::move(why)});
  }

  const report_inputs& in_;
  const loyalty_request& asked_;
  std::vector<raw_event> events_;
  std::vector<std::int64_t> times_;
  std::unordered_map<std::string_view, const raw_event*> purchases_;
  loyalty_log out_;
};

// What is left of the amount after what the programme does not count; never below 0.
std::int64_t earning_part(std::int64_t amount,
                          std::int64_t shipping,
                          std::int64_t tax,
                          const earn_rules& rules) {
  const std::int64_t off = (rules.exclude_shipping ? shipping : 0) + (rules.exclude_tax ? tax : 0);
  return std::max<std::int64_t>(0, amount - off);
}

void log_builder::read_transactions() {
  const loyalty_input in(in_.of("transactions"), asked_.report, "transactions");
  const report_rows& rows = in.rows;
  const programme& p = asked_.rules;
  const auto customers = rows.texts("customer"), ids = rows.texts("event_id");
  const auto times = rows.times("time", zone(asked_.time_zone));
  const auto amounts = minor_amounts(in, "amount", p.currency, false);
  const auto shipping = minor_amounts(in, "shipping", p.currency, true);
  const auto tax = minor_amounts(in, "tax", p.currency, true);
  const auto kinds = optional_texts(in, "kind"), orders = optional_texts(in, "orig_event_id");
  const auto categories = optional_texts(in, "category");
  const auto currencies = optional_texts(in, "currency");
  seen_events seen;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const bool refund = kinds[row] == "refund" || amounts[row] < 0;
    if (kinds[row] == "purchase" && amounts[row] < 0) {
      rows.refuse("amount", row, "is negative, and kind says purchase");
    }
    if (shipping[row] < 0 && !refund) rows.refuse("shipping", row, "is negative on a purchase");
    if (tax[row] < 0 && !refund) rows.refuse("tax", row, "is negative on a purchase");
    raw_event e{customers[row],
                {.time = times[row],
                 .kind = refund ? what::refund : what::purchase,
                 .id = ids[row],
                 .order = refund ? orders[row] : std::string(),
                 .amount = earning_part(
                     std::abs(amounts[row]), std::abs(shipping[row]), std::abs(tax[row]), p.earn),
                 .rate = refund ? 0 : p.rate_of(kinds[row], categories[row])}};
    if (!seen.add(e, rows, row)) continue;
    times_.push_back(times[row]);
    if (!currencies[row].empty() && currencies[row] != p.currency) {
      except(e, "is in " + currencies[row] + ", the programme in " + p.currency + ": not counted");
      continue;
    }
    events_.push_back(std::move(e));
  }
}

void log_builder::read_redemptions() {
  const loyalty_input in(in_.of("redemptions"), asked_.report, "redemptions");
  const report_rows& rows = in.rows;
  const auto customers = rows.texts("customer"), ids = optional_texts(in, "event_id");
  const auto times = rows.times("time", zone(asked_.time_zone));
  const auto points = whole_points(in, "points");
  const auto orders = optional_texts(in, "order");
  seen_events seen;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    // Without a number of its own a redemption is what it says: the same words are the same one.
    const std::string id = !ids[row].empty()
                               ? ids[row]
                               : customers[row] + "/" + std::to_string(times[row]) + "/" +
                                     std::to_string(points[row]) + "/" + orders[row];
    raw_event e{customers[row],
                {.time = times[row],
                 .kind = what::redemption,
                 .id = id,
                 .order = orders[row],
                 .points = points[row]}};
    if (!seen.add(e, rows, row)) continue;
    times_.push_back(times[row]);
    events_.push_back(std::move(e));
  }
}

// False: it takes no part, and the exceptions say why. Clocks differ: a refund is not before its
// order, and points that pay for an order are spent no later than it.
bool log_builder::resolved(raw_event& e) {
  loyalty_event& it = e.event;
  if (it.kind == what::purchase) return true;
  if (it.order.empty() && it.kind == what::redemption) return true;
  if (it.order.empty())
    return except(e, "is a refund without orig_event_id: no points move"), false;
  const auto found = purchases_.find(it.order);
  if (found == purchases_.end()) {
    const bool refund = it.kind == what::refund;
    except(e, "names '" + it.order + "', which is not there" + (refund ? ": no points move" : ""));
    if (!refund) it.order.clear();
    return !refund;
  }
  if (found->second->customer != e.customer) {
    except(e, "names '" + it.order + "', which is another customer's: no points move");
    return false;
  }
  const std::int64_t ordered = found->second->event.time;
  it.time = it.kind == what::refund ? std::max(it.time, ordered) : std::min(it.time, ordered);
  return true;
}

void log_builder::resolve() {
  for (const raw_event& e : events_) {
    if (e.event.kind == what::purchase) purchases_.emplace(e.event.id, &e);
  }
  std::vector<raw_event> kept;
  kept.reserve(events_.size());
  for (const raw_event& e : events_) {
    raw_event copy = e;
    if (resolved(copy)) kept.push_back(std::move(copy));
  }
  purchases_.clear();
  events_ = std::move(kept);
}

void log_builder::group() {
  std::sort(events_.begin(), events_.end(), [](const raw_event& a, const raw_event& b) {
    return std::tie(a.customer, a.event.time, a.event.kind, a.event.id) <
           std::tie(b.customer, b.event.time, b.event.kind, b.event.id);
  });
  std::unordered_map<std::string, std::size_t> at;
  for (raw_event& e : events_) {
    if (out_.members.empty() || out_.members.back().customer != e.customer) {
      out_.members.push_back({std::move(e.customer), {}});
    }
    auto& events = out_.members.back().events;
    if (e.event.kind == what::purchase) at.emplace(e.event.id, events.size());
    events.push_back(std::move(e.event));
  }
  for (loyalty_member& m : out_.members) {
    for (loyalty_event& e : m.events) {
      if (!e.order.empty()) e.at = at.at(e.order);
    }
  }
}

}  // namespace

std::int64_t as_of_option(std::string_view report,
                          std::string_view text,
                          std::string_view time_zone,
                          const std::vector<std::int64_t>& times) {
  if (text.empty()) return times.empty() ? 0 : *std::max_element(times.begin(), times.end());
  const zone local(time_zone);
  const auto at = parse_time(text, local);
  if (!at) {
    throw error(status::invalid,
                "report '" + std::string(report) + "': option 'as_of' is '" + std::string(text) +
                    "', expected a date or time in ISO 8601");
  }
  const bool day = text.find(':') == std::string_view::npos;
  return day ? local.start_of(local.day_of(*at) + 1) - 1 : *at;
}

loyalty_log read_loyalty_log(const report_inputs& in, const loyalty_request& asked) {
  return log_builder(in, asked).build();
}

}  // namespace clv::retention
