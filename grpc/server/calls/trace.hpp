// What ties a call's log lines together: an id of our own, and the client's trace.
#pragma once

#include <string>
#include <string_view>

namespace clvd {

struct trace {
  std::string request_id;   // 16 hex digits, unlike any other of this process
  std::string traceparent;  // W3C Trace Context, as the client sent it; "" when it sent none
};

// A new id. A `traceparent` that is not of the W3C's form is dropped: a log takes no free text.
trace new_trace(std::string_view traceparent);

}  // namespace clvd
