#include "tenants/registry_copy.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "calls/errors.hpp"
#include "config/start_error.hpp"
#include "security/owned_file.hpp"
#include "security/sha256.hpp"

namespace clvd {
namespace {

namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 5000;

[[noreturn]] void fail(clv_status kind, const std::string& why) {
  call_error error = core_failure(kind, nullptr);
  error.hidden = "registry: " + why;
  throw error;
}

[[noreturn]] void fail(sqlite3* db, int code) {
  const int kind = code & 0xFF;
  const bool corrupt = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
  const std::string why = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  fail(corrupt ? CLV_E_CORRUPT : kind == SQLITE_FULL ? CLV_E_FULL : CLV_E_IO, why);
}

struct close_database {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using database = std::unique_ptr<sqlite3, close_database>;
struct finalize {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using statement = std::unique_ptr<sqlite3_stmt, finalize>;

// A connection of its own: the server's goes on meanwhile.
database reader_of(const std::string& file) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  database db(opened);
  if (code != SQLITE_OK) fail(db.get(), code);
  sqlite3_busy_timeout(db.get(), busy_timeout_ms);
  return db;
}

statement prepared(sqlite3* db, const char* sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v2(db, sql, -1, &made, nullptr);
  if (code != SQLITE_OK) fail(db, code);
  return statement(made);
}

void vacuum_into(const std::string& from, const std::string& to) {
  const database db = reader_of(from);
  const statement copy = prepared(db.get(), "VACUUM INTO ?");
  sqlite3_bind_text64(copy.get(), 1, to.data(), to.size(), SQLITE_STATIC, SQLITE_UTF8);
  const int code = sqlite3_step(copy.get());
  if (code != SQLITE_DONE) fail(db.get(), code);
}

struct descriptor {
  int fd;
  ~descriptor() {
    if (fd >= 0) close(fd);
  }
};

// VACUUM INTO does not sync.
registry_copy synced(const std::string& file) {
  const descriptor in{open(file.c_str(), O_RDWR | O_CLOEXEC)};
  if (in.fd < 0 || fsync(in.fd) != 0) fail(CLV_E_IO, file + ": " + std::strerror(errno));
  registry_copy made;
  sha256_hash hash;
  std::vector<char> block(std::size_t{1} << 16);
  for (;;) {
    const ssize_t n = read(in.fd, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(CLV_E_IO, file + ": " + std::strerror(errno));
    if (n == 0) break;
    hash.add(block.data(), static_cast<std::size_t>(n));
    made.bytes += n;
  }
  made.sha256 = hash.hex();
  return made;
}

// A reader of a file in WAL mode leaves these beside it.
void remove_with_companions(const std::string& file) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove(file + end, ignored);
}

}  // namespace

registry_copy copy_registry(const std::string& from, const std::string& to) {
  if (fs::exists(to)) fail(CLV_E_EXISTS, "'" + to + "' is there already");
  const std::string partial = to + ".partial";
  remove_with_companions(partial);
  try {
    vacuum_into(from, partial);
    const std::string damage = damage_of_registry(partial);
    if (!damage.empty()) fail(CLV_E_CORRUPT, damage);
    const registry_copy made = synced(partial);
    fs::rename(partial, to);
    replace_file(to + ".sha256", made.sha256 + "  " + fs::path(to).filename().string() + "\n");
    return made;
  } catch (const start_error& e) {
    remove_with_companions(to);
    fail(CLV_E_IO, e.what());
  } catch (const fs::filesystem_error& e) {
    remove_with_companions(partial);
    fail(CLV_E_IO, e.what());
  } catch (...) {
    remove_with_companions(partial);
    throw;
  }
}

std::string damage_of_registry(const std::string& file) {
  const database db = reader_of(file);
  const statement check = prepared(db.get(), "PRAGMA integrity_check(8)");
  std::string damage;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(check.get())) == SQLITE_ROW) {
    const auto* words = reinterpret_cast<const char*>(sqlite3_column_text(check.get(), 0));
    if (words == nullptr || std::strcmp(words, "ok") == 0) continue;
    damage += (damage.empty() ? "" : "; ") + std::string(words);
  }
  if (code == SQLITE_DONE) return damage;
  if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB) {
    return damage.empty() ? sqlite3_errmsg(db.get()) : damage;
  }
  fail(db.get(), code);
}

}  // namespace clvd
