// What can be said of a table of scores as a whole: how far its values can be relied on.
#pragma once

#include <string>

#include "handles.hpp"

namespace cli {

// Why the scores have no column of values in money; "" when they have one.
std::string why_no_values(const result& scores);
// A line for each clv_status that a reader must know of, with its count; "" when there is none.
std::string doubtful_values(const result& scores);
// Customers by clv_status, a JSON object.
std::string statuses_json(const result& scores);

}  // namespace cli
