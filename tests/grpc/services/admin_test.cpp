// AdminService: what an operator may do, and only over a door that proves one.
#include <clv/v1/admin_service.pb.h>
#include <clv/v1/customer_service.pb.h>
#include <clv/v1/segment_service.pb.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string admin_service = "/clv.v1.AdminService/";

class admin : public shop {
 protected:
  static int shell(const std::string& command) {
    const int state = std::system(command.c_str());
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
  }
  int clv(const std::string& arguments) const {
    return shell(std::string(CLV_PATH) + " " + arguments + " > " + folder_.file("clv.out") +
                 " 2>&1");
  }
  v1::IntegrityCheckResult check() {
    return result_of<v1::IntegrityCheckResult>(
        ask<v1::StartIntegrityCheckResponse>(admin_service + "StartIntegrityCheck",
                                             v1::StartIntegrityCheckRequest())
            .job());
  }
  v1::GetServerInfoResponse info() {
    return ask<v1::GetServerInfoResponse>(admin_service + "GetServerInfo",
                                          v1::GetServerInfoRequest());
  }
};

TEST_F(admin, tells_what_can_be_asked_for) {
  open(0);
  const auto about = info();
  EXPECT_EQ(about.api_major(), 1);
  EXPECT_EQ(about.version(), clv_version());
  EXPECT_GT(about.models_size(), 5);
  EXPECT_GT(about.segmentations_size(), 3);
  EXPECT_GT(about.reports_size(), 50);
  EXPECT_EQ(about.tenant(), "default");
  EXPECT_FALSE(about.read_only());
}

TEST_F(admin, makes_backups_that_can_be_opened_and_restored) {
  open(120);
  v1::StartBackupRequest request;
  request.set_request_id("b1");
  const auto job = ask<v1::StartBackupResponse>(admin_service + "StartBackup", request).job();
  const auto result = result_of<v1::BackupResult>(job);
  EXPECT_EQ(ask<v1::StartBackupResponse>(admin_service + "StartBackup", request).job().name(),
            job.name());
  const std::string file = store_ + "-backups/" + result.file_name();
  ASSERT_TRUE(std::filesystem::exists(file)) << result.ShortDebugString();
  EXPECT_EQ(static_cast<std::int64_t>(std::filesystem::file_size(file)), result.bytes());
  EXPECT_EQ(result.sha256().size(), 64u);
  EXPECT_EQ(clv("store check --store " + file), 0) << text_of(folder_.file("clv.out"));
  const std::string restored = folder_.file("restored.clv");
  EXPECT_EQ(clv("store restore --store " + restored + " " + file), 0)
      << text_of(folder_.file("clv.out"));
  for (const char* name : {"transactions", "scores"}) {
    EXPECT_EQ(clv_result_fingerprint(stored(restored, name).get()),
              std::string(clv_result_fingerprint(stored(before_, name).get())));
  }
}

// As grpc/packaging/README.md says it is done.
TEST_F(admin, makes_backups_from_which_a_server_goes_on_with_its_jobs_and_segments) {
  open(20);
  v1::CreateSegmentRequest create;
  create.mutable_segment()->set_name("segments/a");
  create.mutable_segment()->set_scheme("value_tier");
  const std::string segments = "/clv.v1.SegmentService/";
  ask<v1::CreateSegmentResponse>(segments + "CreateSegment", create);
  v1::StartIntegrityCheckRequest done;
  done.set_request_id("c1");
  const auto job = ended(
      ask<v1::StartIntegrityCheckResponse>(admin_service + "StartIntegrityCheck", done).job());
  const auto result = result_of<v1::BackupResult>(
      ask<v1::StartBackupResponse>(admin_service + "StartBackup", v1::StartBackupRequest()).job());
  const std::string backups = store_ + "-backups/";
  EXPECT_EQ(
      static_cast<std::int64_t>(std::filesystem::file_size(backups + result.registry_file_name())),
      result.registry_bytes());
  EXPECT_EQ(shell("cd " + backups + " && sha256sum -c " + result.registry_file_name() + ".sha256"),
            0);
  create.mutable_segment()->set_name("segments/later");
  ask<v1::CreateSegmentResponse>(segments + "CreateSegment", create);
  stop();

  const std::string registry = store_ + "-clvd";
  for (const std::string& lost : {store_, registry}) {
    EXPECT_EQ(shell("rm -f " + lost + " " + lost + "-wal " + lost + "-shm"), 0);
  }
  EXPECT_EQ(clv("store restore --store " + store_ + " " + backups + result.file_name()), 0);
  EXPECT_EQ(shell("cp " + backups + result.registry_file_name() + " " + registry), 0);
  start();
  v1::GetSegmentRequest get;
  get.set_name("segments/a");
  ask<v1::GetSegmentResponse>(segments + "GetSegment", get);
  get.set_name("segments/later");
  EXPECT_EQ(refusal(segments + "GetSegment", get), "5 SEGMENT_UNKNOWN");
  EXPECT_EQ(ended(job).state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(ask<v1::StartIntegrityCheckResponse>(admin_service + "StartIntegrityCheck", done)
                .job()
                .name(),
            job.name());
  EXPECT_TRUE(check().ok());
}

TEST_F(admin, finds_damage_of_the_registry_too) {
  open(0);
  for (int i = 0; i < 40; ++i) {  // so that it has more than a page of jobs
    v1::StartIntegrityCheckRequest request;
    request.set_request_id("c" + std::to_string(i));
    ended(
        ask<v1::StartIntegrityCheckResponse>(admin_service + "StartIntegrityCheck", request).job());
  }
  stop();  // what is in the log goes into the file
  start();
  {
    std::fstream file(store_ + "-clvd", std::ios::binary | std::ios::in | std::ios::out);
    const auto pages = std::filesystem::file_size(store_ + "-clvd") / 4096;
    ASSERT_GT(pages, 10U);
    file.seekp(static_cast<std::streamoff>(pages / 2 * 4096));
    file.write(std::string(64, 'x').data(), 64);
  }
  const auto damaged = check();
  EXPECT_FALSE(damaged.ok());
  const auto& last = damaged.checks(damaged.checks_size() - 1);
  EXPECT_EQ(last.check(), "registry");
  EXPECT_EQ(last.status(), "damaged") << damaged.ShortDebugString();
  EXPECT_FALSE(last.detail().empty());
  EXPECT_EQ(
      ended(ask<v1::StartBackupResponse>(admin_service + "StartBackup", v1::StartBackupRequest())
                .job())
          .state(),
      v1::JOB_STATE_FAILED);
  EXPECT_TRUE(std::filesystem::is_empty(store_ + "-backups"));
}

TEST_F(admin, finds_a_sound_store_sound_and_damage_where_it_is) {
  open(400);
  EXPECT_TRUE(check().ok());
  {
    std::fstream file(store_, std::ios::binary | std::ios::in | std::ios::out);
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(store_));
    for (std::streamoff at = size / 2; at < size / 2 + 3 * 4096; at += 64) {
      file.seekp(at);
      file.write("damaged!", 8);
    }
  }
  const auto damaged = check();
  EXPECT_FALSE(damaged.ok()) << damaged.ShortDebugString();
  EXPECT_GT(damaged.checks_size(), 1);
}

TEST_F(admin, makes_the_server_read_only_and_writable_again) {
  open(20);
  v1::SetModeRequest mode;
  mode.set_read_only(true);
  EXPECT_TRUE(ask<v1::SetModeResponse>(admin_service + "SetMode", mode).read_only());
  EXPECT_TRUE(info().read_only());
  v1::UpsertCustomersRequest upsert;
  upsert.set_source("crm");
  add_texts(*upsert.mutable_customers(), "customer", {"ann"});
  add_texts(*upsert.mutable_customers(), "attr.city", {"Graz"});
  const std::string method = "/clv.v1.CustomerService/UpsertCustomers";
  EXPECT_EQ(refusal(method, upsert), "9 READ_ONLY");
  v1::ForgetCustomerRequest forget;
  forget.set_customer("ann");
  EXPECT_EQ(refusal("/clv.v1.CustomerService/ForgetCustomer", forget), "9 READ_ONLY");
  EXPECT_EQ(ask<v1::ListCustomersResponse>("/clv.v1.CustomerService/ListCustomers",
                                           v1::ListCustomersRequest())
                .total_rows(),
            20);
  EXPECT_TRUE(check().ok());  // reads only
  mode.set_read_only(false);
  EXPECT_FALSE(ask<v1::SetModeResponse>(admin_service + "SetMode", mode).read_only());
  EXPECT_EQ(ask<v1::UpsertCustomersResponse>(method, upsert).accepted_count(), 1);
}

TEST_F(admin, sets_the_level_of_the_log) {
  open(0);
  v1::SetLogLevelRequest request;
  request.set_level("loud");
  EXPECT_EQ(refusal(admin_service + "SetLogLevel", request), "3 INVALID_VALUE");
  request.set_level("error");
  ask<v1::SetLogLevelResponse>(admin_service + "SetLogLevel", request);
  const std::string before = log();
  info();
  EXPECT_EQ(log().find("GetServerInfo"), std::string::npos);
  request.set_level("info");
  ask<v1::SetLogLevelResponse>(admin_service + "SetLogLevel", request);
  info();
  stop();
  EXPECT_NE(log().find("GetServerInfo", before.size()), std::string::npos);
}

TEST_F(admin, answers_nobody_who_comes_over_tcp_without_a_certificate) {
  open(0, {"--listen", "127.0.0.1:0", "--anonymous-loopback"});
  const std::string text = log();
  const std::string mark = "\"port\":";
  const std::string port = std::to_string(std::stoi(text.substr(text.find(mark) + mark.size())));
  channel_ = channel_to("127.0.0.1:" + port);
  info();
  EXPECT_EQ(refusal(admin_service + "StartBackup", v1::StartBackupRequest()), "7 OPERATOR_ONLY");
  EXPECT_EQ(refusal(admin_service + "StartIntegrityCheck", v1::StartIntegrityCheckRequest()),
            "7 OPERATOR_ONLY");
  EXPECT_EQ(refusal(admin_service + "ReloadConfig", v1::ReloadConfigRequest()), "7 OPERATOR_ONLY");
  EXPECT_EQ(refusal(admin_service + "SetLogLevel", v1::SetLogLevelRequest()), "7 OPERATOR_ONLY");
  EXPECT_EQ(refusal(admin_service + "SetMode", v1::SetModeRequest()), "7 OPERATOR_ONLY");
}

TEST_F(admin, reloads_what_can_be_reloaded) {
  open(0);
  EXPECT_FALSE(
      ask<v1::ReloadConfigResponse>(admin_service + "ReloadConfig", v1::ReloadConfigRequest())
          .summary()
          .empty());
}

}  // namespace
}  // namespace clv::test
