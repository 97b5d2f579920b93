// Who may use a Unix socket, beyond what the file's mode says.
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

namespace clvd {

struct peer_rules {
  std::vector<uid_t> uids;   // beside this process's own user and root
  std::optional<gid_t> gid;  // whose members may connect too

  // Of the socket file: 0600, 0660 with a group, 0666 with users (whom allows() then checks).
  mode_t mode() const;
  // Asks the kernel (SO_PEERCRED) who is at the other end. False when it does not tell. [any]
  bool allows(int connection) const;
};

}  // namespace clvd
