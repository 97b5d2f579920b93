// The JSON Schema of a plugin's configuration: which of its words are checked here, and whether a
// configuration fits. Draft 7, but for what needs regular expressions (libstdc++'s go by the locale
// and overflow the stack on long texts), references, and formats.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

namespace clv::abi {

// "'limits.daily'" or "it", and what is wrong with that, to be read behind it.
struct schema_complaint {
  std::string where, what;
};

// The first word of the schema that is not checked here or is no such word's value, or a "default"
// that breaks its own schema. A setting that nobody checks is worse than a plugin that is refused.
std::optional<schema_complaint> fault_of_schema(const boost::json::value& schema);

// The first rule that `given` breaks. The schema has no fault.
std::optional<schema_complaint> breach_of_schema(const boost::json::value& schema,
                                                 const boost::json::value& given);

}  // namespace clv::abi
