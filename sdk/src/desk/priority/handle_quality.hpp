// How well handle times are foretold, on tickets that were not learnt from. [any]
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "desk/priority/handle_model.hpp"

namespace clv::desk {

struct handle_quality {
  std::string_view knows;  // "creation": no reopening or reassignment yet; "history": all of them
  std::size_t n = 0;
  double rmse = 0, rmse_of_mean = 0;  // minutes
  double mae = 0, mae_of_mean = 0;
  double bias = 0;  // foretold / spent - 1, of the sums
};

// Of a split into five by position: each fifth is foretold by a model, and by the mean, of the
// other four. Empty when these are too few for a model.
std::vector<handle_quality> cross_validated(std::span<const handle_case> done);

}  // namespace clv::desk
