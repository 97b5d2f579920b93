// What the server itself keeps of a tenant, beside its store: jobs, answered requests, definitions
// of segments. One small SQLite file, written FULL. [any]
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace clvd {

class registry {
 public:
  // Throws call_error.
  explicit registry(const std::string& file);
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  // What `changes` does here is one transaction: all of it is kept, or nothing where it throws. It
  // must be short: everybody else waits.
  void together(const std::function<void()>& changes);

  // ---- jobs: serialized clv.v1.Job messages by number
  struct job_row {
    std::int64_t number = 0;
    std::string bytes;
    bool ended = false;
  };
  std::int64_t add_job(const std::string& kind, const std::string& bytes, std::int64_t now_us);
  void set_job(const job_row& row, std::int64_t now_us);
  std::optional<job_row> job(std::int64_t number);
  // Numbers below `before` (0: all), newest first; kind "": every kind.
  std::vector<job_row> jobs(std::int64_t before, std::size_t limit, const std::string& kind);
  std::vector<job_row> unfinished_jobs();
  // Each job whose bytes hold the text becomes what `changed` makes of it; nothing of the old bytes
  // stays in the file or its log.
  bool rewrite_jobs(const std::string& text,
                    const std::function<std::string(const std::string& bytes)>& changed);
  // Jobs that ended, and requests that were answered, before that.
  void forget_before(std::int64_t time_us);

  // ---- answered requests: `scope` is the method's path
  struct answered {
    std::string body_hash, response;
  };
  std::optional<answered> answer(const std::string& method, const std::string& request_id);
  // False: it is there already.
  bool keep_answer(const std::string& method,
                   const std::string& request_id,
                   const answered& a,
                   std::int64_t now_us);

  // ---- named documents with an etag (a number that rises): segment definitions
  struct document {
    std::string name, bytes;
    std::int64_t etag = 0;
  };
  std::optional<document> find(const std::string& kind, const std::string& name);
  // By name, after `after`.
  std::vector<document> list(const std::string& kind, const std::string& after, std::size_t limit);
  // Compare and set: `etag` is the present one, 0: it must not exist, -1: whichever. Returns the
  // new one, or 0 when the etag did not fit.
  std::int64_t put(const std::string& kind,
                   const std::string& name,
                   const std::string& bytes,
                   std::int64_t etag);
  // -1 as above. False: not there, or another etag.
  bool remove(const std::string& kind, const std::string& name, std::int64_t etag);

 private:
  class query;
  class transaction;
  bool empty_log();

  std::recursive_mutex mutex_;  // together() holds it while its parts take it
  bool in_transaction_ = false;
  sqlite3* db_ = nullptr;
};

}  // namespace clvd
