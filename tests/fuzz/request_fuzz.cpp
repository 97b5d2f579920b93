// Any bytes as the request of any unary method, binary or JSON: refused with a reason, or answered;
// and both ways of writing a request mean the same. First line: the method's path, then " json" or
// " proto"; the rest: the request.
#include <google/protobuf/util/message_differencer.h>

#include <chrono>
#include <memory>

#include "calls/json.hpp"
#include "calls/wire.hpp"
#include "local_host.hpp"
#include "promise.hpp"

namespace {

using namespace clvd;
using namespace clv::fuzz;
using google::protobuf::Message;
using message_ptr = std::unique_ptr<Message>;

grpc::ByteBuffer buffer_of(std::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

// Null when it is refused.
template <typename Read>
message_ptr decoded(const method& m, Read read) {
  message_ptr message(m.request.New());
  try {
    read(*message);
    return message;
  } catch (const call_error& e) {
    require(e.code == grpc::StatusCode::INVALID_ARGUMENT, "bytes are invalid, nothing else");
    check_refusal(e, m.path);
    return nullptr;
  }
}

// The other door must understand what this one took, and the same.
void check_other_door(const method& m, const Message& taken, bool was_json) {
  message_ptr again;
  std::string text;
  if (was_json) {
    text = taken.SerializeAsString();
    again = decoded(m, [&](Message& to) { decode(buffer_of(text), to); });
  } else {
    try {
      text = encode_json(taken);
    } catch (const call_error&) {
      return;  // a time that JSON cannot say; no answer has one
    }
    again = decoded(m, [&](Message& to) { decode_json(text, to); });
  }
  require(again != nullptr, "one door takes what the other took", text);
  message_ptr copy(taken.New());
  copy->CopyFrom(taken);
  drop_negative_zeros(*copy);
  drop_negative_zeros(*again);
  google::protobuf::util::MessageDifferencer differ;
  differ.set_float_comparison(google::protobuf::util::MessageDifferencer::EXACT);
  std::string difference;
  differ.ReportDifferencesToString(&difference);
  const bool same =
      copy->SerializeAsString() == again->SerializeAsString() || differ.Compare(*copy, *again);
  require(same || copy->DebugString().find("nan") != std::string::npos,
          "in the same words",
          difference);
}

void ask(const method& m, const Message& request) {
  if (m.handle == nullptr) return;
  call c(operator_of_host(), std::chrono::system_clock::now() + std::chrono::seconds(2));
  const auto error = answer(
      local_host(),
      m,
      c,
      [&](Message& to) { to.CopyFrom(request); },
      [](const Message& response) {
        encode(response);
        encode_json(response);
      });
  if (error != nullptr) check_refusal(*error, m.path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = text_of(data, size);
  const std::string head = first_line(body);
  const method* m = find_method(head.substr(0, head.find(' ')));
  if (m == nullptr) return 0;
  const bool is_json = head.ends_with(" json");
  const message_ptr request = decoded(
      *m, [&](Message& to) { is_json ? decode_json(body, to) : decode(buffer_of(body), to); });
  if (request == nullptr) return 0;
  check_other_door(*m, *request, is_json);
  ask(*m, *request);
  return 0;
}
