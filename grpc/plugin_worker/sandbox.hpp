// What this process gives up, in steps, before and after it loads a stranger's code.
#pragma once

#include <cstdint>

namespace clv::worker {

struct resource_limits {
  std::uint64_t memory_bytes = 0;  // of address space, all it maps included; 0 = no limit
  std::uint64_t cpu_seconds = 0;   // in its whole life; 0 = no limit
};

// Ends with its parent and gains no rights by exec. False when the parent is gone already. Throws
// std::system_error.
bool tie_to_parent(int parent);

// Address space, processor time, open files, file sizes, cores, processes. Throws
// std::system_error.
void limit_resources(const resource_limits& limits);

// Before a plugin is loaded: no process, thread, socket, nor a file opened for writing, nor any
// change of files, limits or other processes. Throws std::system_error.
void forbid_reaching_out();

// After its instance is made: nothing is allowed but what computing needs, and the messages on
// descriptor `socket`. Everything else fails with EPERM. Throws std::system_error.
void allow_only_computing(int socket);

}  // namespace clv::worker
