// The caller's columns to a table of the core. Everything a caller can get wrong is an error that
// names the argument, the column and the row; nothing is kept of the caller's memory.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "clv/table.hpp"
#include "clv_base.h"

namespace clv::abi {

// A copy of the columns of `batch` that schema `schema_name` knows, conforming to it, and of those
// named by `extra` (covariates; as f64); others are ignored. Schema "" is every column as it is,
// i32 widened. `argument` names the batch in messages. Throws error: invalid (NULL, negative sizes,
// offsets that fall, text that is not UTF-8, a name that is missing or there twice, a required or
// extra column that is absent), unsupported (unknown type or spare words), limit.
std::shared_ptr<const table> read_batch(const clv_batch* batch,
                                        const char* argument,
                                        std::string_view schema_name,
                                        std::span<const std::string> extra = {});

// Schema "scores" and, beside it, what plugins may read: the columns of schema "customers" and
// those named "attr.*" and "feature.*".
std::shared_ptr<const table> read_scores_and_facts(const clv_batch* batch, const char* argument);

// The same for schema "customers", whose columns named "attr.*" are kept too, each as it is.
std::shared_ptr<const table> read_customers(const clv_batch* batch, const char* argument);

}  // namespace clv::abi
