// A clvd on a store that libclv made, with both doors open, and calls to it that must succeed.
#pragma once

#include <clv/v1/job_service.pb.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "reference.hpp"
#include "sidecar.hpp"

namespace clv::test {

// Options of a clvd whose tenants are schemas PREFIX_TENANT of the PostgreSQL in `storage`.
std::vector<std::string> keep_elsewhere(const temporary_folder& folder,
                                        const std::string& storage,
                                        const std::string& prefix,
                                        const std::vector<std::string>& tenants);

class shop : public testing::Test {
 protected:
  // `customers` 0: an empty store. In other_storage() where this run has one; `before_` is a file
  // in any case.
  void open(int customers, std::vector<std::string> more = {});
  void start();  // again, after stop()
  void stop();   // SIGTERM; the exit status must be 0
  void be_elsewhere();
  std::string log() const { return text_of(folder_.file("log")); }

  template <typename Response>
  Response ask(const std::string& method, const google::protobuf::Message& request) {
    Response response;
    const grpc::Status status = call(*channel_, method, request, response);
    EXPECT_TRUE(status.ok()) << method << ": " << status.error_message() << log();
    return response;
  }
  // The refusal's code and reason: "3 INVALID_VALUE"; "0 " when there was none.
  std::string refusal(const std::string& method, const google::protobuf::Message& request);
  // The job when it has ended.
  v1::Job ended(const v1::Job& job);
  template <typename Result>
  Result result_of(const v1::Job& job) {
    const v1::Job done = ended(job);
    EXPECT_EQ(done.state(), v1::JOB_STATE_SUCCEEDED) << done.ShortDebugString();
    Result found;
    EXPECT_TRUE(done.result().UnpackTo(&found)) << done.ShortDebugString();
    return found;
  }

  temporary_folder folder_;
  std::string store_ = folder_.file("shop.clv");
  std::string before_ = folder_.file("before.clv");  // a copy as it was before clvd opened it
  std::string http_ = "unix:" + folder_.file("h");
  std::vector<std::string> more_, elsewhere_;
  std::unique_ptr<sidecar> clvd_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace clv::test
