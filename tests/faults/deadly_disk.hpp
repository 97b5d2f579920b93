// A process that dies by SIGKILL at its n-th call that changes a file, instead of it or after it.
#pragma once

#include <csignal>

#include "disk.hpp"

namespace clv::test {

class deadly_disk : public disk_hooks {
 public:
  deadly_disk(int at, bool after) : left_(at), after_(after) {}
  int before(const disk_call& call) override {
    if (changes(call.op) && --left_ == 0 && !after_) raise(SIGKILL);
    return SQLITE_OK;
  }
  void after(const disk_call& call) override {
    if (changes(call.op) && left_ == 0) raise(SIGKILL);
  }

 private:
  static bool changes(disk_op op) {
    return op == disk_op::write || op == disk_op::sync || op == disk_op::truncate ||
           op == disk_op::remove;
  }
  int left_;
  bool after_;
};

}  // namespace clv::test
