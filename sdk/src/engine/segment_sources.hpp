// Proposals of a plugin that reads segments rest on what the segments were made of: a column that a
// policy protects is protected also where a plugin sorted the customers by it.
#pragma once

#include <memory>
#include <string>

#include "clv/table.hpp"

namespace clv::detail {

// `proposals` with `sources` (a comma list; "" changes nothing) added to the reads of each whose
// plugin reads "segment".
std::shared_ptr<const table> with_segment_sources(std::shared_ptr<const table> proposals,
                                                  const std::string& sources);

}  // namespace clv::detail
