// The engine: one SQLite file holds the events and everything derived from them. Each verb reads
// what is to its left and writes one table. One verb at a time per engine.
#pragma once

#include <cstdint>
#include <memory>
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
#include "clv/summary.hpp"

namespace clv {

struct engine_options {
  std::string path;  // "" keeps everything in memory
  unsigned threads = 1;
  bool read_only = false;
};

struct ingest_options {
  std::string source;    // names the sender; with event_id it makes ingest idempotent
  std::string currency;  // of rows without a currency column
  std::int64_t now_us = 0;
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
  //
  // One row: accepted, duplicates. Same (source, event_id) and same content: counted duplicate;
  // other content: error{data} naming row and id, nothing is stored.
  job ingest(std::shared_ptr<const table> transactions, ingest_options o);
  // Reads the log, writes table "summary" and the model. Main table: model_table(). Model "auto"
  // (or "auto+SPEND") is the purchase model that the report "backtest" chooses on this log: table
  // "backtest" is its ranking, a note says why.
  job fit(summarize_options s, fit_options f);
  job score(score_options o);      // latest model, stored summary; writes "scores"
  job segment(segment_options o);  // stored scores; writes "segments"
  job propose(std::vector<proposer*> proposers);
  // Stored scores and proposers; writes "decisions" with receipts and appends them to
  // "decision_log". Facts that `o` does not give are the recorded ones. what_if: the same answer,
  // nothing written.
  job decide(std::vector<proposer*> proposers, decide_options o, bool what_if = false);

  // Appends facts: rows of schema `name`, one of recordable(). All rows or none; idempotent by
  // (source, event_id) as ingest. Of "customers" the last row of a customer counts, its given
  // columns over earlier ones (an empty cell clears), "attr.*" of any type included; of "evidence"
  // the last row of action, customer and segment. A row that changes nothing is a duplicate. All
  // amounts of one table are in one currency: error{data} for another. One row: accepted,
  // duplicates.
  job record(std::string_view name, std::shared_ptr<const table> rows, ingest_options o);
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
  job forget_customer(std::string customer);

  // A stored table: "transactions", "summary", "scores", "segments", "proposals", "decisions",
  // "refusals", "budget", "resources", "parameters", or recorded facts by the name of their schema
  // ("customers", "consent", ..., "decision_log"). Throws error{not_found} (unknown name) or
  // error{state} (the verb that writes it has not run) or error{conflict} (a job is unfinished).
  std::shared_ptr<const table> read(std::string_view name);
  std::shared_ptr<const fitted_model> model();  // latest; throws error{state} when none

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv
