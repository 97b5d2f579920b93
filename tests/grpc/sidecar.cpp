#include "sidecar.hpp"

#include <fcntl.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace clv::test {
namespace {

constexpr auto health_check = "/grpc.health.v1.Health/Check";
constexpr auto health_stream = "/grpc.health.v1.Health/Watch";

std::string text_of(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!bytes.Dump(&slices).ok()) return text;
  for (const grpc::Slice& s : slices) {
    text.append(reinterpret_cast<const char*>(s.begin()), s.size());
  }
  return text;
}

grpc::ByteBuffer buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

// HealthCheckRequest{service = 1} and HealthCheckResponse{status = 1}, by hand: the generated
// classes live inside gRPC.
std::string health_request(const std::string& service) {
  if (service.empty()) return {};
  return std::string("\x0a") + static_cast<char>(service.size()) + service;
}
int health_status(const grpc::ByteBuffer& response) {
  const std::string bytes = text_of(response);
  return bytes.size() == 2 && bytes[0] == '\x08' ? bytes[1] : 0;
}

template <typename Detail>
Detail detail_of(const grpc::Status& status) {
  google::rpc::Status rich;
  rich.ParseFromString(status.error_details());
  Detail detail;
  for (const auto& any : rich.details()) {
    if (any.Is<Detail>()) any.UnpackTo(&detail);
  }
  return detail;
}

}  // namespace

temporary_folder::temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "clvd-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = pattern;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

sidecar::sidecar(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<std::string> words{CLVD_PATH};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(
      &files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  const int failure = posix_spawn(&pid_, CLVD_PATH, &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) throw std::runtime_error("cannot start " CLVD_PATH);
}

sidecar::~sidecar() {
  if (pid_ < 0) return;
  send(SIGKILL);
  wait();
}

void sidecar::send(int signal) const {
  kill(pid_, signal);
}

int sidecar::wait() {
  int state = 0;
  waitpid(pid_, &state, 0);
  pid_ = -1;
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::shared_ptr<grpc::Channel> channel_to(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  // Also how long a connection may take, which on a busy machine is a while.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  // Each test talks to its own server, never over another test's connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

bool is_serving(grpc::Channel& channel, const std::string& service) {
  const deadline until = soon();
  while (std::chrono::system_clock::now() < until) {
    if (!channel.WaitForConnected(until)) return false;
    const raw_answer answer = call_raw(channel, health_check, health_request(service), until);
    if (answer.status.ok()) return health_status(answer.bytes) == 1;
    if (answer.status.error_code() != grpc::StatusCode::UNAVAILABLE) return false;
  }
  return false;
}

deadline soon() {
  return std::chrono::system_clock::now() + std::chrono::seconds(30);
}

raw_answer call_raw(grpc::Channel& channel,
                    const std::string& method,
                    const std::string& bytes,
                    deadline until,
                    const std::vector<std::pair<std::string, std::string>>& headers) {
  // The channel outlives the call; the stub only wants to share it.
  grpc::GenericStub stub(std::shared_ptr<grpc::ChannelInterface>(&channel, [](auto*) {}));
  grpc::ClientContext context;
  context.set_deadline(until);
  for (const auto& [name, value] : headers) context.AddMetadata(name, value);
  grpc::CompletionQueue queue;
  raw_answer answer;
  auto rpc = stub.PrepareUnaryCall(&context, method, buffer(bytes), &queue);
  rpc->StartCall();
  rpc->Finish(&answer.bytes, &answer.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return answer;
}

grpc::Status call(grpc::Channel& channel,
                  const std::string& method,
                  const google::protobuf::Message& request,
                  google::protobuf::Message& response,
                  deadline until) {
  const raw_answer answer = call_raw(channel, method, request.SerializeAsString(), until);
  if (answer.status.ok() && !response.ParseFromString(text_of(answer.bytes))) {
    return {grpc::StatusCode::INTERNAL, "the answer cannot be parsed"};
  }
  return answer.status;
}

google::rpc::ErrorInfo error_info(const grpc::Status& status) {
  return detail_of<google::rpc::ErrorInfo>(status);
}

google::rpc::BadRequest bad_request(const grpc::Status& status) {
  return detail_of<google::rpc::BadRequest>(status);
}

struct health_watch::stream {
  explicit stream(grpc::Channel& channel)
      : stub(std::shared_ptr<grpc::ChannelInterface>(&channel, [](auto*) {})) {
    context.set_deadline(soon());
    rpc = stub.PrepareCall(&context, health_stream, &queue);
    rpc->StartCall(nullptr);
    done();
    rpc->WriteLast(buffer(""), {}, nullptr);
    done();
  }
  bool done() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc;
};

health_watch::health_watch(grpc::Channel& channel) : stream_(std::make_unique<stream>(channel)) {}

health_watch::~health_watch() {
  stream_->context.TryCancel();
  grpc::Status status;
  stream_->rpc->Finish(&status, nullptr);
  stream_->done();
}

int health_watch::next() {
  grpc::ByteBuffer response;
  stream_->rpc->Read(&response, nullptr);
  return stream_->done() ? health_status(response) : -1;
}

}  // namespace clv::test
