// The thread that writes a tenant's store: many batches in one commit, and a queue with an end.
#include "ingest/writer.hpp"

#include <gtest/gtest.h>

#include <future>

#include "busy.hpp"
#include "ingest/event_batch.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"
#include "sales.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

using namespace clvd;

engine_ptr opened(const std::string& path) {
  const diag_ptr diag(clv_diag_new());
  auto options = CLV_SIZED(clv_engine_options);
  options.path = path.c_str();
  clv_engine* engine = nullptr;
  EXPECT_EQ(clv_engine_open(&options, &engine, diag.get()), CLV_OK) << clv_diag_text(diag.get());
  return engine_ptr(engine);
}

keyed_rows sales(int rows, const std::string& customer = "ann") {
  v1::EventBatch events;
  for (int i = 0; i < rows; ++i) add_sale(events, "", customer, i, 100);
  keyed_rows batch = rows_of(events);
  batch.source = "till";
  return batch;
}

class writing : public testing::Test {
 protected:
  temporary_folder folder_;
  metrics metrics_;
  server_state server_;
  writer writer_{
      opened(folder_.file("a.clv")), {.rows_a_commit = 10, .rows_waiting = 20}, metrics_, server_};
};

TEST_F(writing, answers_each_sender_when_its_rows_are_durable) {
  std::vector<std::future<verdict>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::async(std::launch::async, [this] { return writer_.commit(sales(2)); }));
  }
  for (auto& one : all) EXPECT_EQ(one.get().accepted, 2);
  EXPECT_EQ(writer_.rows_waiting(), 0);
}

TEST_F(writing, refuses_what_the_queue_cannot_hold) {
  std::promise<verdict> first;
  busy thread(writer_);
  writer_.submit(sales(20), [&](verdict v) { first.set_value(std::move(v)); });
  EXPECT_EQ(writer_.room_for(1), writer::space::none);
  try {
    writer_.submit(sales(1), [](verdict) { ADD_FAILURE(); });
    FAIL() << "taken";
  } catch (const call_error& e) {
    EXPECT_EQ(e.reason, "INGEST_QUEUE_FULL");
  }
  thread.end();
  EXPECT_EQ(first.get_future().get().accepted, 20);
}

TEST_F(writing, calls_who_can_wait_when_there_is_room) {
  std::promise<void> room;
  std::promise<verdict> done;
  const auto tell = [&](verdict v) { done.set_value(std::move(v)); };
  busy thread(writer_);
  writer_.submit(sales(15), [](verdict) {});
  EXPECT_FALSE(writer_.offer(sales(10), tell, [&] { room.set_value(); }));
  thread.end();
  room.get_future().get();
  EXPECT_TRUE(writer_.offer(sales(10), tell, [] { ADD_FAILURE(); }));
  EXPECT_EQ(done.get_future().get().accepted, 10);
}

TEST_F(writing, says_how_much_room_there_is_and_when_there_is_more) {
  EXPECT_EQ(writer_.room_for(5), writer::space::plenty);
  EXPECT_FALSE(writer_.call_when_room([] { ADD_FAILURE(); }));
  busy thread(writer_);
  writer_.submit(sales(12), [](verdict) {});
  EXPECT_EQ(writer_.room_for(5), writer::space::little);
  EXPECT_EQ(writer_.room_for(9), writer::space::none);
  std::promise<void> room;
  EXPECT_TRUE(writer_.call_when_room([&] { room.set_value(); }));
  thread.end();
  room.get_future().get();
  EXPECT_EQ(writer_.room_for(9), writer::space::plenty);
}

TEST_F(writing, takes_a_batch_that_is_larger_than_the_queue_when_it_is_empty) {
  EXPECT_EQ(writer_.commit(sales(50)).accepted, 50);
}

TEST_F(writing, takes_nothing_while_it_may_only_read) {
  server_.read_only = true;
  EXPECT_THROW(writer_.commit(sales(1)), call_error);
  EXPECT_THROW(writer_.offer(
                   sales(1), [](verdict) {}, [] {}),
               call_error);
}

TEST_F(writing, passes_on_what_a_task_throws) {
  EXPECT_THROW(writer_.run([](clv_engine*) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(writer_.commit(sales(1)).accepted, 1);
}

}  // namespace
}  // namespace clv::test
