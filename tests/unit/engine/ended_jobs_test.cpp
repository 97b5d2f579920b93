// A job that has ended, however it did, keeps nobody from the engine while it is still there.
#include <deque>

#include "shop.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::error_of;
using clv::test::log_of;

namespace {

class batches_then_fails final : public row_source {
 public:
  explicit batches_then_fails(int batches) : left_(batches) {}
  std::shared_ptr<const table> next(const room&) override {
    if (left_-- > 0) return log_of({{"ann", left_ % 1000, 100, "e" + std::to_string(left_)}});
    throw error(status::io, "the line is dead");
  }

 private:
  int left_;
};

std::unique_ptr<job> begin_ingest(engine& e, int batches) {
  return std::unique_ptr<job>(new job(
      e.ingest(std::make_shared<batches_then_fails>(batches), ingest_options{.source = "shop"})));
}

}  // namespace

TEST(ended_job, that_failed_has_rolled_back_and_the_next_verb_works_while_it_is_there) {
  const test::temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  const auto failed = begin_ingest(e, 3);
  EXPECT_EQ(error_of([&] { failed->run(); }).code, status::io);
  test::ingest(e, log_of(busy_shop()));
  const auto names = e.read("transactions")->rows();
  EXPECT_EQ(names, busy_shop().size()) << "nothing of the failed one";
}

TEST(ended_job, that_was_cancelled_amid_its_transaction_lets_the_next_verb_work) {
  const test::temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  const auto cancelled = begin_ingest(e, 1'000'000);
  while (cancelled->fraction() < 0.4) cancelled->step(std::chrono::milliseconds{1});
  EXPECT_EQ(error_of([&] { test::ingest(e, log_of(busy_shop())); }).code, status::conflict);
  cancelled->cancel();
  EXPECT_EQ(error_of([&] { cancelled->run(); }).code, status::cancelled);
  test::ingest(e, log_of(busy_shop()));
  EXPECT_EQ(e.read("transactions")->rows(), busy_shop().size());
}

TEST(ended_job, that_finished_lets_the_next_verb_work) {
  engine e({});
  job finished = e.ingest(log_of(busy_shop()), {});
  finished.run();
  job next = e.fit({}, {});
  next.run();
  EXPECT_NE(next.result().model, nullptr);
}
