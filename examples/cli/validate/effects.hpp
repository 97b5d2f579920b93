// A watch over what a plugin does to the world beyond its own memory.
#pragma once

#include <string>

namespace cli {

// From now on, and until the process ends, the first system call that opens or changes a file,
// opens a socket, starts a process or asks for random numbers, unless `declared` ("none", "files"
// or "network") covers it, ends the process after `told` was called with a sentence naming it; from
// a signal handler. Returns "" or why this system cannot do it: then nothing is watched.
std::string watch_effects(const std::string& declared, void (*told)(const char* sentence));

}  // namespace cli
