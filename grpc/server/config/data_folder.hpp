// The right to a data folder, for as long as the process lives.
#pragma once

#include <string>

namespace clvd {

class data_folder {
 public:
  // Makes the folder (mode 0700) only where nothing is; its parent must exist. What is there is
  // checked and never made anew: it must belong to this user, and nobody else may enter it. Then
  // locks DIR/clvd.lock. Throws start_error: already_running when another process has the lock,
  // usage for the rest.
  explicit data_folder(const std::string& path);
  // Gives the lock back. The lock file stays: removing it would race with the next owner.
  ~data_folder();
  data_folder(const data_folder&) = delete;
  data_folder& operator=(const data_folder&) = delete;

  // The checks alone; makes and locks nothing. Throws start_error.
  static void check(const std::string& path);

 private:
  int lock_ = -1;
};

}  // namespace clvd
