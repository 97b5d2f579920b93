// Rows of a batch into messages, as calls/columns.hpp does for tables.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "clv.h"

namespace clvd {

// Appends rows [first, first + count) to a repeated field: every field of the row type takes the
// column of its name; absent values and missing columns stay absent.
void append_batch_rows(const clv_batch& batch,
                       std::int64_t first,
                       std::int64_t count,
                       google::protobuf::Message& message,
                       const std::string& field);

}  // namespace clvd
