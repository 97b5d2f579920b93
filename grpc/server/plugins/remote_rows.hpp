// Columns to messages of clv.plugin.v1, and their proposals to a table of schema "proposals".
#pragma once

#include "clv/plugin/v1/action_plugin_service.pb.h"
#include "plugins/home.hpp"

namespace clvd::plugins {

// Sets rows and columns. A text that is not UTF-8 cannot occur: libclv takes none.
void add_columns(const clv_batch& from, clv::plugin::v1::ProposeRequest& to);

// Proposals that break a rule are left out with a warning, as of a plugin in a file; the others
// come in the order of their rows.
std::unique_ptr<home_answer> proposals_from(const clv::plugin::v1::ProposeResponse& said,
                                            const description& by,
                                            std::int64_t customers);

}  // namespace clvd::plugins
