/* clv.h - embed libclv: load transactions, fit a customer-value model, score and segment customers,
 * ask plugins for retention actions and decide which of them pay.
 *
 *   clv_engine_open
 *     -> clv_csv_begin or your own columns -> clv_engine_ingest_begin
 *     -> clv_engine_fit_begin -> clv_engine_score_begin -> clv_engine_segment_begin
 *     -> clv_plugins_load -> clv_engine_decide_begin
 *   and after each ..._begin:  clv_job_step until it does not say CLV_MORE -> clv_job_take_result
 *     -> clv_result_read ... -> clv_result_free, clv_job_free
 * Hosts with a data engine of their own use the same verbs without an engine: columns in, columns
 * out.
 *
 * Rules that hold everywhere
 *  1. Handles are opaque. clv_x_free(NULL) does nothing. Nothing returned by libclv is ever passed
 *     to free().
 *  2. What arrives through `**out` is yours to free, with the clv_..._free of its type. Strings in:
 *     UTF-8, NUL-terminated, copied; NULL means "". Strings out: borrowed, valid until the handle
 *     they came from is freed. Columns in are copied before the call returns.
 *  3. Arguments stand in this order: handles, options, what is worked on, out, diag. A pointer to
 *     options may be NULL: all defaults, where what they must name has one.
 *  4. A call that can fail returns a clv_status and takes a clv_diag that may be NULL. It
 *     receives what went wrong; no thread-local "last error" exists. On failure every out-parameter
 *     is left alone, unless the call says otherwise. Any call may fail with INVALID (a needed
 *     argument is NULL, a rule of an option is broken), UNSUPPORTED (clv_base.h, growth), NO_MEMORY
 *     and, where it is [one], BUSY; "Fails" names the others. Sentences count rows from 1 as people
 *     do; the field `row` counts from 0.
 *  5. No callback is ever needed. Long work is a job that the caller steps on its own thread.
 *  6. libclv starts no thread unless asked (`threads`), reads no environment variable, sets no
 *     signal handler, uses no locale, and opens no file but the paths it is given and the system's
 *     time zone files. It is safe after fork() as long as no handle crosses the fork.
 *  7. The same input, options and version give the same bytes out, for every thread count.
 *  8. Do not cancel a thread (pthread_cancel) inside libclv: use clv_job_cancel.
 * Lists in texts ("p_alive,clv", "customer=sample_id,time=date"): parts between commas, blanks
 * around them ignored; only map and extra of clv_csv_options know quotes.
 * Thread marks: [any] any thread, concurrently; [one] one thread at a time per handle (a second one
 * gets CLV_E_BUSY, not a race; a clv_diag makes it wait); what frees a handle is called once, when
 * nobody else uses it. */
#ifndef CLV_H
#define CLV_H
#include "clv_action.h"
#include "clv_arrow.h"
#include "clv_engine.h"
#include "clv_service.h"
#include "clv_table.h"
#include "clv_value.h"
#endif
