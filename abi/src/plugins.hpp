// clv_plugins: the loaded plugins, in the order they were loaded.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "busy.hpp"
#include "clv.h"
#include "handle.hpp"
#include "plugin_host.hpp"

namespace clv::abi {

class plugin_set {
 public:
  busy_flag busy;
  std::shared_ptr<plugin_log> log = std::make_shared<plugin_log>();
  std::vector<std::unique_ptr<plugin>> loaded;

  // Those with "clv.action/1".
  std::vector<proposer*> proposers() const;
  // Those with "clv.feature/1".
  std::vector<feature_maker*> makers() const;
  // Of them those that compute what a proposer reads.
  std::vector<feature_maker*> makers_for_proposers() const;
  // Of them those that compute what this plugin reads.
  std::vector<feature_maker*> makers_for(const plugin& reader) const;
  // The plugin of that id. Throws error: not_found (none is), plugin (it has no
  // "clv.segmentation/1").
  plugin& find_segmenter(std::string_view id) const;

  // Throws error{exists} when the id, or a feature, is loaded already.
  void check_new(const plugin_setup& setup) const;
  // Tells each plugin what its proposals rest on; after the set has changed.
  void trace_sources() const;
  // What host->cancelled answers from now on; nullptr: never cancelled.
  void watch(const std::atomic<bool>* cancelled) const noexcept {
    for (const auto& p : loaded) p->watch(cancelled);
  }
};

}  // namespace clv::abi

struct clv_plugins : clv::abi::handle<clv::abi::handle_kind::plugins> {
  explicit clv_plugins(std::shared_ptr<clv::abi::plugin_set> made) : set(std::move(made)) {}

  std::shared_ptr<clv::abi::plugin_set> set;
};
