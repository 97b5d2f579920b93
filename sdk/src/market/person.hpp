// One simulated customer: what nobody sees (its own rate, drop-out, spend, sensitivity) and what
// follows from it. Days are counted from the market's first day, money is in major units. [any]
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "clv/fit.hpp"
#include "market/action.hpp"
#include "math/random.hpp"

namespace clv::market {

enum class leaving : std::uint8_t { after_repeat, after_any, at_any_time };

// What all customers share. Rates are per unit of the model, of `days_per_unit` days.
struct world {
  std::uint64_t seed = 0;
  std::int64_t customers = 0;
  std::int64_t begin_us = 0;  // midnight UTC of the first day
  double acquisition_days = 0, history_days = 0, horizon_days = 0;
  double margin = 0, refund_share = 0, ticket_rate = 0, experiment_share = 0;
  std::string currency;
  leaving how = leaving::after_repeat;
  double days_per_unit = 7;
  double r = 0, alpha = 0;         // rate ~ Gamma(r, alpha)
  double a = 0, b = 0;             // drop-out ~ Beta(a, b), or death rate ~ Gamma(a, b)
  double p = 0, q = 0, gamma = 0;  // orders ~ Gamma(p, nu), nu ~ Gamma(q, gamma)
  std::vector<action> actions;
  // The past campaign began two horizons before the end: both windows of it have been seen.
  double campaign_day() const { return history_days - 2 * horizon_days; }
};

// Takes the population from bg_nbd, mbg_nbd or pareto_nbd with gamma_gamma; nullptr: the documented
// default. Throws error{invalid} for another model: its customers' own rates could not be drawn.
void take_population(const fitted_model* model, world& w);

struct traits {
  double first_day = 0;
  double rate = 0;      // orders a day while with us
  double dying = 0;     // death rate a day (at_any_time), else 0
  double drop_out = 0;  // chance to leave at an order, else 0
  double left_day = std::numeric_limits<double>::infinity();
  double order_mean = 0;   // of its orders
  double sensitivity = 1;  // to every action, mean 1; independent of rate and risk
  double touchiness = 1;   // to contacts, mean 1
  double returns = 0;      // share of orders returned
  double deals = 0;        // share of orders bought at a discount anyway
};

struct order {
  double day = 0, amount = 0;
  bool discounted = false, returned = false;
};

inline constexpr double ticket_cost = 5;  // of handling one, major units per step of severity

struct ticket {
  double opened = 0, resolved = 0;
  int severity = 1;  // 1 to 4; from 3 a complaint
};

struct person {
  traits hidden;
  std::vector<order> orders;  // by day, at least one
  std::vector<ticket> tickets;
};

// Customer i of the market before any campaign: the same for any number of customers. Each subject
// (life, money, traits, service, ...) draws from a stream of its own, so that an option about one
// changes nothing of another.
enum class subject : std::uint8_t {
  life,
  money,
  character,
  service,
  campaign,
  contact_habits,
  dealings
};
random_source stream_of(const world& w, std::uint64_t customer, subject s);
// Throws error{invalid} for a customer with a million orders.
person draw_person(const world& w, std::uint64_t customer);

kind kind_at(const world& w, const person& who, double day);

// Chance of an order in (day, day + days]:  rate/(rate + dying) (1 - e^-(rate + dying) days), 0 for
// who has left.
double chance_of_order(const traits& t, double day, double days);
// The same of the window after it, for who did not order in the first.
double chance_of_later_order(const traits& t, double day, double days);
// Expected orders in `days` of someone who is with us: (1 - e^(-drop_out rate days)) / drop_out,
// or rate (1 - e^(-dying days)) / dying.
double expected_orders(const traits& t, double days);

// Changes the chance p0 by effect e (of action.effect): p0 + e s (1 - p0), or p0 + e s p0 where e
// is negative; returns the change.
double change_of_chance(const action& a, kind k, const traits& t, double p0);

}  // namespace clv::market
