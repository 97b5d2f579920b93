// JSON text to boost::json values and back, with every double exact.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace clv::math {

// The value of a whole JSON text (RFC 8259, depth at most 32). Throws error{invalid} naming the
// line and column where the text stops being JSON, or a number outside the range of a double; and
// for a member that an object has twice.
// Boost.JSON 1.81 alone reads some doubles one unit in the last place off; here each is read by
// from_chars, so that what to_json wrote comes back bit for bit.
boost::json::value parse_json(std::string_view text);

// Two-space indented text; arrays of numbers on one line; doubles as the shortest text that reads
// back to the same double. Not finite: null. Members in the order they were added.
std::string to_json(const boost::json::value& value);

// The shortest text that reads back to the same double: "0.1", "1e+20", "inf", "nan".
std::string to_text(double value);

}  // namespace clv::math
