// Benefits as objects: what one customer gets costs so much as expected, and so much at worst.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clv::retention {

enum class benefit_kind : std::uint8_t { discount, free_shipping, early_access, gift, points };

const char* word_of(benefit_kind kind);

// One benefit, offered to every customer; the members that its kind does not have are 0. Money is
// in major units: these are expectations, and nothing here is booked.
struct benefit {
  std::string name;
  benefit_kind kind = benefit_kind::discount;
  double redemption = 1;                // chance that it is used, where the customer's is not known
  double depth = 0;                     // discount: share of the basket
  std::optional<double> most;           // discount: of one use
  std::map<std::string, double> zones;  // free_shipping: zone -> cost
  double unit_cost = 0;                 // gift: each; early_access: a seat; points: a point
  std::int64_t count = 0;               // gift: stock; early_access: seats; points: how many
  bool lottery = false;                 // early_access: all seats drawn
  double learning = 0.1;                // early_access by value: share of the seats drawn
};

// "benefits": a list of objects, each with name, kind and what the kind asks for:
//   {"name", "kind": "discount", "depth": 0.1, "most": 20, "redemption": 0.3}
//   {"name", "kind": "free_shipping", "zones": {"home": 4.9, "abroad": 12}, "redemption": 0.4}
//   {"name", "kind": "early_access", "seats": 50, "draw": "value" or "lottery", "learning": 0.1,
//    "unit_cost": 2}
//   {"name", "kind": "gift", "unit_cost": 3, "stock": 100, "redemption": 0.9}
//   {"name", "kind": "points", "points": 500, "cost_per_point": 0.01, "redemption": 0.7}
// Throws error{invalid} naming the JSON path, the value and what it should be.
std::vector<benefit> benefits_option(std::string_view report, std::string_view options_json);

struct benefit_customer {
  std::string id, zone;
  std::optional<double> redemption;
  double basket = 0, largest = 0;  // expected, and the largest thinkable; largest >= basket
  double value = 0;                // what ranks customers for seats and gifts
};

struct benefit_cost {
  double redemption = 0, expected = 0, worst = 0;
};

// If given to this customer: expected = redemption x cost of the expected basket, worst = cost of
// the largest basket with certain redemption. worst >= expected always. An unknown zone costs as
// the dearest.
benefit_cost cost_of(const benefit& b, const benefit_customer& c);

struct benefit_seat {
  bool given = false;
  const char* by = "all";       // all, value, lottery, none_left
  double propensity = 1;        // chance of the draw
  double opportunity_cost = 0;  // value of the best without a seat, above the own
};

struct benefit_seats {
  std::vector<benefit_seat> seats;  // by position of the customer
  std::int64_t left = 0;            // never below 0
  double next_value = 0;            // of the best customer without one: what one more would bring
};

// Who gets one of b.count. Gifts go by value; seats by value except for a drawn share to learn from
// (learning x seats, rounded down), or all by lottery. The draw is the order of XXH64 of seed, name
// and customer: the same everywhere, whatever order the customers are in; ties of value go by it.
benefit_seats allot(const benefit& b,
                    const std::vector<benefit_customer>& customers,
                    std::uint64_t seed);

}  // namespace clv::retention
