// A customer_table laid out as the columns of a clv_batch.
#pragma once

#include "arena.hpp"
#include "clv_base.h"
#include "customer_table.hpp"

namespace cli {

// All of it lies in `memory`, and is valid as long as that.
const clv_batch* lend_rows(const customer_table& customers, arena& memory);

}  // namespace cli
