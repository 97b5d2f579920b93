// Customer value by formula: (transaction value x annual frequency x lifespan) - costs. [any] Pure.
#pragma once

#include <optional>

namespace clv {

struct formula_elements {
  double transaction_value = 0;  // money per purchase
  double annual_frequency = 0;   // purchases per year
  double lifespan = 0;           // years
  double acquisition_cost = 0;   // money, once
  double service_cost = 0;       // money over the whole lifespan, or per year:
  bool service_per_year = false;
  double margin = 1;  // share of a transaction that is profit; of `margin_value` only
};

struct formula_value {
  double value = 0;         // A F L - (CAC + C)
  double margin_value = 0;  // m A F L - (CAC + C)
  // d ln value / d ln element: of A, F and L each A F L / value (with a yearly service cost L's is
  // (A F - c) L / value), of a cost -cost / value. Absent where value is 0.
  std::optional<double> of_transaction_value, of_annual_frequency, of_lifespan, of_acquisition_cost,
      of_service_cost;
};

// Every element finite and 0 or more, margin in (0, 1]. Throws error{invalid} naming the element
// and its value, error{numeric} when the product is not finite. No rounding.
formula_value value_by_formula(const formula_elements& e);

// `major` money rounded once to minor units of the currency, half to even. Throws error{numeric}
// beyond 2^53 minor units.
double rounded_to_minor(double major, double minor_per_major);

}  // namespace clv
