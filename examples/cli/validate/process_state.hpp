// What a plugin has no business to change in its host's process.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct named_state {
  std::string what;   // "the rounding mode"
  std::string value;  // as text, to be compared
};
using process_state = std::vector<named_state>;

// Rounding, flush-to-zero and which floating-point faults stop the program; not the flags that
// arithmetic raises.
process_state float_state();
// Environment, working folder, umask, locale, signal handlers and mask.
process_state surroundings();
// Open descriptors, threads, child processes.
process_state resources();

// "" or "<what> was .., is ..", for the first that differs.
std::string first_difference(const process_state& before, const process_state& after);

}  // namespace cli
