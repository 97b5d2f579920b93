#include "security/peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace clvd {
namespace {

// The supplementary groups of the peer, which SO_PEERCRED does not tell.
bool in_group(int connection, gid_t wanted) {
  std::vector<gid_t> groups(64);
  auto bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) != 0) {
    groups.resize(bytes / sizeof(gid_t));  // ERANGE told how many there are
    if (getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) != 0) return false;
  }
  groups.resize(bytes / sizeof(gid_t));
  return std::find(groups.begin(), groups.end(), wanted) != groups.end();
}

}  // namespace

mode_t peer_rules::mode() const {
  if (!uids.empty()) return 0666;
  return gid ? 0660 : 0600;
}

bool peer_rules::allows(int connection) const {
  ucred peer{};
  socklen_t bytes = sizeof(peer);
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) return false;
  if (peer.uid == 0 || peer.uid == geteuid()) return true;
  if (std::find(uids.begin(), uids.end(), peer.uid) != uids.end()) return true;
  return gid && (peer.gid == *gid || in_group(connection, *gid));
}

}  // namespace clvd
