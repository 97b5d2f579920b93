// Bytes to messages and back, stricter than protobuf: what cannot be understood is refused by name.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

namespace clvd {

// Largest message either way.
inline constexpr int max_message_bytes = 4 * 1024 * 1024;

// Parses into `message`. Throws call_error INVALID_ARGUMENT: MALFORMED_MESSAGE, NOT_UTF8 or
// UNKNOWN_FIELD, the last two with the path of the field ("rows[3].customer").
void decode(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);

// Throws call_error RESOURCE_EXHAUSTED when the message is larger than clients accept.
grpc::ByteBuffer encode(const google::protobuf::Message& message);

}  // namespace clvd
