// Messages as JSON (the protobuf JSON mapping, with the proto's own field names).
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace clvd {

// Parses into `message`. Throws call_error INVALID_ARGUMENT: MALFORMED_JSON, INVALID_VALUE or
// UNKNOWN_FIELD, the last two with the path of the field. The text of the request is never repeated
// but for the name of an unknown field, to the client alone.
void decode_json(std::string_view text, google::protobuf::Message& message);

// Zeros are written: a zero is a value. Throws call_error when the message is larger than the
// gRPC door would send.
std::string encode_json(const google::protobuf::Message& message);

}  // namespace clvd
