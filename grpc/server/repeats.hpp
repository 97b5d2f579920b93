// Answers by request_id, so that a repeated request does not do its work twice. In memory: the
// newest 64, gone when the server stops.
#pragma once

#include <google/protobuf/message.h>

#include <deque>
#include <string>

namespace clvd {

class repeats {
 public:
  // Whether `id` was answered before; then the answer is in `response`. Throws call_error
  // INVALID_ARGUMENT when it was with another request. An empty id is never found. [one]
  bool find(const std::string& id,
            const google::protobuf::Message& request,
            google::protobuf::Message& response) const;
  // [one]
  void keep(const std::string& id,
            const google::protobuf::Message& request,
            const google::protobuf::Message& response);

 private:
  struct answered {
    std::string id;
    std::string request;
    std::string response;
  };
  std::deque<answered> kept_;
};

}  // namespace clvd
