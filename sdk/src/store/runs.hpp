// What ran when, as sequence numbers: a run is one verb that committed. No clock is involved.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/sqlite.hpp"

namespace clv::store {

// Adds the next run inside the caller's write transaction and returns its number. based_on: the
// last run it knew of when it was computed; 0: all before it.
std::int64_t add_run(connection& db,
                     std::string_view verb,
                     std::string_view fingerprint,
                     std::int64_t based_on = 0);
// The latest run of the verb; nullopt when it has not run.
std::optional<std::int64_t> latest_run(connection& db, std::string_view verb);
// The last run of which run `seq` knew the outcome: itself, or an earlier one that it was based on.
std::int64_t known_to(connection& db, std::int64_t seq);

// The last run of all, as something that was computed from the store remembers it.
struct last_run {
  std::int64_t seq = 0;  // 0: none yet
  std::string fingerprint;
};
last_run find_last_run(connection& db);
// Whether the store has come to where it is by way of that run.
bool has_run(connection& db, const last_run& run);
// The first of `verbs` that ran after run `seq`, or "".
std::string_view ran_since(connection& db,
                           std::int64_t seq,
                           std::span<const std::string_view> verbs);

// Drawn when the store was made: tells copies of one store from other stores.
std::string identity_of(connection& db);

}  // namespace clv::store
