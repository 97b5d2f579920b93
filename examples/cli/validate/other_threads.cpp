#include "other_threads.hpp"

#include <exception>
#include <thread>

namespace cli {

void on_other_threads(const std::vector<std::function<void()>>& work) {
  std::vector<std::exception_ptr> thrown(work.size());
  std::vector<std::jthread> threads;  // joined also when another cannot be started
  for (std::size_t i = 0; i < work.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        work[i]();
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    });
  }
  threads.clear();
  for (const std::exception_ptr& one : thrown) {
    if (one != nullptr) std::rethrow_exception(one);
  }
}

}  // namespace cli
