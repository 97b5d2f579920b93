// clvd whose tenants' stores are in PostgreSQL: what an operator sets up, and what a lost
// connection, a killed server and a second clvd do. A server of the test's own, which syncs as it
// does in earnest. The other services' tests run on it as services_*_postgres.
#include <clv/v1/admin_service.pb.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "producer.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

namespace fs = std::filesystem;

constexpr auto ingest_batch = "/clv.v1.IngestService/IngestBatch";
constexpr int rows_a_batch = 5;

class server {
 public:
  server() { started_ = run("start"); }
  ~server() { run("stop"); }
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  int started() const { return started_; }  // 77: there is no PostgreSQL here
  const std::string& folder() const { return folder_; }
  int run(const std::string& action) const {
    const int how =
        std::system((std::string(CLV_POSTGRES_PROGRAM) + " " + action + " " + folder_).c_str());
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
  }
  // The first value of a statement, which sees all databases' sessions; "" when it failed.
  std::string ask(const std::string& sql) const {
    PGconn* connection = PQconnectdb(("host=" + folder_ + " dbname=postgres user=clv").c_str());
    PGresult* answer = PQexec(connection, sql.c_str());
    const bool found = PQresultStatus(answer) == PGRES_TUPLES_OK && PQntuples(answer) > 0;
    std::string value = found ? PQgetvalue(answer, 0, 0) : "";
    PQclear(answer);
    PQfinish(connection);
    return value;
  }
  // Ends every session of libclv; how many there were.
  int hang_up() const {
    return std::atoi(ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                         "WHERE application_name = 'libclv'")
                         .c_str());
  }

 private:
  std::string folder_ = "/tmp/clv-sidecar-pg-" + std::to_string(getpid());
  int started_ = -1;
};

std::int64_t rows_of(const std::string& place) {
  return clv_result_rows(stored(place, "transactions").get());
}

class postgres : public shop {
 protected:
  static void SetUpTestSuite() { server_.emplace(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_->started() == 77) GTEST_SKIP() << "there is no PostgreSQL here";
    ASSERT_EQ(server_->started(), 0);
  }
  // A clvd whose tenants are schemas PREFIX_TENANT.
  void serve(const std::string& prefix, const std::vector<std::string>& tenants = {"default"}) {
    elsewhere_ = keep_elsewhere(folder_, server_->folder(), prefix, tenants);
    more_ = {"--drain-delay", "0"};
    start();
  }
  static std::string place(const std::string& schema) {
    return schema_at(server_->folder(), schema);
  }
  // Exit status of a clvd that does not start.
  int status_of(std::vector<std::string> words) {
    words.insert(words.end(), {"--socket", folder_.file("s2")});
    return sidecar(words, folder_.file("log2")).wait();
  }
  std::string words() const { return text_of(folder_.file("log2")); }

  grpc::Status send(std::int64_t number, const std::string& tenant = "default") {
    v1::IngestBatchRequest request;
    request.set_source("till");
    request.set_request_id("batch " + std::to_string(number));
    *request.mutable_events() = batch_of(number, rows_a_batch);
    return call_raw(*channel_,
                    ingest_batch,
                    request.SerializeAsString(),
                    soon(),
                    {{"clv-tenant", tenant}})
        .status;
  }
  // As a client would: again and again while the server says that this is safe. How often it had
  // to.
  int send_until_taken(std::int64_t number) {
    int refused = 0;
    const deadline until = soon();
    for (;;) {
      const grpc::Status status = send(number);
      if (status.ok()) return refused;
      ++refused;
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
      if (std::chrono::system_clock::now() > until || HasFailure()) return refused;
      std::this_thread::yield();
    }
  }
  grpc::StatusCode read() {
    v1::GetWatermarkRequest request;
    request.set_producer_id("till 7");
    v1::GetWatermarkResponse response;
    return call(*channel_, "/clv.v1.IngestService/GetWatermark", request, response).error_code();
  }
  // A session that was told to end may still answer once.
  grpc::StatusCode read_in_the_end() {
    const deadline until = soon();
    grpc::StatusCode code = read();
    while (code == grpc::StatusCode::UNAVAILABLE && std::chrono::system_clock::now() < until) {
      code = read();
    }
    return code;
  }

  static std::optional<server> server_;
};
std::optional<server> postgres::server_;

TEST_F(postgres, each_tenant_has_a_schema_of_its_own) {
  serve("own", {"one", "two"});
  EXPECT_TRUE(send(1, "one").ok()) << log();
  EXPECT_TRUE(send(2, "one").ok());
  EXPECT_TRUE(send(1, "two").ok());
  stop();
  EXPECT_EQ(rows_of(place("own_one")), 2 * rows_a_batch);
  EXPECT_EQ(rows_of(place("own_two")), rows_a_batch);
  for (const char* tenant : {"one", "two"}) {
    EXPECT_FALSE(fs::exists(folder_.file("data/tenants/" + std::string(tenant) + "/store.clv")));
  }
  start();
  EXPECT_TRUE(send(2, "two").ok());
  stop();
  EXPECT_EQ(rows_of(place("own_two")), 2 * rows_a_batch);
  EXPECT_EQ(log().find("csearch_path"), std::string::npos);
}

TEST_F(postgres, what_cannot_keep_tenants_apart_is_no_place) {
  const std::string secret = folder_.file("place");
  auto options = keep_elsewhere(folder_, server_->folder(), "apart", {"default"});
  EXPECT_EQ(status_of([&] {
              auto checked = options;
              checked.emplace_back("--check-config");
              return checked;
            }()),
            1);  // the schema is not there before the first start
  std::ofstream(secret) << place("all");
  EXPECT_EQ(status_of(options), 2);
  EXPECT_NE(words().find("does not say {tenant}"), std::string::npos) << words();
  std::ofstream(secret) << place("{tenant}") << " pasword=open {sesame}";
  EXPECT_EQ(status_of(options), 2);
  EXPECT_EQ(words().find("sesame"), std::string::npos) << words();
  fs::permissions(secret, fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(status_of(options), 2);
  EXPECT_NE(words().find("chmod 600"), std::string::npos) << words();
  // PostgreSQL keeps 63 bytes of a name: two long ones would be one.
  options = keep_elsewhere(folder_, server_->folder(), std::string(56, 'x'), {"default"});
  EXPECT_EQ(status_of(options), 2);
  EXPECT_NE(words().find("63 bytes"), std::string::npos) << words();
}

TEST_F(postgres, a_folder_remembers_where_its_stores_are) {
  serve("remember");
  EXPECT_TRUE(send(1).ok());
  stop();
  const std::string data = folder_.file("data");
  EXPECT_EQ(status_of({"--data", data}), 2);
  EXPECT_NE(words().find("another storage"), std::string::npos) << words();
  EXPECT_FALSE(fs::exists(data + "/tenants/default/store.clv"));
  fs::remove(data + "/storage");
  make_store(data + "/tenants/default/store.clv", 3);
  EXPECT_EQ(status_of(elsewhere_), 2);
  EXPECT_NE(words().find("store files"), std::string::npos) << words();
}

TEST_F(postgres, backup_and_check_name_the_databases_own_tools) {
  serve("tools");
  const std::string service = "/clv.v1.AdminService/";
  v1::StartBackupRequest backup;
  backup.set_request_id("b");
  EXPECT_EQ(refusal(service + "StartBackup", backup), "9 STORE_NOT_A_FILE");
  v1::StartIntegrityCheckRequest check;
  check.set_request_id("c");
  EXPECT_EQ(refusal(service + "StartIntegrityCheck", check), "9 STORE_NOT_A_FILE");
}

TEST_F(postgres, lost_connections_lose_and_double_nothing) {
  serve("lost");
  EXPECT_EQ(read_in_the_end(), grpc::StatusCode::OK) << log();
  std::atomic<bool> done = false;
  std::atomic<int> taken = 0;
  std::atomic<int> hung_up = 0;
  // Once for each batch, wherever that is by then.
  std::jthread cutter([&] {
    while (!done) {
      const int seen = taken;
      hung_up += server_->hang_up();
      while (taken == seen && !done) std::this_thread::yield();
    }
  });
  int refused = 0, batches = 0;
  const deadline until = soon();
  while ((hung_up < 10 || refused == 0) && std::chrono::system_clock::now() < until &&
         !HasFailure()) {
    refused += send_until_taken(++batches);
    ++taken;
  }
  done = true;
  cutter.join();
  EXPECT_GE(hung_up, 10);
  EXPECT_GT(refused, 0);
  std::printf("%d sessions ended, %d calls refused\n", hung_up.load(), refused);
  EXPECT_EQ(read_in_the_end(), grpc::StatusCode::OK) << log();
  send_until_taken(batches);  // again: it is known
  stop();
  EXPECT_EQ(rows_of(place("lost_default")), batches * rows_a_batch);
}

TEST_F(postgres, a_killed_database_is_used_again_when_it_is_back) {
  serve("killed");
  std::int64_t batch = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(send(++batch).ok()) << log();
    EXPECT_EQ(read_in_the_end(), grpc::StatusCode::OK);
    std::atomic<int> taken = 0;
    std::jthread client([&] {
      for (int i = 0; i < 40; ++i) {
        send_until_taken(++batch);
        ++taken;
      }
    });
    const deadline until = soon();
    while (taken < 5 && std::chrono::system_clock::now() < until) std::this_thread::yield();
    EXPECT_EQ(server_->run("kill"), 0);
    EXPECT_EQ(read(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(server_->run("restart"), 0);
    client.join();
    EXPECT_EQ(read_in_the_end(), grpc::StatusCode::OK) << log();
  }
  stop();
  EXPECT_EQ(rows_of(place("killed_default")), batch * rows_a_batch);
}

TEST_F(postgres, a_second_clvd_takes_over_when_the_first_is_gone) {
  serve("over");
  EXPECT_TRUE(send(1).ok());
  const temporary_folder other;
  const auto there = keep_elsewhere(other, server_->folder(), "over", {"default"});
  EXPECT_EQ(status_of(there), 3);
  EXPECT_NE(words().find("open for writing elsewhere"), std::string::npos) << words();
  EXPECT_TRUE(send(2).ok());  // the first has not noticed
  clvd_->send(SIGKILL);
  clvd_->wait();
  // The server frees the lock when it notices.
  const deadline until = soon();
  while (server_->ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") != "0" &&
         std::chrono::system_clock::now() < until) {
  }
  elsewhere_ = there;
  start();
  EXPECT_TRUE(send(2).ok()) << log();  // a repeat of what the first took
  EXPECT_TRUE(send(3).ok()) << log();
  stop();
  EXPECT_EQ(rows_of(place("over_default")), 3 * rows_a_batch);
}

}  // namespace
}  // namespace clv::test
