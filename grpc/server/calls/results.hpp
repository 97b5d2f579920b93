// libclv's tables as handlers read them.
#pragma once

#include <cstdint>
#include <string>

#include "calls/handles.hpp"

namespace clvd {

// A text of a table, "" when absent, as it is in a column that is not there.
std::string text_at(const clv_result& table, const char* column, std::int64_t row);
// NaN when absent.
double number_at(const clv_result& table, const char* column, std::int64_t row);

// A table of a finished job; nullptr is the main one. Throws call_error.
result_ptr taken(clv_job* job, const char* name = nullptr);
// clv_engine_read. Throws call_error. [one] of the engine
result_ptr stored_table(clv_engine* engine, const char* name);
// clv_catalogue. Throws call_error.
result_ptr catalogue(const char* name);

}  // namespace clvd
