// Whose addresses and accounts are whose, as table identities says last. [one]
#pragma once

#include <vector>

#include "store/fact_reader.hpp"

namespace clv::store {

// The customer itself, then every identity that is linked to it, directly or through another, in
// the order in which they were found. A link that was taken back, or that now leads to someone
// else, does not count.
std::vector<one_customer> with_identities(connection& db, const one_customer& whose);

}  // namespace clv::store
