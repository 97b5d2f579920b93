// clv_plugins: the loaded plugins, in the order they were loaded.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "busy.hpp"
#include "clv.h"
#include "plugin_host.hpp"

namespace clv::abi {

class plugin_set {
 public:
  busy_flag busy;
  std::vector<std::unique_ptr<plugin>> loaded;

  std::vector<proposer*> proposers() const {
    std::vector<proposer*> all;
    for (const auto& p : loaded) all.push_back(p.get());
    return all;
  }
  bool interrupted() const noexcept {
    return std::any_of(
        loaded.begin(), loaded.end(), [](const auto& p) { return p->interrupted(); });
  }
  // What host->cancelled answers from now on; nullptr: never cancelled.
  void watch(const std::atomic<bool>* cancelled) const noexcept {
    for (const auto& p : loaded) p->watch(cancelled);
  }
};

}  // namespace clv::abi

struct clv_plugins {
  std::shared_ptr<clv::abi::plugin_set> set;
};
