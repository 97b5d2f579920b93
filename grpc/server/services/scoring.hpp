// clv.v1.ScoringService: see proto/clv/v1/scoring_service.proto.
#pragma once

#include <clv/v1/scoring_service.pb.h>

#include <memory>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void score_summaries(services& with,
                     call& c,
                     const clv::v1::ScoreSummariesRequest& request,
                     clv::v1::ScoreSummariesResponse& response);
void score_customers(services& with,
                     call& c,
                     const clv::v1::ScoreCustomersRequest& request,
                     clv::v1::ScoreCustomersResponse& response);
void start_batch_score(services& with,
                       call& c,
                       const clv::v1::StartBatchScoreRequest& request,
                       clv::v1::StartBatchScoreResponse& response);
void list_scores(services& with,
                 call& c,
                 const clv::v1::ListScoresRequest& request,
                 clv::v1::ListScoresResponse& response);
std::unique_ptr<producer> stream_scores(services& with,
                                        call& c,
                                        const clv::v1::StreamScoresRequest& request);

}  // namespace clvd
