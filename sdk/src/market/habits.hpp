// How a simulated customer can be reached and what it says of itself: consent, touches, answers to
// surveys. [any]
#pragma once

#include <string_view>
#include <vector>

#include "market/dealings.hpp"
#include "market/person.hpp"

namespace clv::market {

struct touch {
  double day = 0;
  std::string_view kind, channel;
  double weight = 1;
};

struct answer {
  double day = 0;
  std::string_view kind;  // CSAT or NPS
  double score = 0, scale = 5;
  std::size_t ticket = 0;  // of a CSAT answer: which
};

struct habits {
  bool email = false, sms = false, phone = false;  // consents, independent of everything else
  std::string_view left_channel;  // unsubscribed from in the past campaign; "" = none
  std::string_view source, gender, next_category;
  double acquisition_cost = 0;
  double next_category_p = 0, next_category_lift = 0;
  std::vector<touch> touches;   // of the last `touch_days`: a shop keeps them no longer
  std::vector<answer> answers;  // by day
  dealings other;
};

inline constexpr double touch_days = 90;

// Of customer i. Opens and clicks are the more the more sensitive the customer is: what experiments
// can learn from, and no score says.
habits draw_habits(const world& w, std::uint64_t customer, const person& who);

// A survey goes out when a ticket is resolved, and stays out for so long unless it is answered.
inline constexpr double survey_days = 14;
bool survey_is_out(const world& w, const person& who, const habits& h);

// Whether the channel may be used. Channels that need no consent: all but email, sms, phone.
bool may_use(const habits& h, std::string_view channel);

}  // namespace clv::market
