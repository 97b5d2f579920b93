// Further columns of customers (region, plan, age), put beside their features.
#pragma once

#include <string_view>

#include "clv/table.hpp"
#include "features/crowd.hpp"
#include "features/moment.hpp"

namespace clv::features {

// Adds each column of `attributes` except customer and time to `rows`, whose row i is customer
// number i of `who`: numbers stay numbers, text stays text, others are absent. With a column time a
// row holds from that instant on and the last one before the cutoff counts; without it there may
// be one row per customer. Throws error{invalid} for a column name that a feature has, error{data}
// naming the row for a customer that comes twice.
void add_attributes(const table& attributes,
                    const moment& at,
                    const crowd& who,
                    std::string_view owner,
                    table& rows);

}  // namespace clv::features
