// Four cells of purchases x engagement: Loyalist (many, high), Selective (many, low), Window
// shopper (few, high), Winback (few, low). Every customer is in exactly one.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "clv/table.hpp"

namespace clv::features {

// The cut rule: a value is high when it is at or above the cut; without a cut of the user's the cut
// is the median of the values above 0 (the upper one of an even number), so that 0 is never high
// and equal values are never parted. Nobody above 0: nobody is high (the cut is infinite).
double default_cut(std::vector<double> values);

std::string_view cell_of(bool many_purchases, bool high_engagement);

struct cell_cuts {
  double purchases = 0, engagement = 0;  // 0: by default_cut
};

// The cell of each customer, and the table cell, customers, share, purchase_cut, engagement_cut
// (cuts absent where nobody is above 0). The two vectors have one entry per customer.
struct placed {
  std::vector<std::string_view> cells;
  std::shared_ptr<table> profile;
};
placed place(const std::vector<double>& purchases,
             const std::vector<double>& engagement,
             cell_cuts cuts);

}  // namespace clv::features
