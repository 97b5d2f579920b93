// Models that calls brought along, kept parsed and prepared: a caller who scores one customer at a
// time brings the same model each time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "clv.h"

namespace clvd {

class loaded_models {
 public:
  // The model of these very bytes, as `load` made it when they came first. What `load` throws is
  // passed on and not kept. [any]
  std::shared_ptr<const clv_model> of(
      const std::string& bytes, const std::function<std::shared_ptr<const clv_model>()>& load);

 private:
  static constexpr std::size_t most_kept = 16;
  static constexpr std::size_t longest = 64 * 1024;  // bytes of one; longer ones are not kept

  std::mutex mutex_;
  // The one used last comes last.
  std::deque<std::pair<std::string, std::shared_ptr<const clv_model>>> kept_;

  std::shared_ptr<const clv_model> find(const std::string& bytes);
};

}  // namespace clvd
