// Moments on the wire and at rest.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>

namespace clvd {

// Microseconds since 1970. Throws call_error INVALID_ARGUMENT: out of range,
// finer than that.
std::int64_t microseconds_of(const google::protobuf::Timestamp& time, const char* field);
google::protobuf::Timestamp timestamp_of(std::int64_t us);
// The same for a moment that stands for its day; never 0, which libclv reads as "not given".
std::int64_t day_of(const google::protobuf::Timestamp& time, const char* field);

}  // namespace clvd
