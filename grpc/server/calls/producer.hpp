// What a server stream says, one message at a time, so that no thread waits for a slow reader.
#pragma once

#include <google/protobuf/message.h>

#include <functional>

namespace clvd {

class producer {
 public:
  enum class next { message, end, wait };

  virtual ~producer() = default;
  // Fills `out` with the next message, or says that there is none any more or none yet. Called on a
  // worker thread, after the message before has left; never twice at once. Throws call_error.
  virtual next advance(google::protobuf::Message& out) = 0;
  // After `wait`: `wake` is to be called once, from any thread, when advance may have more. It may
  // be called before this returns. Called again only after the next `wait`.
  virtual void when_ready(std::function<void()> wake);
};

}  // namespace clvd
