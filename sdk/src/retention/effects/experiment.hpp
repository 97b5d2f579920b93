// A logged experiment: who got which arm with which chance, and what came of it. [any]
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "data/settings.hpp"

namespace clv::retention {

// What an arm costs: `cost` for everyone treated, `benefit` only for those who respond.
struct arm_terms {
  double cost = 0, benefit = 0;
};

// Units are in an order of their own (by hash of the customer, or as the rows came), so that
// permuted rows give the same bits.
struct experiment {
  std::vector<std::size_t> row;                   // the table's row of each unit
  std::vector<std::string> arms;                  // the control first, then by their bytes
  std::vector<arm_terms> terms;                   // per arm
  std::vector<double> stated_share;               // per arm, of the design; empty: not stated
  std::vector<std::size_t> arm;                   // per unit
  std::vector<double> count;                      // units per arm
  std::vector<double> propensity;                 // per unit: of the arm it got
  std::vector<int> fold;                          // per unit
  std::vector<double> first;                      // the outcome column
  std::vector<double> outcome;                    // that, plus later_outcome where there is one
  std::vector<double> later, unsubscribed, cost;  // empty without their columns
  std::vector<std::string> segments;              // names, by their bytes; empty without the column
  std::vector<std::size_t> segment;               // per unit
  double value = 1;                               // of one unit of outcome, in money
  double unsubscribe_value = 0;                   // lost with one who unsubscribes
  bool chances = false;                           // outcome is 0 or 1 throughout
  bool responses = false;                         // first is: effects are changes of a chance
  bool logged_propensity = false;
  std::string unit;               // currency of the outcome, or ""
  std::vector<std::string> used;  // names of the columns above: no covariates

  std::size_t units() const { return row.size(); }
  // value x outcome - benefit where it responded - cost - unsubscribe_value where it unsubscribed.
  double money(std::size_t i) const;
  // The money of arm `a` is value_of(a) x outcome - terms[a].cost: no cost is left to be modelled.
  bool money_follows_outcome() const;
  double value_of(std::size_t a) const { return value - terms[a].benefit; }
};

// Reads table `rows` by the options treatment, control, outcome, ... of report `effects`. Throws
// error{invalid} or error{data} naming column, row and value: for an unknown control, an arm
// with fewer than two units a fold, a chance that is not above 0 and below 1, a repeated customer,
// an outcome with one value only.
experiment read_experiment(const table& rows, const settings& given, int folds, std::uint64_t seed);

// "arm=number" texts of option `name`, each arm known and once. Throws error{invalid}.
std::map<std::string, double> numbers_by_arm(const settings& given, std::string_view name);

}  // namespace clv::retention
