// Receipts: one JSON object per customer that says what was considered, by which rule and numbers,
// and what came of it; enough to compute the decision again. The format is "clv.receipt/1": members
// are only added, and those with their usual value are left out. [any]
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/decide.hpp"
#include "retention/deciding/candidate.hpp"

namespace clv::retention {

struct objection {
  std::string plugin, category, reason;
};

// One customer's receipt but for what holds for the whole run.
struct receipt_body {
  std::string_view segment;
  lots drawn;
  std::optional<std::size_t> planned;  // what the allocation gave to one who competed
  std::span<const candidate> candidates;
  std::span<const objection> vetoes;
  std::string_view features;  // feature_hash
};

// Model and options as JSON members without the braces: part of every receipt of one run.
std::string run_members(const decide_options& o, const std::string& currency);
// run_rules as JSON members.
std::string rule_members(const run_rules& rules);

// Replaces `text` by the receipt. `run`: run_members and rule_members, with a comma between.
void write_receipt(std::string& text,
                   const receipt_body& body,
                   const verdict& v,
                   std::string_view run);

// What a receipt says was done, as the columns of a decision say it: texts are "" for nothing.
struct told {
  std::string_view arm, reason_code, plugin, action, withheld, segment;
  double propensity = 0;
};

// A receipt read back. Owns its texts.
class receipt_reader {
 public:
  // Throws error{invalid} naming what is missing or of the wrong kind.
  explicit receipt_reader(std::string_view text);
  ~receipt_reader();
  receipt_reader(const receipt_reader&) = delete;
  receipt_reader& operator=(const receipt_reader&) = delete;
  // The receipt written again from its inputs alone: what write_receipt would say today.
  std::string again() const;
  // Borrows from this. Throws as the constructor.
  told says() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// XXH64 over names and values of the row's columns, 16 hex digits: shows later whether the features
// a decision was made from have changed.
std::string feature_hash(const table& scores, std::size_t row);

}  // namespace clv::retention
