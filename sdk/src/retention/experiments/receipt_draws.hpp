// What a receipt says of the chances that its decision was to be held out. [any] No state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clv::retention {

struct holdout_draw {
  std::optional<double> share;     // of the global holdout; nullopt where it is not said
  double own = 0;                  // of the action's own holdout, nested in it
  std::optional<bool> everything;  // whether the customer is in the global holdout
  std::string plugin;              // whose action was withheld, or ""
};

// `action`: what was done or withheld, "" for nothing. A text that is no receipt says
// nothing.
holdout_draw read_draw(std::string_view receipt, std::string_view action);

}  // namespace clv::retention
