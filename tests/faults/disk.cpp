#include "disk.hpp"

#include <cstring>
#include <new>

namespace clv::test {
namespace {

// SQLite's handle of an open file; the real one lies behind it in the same memory.
struct shim {
  sqlite3_file base;
  disk_hooks* hooks;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

shim& of(sqlite3_file* file) {
  return *reinterpret_cast<shim*>(file);
}

template <typename Do>
int pass(disk_hooks& hooks, const disk_call& call, const Do& real) {
  const int refused = hooks.before(call);
  if (refused != SQLITE_OK) return refused;
  const int code = real();
  if (code == SQLITE_OK) hooks.after(call);
  return code;
}

int file_close(sqlite3_file* file) {
  shim& f = of(file);
  const int code = f.real()->pMethods->xClose(f.real());
  delete f.path;
  return code;
}

int file_read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  shim& f = of(file);
  bool reached = false;
  const int code = pass(*f.hooks, {disk_op::read, *f.path, {}, offset}, [&] {
    reached = true;
    return f.real()->pMethods->xRead(f.real(), to, amount, offset);
  });
  if (!reached) std::memset(to, 0, static_cast<std::size_t>(amount));
  return code;
}

int file_write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  shim& f = of(file);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
  return pass(*f.hooks, {disk_op::write, *f.path, bytes, offset}, [&] {
    return f.real()->pMethods->xWrite(f.real(), from, amount, offset);
  });
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  shim& f = of(file);
  return pass(*f.hooks, {disk_op::truncate, *f.path, {}, size}, [&] {
    return f.real()->pMethods->xTruncate(f.real(), size);
  });
}

int file_sync(sqlite3_file* file, int) {
  shim& f = of(file);
  return pass(*f.hooks, {disk_op::sync, *f.path, {}, 0}, [] { return SQLITE_OK; });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  shim& f = of(file);
  return pass(*f.hooks, {disk_op::size, *f.path, {}, 0}, [&] {
    return f.real()->pMethods->xFileSize(f.real(), size);
  });
}

int file_lock(sqlite3_file* file, int level) {
  shim& f = of(file);
  return pass(*f.hooks, {disk_op::lock, *f.path, {}, 0}, [&] {
    return f.real()->pMethods->xLock(f.real(), level);
  });
}

int file_unlock(sqlite3_file* file, int level) {
  return of(file).real()->pMethods->xUnlock(of(file).real(), level);
}
int file_check_lock(sqlite3_file* file, int* result) {
  return of(file).real()->pMethods->xCheckReservedLock(of(file).real(), result);
}
int file_control(sqlite3_file* file, int what, void* argument) {
  return of(file).real()->pMethods->xFileControl(of(file).real(), what, argument);
}
int file_sector(sqlite3_file* file) {
  return of(file).real()->pMethods->xSectorSize(of(file).real());
}
int file_traits(sqlite3_file* file) {
  return of(file).real()->pMethods->xDeviceCharacteristics(of(file).real());
}

int shm_map(sqlite3_file* file, int page, int bytes, int extend, volatile void** to) {
  shim& f = of(file);
  return pass(*f.hooks, {disk_op::shared_memory, *f.path, {}, 0}, [&] {
    return f.real()->pMethods->xShmMap(f.real(), page, bytes, extend, to);
  });
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return of(file).real()->pMethods->xShmLock(of(file).real(), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
  of(file).real()->pMethods->xShmBarrier(of(file).real());
}
int shm_unmap(sqlite3_file* file, int remove) {
  return of(file).real()->pMethods->xShmUnmap(of(file).real(), remove);
}

constexpr sqlite3_io_methods methods{2,
                                     file_close,
                                     file_read,
                                     file_write,
                                     file_truncate,
                                     file_sync,
                                     file_size,
                                     file_lock,
                                     file_unlock,
                                     file_check_lock,
                                     file_control,
                                     file_sector,
                                     file_traits,
                                     shm_map,
                                     shm_lock,
                                     shm_barrier,
                                     shm_unmap,
                                     nullptr,
                                     nullptr};

struct shim_vfs {
  sqlite3_vfs* real;
  disk_hooks* hooks;
};

const shim_vfs& of(const sqlite3_vfs* vfs) {
  return *static_cast<const shim_vfs*>(vfs->pAppData);
}

int vfs_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  const shim_vfs& v = of(vfs);
  auto* f = new (file) shim{};
  const std::string path = name == nullptr ? "" : name;
  const int code = pass(*v.hooks, {disk_op::open, path, {}, 0}, [&] {
    return v.real->xOpen(v.real, name, f->real(), flags, out);
  });
  if (code != SQLITE_OK) return code;
  f->hooks = v.hooks;
  f->path = new std::string(path);
  f->base.pMethods = &methods;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync) {
  const shim_vfs& v = of(vfs);
  return pass(*v.hooks, {disk_op::remove, name, {}, sync}, [&] {
    return v.real->xDelete(v.real, name, sync);
  });
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  const shim_vfs& v = of(vfs);
  return pass(*v.hooks, {disk_op::access, name, {}, 0}, [&] {
    return v.real->xAccess(v.real, name, flags, result);
  });
}

}  // namespace

// The other calls (full paths, time, randomness) take no handle of their own: the real ones serve.
disk::disk(disk_hooks& hooks) : vfs_(new sqlite3_vfs(*sqlite3_vfs_find(nullptr))) {
  auto* real = sqlite3_vfs_find(nullptr);
  vfs_->zName = "clv_test_disk";
  vfs_->pNext = nullptr;
  vfs_->szOsFile = static_cast<int>(sizeof(shim)) + real->szOsFile;
  vfs_->pAppData = new shim_vfs{real, &hooks};
  vfs_->xOpen = vfs_open;
  vfs_->xDelete = vfs_delete;
  vfs_->xAccess = vfs_access;
  sqlite3_vfs_register(vfs_.get(), 1);
}

disk::~disk() {
  sqlite3_vfs_unregister(vfs_.get());
  const auto* appended = static_cast<shim_vfs*>(vfs_->pAppData);
  sqlite3_vfs_register(appended->real, 1);
  delete appended;
}

}  // namespace clv::test
