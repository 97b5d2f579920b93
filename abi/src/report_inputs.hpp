// The tables a report is given by name, as the core takes them.
#pragma once

#include <string>

#include "clv.h"
#include "clv/report.hpp"

namespace clv::abi {

struct report_request {
  const report* about;  // never NULL
  std::string options_json;
  report_inputs inputs;  // with the model, where one is given
};

// Each table is read by the schema that the report says; a name it does not take is left to the
// core to refuse. Throws error: not_found (the report), invalid (NULL, a name that is missing or
// there twice, a batch that cannot be read), limit.
report_request read_request(const clv_report_options* options);

}  // namespace clv::abi
