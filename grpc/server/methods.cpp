#include "methods.hpp"

#include <clv/v1/action_service.pb.h>
#include <clv/v1/scoring_service.pb.h>

#include <array>

#include "actions.hpp"
#include "scoring.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;
using google::protobuf::Message;

// A row from a typed handler.
template <typename Request,
          typename Response,
          void (*Handle)(services&, call&, const Request&, Response&)>
method row(const char* path) {
  return {path,
          Request::default_instance(),
          Response::default_instance(),
          [](services& with, call& c, const Message& request, Message& response) {
            Handle(with, c, static_cast<const Request&>(request), static_cast<Response&>(response));
          }};
}

}  // namespace

std::span<const method> methods() {
  static const std::array table{
      row<v1::ScoreSummariesRequest, v1::ScoreSummariesResponse, score_summaries>(
          "/clv.v1.ScoringService/ScoreSummaries"),
      row<v1::ProposeRequest, v1::ProposeResponse, propose>("/clv.v1.ActionService/Propose"),
      row<v1::DecideRequest, v1::DecideResponse, decide>("/clv.v1.ActionService/Decide"),
  };
  return table;
}

}  // namespace clvd
