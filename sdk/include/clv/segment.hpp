// Segmentations: one explicit table, each row a file under src/segments.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "clv/job.hpp"
#include "clv/table.hpp"

namespace clv {

struct segment_options {
  std::string scheme = "value_tier";  // row of the table: "rfm", "value_tier"
  std::string options_json;           // the scheme's own settings as a JSON object; "" = defaults
};

struct segmentation {
  std::string_view name;
  std::string_view summary;  // one sentence
  // `scores` conforms to schema "scores". Returns columns customer, scheme, segment and what the
  // scheme explains itself with. A partition: every row gets exactly one segment.
  table (*assign)(const table& scores, std::string_view options_json);
};
std::span<const segmentation* const> segmentations();
const segmentation& find_segmentation(std::string_view name);

// Tables: "" one row per customer, "profile" one row per segment (customers, share, mean clv, sum
// clv, mean p_alive, mean expected_purchases).
job segment(std::shared_ptr<const table> scores, segment_options o);

}  // namespace clv
