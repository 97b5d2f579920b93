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
void check_size(const google::protobuf::Message& message);

// Makes each -0 at any depth a 0: protobuf's JSON prints "-0" and reads it as 0 (measured with
// 3.21.12), so the doors would not agree on the bit.
void drop_negative_zeros(google::protobuf::Message& message);

}  // namespace clvd
