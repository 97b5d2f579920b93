// A policy carried out on everybody in a simulated market: per customer what happened, what would
// have happened without it, and what was to be expected. [any]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "market/decided.hpp"
#include "market/draw.hpp"
#include "market/truth.hpp"

namespace clv::market {

// One customer under a policy. Expected lift and cost are 0 for who is left alone.
struct share {
  happening with, without;
  double expected_lift = 0, expected_cost = 0;
  bool treated = false;
  bool consented = true;
  double lift() const { return with.profit() - without.profit(); }
};

// What the market knows beside the truth.
struct market_state {
  const truth_book& book;
  const contact_history& history;
  double fatigue = 0;
};

// The truth as it is after the contacts so far; an action whose channel was left does nothing but
// cost the contact, and is not allowed.
truth truth_now(const market_state& m, std::size_t customer, std::size_t action);
std::vector<truth> truths_now(const market_state& m, std::size_t customer);

// `action` of the customer or truth_book::nobody. Of one customer every share has the same fortune.
share share_of(const market_state& m, const fortune& f, std::size_t customer, std::size_t action);

// The fortunes of all customers in run `seed`, and the seed of another round.
std::vector<fortune> fortunes_of(const truth_book& book, std::uint64_t seed);
std::uint64_t seed_of(std::uint64_t seed, std::uint64_t round);

// Means over customers: `mean` and `standard_error` are of the sum, n sd / sqrt(n).
struct total {
  double sum = 0, standard_error = 0;
};
// Independent of the order of the values.
total total_of(std::vector<double> values);

}  // namespace clv::market
