/* clv_storage.h - where an engine keeps its tables, when that is not a SQLite file: a table of
 * functions that a host or a driver library supplies (clv_engine_options.storage). One for
 * PostgreSQL ships beside libclv: clv_storage_postgres. A driver that clvd is to load (--storage)
 * is a library libclv_NAME.so that exports `const clv_storage* clv_storage_NAME(void)`.
 *
 * libclv sends SQL and reads rows, as it does with SQLite; what to keep, how and in which
 * transaction stays its own business, so that both give the same results to the last bit.
 *
 * The SQL is the part of SQLite's that follows; a driver translates what its database says
 * otherwise.
 *   types       INTEGER (64 bits), REAL (IEEE double, -0.0 may become 0.0), TEXT (UTF-8, ordered
 *               and compared byte by byte), ANY (an integer, a double or a text, given back as it
 *               was bound; CAST(x AS REAL) of one)
 *   tables      CREATE TABLE .. (..) STRICT[, WITHOUT ROWID], where the last two say nothing;
 *               INTEGER PRIMARY KEY numbers itself when no value is given, upwards, with gaps;
 *               constraints, REFERENCES, ON DELETE CASCADE, partial and unique indexes, views,
 *               ALTER TABLE ADD COLUMN, DROP TABLE IF EXISTS; all of it in transactions
 *   parameters  ?, ?1, ?2: always values, whose type is that of the bind function
 *   statements  SELECT with JOIN, CROSS JOIN .. ON (an inner join, in an order that is good for
 *               SQLite), NULLS FIRST wherever NULL may be ordered; INSERT .. ON CONFLICT(..) DO
 *               NOTHING or DO UPDATE, RETURNING; UPDATE; DELETE FROM .. AS t; SAVEPOINT, RELEASE,
 *               ROLLBACK TO
 *               LEFT JOIN, DISTINCT, ORDER BY, LIMIT ? OFFSET ?, [NOT] EXISTS(..), [NOT] IN (..)
 *   functions   count, max, min, length, ifnull, coalesce, ||, lower(hex(randomblob(n))) (2n random
 *               hexadecimal digits)
 * TEXT never has a NUL byte: a driver may refuse one. */
#ifndef CLV_STORAGE_H
#define CLV_STORAGE_H
#include "clv_base.h"
CLV_BEGIN_C

typedef struct clv_storage_connection clv_storage_connection; /* the driver's own */
typedef struct clv_storage_statement clv_storage_statement;

enum { CLV_STORAGE_READ = 1, CLV_STORAGE_WRITE = 2 };
enum { CLV_STORAGE_NULL = 0, CLV_STORAGE_INTEGER = 1, CLV_STORAGE_REAL = 2, CLV_STORAGE_TEXT = 3 };

/* Every function must be given. Those that return a status answer CLV_OK unless said otherwise, and
 * on a failure keep words for last_error. Which failure matters to hosts:
 *   BUSY     another writer; a lock that was not given in time        FULL  disk or quota
 *   IO       the database cannot be reached, or was lost: nothing is half done, what was committed
 *            stays, and every later call fails the same way until the store is opened anew
 *   CORRUPT  the database contradicts itself; a table that ought to be there is not
 *   DATA     a text that the database cannot hold                     INTERNAL  anything else
 * After a failed statement only rollback, ROLLBACK TO and finalize need to work.
 * Threads: open is called from any thread at any time, also by several at once; everything else by
 * one thread at a time per connection, not always the same one, and for different connections from
 * different threads at once. */
typedef struct clv_storage {
  uint32_t struct_size;
  uint32_t abi; /* CLV_ABI_TARGET when it was compiled */
  void* ctx;    /* the driver's own, handed to open */

  /* `name` is clv_engine_options.path. WRITE: takes the lock of the store's one writer until close,
   * and fails with BUSY at once when another connection has it, in whatever process or machine; the
   * lock of one that died is free. *out is set also on failure (NULL: no memory), so that
   * last_error can say why; close it then, too. */
  clv_status(CLV_CALL* open)(void* ctx,
                             const char* name,
                             uint32_t mode,
                             clv_storage_connection** out);
  void(CLV_CALL* close)(clv_storage_connection* connection);
  /* What messages call the store ("store 'crm'"), without the secrets of `name`. Valid until close.
 */
  const char*(CLV_CALL* label)(const clv_storage_connection* connection);
  /* Why the last call failed. Valid until the next call. */
  const char*(CLV_CALL* last_error)(const clv_storage_connection* connection);
  /* How many tables the store has of that name; NULL: in all. */
  clv_status(CLV_CALL* count_tables)(clv_storage_connection* connection,
                                     const char* name,
                                     int64_t* out);

  /* READ: every statement until commit sees what was committed at the first one. WRITE: durable
   * when commit returns CLV_OK; not done when it fails, except that after IO nobody knows. */
  clv_status(CLV_CALL* begin)(clv_storage_connection* connection, uint32_t mode);
  clv_status(CLV_CALL* commit)(clv_storage_connection* connection);
  void(CLV_CALL* rollback)(clv_storage_connection* connection); /* outside: does nothing */

  /* One or more statements without parameters and rows. `size` in bytes. */
  clv_status(CLV_CALL* execute)(clv_storage_connection* connection, const char* sql, int64_t size);
  /* One statement; a driver may look at it only when it is first run. */
  clv_status(CLV_CALL* prepare)(clv_storage_connection* connection,
                                const char* sql,
                                int64_t size,
                                clv_storage_statement** out);
  void(CLV_CALL* finalize)(clv_storage_statement* statement);

  /* Parameters count from 1. A text is the caller's until reset, run or queue. */
  clv_status(CLV_CALL* bind_i64)(clv_storage_statement* statement, int32_t index, int64_t value);
  clv_status(CLV_CALL* bind_f64)(clv_storage_statement* statement, int32_t index, double value);
  clv_status(CLV_CALL* bind_text)(clv_storage_statement* statement,
                                  int32_t index,
                                  const char* data,
                                  int64_t size);
  clv_status(CLV_CALL* bind_null)(clv_storage_statement* statement, int32_t index);

  /* CLV_OK: at the next row; CLV_END: there are no more. Several statements may be between rows at
   * a time, and others run meanwhile. */
  clv_status(CLV_CALL* step)(clv_storage_statement* statement);
  void(CLV_CALL* reset)(clv_storage_statement* statement); /* keeps what is bound */
  /* Runs it without looking at rows. A driver may do so later, in order, and then a later call
   * fails in its place, at the latest commit. */
  clv_status(CLV_CALL* run)(clv_storage_statement* statement);
  /* As run, but what became of it is asked later: outcome() once for each queue(), in that order,
   * before the statement is used otherwise. *rows: changed or found; *value: the first column of
   * the first row, when there is one and it is an integer. What makes bulk work fast where every
   * question takes a journey. */
  clv_status(CLV_CALL* queue)(clv_storage_statement* statement);
  clv_status(CLV_CALL* outcome)(clv_storage_statement* statement, int64_t* rows, int64_t* value);
  /* Rows changed by the statement that was stepped to its end or run last. */
  clv_status(CLV_CALL* changes)(clv_storage_connection* connection, int64_t* out);

  /* Columns of the row that step() is at, counted from 0. */
  int32_t(CLV_CALL* column_type)(const clv_storage_statement* statement, int32_t column);
  int64_t(CLV_CALL* column_i64)(const clv_storage_statement* statement, int32_t column);
  double(CLV_CALL* column_f64)(const clv_storage_statement* statement, int32_t column);
  /* Valid until the next step or reset; not ended by NUL. */
  const char*(CLV_CALL* column_text)(const clv_storage_statement* statement,
                                     int32_t column,
                                     int64_t* size);
} clv_storage;

CLV_END_C
#endif
