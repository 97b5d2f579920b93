// After a crash, the stores are looked at before anybody uses them.
#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"

namespace clvd {

// The store files that are there: of --store, or of every tenant of --data. Throws start_error for
// what is no tenant's folder.
std::vector<std::string> stores_of(const options& o);

// The tenants that have a folder in --data. Throws start_error for what is no tenant's.
std::vector<std::string> tenants_of(const options& o);

// Reads the whole store where a write-ahead log was left behind: a store that was closed has none.
// Throws start_error: corrupt when it is damaged, and what opening it throws.
void check_after_crash(const std::string& store);

}  // namespace clvd
