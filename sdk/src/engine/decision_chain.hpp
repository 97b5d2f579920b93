// The chain of receipts, walked row by row without computing a receipt again: whether any was
// changed, taken out or put in. What clv::replay computes is more and takes longer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/connection.hpp"
#include "store/store_check.hpp"

namespace clv::detail {

class decision_chain {
 public:
  explicit decision_chain(store::connection& db) : db_(&db) {}
  // Some rows more; 1: the chain is whole. Throws error{corrupt} naming the first broken link.
  double step();

 private:
  void follow();
  [[noreturn]] void fail(const char* why) const;

  store::connection* db_;
  std::optional<store::statement> rows_;
  std::string before_;
  std::int64_t row_ = 0;
};

// Everything that can be checked of the store: the store's own checks, then the chain.
void add_decision_chain(store::store_check& all, store::connection& db);

}  // namespace clv::detail
