#include "calls/producer.hpp"

namespace clvd {

void producer::when_ready(std::function<void()> wake) {
  wake();
}

}  // namespace clvd
