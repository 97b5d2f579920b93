// The engine: one SQLite file holds the events and everything derived from them. Each verb reads
// what is to its left and writes one table. One verb at a time per engine. One engine writes a
// file; any number of others, opened read_only, read it meanwhile, on threads of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/decide.hpp"
#include "clv/fit.hpp"
#include "clv/job.hpp"
#include "clv/report.hpp"
#include "clv/score.hpp"
#include "clv/segment.hpp"
#include "clv/storage.hpp"
#include "clv/summary.hpp"

namespace clv {

struct engine_options {
  std::string path;  // "" keeps everything in memory
  unsigned threads = 1;
  bool read_only = false;
  bool any_age = false;                // tables that newer input outdated are taken, with a note
  std::shared_ptr<storage> elsewhere;  // instead of a SQLite file; `path` is what it opens
  // Bytes a verb may need beside the store's own cache; 0: no limit. It is known from row counts
  // before the verb begins, and then error{limit}. Verbs that hold few rows at a time have no need.
  std::int64_t memory_limit = 0;
};

struct ingest_options {
  std::string source;    // names the sender; with event_id it makes ingest idempotent
  std::string currency;  // of rows without a currency column
  std::int64_t now_us = 0;
};

// A batch of rows as one of many senders gave it. A key says who asks: a request (sequence 0) is
// answered once, a stream (1, 2, ...) goes on from its last durable sequence.
struct keyed_batch {
  std::string table = "transactions";  // or one of recordable()
  std::shared_ptr<const clv::table> rows;
  ingest_options options;
  bool partial = false;  // wrong rows are refused one by one; else all rows or none
  std::string key;       // at most 256 bytes; "" = not keyed
  std::int64_t sequence = 0;
  std::optional<issue> unreadable;  // why there are no rows: what the batch is answered
  bool validate_only = false;       // counts and complaints as if, but nothing of the batch stays
};

// Where transactions come from that do not lie in one table. Asked within the job's steps only.
class row_source {
 public:
  row_source() = default;
  virtual ~row_source() = default;
  row_source(const row_source&) = delete;
  row_source& operator=(const row_source&) = delete;
  // Throws error{limit} when the engine has no memory for that many rows at once.
  using room = std::function<void(std::int64_t rows)>;
  // The next rows, also none at all; nullptr: there are no more. A source that copies rows to hand
  // them over asks `require_room` before. Throws error, which ends the job; its row counts from 0
  // within the rows that were to come.
  virtual std::shared_ptr<const table> next(const room& require_room) = 0;
};

// What engine::score scores, and with which model.
struct score_source {
  std::string model;          // a number, an alias, or "" for the latest
  bool summarise = false;     // the log, summarised in the model's unit and zone; else "summary"
  std::int64_t as_of_us = 0;  // with summarise: its day is the last observed; 0: of the last event
};

struct alias_options {
  std::string alias;  // 1 to 64 letters, digits, '-', '_', beginning with a letter
  std::string model;
  std::int64_t etag = 0;        // the alias's present one; 0: it does not exist yet
  std::int64_t now_us = 0;      // kept as set_us; 0 = not known
  std::int64_t max_age_us = 0;  // refuses a model whose data end earlier before now_us; 0 = any
  bool rollback = false;  // `model` is not given: the one the alias named before; a second one goes
                          // back again
  bool unchecked = false;  // also a model that did not converge or is at a boundary
};

// What a request was answered with, kept by the commit that did what it asked for: a repeat of the
// request finds the answer exactly when it was done.
struct request_answer {
  std::string key;         // of the request, 1 to 256 bytes
  std::string body_hash;   // tells another request under the same key; at most 256 bytes
  std::string bytes;       // the answer, as far as it was known beforehand
  std::int64_t at_us = 0;  // when; 0: not known, then it stays for good, others for 30 days
  // What the commit added: the number of the model it made or retired, the alias's etag, the rows
  // recorded; else 0.
  std::int64_t made = 0;
  bool forgotten = false;  // it held a customer who was forgotten since: `bytes` is empty
};

// Which stored rows engine::read gives.
struct stored_rows {
  std::string table;
  std::int64_t first = 0;  // from 0, in the table's own order
  std::int64_t count = 0;  // at most; 0: all from `first`
};

// The schemas whose rows `record` takes: customers, consent, contacts, outcomes, evidence, touches,
// feedback, costs, referrals, ledger, ticket_events, identities, agents, clock_events, follow_ups.
std::span<const std::string_view> recordable();

class engine {
 public:
  // Throws error: io (cannot open), corrupt (not ours or damaged), state (schema too new),
  // busy (another writer holds the file).
  explicit engine(engine_options options);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  // Each returns a job; the engine must outlive it. A second job while one is unfinished throws
  // error{conflict}. A job that fails, is cancelled or destroyed early leaves the file as it was.
  // On a read_only engine a verb computes on what was committed when its job began, whatever is
  // committed meanwhile, and stores nothing; `adopt` of a writing engine does. Ingest, record and
  // forget throw error{state} there.
  //
  // One row: accepted, duplicates. Same (source, event_id) and same content: counted duplicate;
  // other content: error{data} naming row and id, nothing is stored.
  job ingest(std::shared_ptr<const table> transactions, ingest_options o);
  // The same, of all rows that come from there, in one transaction; of them no more than what
  // next() gave last is held. Rows in messages count over all of them.
  job ingest(std::shared_ptr<row_source> transactions, ingest_options o);
  // Reads the log, writes table "summary" and the model. Main table: model_table(). Model "auto"
  // (or "auto+SPEND") is the purchase model that the report "backtest" chooses on this log: table
  // "backtest" is its ranking, a note says why.
  job fit(summarize_options s, fit_options f);
  // Writes "scores", and "summary" where it is made anew.
  job score(score_options o, score_source from = {});
  job segment(segment_options o);  // stored scores; writes "segments"
  // Segments of the stored scores and the customers' columns by a plugin, stored likewise.
  job segment(segmenter& by, std::vector<feature_maker*> makers = {});
  // What makers add is seen by the proposers and kept nowhere: a decision is made, and made again,
  // from what they proposed.
  job propose(std::vector<proposer*> proposers, std::vector<feature_maker*> makers = {});
  // What makers make of the candidates, as clv::make_features; stores nothing.
  job features(std::vector<feature_maker*> makers);
  // Stored scores and proposers; writes "decisions" with receipts and appends them to
  // "decision_log". Facts that `o` does not give are the recorded ones. what_if: the same answer,
  // nothing written.
  // o.proposals: rows of schema "proposals", whose customer says which row of the scores is meant
  // (without one, row does). What is wrong with one is a note that names it, and it is left out.
  job decide(std::vector<proposer*> proposers,
             decide_options o,
             bool what_if = false,
             std::vector<feature_maker*> makers = {});

  // Stores what a finished job of a read_only engine of the same store computed, in one
  // transaction, as if its verb had run here when that job began. Tables: those of `done` (and of
  // apply "recorded"), which may be destroyed. Throws error: state (not finished; nothing to
  // store), invalid (another store), conflict (meanwhile the same tables were written by another
  // run, a customer was forgotten, or of apply: a table of facts that it read has changed). With an
  // answer it is kept in the same transaction; error{exists} when its key was answered before.
  job adopt(const job& done, std::optional<request_answer> answer = {});
  // The answer kept under that key.
  std::optional<request_answer> answer(std::string_view key);

  // Appends facts: rows of schema `name`, one of recordable(). All rows or none; idempotent by
  // (source, event_id) as ingest. Of "customers" the last row of a customer counts, its given
  // columns over earlier ones (an empty cell clears), "attr.*" of any type included; of "evidence"
  // the last row of action, customer and segment. A row that changes nothing is a duplicate. All
  // amounts of one table are in one currency: error{data} for another. One row: accepted,
  // duplicates.
  job record(std::string_view name, std::shared_ptr<const table> rows, ingest_options o);
  // Ingests and records many batches in one transaction, in their order. One that fails leaves
  // nothing of itself and the others go on; the job fails only where nothing at all was stored (io,
  // full, corrupt, no_memory, cancelled). A repeat of an answered key with the same rows (and
  // table, source, currency, partial) gets the earlier answer, with others error{exists}; answers
  // stay for 30 days of options.now_us, of a stream the last 64. A sequence before the last durable
  // one was taken already; one that leaves a gap is error{state}. Main table, one row per batch:
  // status, accepted, duplicates, rejected (absent where it failed or the answer is no longer
  // kept), repeated, sequence (the last durable one of its stream), row (from 0), column, message.
  // Table "rejects": batch, row (both from 0), column, reason (INVALID, CONFLICTING_DUPLICATE),
  // message.
  job group(std::vector<keyed_batch> batches);
  // The last durable sequence of that stream; 0: none.
  std::int64_t last_sequence(std::string_view key);
  // The report on what is stored: its inputs are read by their names where `more` does not give
  // them, the model likewise. `measure` is report "lift" on decision_log and outcomes.
  job report(std::string_view name, report_inputs more, std::string options_json);
  // The report on what is stored, and those of its tables that are facts (report_output::records)
  // recorded, all in one transaction: who claims a ticket, which clock has run out. Two who ask for
  // the same cannot both get it, and what was said once is not said again. Tables: those of the
  // report, and "recorded": facts, accepted, duplicates. Throws error{invalid} for a report that
  // records nothing.
  job apply(std::string_view name, report_inputs more, std::string options_json, ingest_options o);
  // The receipts of decision_log computed again, and the chain; see clv::replay. The last run is
  // also decided again from the stored tables while they are unchanged, and compared byte for
  // byte: a note says which of the two was done.
  job replay();
  // Everything stored of one customer, raw and derived: one table per name that has rows of it, in
  // whatever role (referee, other side of a booking, merged into it); main table: name, rows.
  // Throws error{not_found} for a customer nothing is known of.
  job export_customer(std::string customer);
  // Deletes it: main table as that of export_customer. Receipts keep a tombstone (customer "",
  // receipt absent) so that the chain holds; the stored summary loses the row, later fits start
  // from the log without it, and merges into it are undone. An erased customer is not ingested
  // again: later rows of it are counted as duplicates, with a note; for that a salted hash of the
  // id stays. The last phase writes the file anew, so that no deleted byte is left in it; a note
  // says when that could not be done.
  job forget_customer(std::string customer, std::optional<request_answer> answer = {});
  // A copy of what is committed when it begins, while this and other engines write on: `path` and
  // its manifest beside it (clv/store.hpp restores it). The copy is opened and read to the last
  // byte before it gets its name. Main table: path, bytes, sha256, schema_version. Throws error:
  // exists, io, full, corrupt (the store is damaged), unsupported (it is not a SQLite file).
  job backup(std::string path);
  // Deletes recorded facts of `table` that happened before `before_us`: of "transactions" customers
  // whose last one did, whole; of ticket_events, clock_events and follow_ups whole tickets and
  // follow-ups, likewise. An id that nothing refers to any more goes as well. A row that is sent
  // again later is taken again. Main table: table, rows. Throws error{not_found}, error{invalid}
  // for a table of which old rows still hold (consent, ledger, identities) or that has no events.
  job prune(std::string table,
            std::int64_t before_us,
            std::optional<request_answer> answer = {});  // as in adopt

  // The summary of those customers from the log as it is now; stores nothing. One who is not known,
  // or has no purchase up to as_of, has no row. `o.as_of_us` 0: the day of their last event.
  job summarize(summarize_options o, std::vector<std::string> customers);

  // A stored table: "transactions", "summary", "scores", "segments", "proposals", "decisions",
  // "refusals", "budget", "resources", "parameters", or recorded facts by the name of their schema
  // ("customers", "consent", ..., "decision_log"); "candidates": the scores with segments and the
  // customers' columns, which is what proposers see. Throws error{not_found} (unknown name) or
  // error{state} (the verb that writes it has not run) or error{conflict} (a job is unfinished).
  std::shared_ptr<const table> read(std::string_view name);
  // The same, or some of its rows, a little each step: what is far down in "transactions" or a
  // derived table costs no more than what is at its beginning. A column that none of the rows has a
  // value in may be missing; the whole is checked against its checksum, a part is not.
  job read(stored_rows what);

  // Each fit keeps its model under a number, "1", "2", ...; an alias names one of them. `name`: a
  // number, an alias, or "" for the latest that is not retired. Throws error{not_found}, and
  // error{state} when there is none yet. Tables "models" and "aliases" list them.
  std::shared_ptr<const fitted_model> model(std::string_view name = {});
  // Keeps a model that was made elsewhere and returns its number. now_us: when, 0 = not known. An
  // answer as in adopt, likewise below.
  std::string add_model(const fitted_model& m,
                        std::int64_t now_us,
                        std::optional<request_answer> answer = {});
  // Compare and swap; returns the new etag. Throws error: conflict (another etag), not_found, state
  // (did not converge, retired, too old, nothing to go back to).
  std::int64_t set_alias(const alias_options& o, std::optional<request_answer> answer = {});
  // No alias names it any more and nothing is scored with it; what it made stays explainable.
  // Throws error{not_found}, error{state} while an alias names it.
  void retire_model(std::string_view name, std::optional<request_answer> answer = {});

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv
