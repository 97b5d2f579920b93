// What an open stream may still do: when its credential ends, when the writer is behind, when
// another has its name.
#include <gtest/gtest.h>

#include "busy.hpp"
#include "ingest/event_batch.hpp"
#include "local_server.hpp"
#include "producer.hpp"
#include "security/token_file.hpp"

namespace clv::test {
namespace {

constexpr auto watch_job = "/clv.v1.JobService/WatchJob";
constexpr std::int64_t expiry = 1'000;

// One credential "till" whose token lasts until `expiry`.
class stream_rights : public testing::Test {
 protected:
  stream_rights() { write({"till"}); }

  void write(const std::vector<std::string>& names) {
    std::vector<clvd::credential_entry> entries;
    for (const std::string& name : names) {
      entries.push_back({.name = name,
                         .sha256 = clvd::sha256_hex(name == "till" ? token_ : "other"),
                         .scopes = clvd::all_scopes,
                         .tenant = "default",
                         .expires = expiry});
    }
    clvd::write_credentials(tokens_, entries);
  }
  open_stream::headers mine() const { return {{"authorization", "Bearer " + token_}}; }
  static std::string reason(const grpc::Status& status) {
    return std::to_string(status.error_code()) + " " + error_info(status).reason();
  }

  const temporary_folder folder_;
  const std::string tokens_ = folder_.file("tokens");
  const std::string token_ = clvd::make_token();
};

TEST_F(stream_rights, end_with_a_token_that_expires) {
  local_server server(tokens_);
  producer till(server.channel(), "till", false, mine()), local(server.channel(), "local");
  ASSERT_TRUE(till.is_open());
  till.send(1, batch_of(1));
  EXPECT_EQ(till.until(1).durable_sequence(), 1);
  server.set_clock(expiry - 1);
  server.state().streams.look();
  till.send(2, batch_of(2));
  EXPECT_EQ(till.until(2).durable_sequence(), 2);
  server.set_clock(expiry);
  server.state().streams.look();
  EXPECT_EQ(reason(till.finish()), "16 UNAUTHENTICATED");
  local.done();
  EXPECT_TRUE(local.finish().ok());
}

TEST_F(stream_rights, end_with_a_token_that_is_revoked_also_for_who_only_waits) {
  local_server server(tokens_);
  std::promise<void> over;
  const auto until_then = over.get_future().share();
  const v1::Job job = server.jobs().start(
      server.tenant(), {.kind = "Long"}, [until_then](clvd::job_context&, google::protobuf::Any&) {
        until_then.wait();
      });
  v1::WatchJobRequest request;
  request.set_name(job.name());
  answers<v1::WatchJobResponse> watch(server.channel(), watch_job, request, soon(), mine());
  ASSERT_TRUE(watch.next());
  write({"other"});
  server.known().reload();
  server.state().streams.look();
  EXPECT_EQ(reason(watch.finish()), "16 UNAUTHENTICATED");
  over.set_value();
}

TEST_F(stream_rights, are_looked_at_again_and_again_without_being_asked) {
  local_server server(tokens_);
  server.state().streams.watch(std::chrono::milliseconds(10));
  producer till(server.channel(), "till", false, mine());
  ASSERT_TRUE(till.is_open());
  server.set_clock(expiry);
  EXPECT_EQ(reason(till.finish()), "16 UNAUTHENTICATED");
  server.state().streams.stop();
}

TEST_F(stream_rights, pause_while_the_writer_has_no_room_and_go_on_when_it_has) {
  local_server server;
  clvd::writer& writer = server.tenant().write();
  busy thread(writer);
  v1::EventBatch events;
  for (int i = 0; i < 5'000; ++i) add_sale(events, "", "ann", i % 1000, 100);
  clvd::keyed_rows rows = clvd::rows_of(events);
  rows.source = "test";
  while (writer.room_for(5'000) != clvd::writer::space::none) writer.submit(rows, [](auto) {});
  producer till(server.channel());
  EXPECT_EQ(till.opened().window(), 0);
  thread.end();
  producer::ack more;
  ASSERT_TRUE(till.next(more));
  EXPECT_GT(more.window(), 0);
  EXPECT_EQ(more.durable_sequence(), 0);
  till.send(1, batch_of(1));
  EXPECT_EQ(till.until(1).accepted_count(), 2);
  till.done();
  EXPECT_TRUE(till.finish().ok());
}

TEST_F(stream_rights, are_a_single_batch_while_the_log_is_too_large) {
  local_server server;
  producer till(server.channel());
  EXPECT_EQ(till.opened().window(), 8);
  server.state().wal_alarm_bytes = 0;
  till.send(1, batch_of(1));
  EXPECT_EQ(till.until(1).accepted_count(), 2);
  producer late(server.channel(), "till 8");
  EXPECT_EQ(late.opened().window(), 1);
}

}  // namespace
}  // namespace clv::test
