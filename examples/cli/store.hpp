// The store of the commands that work on one: import fit score segment decide.
#pragma once

#include <string>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

// Opens the store. Unless `create`, a file that is not there is a failure, not a new empty store.
engine open_store(const std::string& path, bool create, const diag& d);
// A stored table; throws failure when the verb that writes it has not run.
result read_store(const engine& store, const char* table, const std::string& path, const diag& d);
// By number or alias; "" is the latest.
model model_named(const engine& store,
                  const std::string& name,
                  const std::string& path,
                  const diag& d);
// As read_store, but null when the verb that writes the table has not run.
result try_read_store(const engine& store, const char* table);

}  // namespace cli
