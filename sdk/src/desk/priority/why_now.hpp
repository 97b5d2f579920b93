// Why a ticket stands where it stands, as a sentence. [any]
#pragma once

#include <string>
#include <string_view>

#include "desk/priority/delay_cost.hpp"
#include "desk/priority/index.hpp"

namespace clv::desk {

// What the numbers alone do not say; "" where it is not known.
struct urgency_words {
  std::string_view severity, subject;
};

// Names the two parts that add most to the index, the largest first, and the work that is left; of
// a ticket beyond the bound that first: "Its due time is past by 35 minutes (10.00 an hour) and
// severity is 'high' (6.00 an hour); 12 minutes of work left."
std::string why_now(const ticket_index& x, const urgency_words& of, const delay_rules& rules);

// "35 minutes", "5.5 hours" from two hours on.
std::string duration_words(double minutes);
// With so many decimals, halves as to_chars rounds them.
std::string fixed(double value, int decimals);

}  // namespace clv::desk
