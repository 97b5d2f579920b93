// kill -9 while two producers stream: what was acknowledged is there, once, whole. 25 kills by
// default, CLV_KILLS of them when set.
#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "producer.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

constexpr int rows_a_batch = 40;

int kills() {
  const char* set = std::getenv("CLV_KILLS");
  return set == nullptr ? 25 : std::atoi(set);
}

// What one producer sent and what it was told.
struct ledger {
  std::string id;
  std::int64_t sent = 0, acknowledged = 0;
};

// Sends until the stream breaks. What the server says is durable is never less than what was acked.
void stream_until_broken(grpc::Channel& channel, ledger& book, std::atomic<std::int64_t>& acks) {
  producer till(channel, book.id);
  if (!till.is_open()) return;
  std::int64_t durable = till.opened().durable_sequence();
  EXPECT_GE(durable, book.acknowledged) << book.id;
  EXPECT_LE(durable, book.sent) << book.id;
  std::int64_t next = durable + 1;
  producer::ack ack;
  for (;;) {
    for (; next <= durable + till.opened().window(); ++next) {
      v1::EventBatch events = batch_of(next, rows_a_batch);
      for (auto& sale : *events.mutable_transactions()) sale.set_customer(book.id);
      book.sent = std::max(book.sent, next);
      if (!till.send(next, events)) return;
    }
    if (!till.next(ack)) return;
    EXPECT_GE(ack.durable_sequence(), durable) << book.id;
    durable = book.acknowledged = ack.durable_sequence();
    ++acks;
  }
}

// Rows of each producer by batch: all of 1 .. last, whole, once.
void check_stored(const std::string& store, const std::vector<ledger>& books) {
  const result log = stored(store, "transactions");
  const std::int32_t customer = clv_result_find(log.get(), "customer");
  const std::int32_t amount = clv_result_find(log.get(), "amount");
  std::map<std::string, std::map<std::int64_t, int>> rows;
  for (std::int64_t row = 0; row < clv_result_rows(log.get()); ++row) {
    const double cents = clv_result_number(log.get(), amount, row);
    ++rows[clv_result_text(log.get(), customer, row, nullptr)]
          [static_cast<std::int64_t>(cents) / 100];
  }
  for (const ledger& book : books) {
    const auto& batches = rows[book.id];
    const auto last = batches.empty() ? 0 : batches.rbegin()->first;
    EXPECT_GE(last, book.acknowledged) << "lost: " << book.id;
    EXPECT_LE(last, book.sent) << book.id;
    EXPECT_EQ(static_cast<std::int64_t>(batches.size()), last) << "a gap: " << book.id;
    for (const auto& [sequence, count] : batches) {
      EXPECT_EQ(count, rows_a_batch) << book.id << ", batch " << sequence;
    }
  }
}

class ingest_kill : public shop {};

TEST_F(ingest_kill, loses_nothing_that_was_acknowledged_and_doubles_nothing) {
  open(0, {"--drain-delay", "0"});
  std::mt19937 random(20240229);
  std::vector<ledger> books{{"till 1"}, {"till 2"}};
  std::chrono::steady_clock::duration slowest{};
  for (int round = 0; round < kills() && !HasFailure(); ++round) {
    std::atomic<std::int64_t> acks = 0;
    std::vector<std::thread> producers;
    for (ledger& book : books) {
      producers.emplace_back([&] { stream_until_broken(*channel_, book, acks); });
    }
    const int wanted = std::uniform_int_distribution(0, 40)(random);
    const deadline until = soon();
    while (acks < wanted && std::chrono::system_clock::now() < until) std::this_thread::yield();
    clvd_->send(SIGKILL);
    clvd_->wait();
    for (std::thread& p : producers) p.join();
    const auto began = std::chrono::steady_clock::now();
    start();
    slowest = std::max(slowest, std::chrono::steady_clock::now() - began);
  }
  stop();
  check_stored(store_, books);
  EXPECT_GT(books[0].acknowledged + books[1].acknowledged, kills());
  const std::chrono::duration<double> restart = slowest;
  RecordProperty("slowest_restart_s", std::to_string(restart.count()));
  std::printf("%lld batches acknowledged, slowest restart %.2f s\n",
              static_cast<long long>(books[0].acknowledged + books[1].acknowledged),
              restart.count());
}

}  // namespace
}  // namespace clv::test
