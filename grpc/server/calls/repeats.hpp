// Requests answered once: a repeat of a request_id gets the earlier answer, kept in the tenant's
// registry for 30 days.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace clvd {

class registry;

class repeats {
 public:
  // `method`: a name of its own per method. `body`: the request, deterministically serialized
  // (body_of). An empty id is never found and never kept. Throws call_error INVALID_ARGUMENT for an
  // id above 128 bytes.
  repeats(registry& kept, std::string method, std::string request_id, const std::string& body);

  // Whether it was answered before; then the answer is in `response`. Throws call_error
  // INVALID_ARGUMENT REQUEST_ID_REUSED when it was with another body.
  bool find(google::protobuf::Message& response) const;
  void keep(const google::protobuf::Message& response) const;

 private:
  registry& kept_;
  const std::string method_, request_id_, hash_;
};

// The same bytes for the same content: maps in the order of their keys.
std::string body_of(const google::protobuf::Message& request);

}  // namespace clvd
