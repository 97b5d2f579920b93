// What was answered under a key, so that a repeat gets the same answer; and how far streams came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/connection.hpp"

namespace clv::store {

// A batch's key: a request's with sequence 0, a stream's with 1, 2, ...
struct request_key {
  std::string_view key;
  std::int64_t sequence = 0;
};

struct answer {
  std::string body_hash;
  std::int64_t accepted = 0, duplicates = 0, rejected = 0;
  std::string rejects;  // JSON [[row, column, reason], ...]
};

inline constexpr std::int64_t answers_of_a_stream = 64;  // the last ones stay
inline constexpr std::int64_t answers_stay_us = 30LL * 24 * 3600 * 1000000;

// How far the stream of that key came; 0: there is none.
std::int64_t last_sequence(connection& db, std::string_view key);

// Inside the caller's write transaction. [one]
class request_log {
 public:
  explicit request_log(connection& db);
  std::optional<answer> find(const request_key& k);
  std::int64_t last_sequence(std::string_view key);
  // Keeps the answer and moves the stream on. at_us: when, 0 = not known, then it stays for good.
  void keep(const request_key& k, const answer& a, std::int64_t at_us);
  // Deletes what is older than answers_stay_us; streams stay where they are.
  void forget_expired(std::int64_t now_us);

 private:
  connection* db_;
  statement find_, last_, add_, move_, trim_;
};

}  // namespace clv::store
