#include "plugins/remote.hpp"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "clv/plugin/v1/action_plugin_service.grpc.pb.h"
#include "plugins/remote_rows.hpp"
#include "plugins/text.hpp"

namespace clvd::plugins {
namespace {

namespace v1 = clv::plugin::v1;

constexpr int largest_answer = 64 << 20;
constexpr int most_per_row = 100;
constexpr milliseconds glance{20};

bool is_port(std::string_view text) {
  int port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && port > 0 &&
         port < 65536;
}

void check_address(const std::string& address) {
  const std::string_view text = address;
  if (text.starts_with("unix:/")) return;
  for (const std::string_view host : {"127.0.0.1:", "[::1]:", "localhost:"}) {
    if (text.starts_with(host) && is_port(text.substr(host.size()))) return;
  }
  throw std::invalid_argument("plugin address '" + address +
                              "': use unix:/path, 127.0.0.1:port or [::1]:port");
}

// No proxy: the environment must not send customers elsewhere.
std::shared_ptr<grpc::Channel> channel_to(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetMaxReceiveMessageSize(largest_answer);
  arguments.SetMaxSendMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

plugin_failure failure_of(const grpc::Status& status) {
  const std::string words = "it answered " + std::to_string(static_cast<int>(status.error_code())) +
                            ": " + printable(status.error_message(), 300);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {fault::crashed, "nobody answers at its address, or the connection broke"};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {fault::timeout, "it did not answer in time"};
    case grpc::StatusCode::CANCELLED:
      return {fault::cancelled, "the call was cancelled"};
    default:
      return {fault::failed, words};
  }
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::vector<std::string> texts_of(const google::protobuf::RepeatedPtrField<std::string>& from) {
  constexpr std::size_t most = 1000;
  std::vector<std::string> to;
  for (const std::string& text : from) {
    if (to.size() < most) to.push_back(printable(text, 256));
  }
  return to;
}

}  // namespace

struct remote_home::connection {
  explicit connection(const std::string& address)
      : stub(v1::ActionPluginService::NewStub(channel_to(address))) {}
  std::unique_ptr<v1::ActionPluginService::Stub> stub;

  // One call with a deadline that can be cancelled. Throws plugin_failure.
  template <typename Start>
  void call(const patience& until, const ticks& clock, Start&& start) {
    grpc::ClientContext context;
    if (until.deadline != instant::max()) {
      context.set_deadline(std::chrono::system_clock::now() + (until.deadline - clock.now()));
    }
    grpc::CompletionQueue queue;
    grpc::Status status;
    start(context, queue, status);
    void* tag = nullptr;
    bool ok = false;
    while (queue.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + glance) ==
           grpc::CompletionQueue::TIMEOUT) {
      if (until.is_cancelled()) context.TryCancel();
    }
    if (!status.ok()) throw failure_of(status);
  }
};

remote_home::remote_home(remote_setup setup, const ticks& clock)
    : setup_(std::move(setup)), clock_(clock) {
  check_address(setup_.address);
}

remote_home::~remote_home() = default;

void remote_home::stop() {
  stub_.reset();
}

description remote_home::describe(const patience& until) {
  v1::DescribeRequest request;
  request.set_config_json(setup_.config_json.empty() ? "{}" : setup_.config_json);
  v1::DescribeResponse said;
  stub_->call(until, clock_, [&](auto& context, auto& queue, auto& status) {
    stub_->stub->AsyncDescribe(&context, request, &queue)->Finish(&said, &status, nullptr);
  });
  if (!is_id(said.id())) {
    throw plugin_failure(fault::failed,
                         "its id has more than 128 bytes, none, or others than a-z, A-Z, 0-9, '.', "
                         "'_' and '-'");
  }
  return {.id = said.id(),
          .name = printable(said.name()),
          .version = printable(said.version()),
          .vendor = printable(said.vendor()),
          .licence = printable(said.licence()),
          .summary = printable(said.summary()),
          .reads = texts_of(said.reads()),
          .actions = texts_of(said.actions())};
}

description remote_home::start(const patience& until) {
  stub_ = std::make_unique<connection>(setup_.address);
  try {
    says_ = describe(until);
    return says_;
  } catch (const plugin_failure&) {
    stub_.reset();
    throw;
  }
}

void remote_home::check(const patience& until) {
  if (describe(until).id == says_.id) return;
  throw plugin_failure(fault::failed, "another plugin answers at its address");
}

std::unique_ptr<home_answer> remote_home::propose(const run_input& input) {
  v1::ProposeRequest request;
  request.set_config_json(setup_.config_json.empty() ? "{}" : setup_.config_json);
  request.set_now_us(input.now_us);
  request.set_seed(input.seed);
  add_columns(input.columns, request);
  v1::ProposeResponse said;
  try {
    stub_->call(input.until, clock_, [&](auto& context, auto& queue, auto& status) {
      stub_->stub->AsyncPropose(&context, request, &queue)->Finish(&said, &status, nullptr);
    });
  } catch (const plugin_failure& e) {
    if (e.what_kind == fault::crashed) stub_.reset();
    throw;
  }
  if (said.proposals_size() > most_per_row * std::max<std::int64_t>(input.columns.n_rows, 1)) {
    throw plugin_failure(fault::failed, "it made more than 100 proposals per customer");
  }
  return proposals_from(said, says_, input.columns.n_rows);
}

}  // namespace clvd::plugins
