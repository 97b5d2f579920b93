#include "session.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include "statement.hpp"

namespace clv::postgres {
namespace {

constexpr std::size_t most_unanswered = 1024;  // bounds what both sides keep in memory
constexpr std::size_t most_prepared = 500;
constexpr int lock_class = 0x434c5631;  // "CLV1": an advisory lock has two numbers
constexpr int oldest_server = 140000;
constexpr std::size_t longest_name = 63;  // bytes of a name; the server cuts off the rest

// Where a URI's password ends is the first '@' to libpq and the last one to most people: the rest
// would be a host's name, which is told.
bool is_ambiguous(std::string_view uri) {
  const std::string_view place = uri.substr(uri.find("://") + 3);
  const std::string_view whole = place.substr(0, place.find('?'));
  const auto at = whole.rfind('@');
  return at != whole.npos && (whole.find('@') != at || whole.find('/') < at);
}

// libpq's own words about a malformed one show parts of it.
void check_form(const char* text) {
  const std::string_view name(text);
  const bool is_uri = name.starts_with("postgresql://") || name.starts_with("postgres://");
  if (!is_uri && name.find('=') == name.npos) return;  // a database's name alone
  if (is_uri && is_ambiguous(name)) {
    throw failure{CLV_E_INVALID,
                  "its URI has more than one '@', or a '/' before it: write %40, %2F"};
  }
  char* words = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(text, &words);
  PQfreemem(words);
  if (parsed == nullptr) {
    throw failure{CLV_E_INVALID,
                  "its connection string is malformed: write host=... dbname=... or a URI"};
  }
  PQconninfoFree(parsed);
}

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;
result owned(PGresult* r) {
  return {r, &PQclear};
}

std::string shortened(const std::string& sql) {
  return "cannot run '" + (sql.size() > 60 ? sql.substr(0, 60) + "..." : sql) + "'";
}

std::int64_t rows_of(PGresult* r) {
  return std::strtoll(PQcmdTuples(r), nullptr, 10);
}

bool is_good(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

// A value of any of three kinds, which PostgreSQL's columns do not have.
constexpr std::string_view any_type_sql = R"sql(
CREATE TYPE clv_any AS (i bigint, r double precision, t text COLLATE "C");
CREATE FUNCTION clv_any_of(bigint) RETURNS clv_any IMMUTABLE
  RETURN ROW($1, NULL::double precision, NULL::text)::clv_any;
CREATE FUNCTION clv_any_of(double precision) RETURNS clv_any IMMUTABLE
  RETURN ROW(NULL::bigint, $1, NULL::text)::clv_any;
CREATE FUNCTION clv_any_of(text) RETURNS clv_any IMMUTABLE
  RETURN ROW(NULL::bigint, NULL::double precision, $1)::clv_any;
CREATE FUNCTION clv_number_of(clv_any) RETURNS double precision IMMUTABLE
  RETURN coalesce(($1).r, ($1).i::double precision);
)sql";
constexpr std::string_view any_casts_sql = R"sql(
CREATE CAST (bigint AS clv_any) WITH FUNCTION clv_any_of(bigint) AS ASSIGNMENT;
CREATE CAST (double precision AS clv_any) WITH FUNCTION clv_any_of(double precision) AS ASSIGNMENT;
CREATE CAST (text AS clv_any) WITH FUNCTION clv_any_of(text) AS ASSIGNMENT;
CREATE CAST (clv_any AS double precision) WITH FUNCTION clv_number_of(clv_any);
)sql";

}  // namespace

// ---- opening

// Hanging up frees the lock a moment later; the next writer need not wait for that.
session::~session() {
  rollback();
  try {
    if (locked_ && !lost_) ask("SELECT pg_advisory_unlock_all()");
  } catch (...) {  // whatever it was, the end of the session frees it
  }
  PQfinish(connection_);
}

void session::open(const char* text, bool writes) {
  connect(text);
  if (PQserverVersion(connection_) < oldest_server) {
    throw failure{CLV_E_UNSUPPORTED, "the server is older than PostgreSQL 14"};
  }
  find_schema(writes);
  set_up(writes);
  if (!writes) return;
  lock();
  restore_casts();
}

// The caller's text comes first, so that it has the last word on all but the encoding.
void session::connect(const char* text) {
  check_form(text);
  constexpr std::array<const char*, 5> names{
      "connect_timeout", "fallback_application_name", "dbname", "client_encoding", nullptr};
  const std::array<const char*, 5> values{"10", "libclv", text, "UTF8", nullptr};
  connection_ = PQconnectdbParams(names.data(), values.data(), 1);
  if (connection_ == nullptr) throw failure{CLV_E_NO_MEMORY, "out of memory"};
  if (PQstatus(connection_) != CONNECTION_OK) {
    lost_ = true;
    throw failure{CLV_E_IO, "cannot connect: " + words_of(connection_)};
  }
  label_ = "store '" + std::string(PQdb(connection_)) + "'";
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);  // else libpq prints them
  if (PQenterPipelineMode(connection_) != 1) lost("cannot begin");
  if (ask("SELECT current_setting('server_encoding')") != "UTF8") {
    throw failure{CLV_E_UNSUPPORTED, "the database's encoding is not UTF8; create it with UTF8"};
  }
}

// A name that the server would cut off is another store's name, too.
void session::check_database() {
  // A pooler may have a name of its own for it.
  if (std::string_view(PQdb(connection_)).size() <= longest_name) return;
  throw failure{CLV_E_UNSUPPORTED, "the database's name is longer than PostgreSQL keeps it"};
}

// The first of the search_path as PostgreSQL reads it; "" where it names none ($user).
std::string session::named_schema() {
  const std::string first =
      ask("SELECT CASE WHEN first LIKE '\"%' THEN trim(BOTH '\"' FROM first) ELSE lower(first) END "
          "FROM "
          "trim(split_part(current_setting('search_path'), ',', 1)) AS first");
  if (first == "$user") return {};
  if (first.size() > longest_name) {
    throw failure{CLV_E_UNSUPPORTED,
                  "the schema's name has more than the " + std::to_string(longest_name) +
                      " bytes that PostgreSQL keeps of it"};
  }
  return first;
}

void session::find_schema(bool may_create) {
  check_database();
  schema_ = ask("SELECT current_schema()");
  const std::string named = named_schema();
  if (!named.empty() && schema_ != named) {
    if (may_create) execute("CREATE SCHEMA IF NOT EXISTS " + quoted(named));
    schema_ = may_create ? named : std::string();
  }
  if (schema_.empty()) {
    throw failure{CLV_E_IO,
                  "the first schema of its search_path does not exist: name the store's by "
                  "options=-csearch_path=NAME"};
  }
  label_ = "store '" + std::string(PQdb(connection_)) + "." + schema_ + "'";
}

// on: a commit that was acknowledged survives the server. Answers come in binary, so that nothing
// depends on how it writes numbers.
void session::set_up(bool writes) {
  execute(
      "SET search_path = " + quoted(schema_) +
      "; SET synchronous_commit = on; SET lock_timeout = '5s'; SET statement_timeout = 0;"
      "SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0; SET jit = off;"
      "SET default_transaction_read_only = " +
      (writes ? "off" : "on"));
}

void session::lock() {
  const std::string got = ask("SELECT pg_try_advisory_lock(" + std::to_string(lock_class) +
                              ", oid::int) FROM pg_namespace WHERE nspname = current_schema()");
  if (got != "t") throw failure{CLV_E_BUSY, "it is open for writing elsewhere"};
  locked_ = true;
}

void session::define(std::string_view sql) {
  for (const translated& part : translate(sql)) send_text(part.sql);
}

// A dump of one schema holds the type and not its casts, which belong to no schema.
void session::restore_casts() {
  const std::string lost =
      ask("SELECT to_regtype('clv_any') IS NOT NULL AND NOT EXISTS "
          "(SELECT 1 FROM pg_cast WHERE castsource = to_regtype('clv_any'))");
  if (lost != "t") return;
  begin(true);
  define(any_casts_sql);
  commit();
}

// ---- sending

void session::require_alive() const {
  if (lost_) throw failure{CLV_E_IO, "the connection was lost; open the store again"};
}

void session::lost(const std::string& doing) {
  lost_ = true;
  throw failure{CLV_E_IO, doing + ": " + words_of(connection_)};
}

// Makes the connection free for the next thing to send.
void session::ready() {
  require_alive();
  take_over();
  if (sent_.size() >= most_unanswered) settle();
}

void session::send_text(const std::string& sql, bool counts) {
  require_alive();
  if (PQsendQueryParams(connection_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) {
    lost(shortened(sql));
  }
  sent_.push_back({.doing = shortened(sql), .asks = nullptr, .counts = counts});
}

const std::string& session::prepared(const std::string& sql, const parameters& p) {
  std::string key = sql;
  for (const Oid type : p.types) key += '\0' + std::to_string(type);
  const auto known = prepared_.find(key);
  if (known != prepared_.end()) return known->second;
  if (prepared_.size() >= most_prepared) forget_prepared();
  ready();
  std::string name = "clv" + std::to_string(++next_name_);
  const int n = static_cast<int>(p.types.size());
  if (PQsendPrepare(connection_, name.c_str(), sql.c_str(), n, p.types.data()) != 1) {
    lost(shortened(sql));
  }
  sent_.push_back({.doing = shortened(sql)});
  return prepared_.emplace(std::move(key), std::move(name)).first->second;
}

void session::forget_prepared() {
  prepared_.clear();
  ++generation_;
  leftovers_ = true;
}

void session::send(const std::string& name,
                   const std::string& sql,
                   const parameters& p,
                   statement* asks) {
  ready();
  const int n = static_cast<int>(p.types.size());
  if (PQsendQueryPrepared(
          connection_, name.c_str(), n, p.values.data(), p.lengths.data(), p.formats.data(), 1) !=
      1) {
    lost(shortened(sql));
  }
  sent_.push_back({.doing = shortened(sql), .asks = asks, .counts = true});
  if (!in_transaction_) settle();
}

// ---- answers

void session::sync() {
  if (PQpipelineSync(connection_) != 1) lost("cannot send");
}

void session::note(failure f) noexcept {
  if (!failed_) noted_ = std::move(f);
  failed_ = true;
}

void session::throw_noted() {
  if ((broken_ || PQstatus(connection_) == CONNECTION_BAD) && !lost_) {
    lost_ = true;
    sent_.clear();
    note({CLV_E_IO, "the connection was lost: " + words_of(connection_)});
    noted_.code = CLV_E_IO;
  }
  if (!failed_) return;
  failed_ = false;
  forget_prepared();  // what was prepared after the failure is not there
  throw std::exchange(noted_, {CLV_OK, {}});
}

// All results of one command, up to the NULL that ends them.
void session::read_one(std::deque<sent>::iterator which) {
  while (const result r = owned(PQgetResult(connection_))) {
    const ExecStatusType status = PQresultStatus(r.get());
    if (status == PGRES_PIPELINE_ABORTED) continue;  // the failure before it was noted
    if (!is_good(status)) {
      note(failure_of(r.get(), which->doing));
      if (PQstatus(connection_) == CONNECTION_BAD) return;
      continue;
    }
    if (which->counts) changes_ = rows_of(r.get());
    if (which->asks != nullptr) which->asks->answered(r.get(), changes_);
    const bool undone = in_transaction_ && std::string_view(PQcmdStatus(r.get())) == "ROLLBACK";
    if (undone && which->doing == shortened("COMMIT")) {
      note({CLV_E_INTERNAL, "the server rolled back instead of committing"});
    }
  }
}

void session::settle() {
  require_alive();
  take_over();
  if (sent_.empty()) return;
  sync();
  while (!sent_.empty() && PQstatus(connection_) == CONNECTION_OK) {
    read_one(sent_.begin());
    sent_.pop_front();
  }
  if (PQstatus(connection_) == CONNECTION_OK) owned(PQgetResult(connection_));  // the sync
  throw_noted();
}

// ---- rows, one by one

void session::send_and_stream(const std::string& name,
                              const std::string& sql,
                              const parameters& p,
                              statement* reader) {
  ready();
  const int n = static_cast<int>(p.types.size());
  if (PQsendQueryPrepared(
          connection_, name.c_str(), n, p.values.data(), p.lengths.data(), p.formats.data(), 1) !=
      1) {
    lost(shortened(sql));
  }
  sync();
  while (!sent_.empty() && PQstatus(connection_) == CONNECTION_OK) {
    read_one(sent_.begin());
    sent_.pop_front();
  }
  stream_doing_ = shortened(sql);
  streaming_ = reader;
  if (failed_ || PQsetSingleRowMode(connection_) != 1) {
    finish_stream();
    throw_noted();
    throw failure{CLV_E_INTERNAL, stream_doing_ + ": its rows cannot be read one by one"};
  }
}

PGresult* session::next_row() {
  PGresult* row = PQgetResult(connection_);
  if (row != nullptr && PQresultStatus(row) == PGRES_SINGLE_TUPLE) return row;
  if (row != nullptr) {
    if (is_good(PQresultStatus(row))) {
      changes_ = rows_of(row);
    } else {
      note(failure_of(row, stream_doing_));
    }
    PQclear(row);
  }
  finish_stream();
  throw_noted();
  return nullptr;
}

// Reads past the rest of the stream, its end and its sync. Two ends in a row are no answer that a
// server gives: it is gone, although libpq has not said so.
void session::finish_stream() noexcept {
  streaming_ = nullptr;
  int ends = 0;
  while (ends < 2 && PQstatus(connection_) == CONNECTION_OK) {
    const result r = owned(PQgetResult(connection_));
    ends = r ? 0 : ends + 1;
    if (!r) continue;
    const ExecStatusType status = PQresultStatus(r.get());
    if (status == PGRES_PIPELINE_SYNC) return;
    if (status != PGRES_FATAL_ERROR) continue;
    try {
      note(failure_of(r.get(), stream_doing_));
    } catch (...) {
      note({CLV_E_NO_MEMORY, {}});
    }
  }
  broken_ = true;
}

void session::take_over() {
  if (streaming_ != nullptr) streaming_->keep_rest();
}

void session::forget(const statement* s, bool asks) noexcept {
  if (streaming_ == s) finish_stream();
  if (!asks) return;
  for (sent& waiting : sent_) {
    if (waiting.asks == s) waiting.asks = nullptr;
  }
}

// ---- verbs

std::string session::ask(const std::string& sql) {
  settle();
  send_text(sql);
  sync();
  const std::string doing = std::move(sent_.front().doing);
  sent_.clear();
  std::string value;
  int ends = 0;
  for (;;) {
    const result r = owned(PQgetResult(connection_));
    ends = r ? 0 : ends + 1;
    broken_ = broken_ || ends == 2 || PQstatus(connection_) == CONNECTION_BAD;
    if (broken_) break;
    if (!r) continue;
    const ExecStatusType status = PQresultStatus(r.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (!is_good(status)) note(failure_of(r.get(), doing));
    if (PQntuples(r.get()) > 0) value = PQgetvalue(r.get(), 0, 0);
  }
  throw_noted();
  return value;
}

std::int64_t session::count_tables(const char* name) {
  std::string sql =
      "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace = "
      "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())";
  if (name != nullptr) {
    const std::unique_ptr<char, decltype(&PQfreemem)> literal(
        PQescapeLiteral(connection_, name, std::string_view(name).size()), &PQfreemem);
    if (!literal) throw failure{CLV_E_DATA, "no table can have that name"};
    sql += " AND relname = " + std::string(literal.get());
  }
  return std::strtoll(ask(sql).c_str(), nullptr, 10);
}

void session::begin(bool writes) {
  ready();
  if (leftovers_) {
    forget_prepared();
    leftovers_ = false;
    send_text("DEALLOCATE ALL");
    settle();  // else it would be part of the transaction
  }
  send_text(writes ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                   : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  in_transaction_ = true;
}

void session::commit() {
  ready();
  send_text("COMMIT");
  settle();
  in_transaction_ = false;
}

void session::rollback() noexcept {
  if (!std::exchange(in_transaction_, false) || lost_) return;
  try {
    try {
      settle();
    } catch (const failure&) {  // it was to be undone anyway
    }
    send_text("ROLLBACK");
    settle();
  } catch (...) {
    lost_ = true;
  }
}

void session::execute(std::string_view text) {
  bool defines = false, waits = !in_transaction_;
  for (const translated& t : translate(text)) {
    ready();
    if (t.has_any && ask("SELECT to_regtype('clv_any')").empty()) {
      define(any_type_sql);
      define(any_casts_sql);
    }
    send_text(t.sql, true);
    defines = defines || t.defines;
    waits = waits || !t.may_wait;
  }
  if (waits) settle();
  if (defines) forget_prepared();
}

std::int64_t session::changes() {
  settle();
  return changes_;
}

}  // namespace clv::postgres
