// The end of all connections of a door that gRPC keeps to itself.
#pragma once

#include <string>

namespace clvd {

// Ends every connection of this process that was accepted at that Unix socket or TCP port (0:
// none), as if the process had ended: who still waits is told UNAVAILABLE. For the last moment of a
// drain.
void hang_up(const std::string& socket, int tcp_port);

}  // namespace clvd
