// One writer per store: an flock on FILE-lock, which the system releases when the process dies.
#pragma once

#include <string>

namespace clv::store {

// SQLite's own locks last one transaction; this one lasts as long as the engine is open, so that a
// second writer hears "busy" at once and not in the middle of its work. Readers do not take it.
// The lock file is removed on release; one left behind by a killed process is harmless. [one]
class writer_lock {
 public:
  // Throws error{busy} (held by another engine, here or in another process) or error{io}.
  explicit writer_lock(const std::string& store_path);
  ~writer_lock();
  writer_lock(const writer_lock&) = delete;
  writer_lock& operator=(const writer_lock&) = delete;

 private:
  bool holds_the_named_file() const;

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace clv::store
