// The options of a decision as the store keeps them, so that it can be made again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clv/decide.hpp"
#include "store/sqlite.hpp"

namespace clv::detail {

// JSON of all but model and facts; numbers as texts that read back to the same bits.
std::string to_json(const decide_options& o);
// Throws error{corrupt} for a text that to_json did not write.
decide_options options_from_json(std::string_view json);

struct decide_run {
  std::int64_t run = 0;
  std::string options;  // to_json
  std::string inputs;   // fingerprints_of
};
void add_decide_run(store::connection& db, const decide_run& r);
std::optional<decide_run> latest_decide_run(store::connection& db);

// chain_hash of the last decision in the log, or "".
std::string last_link(store::connection& db);

}  // namespace clv::detail
