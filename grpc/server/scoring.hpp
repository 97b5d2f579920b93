#pragma once

#include <clv/v1/scoring_service.pb.h>

#include "methods.hpp"

namespace clvd {

// ScoringService.ScoreSummaries. Throws call_error.
void score_summaries(services& with,
                     call& c,
                     const clv::v1::ScoreSummariesRequest& request,
                     clv::v1::ScoreSummariesResponse& response);

}  // namespace clvd
