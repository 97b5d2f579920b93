// clv_storage, a table of C functions, as the core's storage.
#pragma once

#include <memory>

#include "clv/storage.hpp"
#include "clv_storage.h"

namespace clv::abi {

// Throws error{abi} (another major), error{invalid} (a function is missing). The functions must
// stay callable as long as the storage lives; nullptr gives nullptr.
std::shared_ptr<storage> to_core(const clv_storage* functions);

}  // namespace clv::abi
