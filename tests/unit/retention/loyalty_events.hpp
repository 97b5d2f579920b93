// Random and hand-made events of a loyalty programme, as the tables that its reports take.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/report.hpp"
#include "clv/table.hpp"
#include "clv/time.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {

struct shop_event {
  std::string customer, id, order;  // order: what a refund takes back, or a redemption paid
  std::int64_t time = 0;
  std::int64_t cents = 0;   // of a transaction; a refund's are negative
  std::int64_t points = 0;  // above 0: a redemption
};

inline std::int64_t day(std::int64_t n) {
  return n * us_per_day;
}

inline report_inputs tables_of(const std::vector<shop_event>& events) {
  auto orders = std::make_shared<table>(), redeemed = std::make_shared<table>();
  for (table* t : {orders.get(), redeemed.get()}) {
    t->add("customer", type::utf8);
    t->add("time", type::time);
    t->add("event_id", type::utf8);
  }
  orders->add("amount", type::money, "EUR");
  orders->add("kind", type::utf8);
  orders->add("orig_event_id", type::utf8);
  redeemed->add("points", type::i64);
  redeemed->add("order", type::utf8);
  for (const shop_event& e : events) {
    table& t = e.points > 0 ? *redeemed : *orders;
    t.find("customer")->push(std::string_view(e.customer));
    t.find("time")->push(e.time);
    t.find("event_id")->push(std::string_view(e.id));
    if (e.points > 0) {
      t.find("points")->push(e.points);
      t.find("order")->push(std::string_view(e.order));
    } else {
      t.find("amount")->push(e.cents);
      t.find("kind")->push(std::string_view(e.order.empty() ? "purchase" : "refund"));
      t.find("orig_event_id")->push(std::string_view(e.order));
    }
  }
  report_inputs in;
  in.tables["transactions"] = orders;
  in.tables["redemptions"] = redeemed;
  return in;
}

// `members` go into the document as they are: "\"expiry\":{...}".
inline std::string club(const std::string& members = "",
                        const std::string& earn =
                            "\"points_per_unit\":1,\"rounding\":\"down\","
                            "\"base\":\"after_redemption\"") {
  return "{\"format\":\"clv.programme/1\",\"name\":\"Club\",\"currency\":\"EUR\",\"earn\":{" +
         earn + "},\"burn\":{\"points_per_unit\":100}" + (members.empty() ? "" : "," + members) +
         "}";
}

inline outcome ledger_of(const std::vector<shop_event>& events,
                         const std::string& programme,
                         const std::string& more = "") {
  return run_report(
      loyalty_ledger_report, tables_of(events), "{\"programme\":" + programme + more + "}");
}

// All cells of a table as one text.
inline std::string dump(const table& t) {
  std::string out;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    for (const column& c : t.columns()) {
      out += !c.present(row)          ? "-"
             : c.kind() == type::utf8 ? std::string(c.text(row))
             : c.kind() == type::f64  ? std::to_string(c.numbers()[row])
                                      : std::to_string(c.integers()[row]);
      out += '|';
    }
    out += '\n';
  }
  return out;
}

inline std::string dump(const outcome& o) {
  std::string out;
  for (const auto& [name, t] : o.tables) out += name + ":\n" + dump(*t);
  return out;
}

struct ledger_entry {
  std::string customer, kind, from, to, lot, order;
  std::int64_t time, points;
};

inline std::vector<ledger_entry> entries_of(const outcome& o) {
  const table& t = *o.tables.at("");
  std::vector<ledger_entry> out;
  const auto text = [&](const char* name, std::size_t row) {
    return std::string(t.find(name)->text(row));
  };
  for (std::size_t row = 0; row < t.rows(); ++row) {
    out.push_back({text("customer", row),
                   text("kind", row),
                   text("from", row),
                   text("to", row),
                   text("lot", row),
                   text("order", row),
                   t.find("time")->integers()[row],
                   t.find("points")->integers()[row]});
  }
  return out;
}

inline std::int64_t balance_of(const std::vector<ledger_entry>& rows, const std::string& customer) {
  std::int64_t sum = 0;
  for (const ledger_entry& r : rows) {
    if (r.to == "customer:" + customer) sum += r.points;
    if (r.from == "customer:" + customer) sum -= r.points;
  }
  return sum;
}

// Orders, refunds in parts, redemptions with and without an order, of a few customers.
class event_stream {
 public:
  explicit event_stream(std::uint64_t seed) : random_(seed) {}

  std::vector<shop_event> draw(std::size_t n) {
    std::vector<shop_event> out;
    for (std::size_t i = 0; i < n; ++i) {
      const std::string who = below(3) == 0 ? "b" : "a";
      const double u = random_.uniform();
      time_ += day(below(40)) + below(3);
      if (u < 0.5 || orders_.empty()) {
        out.push_back(order(who));
      } else if (u < 0.75) {
        out.push_back(refund());
      } else {
        out.push_back({who, "r" + std::to_string(i), "", time_, 0, 1 + below(120)});
        if (below(2) == 0) pay_with(out.back());
      }
    }
    return out;
  }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.bits() % static_cast<std::uint64_t>(n));
  }
  std::int64_t now() const { return time_; }

 private:
  shop_event order(const std::string& who) {
    const std::string id = "o" + std::to_string(++count_);
    orders_.push_back({who, id, "", time_, below(12) == 0 ? 0 : below(15'000), 0});
    return orders_.back();
  }
  shop_event refund() {
    const shop_event& of =
        orders_[static_cast<std::size_t>(below(static_cast<std::int64_t>(orders_.size())))];
    const std::int64_t part = below(2) == 0 ? of.cents : below(of.cents + 1);
    return {of.customer, "f" + std::to_string(++count_), of.id, time_, -part, 0};
  }
  // It pays for the latest order of the customer, which the clock put before it.
  void pay_with(shop_event& redemption) {
    for (auto o = orders_.rbegin(); o != orders_.rend(); ++o) {
      if (o->customer != redemption.customer) continue;
      redemption.order = o->id;
      return;
    }
  }

  random_source random_;
  std::vector<shop_event> orders_;
  std::int64_t time_ = day(10'000);
  int count_ = 0;
};

// Fisher-Yates; some events come twice.
inline std::vector<shop_event> shuffled_and_doubled(std::vector<shop_event> events,
                                                    std::uint64_t seed) {
  random_source random(seed, 1);
  for (std::size_t i = events.size(); i-- > 0;) {
    if (random.uniform() < 0.3) events.push_back(events[i]);
  }
  for (std::size_t i = events.size(); i > 1; --i) {
    std::swap(events[i - 1], events[random.bits() % i]);
  }
  return events;
}

// Programmes that differ in what could go wrong.
inline std::string club_number(std::size_t i) {
  static constexpr const char* expiries[] = {
      "\"refunds\":{\"restore_days\":0}",
      "\"expiry\":{\"days\":90,\"after\":\"earning\"}",
      "\"expiry\":{\"days\":60,\"after\":\"inactivity\"}",
      "\"expiry\":{\"days\":120,\"after\":\"earning\"},\"refunds\":{\"restore_days\":200},"
      "\"tiers\":{\"by\":\"points\",\"window_days\":100,\"review_days\":50,\"soft_landing\":true,"
      "\"levels\":[{\"name\":\"one\",\"threshold\":0},{\"name\":\"two\",\"threshold\":80,"
      "\"multiplier\":1.5},{\"name\":\"three\",\"threshold\":200,\"multiplier\":2.25}]}"};
  const char* earn = i % 2 == 0 ? "\"points_per_unit\":1,\"rounding\":\"down\","
                                  "\"base\":\"after_redemption\""
                                : "\"points_per_unit\":1.37,\"rounding\":\"half_even\","
                                  "\"base\":\"before_redemption\"";
  return club(expiries[i % 4], earn);
}

}  // namespace clv::test
