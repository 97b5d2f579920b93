// What customers said: scores on one scale, complaints, topics.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/crowd.hpp"
#include "features/moment.hpp"

namespace clv::features {

// A score of a survey on [0, 1], 1 the best; CES is read as "how easy was it", more is better.
//   NPS            score / 10                   scale 0..10
//   CSAT, review   (score - 1) / (scale - 1)    scale 1..5 when none is given
//   CES            (score - 1) / (scale - 1)    scale 1..7 when none is given
// nullopt when the kind is none of these (any case) or the score is outside its scale.
std::optional<double> satisfaction_of(std::string_view kind,
                                      double score,
                                      std::optional<double> scale);

// Whether an answer is a complaint: a detractor (NPS up to 6, that is .6), else the lowest quarter
// of the scale (CSAT 1 or 2 of 5). Kind "complaint" needs no score.
bool is_complaint(std::string_view kind, std::optional<double> satisfaction);

struct response {
  std::uint32_t customer = 0;
  std::int64_t time = 0;
  std::optional<double> satisfaction;  // absent: no score was given
  bool complaint = false;
  std::string topics;
};

// Which kinds a row may have: surveys only know their own, a ticket export knows any.
enum class kinds { surveys, any };

// Rows of `rows` (any columns: customer, time; optional kind, score, scale, topics, event_id)
// before the cutoff, an event id that comes again left out. Without a column kind every row is of
// kind "complaint". Throws error{invalid} for a missing column, error{data} naming row, column and
// value for an empty customer or time, an unknown kind (of surveys) or a score outside its scale.
std::vector<response> read_feedback(
    const table& rows, const moment& at, std::string_view owner, kinds allowed, crowd& who);

void settle(std::vector<response>& all, const crowd& who);

// The recency-weighted mean of all answers, shrunk to the middle as if two more, 0 and 1, had been
// given now: (sum w y + 1) / (sum w + 2), w = exp(-age / tau). nullopt when nobody answered.
std::optional<double> overall_satisfaction(std::span<const response> all,
                                           const moment& at,
                                           double tau);

// One customer's: (sum w y + prior m) / (sum w + prior), m the overall mean. `prior` answers' worth
// of the mean stand beside the customer's own, so that one five-star answer is not 100 %.
std::optional<double> satisfaction(
    std::span<const response> of_one, const moment& at, double tau, double prior, double overall);

}  // namespace clv::features
