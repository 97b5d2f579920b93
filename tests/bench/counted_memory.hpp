// What operator new has given so far, to the library as well: it takes the program's. In a file of
// its own, so that no compiler sees that the memory is malloc's.
#pragma once

#include <cstdint>

namespace clv::bench {

std::int64_t bytes_allocated();

}  // namespace clv::bench
