#include "calls/repeats.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

#include "calls/arguments.hpp"
#include "calls/clock.hpp"
#include "calls/handles.hpp"
#include "calls/wire.hpp"
#include "security/sha256.hpp"
#include "tenants/registry.hpp"
#include "tenants/tenant.hpp"

namespace clvd {

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

request_name::request_name(std::string method, std::string request_id, const std::string& body)
    : method_(std::move(method)),
      id_(request_id_argument(request_id)),
      hash_(id_.empty() ? "" : sha256_hash().add(body).hex()) {}

void request_name::read(const std::string& body_hash,
                        bool forgotten,
                        const std::string& answer,
                        google::protobuf::Message& response) const {
  if (body_hash != hash_) {
    throw invalid_field(
        "REQUEST_ID_REUSED", "request_id", "it was answered before, for other content");
  }
  if (forgotten) {
    throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                     "ANSWER_FORGOTTEN",
                     "it was done and answered, but a customer in the answer was forgotten since");
  }
  if (!response.ParseFromString(answer)) {
    throw call_error(grpc::StatusCode::DATA_LOSS, "STORE_CORRUPT", "a kept answer cannot be read");
  }
}

// ---- in the registry

repeats::repeats(registry& kept,
                 std::string method,
                 std::string request_id,
                 const std::string& body)
    : request_name(std::move(method), std::move(request_id), body), kept_(kept) {}

bool repeats::find(google::protobuf::Message& response) const {
  if (!is_given()) return false;
  const auto before = kept_.answer(method_, id_);
  if (!before) return false;
  read(before->body_hash, false, before->response, response);
  return true;
}

void repeats::keep(const google::protobuf::Message& response) const {
  if (!is_given()) return;
  if (kept_.keep_answer(method_, id_, {hash_, response.SerializeAsString()}, server_now_us())) {
    return;
  }
  call_error meanwhile(
      grpc::StatusCode::ABORTED, "JOB_IN_PROGRESS", "it is being answered: send it again");
  meanwhile.core = CLV_E_EXISTS;
  throw meanwhile;
}

// ---- in the store

stored_repeats::stored_repeats(tenant& of,
                               std::string method,
                               std::string request_id,
                               const std::string& body,
                               completion complete)
    : request_name(std::move(method), std::move(request_id), body),
      of_(of),
      complete_(std::move(complete)),
      key_(method_ + ":" + id_) {}

bool stored_repeats::find(google::protobuf::Message& response) const {
  if (!is_given()) return false;
  const reading from = of_.read();
  const diag_ptr diag(clv_diag_new());
  auto before = CLV_SIZED(clv_answer);
  const clv_status found = clv_engine_answer(from.engine(), key_.c_str(), &before, diag.get());
  if (found == CLV_E_NOT_FOUND) return false;
  check(found, diag.get());
  read(before.body_hash,
       (before.flags & CLV_ANSWER_FORGOTTEN) != 0,
       {static_cast<const char*>(before.bytes), static_cast<std::size_t>(before.n_bytes)},
       response);
  if (complete_) complete_(before.made);
  return true;
}

const clv_answer* stored_repeats::with(const google::protobuf::Message& response) {
  check_size(response);
  if (!is_given()) return nullptr;
  bytes_ = response.SerializeAsString();
  answer_.key = key_.c_str();
  answer_.body_hash = hash_.c_str();
  answer_.bytes = bytes_.data();
  answer_.n_bytes = static_cast<std::int64_t>(bytes_.size());
  answer_.now_us = server_now_us();
  return &answer_;
}

}  // namespace clvd
