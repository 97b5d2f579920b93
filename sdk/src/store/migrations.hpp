// The schema as numbered steps forward: one explicit table of SQL text. A released step is never
// edited; a change is a new row.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/sqlite.hpp"

namespace clv::store {

inline constexpr std::int64_t application_id = 0x434c5631;  // "CLV1"

struct migration {
  std::int64_t version;  // 1, 2, ... without gaps
  std::string_view sql;
};
std::span<const migration> migrations();

// 32 hex digits of the step's text: what schema_migration keeps of an applied step.
std::string hash_of(const migration& m);

// Throws error{corrupt} when one of the first `version` steps, which are applied, is not ours.
void verify_applied(connection& db, std::span<const migration> steps, std::int64_t version);

// The number of the newest step that the store has; 0: none.
std::int64_t schema_version(connection& db);

// Applies the steps the store does not have yet, each in one transaction with its row in
// schema_migration and the new user_version: a crash leaves the store before or after a step.
// Throws error{corrupt} when an applied step's hash is not ours.
void migrate(connection& db, std::span<const migration> steps);

}  // namespace clv::store
