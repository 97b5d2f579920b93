// The tables a report is given by name, as the core takes them.
#pragma once

#include <cstdint>

#include "clv.h"
#include "clv/report.hpp"

namespace clv::abi {

// Each is read by the schema that the report says; a name it does not take is left to the core to
// refuse. Throws error: invalid (NULL, a name that is missing or there twice, a batch that cannot
// be read), limit.
report_inputs read_inputs(const report& r, const clv_named_batch* inputs, std::int32_t n);

}  // namespace clv::abi
