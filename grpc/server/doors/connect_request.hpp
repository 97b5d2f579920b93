// What a request says by the rules of the Connect protocol (version 1), unary calls.
#pragma once

#include <httplib.h>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "calls/errors.hpp"
#include "calls/methods.hpp"
#include "security/credentials.hpp"

namespace clvd {

enum class body_format { json, proto };

// A failure with an HTTP status and headers of its own.
struct http_failure {
  explicit http_failure(call_error e);  // the status of its code
  http_failure(call_error e, int s, httplib::Headers more = {})
      : error(std::move(e)), status(s), headers(std::move(more)) {}

  call_error error;
  int status;
  httplib::Headers headers;
};

// What needs no caller to be refused: verb, content type and encoding, protocol version. Before
// cpp-httplib reads the body: it would unpack what is packed and take forms apart. Throws
// http_failure.
void check_transport(const httplib::Request& request);

// The method of a GET or POST. Throws http_failure: 404 unknown, 405 wrong verb, 415 streaming.
const method& routed(const httplib::Request& request);

// Of the path without its query.
std::string_view path_of(const httplib::Request& request);

// Of the answer too. A GET has JSON.
body_format format_of(const httplib::Request& request);

// From Connect-Timeout-Ms, at most ten minutes ahead: a client that leaves is not noticed. Throws
// call_error.
std::chrono::system_clock::time_point deadline_of(const httplib::Request& request);

// The JSON of a GET, from its query. Throws call_error.
std::string query_message(const httplib::Request& request);

// What the headers say of the caller.
evidence evidence_of(const httplib::Request& request, bool unix_socket);

}  // namespace clvd
