// What requests were answered with, beside what they did; see clv/engine.hpp, request_answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/engine.hpp"
#include "store/connection.hpp"

namespace clv::store {

// Throws error{invalid} for a key or a hash that cannot be kept.
void check_answer(const request_answer& a);
// Throws error{exists} when the key was answered.
void require_unanswered(connection& db, std::string_view key);
std::optional<request_answer> find_answer(connection& db, std::string_view key);
// Inside the caller's write transaction: keeps it, and deletes those that were kept for
// answers_stay_us. Throws error{exists}.
void keep_answer(connection& db, const request_answer& a);

// Takes the bytes out of every answer that holds one of the texts, one answer a call: it may be
// megabytes long. Inside the caller's write transaction. [one]
class answer_eraser {
 public:
  explicit answer_eraser(connection& db);
  // True: that was the last one.
  bool erase_next(const std::vector<std::string>& texts);

 private:
  statement next_, erase_;
  connection* db_;
  std::string key_;  // of the answer that was looked at last
};

}  // namespace clv::store
