// What ran when, as sequence numbers: a run is one verb that committed. No clock is involved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite.hpp"

namespace clv::store {

// Adds the next run inside the caller's write transaction and returns its number.
std::int64_t add_run(connection& db, std::string_view verb, std::string_view fingerprint);
// The latest run of the verb; nullopt when it has not run.
std::optional<std::int64_t> latest_run(connection& db, std::string_view verb);

// A model as the JSON text of save_model; older ones are kept, for the receipts they made.
struct stored_model {
  std::string_view name;
  std::string_view data_fingerprint;
  std::string_view json;
};
void add_model(connection& db, std::int64_t run, const stored_model& m);
std::optional<std::string> latest_model(connection& db);

}  // namespace clv::store
