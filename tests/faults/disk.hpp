// A disk between SQLite and the real one: every call of SQLite's file layer passes a test's hooks,
// which may count it, fail it, or remember what a power cut would undo.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace clv::test {

enum class disk_op { open, remove, access, read, write, truncate, sync, size, lock, shared_memory };

struct disk_call {
  disk_op op;
  std::string_view path;
  std::string_view bytes;   // written
  std::int64_t offset = 0;  // of a read or write; of truncate the new size
};

class disk_hooks {
 public:
  virtual ~disk_hooks() = default;
  // SQLITE_OK lets the call happen; another code is its answer and nothing is done. A read that is
  // answered with SQLITE_IOERR_SHORT_READ gives zeros.
  virtual int before(const disk_call&) { return SQLITE_OK; }
  // The call was done; what it wrote is in the real file. Syncs do not reach the real disk: no test
  // cuts its power.
  virtual void after(const disk_call&) {}
};

// While it lives every database of this process that is opened goes through `hooks`, which must
// outlive those databases. One at a time.
class disk {
 public:
  explicit disk(disk_hooks& hooks);
  ~disk();
  disk(const disk&) = delete;
  disk& operator=(const disk&) = delete;

 private:
  std::unique_ptr<sqlite3_vfs> vfs_;
};

// Everything reaches the real disk but the waiting for it.
class quick_disk {
 private:
  disk_hooks hooks_;
  disk between_{hooks_};
};

}  // namespace clv::test
