#include "doors/http_door.hpp"

#include <httplib.h>

#include <exception>
#include <utility>

#include "calls/errors.hpp"
#include "calls/json.hpp"
#include "calls/wire.hpp"
#include "doors/connect_error.hpp"
#include "doors/connect_request.hpp"
#include "ops/metrics.hpp"

namespace clvd {
namespace {

using httplib::Request;
using httplib::Response;
using handler_response = httplib::Server::HandlerResponse;

constexpr auto json_type = "application/json";
constexpr auto proto_type = "application/proto";
constexpr std::size_t largest_json = 16 << 20;  // of a message of up to 4 MiB

// A whole request to read and a response to gather: cpp-httplib never sees a socket.
class memory_stream final : public httplib::Stream {
 public:
  explicit memory_stream(const std::string& request) : request_(request) {}

  std::string response;

  bool is_readable() const override { return read_ < request_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t n = request_.copy(to, size, read_);
    read_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, std::size_t size) override {
    response.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  const std::string& request_;
  std::size_t read_ = 0;
};

void set_failure(Response& response, const http_failure& why) {
  response.status = why.status;
  for (const auto& [name, value] : why.headers) response.set_header(name, value);
  response.set_content(connect_error_json(why.error), json_type);
}

std::string failure_response(const call_error& error, int status) {
  return http_response(status, json_type, connect_error_json(error));
}

// All routes are one: the table of methods says what there is. What cpp-httplib would do with the
// other headers (cut the answer by Range, pack it, answer Expect) is not wanted.
void simplify(Request& request) {
  request.path = "/";
  request.ranges.clear();
  for (const char* name : {"Range", "Accept-Encoding", "Expect"}) request.headers.erase(name);
}

// Bytes as they are, for the time of a call.
grpc::ByteBuffer borrowed(const std::string& bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size(), grpc::Slice::STATIC_SLICE);
  return {&slice, 1};
}

void read_message(const Request& request, google::protobuf::Message& message) {
  if (request.method == "GET") return decode_json(query_message(request), message);
  if (format_of(request) == body_format::json) return decode_json(request.body, message);
  decode(borrowed(request.body), message);
}

std::string checked_json(const google::protobuf::Message& message) {
  std::string json = encode_json(message);
  if (json.size() <= largest_json) return json;
  call_error error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                   "ANSWER_TOO_LARGE",
                   "the answer has more than 16 MiB as JSON; ask for less at once (page_size), or "
                   "for application/proto");
  error.metadata["bytes"] = std::to_string(json.size());
  throw error;
}

void write_message(const google::protobuf::Message& message, body_format as, Response& response) {
  response.status = 200;
  if (as == body_format::json) return response.set_content(checked_json(message), json_type);
  check_size(message);
  response.set_content(message.SerializeAsString(), proto_type);
}

}  // namespace

// Uses cpp-httplib's parser and writer through process_request(), which it offers to servers that
// keep connections in their own way.
struct http_door::impl : httplib::Server {
  impl(host& h, const http_options& options);

  host& host_;
  const bool unix_socket_;
  std::unique_ptr<http_front> front_;  // last: its thread uses what stands before it

  void take(http_arrival arrived, const http_front::reply& answer);
  std::string respond(const std::string& request);
  void serve(const Request& request, Response& response);
  std::unique_ptr<http_failure> run(const Request& request,
                                    Response& response,
                                    const method*& m,
                                    std::unique_ptr<call>& c);
};

http_door::impl::impl(host& h, const http_options& options)
    : host_(h), unix_socket_(options.address.starts_with("unix:")) {
  set_pre_routing_handler([this](const Request& request, Response& response) {
    try {
      check_transport(request);
      return handler_response::Unhandled;
    } catch (const http_failure& why) {
      host_.metrics.call_ended("other", code_name(why.error.code), "http", {});
      set_failure(response, why);
      return handler_response::Handled;
    }
  });
  const auto serves = [this](const Request& q, Response& r) { serve(q, r); };
  Post("/", serves).Get("/", serves);
  // What cpp-httplib refuses by itself.
  set_error_handler(httplib::Server::Handler([](const Request&, Response& response) {
    if (!response.body.empty()) return;
    set_failure(response, {http_refusal(response.status), response.status});
  }));
  http_options with_count = options;
  with_count.on_drop = [this] { host_.metrics.count("clv_http_answers_dropped_total", ""); };
  front_ = std::make_unique<http_front>(
      with_count, [this](http_arrival a, http_front::reply r) { take(std::move(a), r); });
}

// On the front's thread.
void http_door::impl::take(http_arrival arrived, const http_front::reply& answer) {
  if (arrived.refusal != 0) {
    const call_error error = http_refusal(arrived.refusal);
    host_.metrics.call_ended("other", code_name(error.code), "http", {});
    return answer(failure_response(error, arrived.refusal));
  }
  if (!host_.door.enter()) return answer(failure_response(shutting_down(), 503));
  const auto request = std::make_shared<const std::string>(std::move(arrived.request));
  const bool taken = host_.workers.submit([this, request, answer] {
    answer(respond(*request));
    host_.door.leave();
  });
  if (taken) return;
  host_.door.leave();
  answer(failure_response(queue_full(), 429));
}

// On a worker. Throws nothing.
std::string http_door::impl::respond(const std::string& request) {
  try {
    memory_stream stream(request);
    bool closed = false;
    process_request(stream, true, closed, simplify);
    if (!stream.response.empty()) return std::move(stream.response);
    throw std::runtime_error("cpp-httplib made no response");
  } catch (...) {
    const call_error error = told(std::current_exception());
    return failure_response(error, http_status(error.code));
  }
}

void http_door::impl::serve(const Request& request, Response& response) {
  const auto started = std::chrono::steady_clock::now();
  const trace logged = new_trace(request.get_header_value("traceparent"));
  response.set_header("Clv-Request-Id", logged.request_id);
  const method* m = find_method(path_of(request));
  auto c = std::make_unique<call>(nobody(), std::chrono::system_clock::time_point::max(), logged);
  const auto failure = run(request, response, m, c);
  if (failure != nullptr) set_failure(response, *failure);
  const auto took = std::chrono::steady_clock::now() - started;
  if (m == nullptr) {
    host_.metrics.call_ended("other", code_name(failure->error.code), "http", took);
  } else {
    note_end(host_, "http", *m, *c, failure == nullptr ? nullptr : &failure->error, took);
  }
}

// Who calls comes first: a stranger does not learn which methods there are.
std::unique_ptr<http_failure> http_door::impl::run(const Request& request,
                                                   Response& response,
                                                   const method*& m,
                                                   std::unique_ptr<call>& c) {
  using google::protobuf::Message;
  try {
    caller who = host_.known.identify(evidence_of(request, unix_socket_));
    c = std::make_unique<call>(std::move(who), deadline_of(request), c->logged());
    m = &routed(request);
    const auto error = answer(
        host_,
        *m,
        *c,
        [&](Message& message) { read_message(request, message); },
        [&](const Message& message) { write_message(message, format_of(request), response); });
    return error == nullptr ? nullptr : std::make_unique<http_failure>(std::move(*error));
  } catch (const http_failure& why) {
    return std::make_unique<http_failure>(why);
  } catch (...) {
    return std::make_unique<http_failure>(told(std::current_exception(), c->logged()));
  }
}

http_door::http_door(host& h, const http_options& options)
    : impl_(std::make_unique<impl>(h, options)) {}

http_door::~http_door() = default;

int http_door::port() const {
  return impl_->front_->port();
}

void http_door::stop(std::chrono::system_clock::time_point deadline) {
  impl_->front_->stop(deadline);
}

}  // namespace clvd
