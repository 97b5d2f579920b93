#include "capabilities.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clv/error.hpp"
#include "plugin_call.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

// The table behind `id`, or nullptr. `reach` bytes of it hold what ABI 1.0 calls: `function`, which
// is looked at only where the table says that it is so long.
template <typename Table, typename Function>
const Table* find_table(const clv_plugin_entry& e,
                        const char* id,
                        Function Table::*function,
                        std::size_t reach) {
  const void* found = nullptr;
  const saved_float_environment environment;
  try {
    found = e.get_capability(id);
  } catch (...) {
    throw error(status::plugin, "plugin " + std::string(e.id) + ": get_capability threw");
  }
  const auto* table = static_cast<const Table*>(found);
  if (table == nullptr) return nullptr;
  if (table->struct_size < reach || table->*function == nullptr) {
    throw error(status::invalid,
                "plugin " + std::string(e.id) + ": its table " + id + " states " +
                    std::to_string(table->struct_size) + " bytes, of " + std::to_string(reach) +
                    " in ABI 1.0, or has no function");
  }
  return table;
}

}  // namespace

capabilities find_capabilities(const clv_plugin_entry& e) {
  constexpr std::size_t function = sizeof(void (*)());
  const capabilities all{
      .action = find_table(e,
                           CLV_CAP_ACTION_1,
                           &clv_action_v1::propose,
                           offsetof(clv_action_v1, propose) + function),
      .feature = find_table(e,
                            CLV_CAP_FEATURE_1,
                            &clv_feature_v1::compute,
                            offsetof(clv_feature_v1, compute) + function),
      .segmentation = find_table(e,
                                 CLV_CAP_SEGMENTATION_1,
                                 &clv_segmentation_v1::segment,
                                 offsetof(clv_segmentation_v1, segment) + function)};
  if (!ids_of(all).empty()) return all;
  throw error(status::unsupported,
              "plugin " + std::string(e.id) + " offers no capability that this host knows",
              "this host knows " CLV_CAP_ACTION_1 ", " CLV_CAP_FEATURE_1
              " and " CLV_CAP_SEGMENTATION_1);
}

std::string ids_of(const capabilities& all) {
  std::vector<std::string> ids;
  if (all.action != nullptr) ids.emplace_back(CLV_CAP_ACTION_1);
  if (all.feature != nullptr) ids.emplace_back(CLV_CAP_FEATURE_1);
  if (all.segmentation != nullptr) ids.emplace_back(CLV_CAP_SEGMENTATION_1);
  return join_list(ids);
}

}  // namespace clv::abi
