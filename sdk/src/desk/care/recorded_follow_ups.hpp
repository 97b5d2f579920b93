// What is on record of follow-ups. [any]
#pragma once

#include <map>
#include <string>

#include "desk/care/follow_ups.hpp"

namespace clv::desk {

// Rows of schema follow_ups up to and including `now`, by follow_up, in any order: the first
// opening and the first escalation count, and the last of done and cancelled. Throws error{data}
// naming row, column and value for an empty follow_up, customer or time and an unknown kind.
std::map<std::string, follow_up, std::less<>> recorded_follow_ups(const table& rows,
                                                                  std::int64_t now);

// What was recorded of a promise that was never recorded as opened.
void take_over(const follow_up& recorded, follow_up& into);

}  // namespace clv::desk
