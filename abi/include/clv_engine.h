/* clv_engine.h - the same verbs on a store that keeps events, models, scores, decisions and facts:
 * a SQLite file, memory, or what the host supplies (clv_storage.h).
 *
 *   clv_engine_open -> clv_engine_ingest_begin -> clv_engine_fit_begin -> clv_engine_score_begin
 *     -> clv_engine_segment_begin -> clv_engine_decide_begin -> clv_engine_record_begin (outcomes)
 *
 * The rules of clv.h hold. */
#ifndef CLV_ENGINE_H
#define CLV_ENGINE_H
#include "clv_action.h"
CLV_BEGIN_C

typedef struct clv_engine clv_engine; /* a store and the verbs on it */

/* ---- A store opened ------------------------------------------------------------------------- */
struct clv_storage;
enum {
  /* Verbs that compute do, on what is committed, and store nothing (clv_engine_adopt_begin does);
   * those that only write (ingest, record, forget, prune, models) fail with STATE. */
  CLV_OPEN_READ_ONLY = 1,
  /* Verbs take the latest tables of the stage before, although newer input came since; without it
   * that is CLV_E_STATE. */
  CLV_OPEN_ANY_AGE = 2
};
typedef struct clv_engine_options {
  uint32_t struct_size;
  uint32_t threads; /* for its verbs, where their own options say 0; 0 = 1 */
  const char* path; /* NULL = keep everything in memory */
  uint32_t flags;
  uint32_t spare;
  const struct clv_storage* storage; /* clv_storage.h; NULL = SQLite. `path` is what it opens */
  /* Bytes a verb may need beside the store's own cache; 0 = no limit. What it needs is known from
   * its rows before it begins: then CLV_E_LIMIT. */
  int64_t memory_limit;
} clv_engine_options;
/* Creates the file when absent and migrates an older one, unless it is only read. The storage's
 * table is copied; what its ctx points to lives until the engine and its last job have ended.
 * Fails: IO, BUSY (another writer), STATE (written by a newer version), CORRUPT (damaged or another
 * program's file; it is not touched). [any] */
CLV_API clv_status CLV_CALL clv_engine_open(const clv_engine_options* options,
                                            clv_engine** out,
                                            clv_diag* diag) CLV_NOEXCEPT;
/* Its file stays open and locked until each job of it is done, has failed or is freed. [one] */
CLV_API void CLV_CALL clv_engine_free(clv_engine* engine) CLV_NOEXCEPT;

typedef struct clv_ingest_options {
  uint32_t struct_size;
  uint32_t flags;       /* 0 */
  const char* source;   /* who sends; with event_id it makes ingest idempotent */
  const char* currency; /* of rows without one */
  int64_t now_us;       /* later events are refused; 0 = not checked */
} clv_ingest_options;
/* All rows are taken, or none. Main table: accepted, duplicates. The same (source, event_id) with
 * other content fails with CLV_E_DATA. The engine runs one job at a time: a second ..._begin gets
 * CLV_E_CONFLICT. [one] */
CLV_API clv_status CLV_CALL clv_engine_ingest_begin(clv_engine* engine,
                                                    const clv_ingest_options* options,
                                                    const clv_batch* transactions,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Where events come from that do not lie in columns at once: a log read from another database, a
 * message queue, a file of the host's own format. A table of functions that the host fills. It is
 * copied; what its ctx points to lives until release. next and last_error are called within
 * clv_job_step only, on its thread. */
typedef struct clv_source {
  uint32_t struct_size;
  uint32_t spare;
  void* ctx;
  /* The next batch, in *out, whose struct_size is set: the host's own, valid until the next call.
   * CLV_OK (also without rows), CLV_END when there are no more, or a failure. */
  clv_status(CLV_CALL* next)(void* ctx, clv_batch* out);
  /* Why `next` failed, valid until the next call; NULL may be returned, and the member be NULL. */
  const char*(CLV_CALL* last_error)(void* ctx);
  /* Called once, when the job is freed; may be NULL. */
  void(CLV_CALL* release)(void* ctx);
} clv_source;
/* As clv_engine_ingest_begin, batch after batch in one transaction: all rows of all batches, or
 * none. Rows in messages count over all batches. On failure of this call the
 * source stays the caller's, and release is not called.
 * [one] */
CLV_API clv_status CLV_CALL clv_engine_ingest_source_begin(clv_engine* engine,
                                                           const clv_ingest_options* options,
                                                           const clv_source* source,
                                                           clv_job** out,
                                                           clv_diag* diag) CLV_NOEXCEPT;
/* Summarises the log, fits, stores both. Unit, zone, currency and as_of of fit_options are taken
 * from `summarize`. [one] */
CLV_API clv_status CLV_CALL clv_engine_fit_begin(clv_engine* engine,
                                                 const clv_summarize_options* summarize,
                                                 const clv_fit_options* fit,
                                                 clv_job** out,
                                                 clv_diag* diag) CLV_NOEXCEPT;
/* Latest model on the stored summary; stores the scores. Fails: STATE before a fit. [one] */
CLV_API clv_status CLV_CALL clv_engine_score_begin(clv_engine* engine,
                                                   const clv_score_options* options,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;
/* Segments the stored scores; stores the segments. Fails: STATE before a score. [one] */
CLV_API clv_status CLV_CALL clv_engine_segment_begin(clv_engine* engine,
                                                     const clv_segment_options* options,
                                                     clv_job** out,
                                                     clv_diag* diag) CLV_NOEXCEPT;
/* Segments by a plugin, stored as those of a scheme. Fails as clv_plugins_segment_begin. [one] */
CLV_API clv_status CLV_CALL clv_engine_plugin_segment_begin(clv_engine* engine,
                                                            clv_plugins* plugins,
                                                            const clv_run_options* options,
                                                            const char* plugin_id,
                                                            clv_job** out,
                                                            clv_diag* diag) CLV_NOEXCEPT;
/* What feature plugins make of the stored candidates, as clv_features_begin; stores nothing. Fails:
 * STATE before a score. [one] */
CLV_API clv_status CLV_CALL clv_engine_features_begin(clv_engine* engine,
                                                      clv_plugins* plugins,
                                                      const clv_run_options* options,
                                                      clv_job** out,
                                                      clv_diag* diag) CLV_NOEXCEPT;
/* Proposals of all plugins for the stored candidates; stores them. Fails: STATE before a score.
 * [one] */
CLV_API clv_status CLV_CALL clv_engine_propose_begin(clv_engine* engine,
                                                     clv_plugins* plugins,
                                                     const clv_run_options* options,
                                                     clv_job** out,
                                                     clv_diag* diag) CLV_NOEXCEPT;
/* Proposes, decides, stores one receipt per customer and adds it to "decision_log". [one] */
CLV_API clv_status CLV_CALL clv_engine_decide_begin(clv_engine* engine,
                                                    clv_plugins* plugins,
                                                    const clv_decide_options* options,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Appends facts: rows of schema `table` ("customers", "consent", "contacts", "outcomes",
 * "evidence", "touches", "feedback", "costs", "referrals", "ledger", "ticket_events", "identities",
 * "agents", "clock_events", "follow_ups"; columns of "customers" named "attr.*" are kept too). As
 * ingest: all rows or none, idempotent by (source, event_id). [one] */
CLV_API clv_status CLV_CALL clv_engine_record_begin(clv_engine* engine,
                                                    const clv_ingest_options* options,
                                                    const char* table,
                                                    const clv_batch* rows,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* A report on what is stored: inputs that are not given are read from the file by their names, and
 * its model. "lift" measures what the decisions have earned. Fails as clv_report_begin, and with
 * INVALID where a model is given. [one] */
CLV_API clv_status CLV_CALL clv_engine_report_begin(clv_engine* engine,
                                                    const clv_report_options* report,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* The report as above, and those of its tables that clv_catalogue("report_outputs") says are facts
 * recorded, in one transaction: a ticket claimed, a breach told, a survey sent. Tables: the
 * report's, and "recorded": facts, accepted, duplicates. Twice the same records once. Fails:
 * INVALID (a report that records nothing). [one] */
CLV_API clv_status CLV_CALL clv_engine_apply_begin(clv_engine* engine,
                                                   const clv_report_options* report,
                                                   const clv_ingest_options* ingest,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;
/* clv_replay_begin on "decision_log"; while the tables of the last decision are unchanged it is
 * also decided again as a whole and compared byte for byte. [one] */
CLV_API clv_status CLV_CALL clv_engine_replay_begin(clv_engine* engine,
                                                    const clv_run_options* options,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Everything stored of one customer, raw and derived: table by table, and as main table their names
 * and rows. Fails: NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_engine_export_begin(clv_engine* engine,
                                                    const clv_run_options* options,
                                                    const char* customer,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Deletes what export tells. Receipts keep a tombstone, so that the chain of hashes holds. Fails:
 * NOT_FOUND, EXISTS (answered before), INVALID (the answer to keep holds the customer's id).
 * [one] */
CLV_API clv_status CLV_CALL clv_engine_forget_begin(clv_engine* engine,
                                                    const clv_run_options* options,
                                                    const char* customer,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* A stored table, or some of its rows. Pages are of the moment each was read: what is stored
 * meanwhile moves rows. The whole is compared with its checksum, a page is not. */
typedef struct clv_table_options {
  uint32_t struct_size;
  uint32_t flags; /* 0 */
  /* "transactions", "summary", "parameters", "scores", "segments", "proposals", "decisions",
   * "refusals", "budget", "resources", "decision_log", "models", "aliases", "known_customers" or
   * recorded facts; "candidates": what plugins see, scores with segments and the customers' own
   * columns. */
  const char* table;
  int64_t first; /* first row, from 0, in the table's own order; beyond the last: no rows */
  int64_t count; /* rows at most; 0 = all from `first` */
} clv_table_options;
/* Reads it; stores nothing. Fails: NOT_FOUND (no such name), STATE (its verb has not run), LIMIT.
 * [one] */
CLV_API clv_status CLV_CALL clv_engine_read_begin(clv_engine* engine,
                                                  const clv_table_options* options,
                                                  clv_job** out,
                                                  clv_diag* diag) CLV_NOEXCEPT;
/* A model the engine keeps: its number ("1"), an alias (clv_service.h), or NULL for the latest.
 * Fails: NOT_FOUND, STATE (there is none yet). [one] */
CLV_API clv_status CLV_CALL clv_engine_model(clv_engine* engine,
                                             const char* name,
                                             clv_model** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

CLV_END_C
#endif
