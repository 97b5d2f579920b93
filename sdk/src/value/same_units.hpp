// A summary and a model must count in the same units: nothing converts them.
#pragma once

#include <string_view>

#include "clv/table.hpp"

namespace clv {

// What a model counts in, and who says so in a message ("the model", "the fit's options").
struct counted_in {
  std::string_view unit, currency;  // "" or "XXX": a currency that is not known
  std::string_view who;
};

// Throws error{invalid} naming both and what to do when t_x or T of the summary is in another time
// unit, or its mean_spend in another known currency. A column without a unit is taken as it is.
// Unit "period" wants a column n, or a T without a unit.
void require_same_units(const table& summary, const counted_in& wanted);

}  // namespace clv
