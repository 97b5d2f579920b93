#include "tenants/registry.hpp"

#include <sqlite3.h>

#include <string_view>

#include "calls/errors.hpp"

namespace clvd {
namespace {

constexpr int busy_timeout_ms = 5000;
constexpr std::int64_t schema = 1;
constexpr auto tables = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS job (
  number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, bytes BLOB NOT NULL,
  ended INTEGER NOT NULL, changed_us INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS answer (
  method TEXT NOT NULL, request_id TEXT NOT NULL, body_hash BLOB NOT NULL, response BLOB,
  at_us INTEGER NOT NULL, PRIMARY KEY (method, request_id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (
  kind TEXT NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL, etag INTEGER NOT NULL,
  PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS last_etag (etag INTEGER NOT NULL) STRICT;
INSERT INTO last_etag SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM last_etag);
PRAGMA user_version = 1;
COMMIT;)";

[[noreturn]] void fail(sqlite3* db, int code) {
  const int kind = code & 0xFF;
  clv_status core = CLV_E_INTERNAL;
  if (kind == SQLITE_FULL) core = CLV_E_FULL;
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) core = CLV_E_CORRUPT;
  if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY) core = CLV_E_IO;
  if (kind == SQLITE_BUSY) core = CLV_E_BUSY;
  call_error error = core_failure(core, nullptr);
  error.hidden = std::string("registry: ") + (db == nullptr ? "" : sqlite3_errmsg(db));
  throw error;
}

void execute(sqlite3* db, const char* sql) {
  const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(db, code);
}

}  // namespace

// A statement with its values bound in order. Borrows texts until it is gone.
class registry::query {
 public:
  query(sqlite3* db, std::string_view sql) : db_(db) {
    const int code =
        sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
    if (code != SQLITE_OK) fail(db_, code);
  }
  ~query() { sqlite3_finalize(statement_); }
  query(const query&) = delete;
  query& operator=(const query&) = delete;

  query& with(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
  }
  query& with(const std::string& text) {
    sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
  }
  query& with_bytes(const std::string& bytes) {
    // A null pointer would bind NULL.
    const char* first = bytes.empty() ? "" : bytes.data();
    sqlite3_bind_blob64(statement_, ++bound_, first, bytes.size(), SQLITE_STATIC);
    return *this;
  }
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(db_, code);
  }
  // Rows changed.
  int run() {
    while (step()) {
    }
    return sqlite3_changes(db_);
  }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string() : std::string(data, size);
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

registry::registry(const std::string& file) {
  const int code = sqlite3_open_v2(file.c_str(),
                                   &db_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   nullptr);
  try {
    if (code != SQLITE_OK) fail(db_, code);
    sqlite3_busy_timeout(db_, busy_timeout_ms);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute(db_, "PRAGMA journal_mode = WAL");
    execute(db_,
            "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON");
    query version(db_, "PRAGMA user_version");
    if (version.step() && version.integer(0) > schema) {
      throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                       "SCHEMA_TOO_NEW",
                       "the registry of this tenant was written by a newer clvd");
    }
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
  try {
    execute(db_, tables);
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
}

registry::~registry() {
  sqlite3_close(db_);
}

// Rolled back unless it was committed; within another one it is a part of that.
class registry::transaction {
 public:
  explicit transaction(registry& of) : of_(of), outermost_(!of.in_transaction_) {
    if (!outermost_) return;
    execute(of_.db_, "BEGIN IMMEDIATE");
    of_.in_transaction_ = true;
  }
  ~transaction() {
    if (!outermost_) return;
    of_.in_transaction_ = false;
    if (!committed_) sqlite3_exec(of_.db_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  void commit() {
    if (!outermost_) return;
    execute(of_.db_, "COMMIT");
    committed_ = true;
  }

 private:
  registry& of_;
  const bool outermost_;
  bool committed_ = false;
};

void registry::together(const std::function<void()>& changes) {
  const std::lock_guard lock(mutex_);
  transaction whole(*this);
  changes();
  whole.commit();
}

// ---- jobs

std::int64_t registry::add_job(const std::string& kind,
                               const std::string& bytes,
                               std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  query(db_, "INSERT INTO job (kind, bytes, ended, changed_us) VALUES (?, ?, 0, ?)")
      .with(kind)
      .with_bytes(bytes)
      .with(now_us)
      .run();
  return sqlite3_last_insert_rowid(db_);
}

void registry::set_job(const job_row& row, std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  query(db_, "UPDATE job SET bytes = ?, ended = ?, changed_us = ? WHERE number = ?")
      .with_bytes(row.bytes)
      .with(row.ended ? 1 : 0)
      .with(now_us)
      .with(row.number)
      .run();
}

std::optional<registry::job_row> registry::job(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  query found(db_, "SELECT number, bytes, ended FROM job WHERE number = ?");
  if (!found.with(number).step()) return std::nullopt;
  return job_row{found.integer(0), found.bytes(1), found.integer(2) != 0};
}

std::vector<registry::job_row> registry::jobs(std::int64_t before,
                                              std::size_t limit,
                                              const std::string& kind) {
  const std::lock_guard lock(mutex_);
  query found(db_,
              "SELECT number, bytes, ended FROM job WHERE (?1 = 0 OR number < ?1) AND "
              "(?2 = '' OR kind = ?2) ORDER BY number DESC LIMIT ?3");
  found.with(before).with(kind).with(static_cast<std::int64_t>(limit));
  std::vector<job_row> rows;
  while (found.step()) rows.push_back({found.integer(0), found.bytes(1), found.integer(2) != 0});
  return rows;
}

std::vector<registry::job_row> registry::unfinished_jobs() {
  const std::lock_guard lock(mutex_);
  query found(db_, "SELECT number, bytes, ended FROM job WHERE ended = 0 ORDER BY number");
  std::vector<job_row> rows;
  while (found.step()) rows.push_back({found.integer(0), found.bytes(1), false});
  return rows;
}

bool registry::rewrite_jobs(const std::string& text,
                            const std::function<std::string(const std::string& bytes)>& changed) {
  const std::lock_guard lock(mutex_);
  std::vector<job_row> rows;
  together([&] {
    query found(db_, "SELECT number, bytes, ended FROM job WHERE instr(bytes, ?) > 0");
    found.with_bytes(text);
    while (found.step()) rows.push_back({found.integer(0), found.bytes(1), found.integer(2) != 0});
    for (const job_row& row : rows) {
      query(db_, "UPDATE job SET bytes = ? WHERE number = ?")
          .with_bytes(changed(row.bytes))
          .with(row.number)
          .run();
    }
  });
  return rows.empty() || empty_log();
}

void registry::forget_before(std::int64_t time_us) {
  const std::lock_guard lock(mutex_);
  query(db_, "DELETE FROM job WHERE ended = 1 AND changed_us < ?").with(time_us).run();
  query(db_, "DELETE FROM answer WHERE at_us < ?").with(time_us).run();
}

// ---- answered requests

std::optional<registry::answered> registry::answer(const std::string& method,
                                                   const std::string& request_id) {
  const std::lock_guard lock(mutex_);
  query found(db_, "SELECT body_hash, response FROM answer WHERE method = ? AND request_id = ?");
  if (!found.with(method).with(request_id).step()) return std::nullopt;
  return answered{found.bytes(0), found.bytes(1)};
}

bool registry::keep_answer(const std::string& method,
                           const std::string& request_id,
                           const answered& a,
                           std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  return query(db_,
               "INSERT INTO answer (method, request_id, body_hash, response, at_us) "
               "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
             .with(method)
             .with(request_id)
             .with_bytes(a.body_hash)
             .with_bytes(a.response)
             .with(now_us)
             .run() == 1;
}

// What was overwritten is still in the write-ahead log until that is empty. Not waited for:
// everyone who asks for a job would wait, too.
bool registry::empty_log() {
  sqlite3_busy_timeout(db_, 0);
  bool empty = false;
  {
    query checkpoint(db_, "PRAGMA wal_checkpoint(TRUNCATE)");
    empty = checkpoint.step() && checkpoint.integer(0) == 0;
  }
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  return empty;
}

// ---- documents

std::optional<registry::document> registry::find(const std::string& kind, const std::string& name) {
  const std::lock_guard lock(mutex_);
  query found(db_, "SELECT name, bytes, etag FROM document WHERE kind = ? AND name = ?");
  if (!found.with(kind).with(name).step()) return std::nullopt;
  return document{found.bytes(0), found.bytes(1), found.integer(2)};
}

std::vector<registry::document> registry::list(const std::string& kind,
                                               const std::string& after,
                                               std::size_t limit) {
  const std::lock_guard lock(mutex_);
  query found(db_,
              "SELECT name, bytes, etag FROM document WHERE kind = ? AND name > ? ORDER BY name "
              "LIMIT ?");
  found.with(kind).with(after).with(static_cast<std::int64_t>(limit));
  std::vector<document> rows;
  while (found.step()) rows.push_back({found.bytes(0), found.bytes(1), found.integer(2)});
  return rows;
}

std::int64_t registry::put(const std::string& kind,
                           const std::string& name,
                           const std::string& bytes,
                           std::int64_t etag) {
  const std::lock_guard lock(mutex_);
  transaction whole(*this);
  query(db_, "UPDATE last_etag SET etag = etag + 1").run();
  query last(db_, "SELECT etag FROM last_etag");
  last.step();
  const std::int64_t next = last.integer(0);
  last.run();
  int changed = 0;
  if (etag == 0) {
    changed = query(db_,
                    "INSERT INTO document (kind, name, bytes, etag) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING")
                  .with(kind)
                  .with(name)
                  .with_bytes(bytes)
                  .with(next)
                  .run();
  } else {
    changed = query(db_,
                    "UPDATE document SET bytes = ?1, etag = ?2 WHERE kind = ?3 AND name = ?4 AND "
                    "(?5 = -1 OR etag = ?5)")
                  .with_bytes(bytes)
                  .with(next)
                  .with(kind)
                  .with(name)
                  .with(etag)
                  .run();
  }
  whole.commit();
  return changed == 1 ? next : 0;
}

bool registry::remove(const std::string& kind, const std::string& name, std::int64_t etag) {
  const std::lock_guard lock(mutex_);
  return query(db_, "DELETE FROM document WHERE kind = ?1 AND name = ?2 AND (?3 = -1 OR etag = ?3)")
             .with(kind)
             .with(name)
             .with(etag)
             .run() == 1;
}

}  // namespace clvd
