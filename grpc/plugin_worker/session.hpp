// One plugin's life in this process: start, any number of runs, the end.
#pragma once

#include <optional>

#include "clv.h"
#include "frame.hpp"
#include "memory.hpp"
#include "tables.hpp"

namespace clv::worker {

class session {
 public:
  explicit session(int socket) : socket_(socket) {}
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  // Serves until the other side is gone; the exit status. Throws when a request breaks the
  // protocol: then there is nobody sane to answer.
  int serve();

 private:
  const int socket_;
  clv_plugins* plugins_ = nullptr;

  frame answer(const parcel& request);
  void start(const parcel& request, frame& reply);
  void propose(const parcel& request, frame& reply);
  clv_status load(const clv_batch& setup, const frame& request, clv_diag* diag);
  clv_status run(const clv_batch& candidates, clv_diag* diag, clv_result** out);
};

}  // namespace clv::worker
