// libclv speaks to programmers, in names of its C API; here its words become those of this command.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

// A message that names the library's verbs or options, naming the commands and options instead.
std::string worded_message(std::string message);
// The same for a hint; "" for one that is no use here.
std::string worded_hint(std::string hint);

// A message about a row of the accepted rows ("row 3, column .."), counted as in the file they come
// from. `rejected` are the file's rejected rows, from 1, rising.
std::string with_file_rows(std::string message, const std::vector<std::int64_t>& rejected);

}  // namespace cli
