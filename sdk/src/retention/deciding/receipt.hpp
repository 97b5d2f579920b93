// Receipts: one JSON object per customer that says what was considered, by which rule and numbers,
// and what came of it; enough to compute the decision again. The format is "clv.receipt/1": members
// are only added. [any]
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "clv/decide.hpp"
#include "retention/deciding/offers.hpp"
#include "retention/deciding/price.hpp"

namespace clv::retention {

struct candidate {
  std::uint32_t proposal = 0;
  offer stated;
  price priced;
  reason_code code = reason_code::no_proposal;  // what came of it
};

// Parts of every receipt of one run, as JSON members without the braces.
std::string run_members(const decide_options& o, const std::string& currency, double shadow_price);

// What happened to one customer.
struct verdict {
  std::string_view arm;  // "exploit", "holdout", "none"
  reason_code code = reason_code::no_proposal;
  const candidate* chosen = nullptr;    // nullptr: no action
  const candidate* withheld = nullptr;  // what a held-out customer would have got
  double propensity = 1;
};

// Replaces `text` by the receipt.
void write_receipt(std::string& text,
                   const offers& all,
                   std::size_t row,
                   const verdict& v,
                   std::span<const candidate> candidates,
                   std::string_view run);

// XXH64 over names and values of the row's columns, 16 hex digits: shows later whether the features
// a decision was made from have changed.
std::string feature_hash(const table& scores, std::size_t row);

}  // namespace clv::retention
