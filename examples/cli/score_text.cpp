#include "score_text.hpp"

#include <cstdint>
#include <map>

#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

std::map<std::string, std::int64_t> statuses_of(const result& scores) {
  std::map<std::string, std::int64_t> counts;
  if (!has_column(scores, "clv_status")) return counts;
  for (std::int64_t row = 0; row < clv_result_rows(scores.get()); ++row) {
    ++counts[text_at(scores, "clv_status", row)];
  }
  return counts;
}

}  // namespace

std::string why_no_values(const result& scores) {
  if (has_column(scores, "clv")) return "";
  const bool buys = has_column(scores, "expected_purchases");
  return std::string("no values in money: the model has no ") + (buys ? "spend" : "purchase") +
         " part";
}

std::string doubtful_values(const result& scores) {
  const auto counts = statuses_of(scores);
  const std::string all = " of " + grouped(clv_result_rows(scores.get())) + " customers are ";
  std::string text;
  if (const auto at = counts.find("NOT_CONVERGED"); at != counts.end()) {
    text += grouped(at->second) + all + "NOT_CONVERGED: the fit did not converge, do not rely on " +
            "what it says of them.\n";
  }
  const auto at = counts.find("INSUFFICIENT");
  if (at != counts.end() && has_column(scores, "clv")) {  // or why_no_values says it of all
    text += grouped(at->second) + all + "INSUFFICIENT: the data give them no finite value.\n";
  }
  return text;
}

std::string statuses_json(const result& scores) {
  json_object json;
  for (const auto& [status, count] : statuses_of(scores)) json.add(status, count);
  return json.text();
}

}  // namespace cli
