// One connection to PostgreSQL: what was sent and not yet answered, and the one writer's lock.
//
// Everything goes through libpq's pipeline mode. What needs no answer is sent at once and looked at
// when something else has to wait; so a bulk insert waits a few times per thousand rows. A failure
// is therefore told by whatever waits next, at the latest by the commit. [one]
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "failure.hpp"
#include "translate.hpp"

namespace clv::postgres {

class statement;

class session {
 public:
  session() = default;
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // All below throw failure. `writes`: takes the writer's lock.
  void open(const char* text, bool writes);
  const std::string& label() const { return label_; }

  std::int64_t count_tables(const char* name);
  void begin(bool writes);
  void commit();
  void rollback() noexcept;
  void execute(std::string_view text);
  std::int64_t changes();

  // ---- for statements

  // Parameters as the server takes them, in binary.
  struct parameters {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  // The server's name for that text with those types, prepared when it is new.
  const std::string& prepared(const std::string& sql, const parameters& p);
  // Counts up when everything that was prepared has to be prepared anew.
  std::int64_t generation() const { return generation_; }
  // Sends it; `asks` wants its outcome (nullptr: nobody does).
  void send(const std::string& name, const std::string& sql, const parameters& p, statement* asks);
  // Sends it and reads up to its first row; the rows that follow come by next_row().
  void send_and_stream(const std::string& name,
                       const std::string& sql,
                       const parameters& p,
                       statement* reader);
  PGresult* next_row();  // of the stream: one row, to be cleared; nullptr: it has ended
  // Whoever streams keeps the rest of its rows, so that the connection is free.
  void take_over();
  // Answers everything that was sent. Throws the first failure among it.
  void settle();
  // It is gone or begins anew; `asks`: outcomes that it asked for may not have come yet.
  void forget(const statement* s, bool asks) noexcept;
  bool in_transaction() const { return in_transaction_; }

 private:
  struct sent {
    std::string doing;  // for a message
    statement* asks = nullptr;
    bool counts = false;  // its row count is what changes() tells
  };

  void connect(const char* text);
  void set_up(bool writes);
  void check_database();
  std::string named_schema();
  void find_schema(bool may_create);
  void lock();
  void define(std::string_view sql);
  void restore_casts();
  void ready();
  void require_alive() const;
  [[noreturn]] void lost(const std::string& doing);
  void send_text(const std::string& sql, bool counts = false);
  std::string ask(const std::string& sql);  // one value as text; "" for NULL or no row
  void sync();
  void read_one(std::deque<sent>::iterator which);
  void finish_stream() noexcept;
  void note(failure f) noexcept;
  void throw_noted();
  void forget_prepared();

  PGconn* connection_ = nullptr;
  std::string label_ = "the store";
  std::string schema_;
  std::deque<sent> sent_;  // not yet answered, in order
  bool synced_ = true;     // a sync was sent after the last of them
  statement* streaming_ = nullptr;
  std::string stream_doing_;
  bool failed_ = false;
  failure noted_{CLV_OK, {}};  // the first one that was not told yet
  bool broken_ = false;        // an answer is missing
  bool lost_ = false;          // broken, and told
  bool locked_ = false;
  bool in_transaction_ = false;
  std::int64_t changes_ = 0;
  std::unordered_map<std::string, std::string> prepared_;  // text and types -> name
  std::int64_t next_name_ = 0, generation_ = 0;
  bool leftovers_ = false;  // the server has prepared ones that nobody uses any more
};

}  // namespace clv::postgres
