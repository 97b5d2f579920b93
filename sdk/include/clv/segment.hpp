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
  std::string scheme = "value_tier";  // row of the table
  std::string options_json;           // the scheme's own settings as a JSON object; "" = defaults
};

// What a scheme found in one table, in a form that needs no table: options of the same scheme that
// put these customers, and customers not seen yet, where it put them.
struct learned {
  std::string options_json;
  std::shared_ptr<const table> quality;  // how good each choice was; null: nothing was chosen
};

struct segmentation {
  std::string_view name;
  std::string_view summary;  // one sentence
  // assign(s, learn(s, o).options_json) is assign(s, o). Throws as assign does.
  learned (*learn)(const table& scores, std::string_view options_json);
  // `scores` conforms to schema "scores". Returns columns customer, scheme, segment and what the
  // scheme explains itself with. A partition: every row gets exactly one segment.
  table (*assign)(const table& scores, std::string_view options_json);
};
std::span<const segmentation* const> segmentations();
const segmentation& find_segmentation(std::string_view name);

// Tables: "" one row per customer, "profile" one row per segment (customers, share, mean clv, sum
// clv, mean p_alive, mean expected_purchases), "rule" (scheme, options_json: for customers not seen
// yet), "quality" where the scheme chose something (columns as its file says).
job segment(std::shared_ptr<const table> scores, segment_options o);

}  // namespace clv
