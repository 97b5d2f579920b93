// A clvd of the test's own, in a folder of its own, and calls to it.
#pragma once

#include <google/protobuf/message.h>
#include <google/rpc/error_details.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace clv::test {

// A folder that is gone with the object.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// One clvd process; killed with the object if it still runs.
class sidecar {
 public:
  // Its log goes to `log`.
  sidecar(const std::vector<std::string>& arguments, const std::string& log);
  ~sidecar();
  sidecar(const sidecar&) = delete;
  sidecar& operator=(const sidecar&) = delete;

  void send(int signal) const;
  pid_t pid() const { return pid_; }
  // Exit status, or -1 when a signal ended it. Waits for the end.
  int wait();

 private:
  pid_t pid_ = -1;
};

std::string text_of(const std::string& file);

std::shared_ptr<grpc::Channel> channel_to(const std::string& target);
// Waits, at most half a minute, until the health service says `service` serves.
bool is_serving(grpc::Channel& channel, const std::string& service = "");

using deadline = std::chrono::system_clock::time_point;
deadline soon();  // generous: for calls that must end

struct raw_answer {
  grpc::Status status;
  grpc::ByteBuffer bytes;
};
raw_answer call_raw(grpc::Channel& channel,
                    const std::string& method,
                    const std::string& bytes,
                    deadline until = soon(),
                    const std::vector<std::pair<std::string, std::string>>& headers = {});

grpc::Status call(grpc::Channel& channel,
                  const std::string& method,
                  const google::protobuf::Message& request,
                  google::protobuf::Message& response,
                  deadline until = soon());

// Details of a failure; a message without fields when it has none of the kind.
google::rpc::ErrorInfo error_info(const grpc::Status& status);
google::rpc::BadRequest bad_request(const grpc::Status& status);

// The health service's Watch: state after state.
class health_watch {
 public:
  explicit health_watch(grpc::Channel& channel);
  ~health_watch();
  health_watch(const health_watch&) = delete;
  health_watch& operator=(const health_watch&) = delete;
  // The next state: 1 serving, 2 not serving; -1 when the stream ended.
  int next();

 private:
  struct stream;
  std::unique_ptr<stream> stream_;
};

}  // namespace clv::test
