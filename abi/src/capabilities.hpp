// What a plugin offers to do: the tables behind the capability ids that this host knows.
#pragma once

#include <string>

#include "clv_plugin.h"

namespace clv::abi {

struct capabilities {
  const clv_action_v1* action = nullptr;
  const clv_feature_v1* feature = nullptr;
  const clv_segmentation_v1* segmentation = nullptr;
};

// Throws error: unsupported (none at all), invalid (a table that is too short), plugin (it threw).
capabilities find_capabilities(const clv_plugin_entry& e);

// Their ids as a comma list.
std::string ids_of(const capabilities& all);

}  // namespace clv::abi
