// Two threads on one handle. A plugin that waits keeps one thread inside a job, its engine and its
// plugins; every [one] function of the three answers another thread with CLV_E_BUSY, at once.
#include <chrono>
#include <thread>

#include "handle_uses.hpp"

namespace clv_hostile {
namespace {

// A job of an engine whose plugin goes on until it is cancelled, stepped by a thread of its own.
class occupied : public testing::Test {
 protected:
  occupied() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    plugins_.reset(made);
    EXPECT_EQ(clv_plugins_load(made, nullptr, CLV_TEST_PLUGINS "/waits.so", nullptr), CLV_OK);
    clv_job* job = nullptr;
    EXPECT_EQ(clv_engine_propose_begin(engine_.get(), made, nullptr, &job, nullptr), CLV_OK);
    job_.reset(job);
    inside_ = std::thread([this] { ended_ = clv_job_step(job_.get(), 0, nullptr); });
    clv_progress progress = CLV_SIZED(clv_progress);
    while (clv_job_progress(job_.get(), &progress, nullptr) != CLV_E_BUSY)
      std::this_thread::yield();
  }
  ~occupied() override {
    clv_job_cancel(job_.get());
    inside_.join();
    EXPECT_EQ(ended_, CLV_E_CANCELLED);
  }

  void* handle_of(const std::string& kind) const {
    if (kind == "job") return job_.get();
    return kind == "engine" ? static_cast<void*>(engine_.get()) : plugins_.get();
  }

  std::shared_ptr<clv_engine> engine_ = engine_at(stage::scored);
  plugins_ptr plugins_;
  job_ptr job_;
  std::thread inside_;
  clv_status ended_ = CLV_OK;
};

TEST_F(occupied, handles_answer_another_thread_with_busy_in_every_function) {
  int tried = 0;
  for (const handle_use& use : handle_uses()) {
    const bool held = use.kind == "job" || use.kind == "engine" || use.kind == "plugins";
    if (!held || use.function == "clv_job_cancel") continue;  // [any]: it ends the wait
    const diag_ptr diag = new_diag();
    EXPECT_EQ(use.call(handle_of(use.kind), diag.get()), CLV_E_BUSY)
        << use.function << " of the " << use.kind << ": " << said(diag);
    ++tried;
  }
  EXPECT_GT(tried, 30);
}

TEST_F(occupied, plugins_and_engines_may_be_freed_before_the_job_that_uses_them) {
  plugins_.reset();
  engine_.reset();
}

TEST(diags, are_shared_by_threads_without_losing_a_complaint) {
  const diag_ptr diag = new_diag();
  constexpr int each = 500;
  const auto complain = [&] {
    clv_result* none = nullptr;
    for (int i = 0; i < each; ++i) clv_catalogue("nothing", &none, diag.get());
  };
  std::thread other(complain);
  complain();
  other.join();
  EXPECT_EQ(clv_diag_count(diag.get()), 2 * each);
}

}  // namespace
}  // namespace clv_hostile
