// Small steps that every handler takes between the request, libclv and the response.
#pragma once

#include <clv/v1/common.pb.h>

#include <string>
#include <utility>
#include <vector>

#include "calls/call.hpp"
#include "calls/errors.hpp"
#include "calls/handles.hpp"
#include "calls/results.hpp"

namespace clvd {

// The text, for a C string. Throws call_error when it holds a NUL, which would cut it short.
std::string text_argument(const char* field, const std::string& text);

// A name that the client gave to something of its own: at most 128 bytes. Throws call_error.
std::string id_argument(const char* field, const std::string& id);
inline std::string request_id_argument(const std::string& id) {
  return id_argument("request_id", id);
}

// The job that `begin(clv_job**, clv_diag*)` starts. Throws call_error.
template <typename Begin>
job_ptr begun(Begin begin) {
  const diag_ptr diag(clv_diag_new());
  clv_job* job = nullptr;
  check(begin(&job, diag.get()), diag.get());
  return job_ptr(job);
}

void add_warnings(const std::vector<note>& notes,
                  google::protobuf::RepeatedPtrField<clv::v1::Warning>& to);

}  // namespace clvd
