// The chain of receipts: each link is the hash of the one before and of its own receipt, so that a
// receipt cannot be changed, left out or moved unnoticed by one who keeps the last link. [any]
#pragma once

#include <string>
#include <string_view>

#include "math/sha256.hpp"

namespace clv::retention {

struct chain_link {
  std::string receipt_hash, chain_hash;  // 64 hex digits each
};

// SHA-256 of the receipt's bytes, and of the text `previous` followed by that hash. A receipt that
// was forgotten is stood for by its hash. `previous` is "" at the start of a chain.
inline chain_link next_link(std::string_view previous, std::string receipt_hash) {
  const std::string chained = math::sha256_hex(std::string(previous) + receipt_hash);
  return {std::move(receipt_hash), chained};
}

inline std::string hash_of_receipt(std::string_view receipt) {
  return math::sha256_hex(receipt);
}

// Sixteen digits name a decision. They are of its link, not of its receipt: the same decision made
// twice is two decisions, each with outcomes of its own.
inline std::string decision_id(std::string_view chain_hash) {
  return std::string(chain_hash.substr(0, 16));
}

}  // namespace clv::retention
