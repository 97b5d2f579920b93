// Work on threads of its own, whose failures come back.
#pragma once

#include <functional>
#include <vector>

namespace cli {

// Runs all at once, each on a new thread, and waits. Then throws what the first of them threw: an
// exception that left a thread would end the process without its words.
void on_other_threads(const std::vector<std::function<void()>>& work);

}  // namespace cli
