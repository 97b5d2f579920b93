// A writer that is kept from writing.
#pragma once

#include <future>
#include <thread>

#include "ingest/writer.hpp"

namespace clv::test {

// Keeps the writer's thread until it is let go.
class busy {
 public:
  explicit busy(clvd::writer& w)
      : run_([this, &w] {
          w.run([this](clv_engine*) {
            begun_.set_value();
            over_.get_future().wait();
          });
        }) {
    begun_.get_future().wait();
  }
  ~busy() { end(); }
  busy(const busy&) = delete;
  busy& operator=(const busy&) = delete;
  void end() {
    if (!run_.joinable()) return;
    over_.set_value();
    run_.join();
  }

 private:
  std::promise<void> begun_, over_;
  std::thread run_;
};

}  // namespace clv::test
