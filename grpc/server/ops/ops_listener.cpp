#include "ops/ops_listener.hpp"

#include <string>
#include <string_view>

#include "ops/metrics.hpp"

namespace clvd {
namespace {

constexpr auto plain = "text/plain; charset=utf-8";
constexpr auto metrics_type = "text/plain; version=0.0.4; charset=utf-8";

// "GET /livez HTTP/1.1..." -> "/livez"; "" for another verb.
std::string_view path_of(std::string_view request) {
  constexpr std::string_view verb = "GET ";
  if (!request.starts_with(verb)) return {};
  request.remove_prefix(verb.size());
  return request.substr(0, request.find(' '));
}

}  // namespace

ops_listener::ops_listener(host& h, const server_state& state, const http_options& options)
    : host_(h),
      state_(state),
      front_(options, [this](const http_arrival& arrived, const http_front::reply& answer) {
        answer(respond(arrived));
      }) {}

ops_listener::~ops_listener() = default;

int ops_listener::port() const {
  return front_.port();
}

std::string ops_listener::respond(const http_arrival& arrived) {
  if (arrived.refusal != 0) return http_response(arrived.refusal, plain, "refused\n");
  const std::string_view path = path_of(arrived.request);
  if (path.empty()) return http_response(405, plain, "GET only\n", "Allow: GET\r\n");
  if (path == "/livez") return http_response(200, plain, "alive\n");
  if (path == "/readyz") {
    if (state_.ready && !state_.draining) return http_response(200, plain, "ready\n");
    return http_response(503, plain, state_.draining ? "draining\n" : "not ready\n");
  }
  if (path == "/metrics") {
    host_.metrics.set("clv_inflight", "", host_.door.inside());
    return http_response(200, metrics_type, host_.metrics.page());
  }
  return http_response(404, plain, "there are /livez, /readyz and /metrics\n");
}

}  // namespace clvd
