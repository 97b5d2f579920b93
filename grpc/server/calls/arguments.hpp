// Small steps that every handler takes between the request, libclv and the response.
#pragma once

#include <clv/v1/common.pb.h>

#include <string>
#include <utility>
#include <vector>

#include "calls/call.hpp"
#include "calls/errors.hpp"
#include "calls/handles.hpp"

namespace clvd {

// The text, for a C string. Throws call_error when it holds a NUL, which would cut it short.
std::string text_argument(const char* field, const std::string& text);

// The job that `begin(clv_job**, clv_diag*)` starts. Throws call_error.
template <typename Begin>
job_ptr begun(Begin begin) {
  const diag_ptr diag(clv_diag_new());
  clv_job* job = nullptr;
  check(begin(&job, diag.get()), diag.get());
  return job_ptr(job);
}

// The main table of a finished job. Throws call_error.
result_ptr taken(clv_job* job);

void add_warnings(const std::vector<note>& notes,
                  google::protobuf::RepeatedPtrField<clv::v1::Warning>& to);

}  // namespace clvd
