// Customers by the values of one attribute: how many were treated, and what they were given. [any]
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"

namespace clv::retention {

// What the decisions did for one customer. One who was held out in every run is not here: that
// was the lot, not a choice.
struct treatment {
  bool treated = false;
  double net = 0, benefit = 0;
};
using treatments = std::map<std::string, treatment, std::less<>>;

struct fairness_group {
  std::string name;
  double customers = 0, treated = 0;
  std::vector<double> nets, benefits;  // of all its customers
};

// Group by the value of `attribute`, whose row i is of customer ids[i]; each id is there once.
// Numbers with more than `most_values` different ones go by quarters of the customers. Sorted by
// name, "(not known)" last: customers who are not there or have no value.
std::vector<fairness_group> groups_of(const treatments& all,
                                      const std::vector<std::string>& ids,
                                      const column& attribute,
                                      std::size_t most_values);

}  // namespace clv::retention
