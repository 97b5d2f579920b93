#include "calls/repeats.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

#include <array>
#include <chrono>

#include "calls/clock.hpp"
#include "calls/errors.hpp"
#include "tenants/registry.hpp"

namespace clvd {
namespace {

constexpr std::size_t longest_id = 128;

std::string sha256(const std::string& bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::string body_of(const google::protobuf::Message& request) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  return bytes;
}

repeats::repeats(registry& kept,
                 std::string method,
                 std::string request_id,
                 const std::string& body)
    : kept_(kept),
      method_(std::move(method)),
      request_id_(std::move(request_id)),
      hash_(request_id_.empty() ? "" : sha256(body)) {
  if (request_id_.size() > longest_id) {
    throw invalid_field("INVALID_VALUE", "request_id", "longer than 128 bytes");
  }
}

bool repeats::find(google::protobuf::Message& response) const {
  if (request_id_.empty()) return false;
  const auto before = kept_.answer(method_, request_id_);
  if (!before) return false;
  if (before->body_hash != hash_) {
    throw invalid_field(
        "REQUEST_ID_REUSED", "request_id", "it was answered before, for other content");
  }
  if (before->erased) {
    throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                     "ANSWER_FORGOTTEN",
                     "it was done and answered, but a customer in the answer was forgotten since");
  }
  if (!response.ParseFromString(before->response)) {
    throw call_error(grpc::StatusCode::DATA_LOSS, "STORE_CORRUPT", "a kept answer cannot be read");
  }
  return true;
}

void repeats::keep(const google::protobuf::Message& response) const {
  if (request_id_.empty()) return;
  kept_.keep_answer(method_, request_id_, {hash_, response.SerializeAsString()}, server_now_us());
}

}  // namespace clvd
