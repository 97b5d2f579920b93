// How long until something happens, when some have not been watched long enough to know.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace clv {

struct survival_step {
  std::int64_t time = 0;
  double at_risk = 0;  // watched up to this time, nothing before it
  double events = 0;
  double censored = 0;          // watched to the end between the step before and this one
  double survival = 1;          // P(nothing up to and including this time)
  double lower = 1, upper = 1;  // 95 %
};

// The product-limit estimate (Kaplan & Meier 1958): survival *= 1 - events / at_risk at each time
// with an event; Greenwood's variance on the scale of ln(-ln S) (Kalbfleisch & Prentice), which
// keeps the interval inside [0, 1]. Where S is 0 the interval is that of the step before, down to
// 0. Both lists rise: times of events, and times to which those without an event were watched. Who
// is watched to the time of an event was at risk of it. [any]
std::vector<survival_step> kaplan_meier(std::span<const std::int64_t> events,
                                        std::span<const std::int64_t> watched);

// The survival just after `time`; 1 before the first step.
double survival_at(std::span<const survival_step> steps, std::int64_t time);

}  // namespace clv
