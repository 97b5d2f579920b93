/* clv_service.h - run a store as a service does: many senders in one commit, long work beside the
 * writer, models by name, backups, checks, and a store that is not a SQLite file.
 *
 *   one writing engine, on its own thread: clv_engine_group_begin, batches of many in one commit
 *   any number of reading engines (CLV_OPEN_READ_ONLY): clv_engine_fit_begin, _score_begin, ...
 *     compute on a snapshot; clv_engine_adopt_begin of the writing engine stores what they found
 *
 * The rules of clv.h hold. */
#ifndef CLV_SERVICE_H
#define CLV_SERVICE_H
#include "clv_engine.h"
CLV_BEGIN_C

/* ---- Many senders, one commit --------------------------------------------------------------- */
enum {
  CLV_BATCH_PARTIAL = 1, /* wrong rows are refused one by one; else all rows of the batch or none */
  CLV_BATCH_VALIDATE_ONLY = 2 /* counts and complaints as if, but nothing of the batch stays */
};
/* A batch under a key. Requests (sequence 0) are answered once: a repeat of the key with the same
 * rows gets the earlier counts, with other rows CLV_E_EXISTS. Streams (sequence 1, 2, ...) go on
 * from the last durable sequence of their key: an earlier one was taken already, a later one leaves
 * a gap and is refused with CLV_E_STATE. */
typedef struct clv_keyed_batch {
  uint32_t struct_size;
  uint32_t flags;     /* CLV_BATCH_PARTIAL, CLV_BATCH_VALIDATE_ONLY */
  const char* table;  /* "transactions" (default), or facts as clv_engine_record_begin */
  const char* source; /* as in clv_ingest_options */
  const char* currency;
  int64_t now_us;
  const char* key;       /* who asks, at most 256 bytes; NULL = not keyed */
  int64_t sequence;      /* of a stream; 0 = a request */
  const clv_batch* rows; /* copied */
} clv_keyed_batch;
/* All batches in one transaction; one that fails leaves nothing of itself and the others go on.
 * When the job is done, what it counts as taken is durable. Main table, one row per batch: status
 * (a clv_status, 0 = taken), accepted, duplicates, rejected, repeated (1: it had been taken before,
 * the counts are those of then), sequence (last durable one of its key), row, column, message (of
 * the failure). "rejects": batch, row, column, reason (INVALID, CONFLICTING_DUPLICATE), message.
 * Batches and rows count from 0. Counts are absent where the batch failed, and of a repeat whose
 * answer is no longer kept (30 days of now_us; of a stream the last 64). Rows that cannot be read
 * at all fail their batch. `batches` are CLV_SIZED one by one. Fails as a whole only where nothing
 * was written: IO, FULL, CORRUPT, LIMIT, CANCELLED, and to begin with CONFLICT, STATE (an engine
 * that only reads). [one] */
CLV_API clv_status CLV_CALL clv_engine_group_begin(clv_engine* engine,
                                                   const clv_run_options* options,
                                                   const clv_keyed_batch* const* batches,
                                                   int32_t n_batches,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;
/* The last durable sequence of a stream's key; 0 = none. [one] */
CLV_API clv_status CLV_CALL clv_engine_sequence(clv_engine* engine,
                                                const char* key,
                                                int64_t* out,
                                                clv_diag* diag) CLV_NOEXCEPT;

/* ---- Requests that are answered once ---------------------------------------------------------
 * What a request was answered with, kept by the commit that does what it asks for: a repeat finds
 * the answer exactly when it was done, whatever broke off in between. It is given as a member of
 * options (clv_run_options, clv_alias_options); NULL: none is kept. It stays for at least 30 days
 * of now_us. Forgetting a customer (clv_engine_forget_begin) takes the bytes out of each answer
 * that holds the customer's id as it is; key and body_hash stay: put no id into them. */
enum { CLV_ANSWER_FORGOTTEN = 1 /* from clv_engine_answer: there are no bytes any more */ };
typedef struct clv_answer {
  uint32_t struct_size;
  uint32_t flags;        /* CLV_ANSWER_FORGOTTEN; 0 where it is given */
  const char* key;       /* of the request, 1 to 256 bytes */
  const char* body_hash; /* tells another request under the same key; at most 256 bytes */
  const void* bytes;     /* the answer, as far as it is known beforehand; kept as they are */
  int64_t n_bytes;
  int64_t now_us; /* when; 0 = not known, then it stays for good */
  /* From clv_engine_answer, what the commit did: the number of the model that was made or retired,
   * the alias's etag, the rows recorded, deleted; else 0. */
  int64_t made;
} clv_answer;
/* The answer kept under a key; what it points to is valid until the next call for this engine, or
 * its end. Fails: NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_engine_answer(clv_engine* engine,
                                              const char* key,
                                              clv_answer* out,
                                              clv_diag* diag) CLV_NOEXCEPT;

/* ---- Long work beside the writer --------------------------------------------------------------
 * On an engine opened CLV_OPEN_READ_ONLY, fit, score, segment, propose, decide and apply compute on
 * what was committed when their job began, and store nothing. This stores the outcome of such a
 * job, in one transaction of an engine that writes the same store, as if its verb had run there
 * when it began. `done` must be finished and may be freed afterwards; the engine that computed it
 * is not used. Tables: those of the job, of apply also "recorded". Fails: STATE (not finished;
 * nothing to store), INVALID (another store), CONFLICT (since the job began another run stored one
 * of its tables, a customer was forgotten or events were pruned, or, of apply, facts that it read
 * changed: run it again; newer input alone is none), EXISTS (answered before). [one] for `engine`
 * and for `done`. */
CLV_API clv_status CLV_CALL clv_engine_adopt_begin(clv_engine* engine,
                                                   const clv_run_options* options,
                                                   clv_job* done,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;

/* The summary of some customers, in the order of their ids, from the log as it is now; stores
 * nothing. One who is not known, or has no purchase up to as_of, has no row. as_of_us 0: the day of
 * their last event. Main table: schema "summary". [one] */
CLV_API clv_status CLV_CALL clv_engine_summarize_begin(clv_engine* engine,
                                                       const clv_summarize_options* options,
                                                       const char* const* customers,
                                                       int32_t n_customers,
                                                       clv_job** out,
                                                       clv_diag* diag) CLV_NOEXCEPT;

/* ---- Models by name -----------------------------------------------------------------------------
 * Each fit of an engine keeps its model under a number ("1", "2", ...); an alias names one of them.
 * clv_engine_read_begin: "models" (name, model, status, converged, data_fingerprint, customers,
 * log_likelihood, as_of_us, created_us, retired) and "aliases" (alias, model, etag, previous,
 * set_us). Beside them "known_customers" (customer): all whom the store knows, by id.
 * Wherever a model is named: a number, an alias, or NULL and "" for the latest that is not
 * retired. */
/* Keeps a model that was made elsewhere; *name receives its number, valid until the engine is
 * freed. now_us: when, 0 = not known. Fails: EXISTS (answered before). [one] */
CLV_API clv_status CLV_CALL clv_engine_add_model(clv_engine* engine,
                                                 const clv_run_options* options,
                                                 const clv_model* model,
                                                 int64_t now_us,
                                                 const char** name,
                                                 clv_diag* diag) CLV_NOEXCEPT;
enum {
  /* `model` is not given: the one the alias named before. A second one goes back again. */
  CLV_ALIAS_ROLLBACK = 1,
  CLV_ALIAS_UNCHECKED = 2 /* also a model that did not converge or is at a boundary */
};
typedef struct clv_alias_options {
  uint32_t struct_size;
  uint32_t flags;    /* CLV_ALIAS_... */
  const char* alias; /* "production"; 1 to 64 letters, digits, '-', '_', beginning with a letter */
  const char* model;
  int64_t etag;       /* the alias's present one; 0 = it does not exist yet */
  int64_t now_us;     /* kept as set_us; 0 = not known */
  int64_t max_age_us; /* refuses a model whose as_of is older than this before now_us; 0 = any */
  const clv_answer* answer; /* NULL = none is kept */
} clv_alias_options;
/* Compare and swap: the alias names another model from the next call on. *etag receives the new
 * one. Fails: EXISTS (answered before), CONFLICT (another etag: somebody was faster), NOT_FOUND,
 * STATE (did not converge, retired, too old, nothing to roll back to). [one] */
CLV_API clv_status CLV_CALL clv_engine_set_alias(clv_engine* engine,
                                                 const clv_alias_options* options,
                                                 int64_t* etag,
                                                 clv_diag* diag) CLV_NOEXCEPT;
/* No alias may name it any more and nothing is scored with it; what it made stays explainable.
 * Fails: EXISTS (answered before), NOT_FOUND, STATE (an alias names it). [one] */
CLV_API clv_status CLV_CALL clv_engine_retire_model(clv_engine* engine,
                                                    const clv_run_options* options,
                                                    const char* model,
                                                    clv_diag* diag) CLV_NOEXCEPT;

/* ---- The file -----------------------------------------------------------------------------------
 * Paths are the caller's; nothing that exists is ever overwritten. */
/* A copy of what is committed, made while others write, then opened and checked: `path` and
 * `path`.manifest.json (sha256, bytes, schema, rows per table). Also on a CLV_OPEN_READ_ONLY
 * engine; the engine's other verbs go on meanwhile. The copy can be opened where nothing can be
 * written. Main table: path, bytes, sha256, schema_version. Fails: EXISTS, IO, FULL, CORRUPT,
 * UNSUPPORTED (a store that is not SQLite has its own tools). [one] */
CLV_API clv_status CLV_CALL clv_engine_backup_begin(clv_engine* engine,
                                                    const clv_run_options* options,
                                                    const char* path,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Compares a backup with its manifest, checks it, and puts it at `path`, all of it or nothing.
 * Fails: EXISTS (also a write-ahead log that was left there), CORRUPT (what differs is named),
 * STATE (written by a newer version), IO, FULL. [any] */
CLV_API clv_status CLV_CALL clv_store_restore_begin(const clv_run_options* options,
                                                    const char* backup,
                                                    const char* path,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Reads every page, key and checksum and writes nothing; runs beside a writer. Main table, one row
 * per check: check, status ("ok" or "damaged"), detail. A damaged store is a result, not a failure.
 * Fails: IO, BUSY, STATE (newer), CORRUPT (not a store at all). [any] */
CLV_API clv_status CLV_CALL clv_store_check_begin(const clv_run_options* options,
                                                  const char* path,
                                                  clv_job** out,
                                                  clv_diag* diag) CLV_NOEXCEPT;
/* Upgrades an older file, after a verified copy at `copy` (NULL: `path`.before-N). Main table:
 * step, status; "copy": path, bytes, sha256, schema_version. A current file is left alone and not
 * copied. Opening an older file for writing upgrades it too, without a copy. [any] */
CLV_API clv_status CLV_CALL clv_store_migrate_begin(const clv_run_options* options,
                                                    const char* path,
                                                    const char* copy,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Retention of raw events: deletes recorded facts of `table` that happened before `before_us`; of
 * "transactions" only customers whose last one is earlier, whole, because a shorter history of the
 * others would be another history; of "ticket_events", "clock_events" and "follow_ups" whole
 * tickets and follow-ups. What holds whatever its age ("customers", "consent", "identities",
 * "evidence", "ledger", "agents", "decision_log") is refused with INVALID. Main table: table, rows.
 * Fails: NOT_FOUND (no such table), EXISTS (answered before). [one] */
CLV_API clv_status CLV_CALL clv_engine_prune_begin(clv_engine* engine,
                                                   const clv_run_options* options,
                                                   const char* table,
                                                   int64_t before_us,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;

CLV_END_C
#endif
