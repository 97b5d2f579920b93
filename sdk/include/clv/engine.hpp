// The engine: one SQLite file holds the events and everything derived from them. Each verb reads
// what is to its left and writes one table. One verb at a time per engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "clv/decide.hpp"
#include "clv/fit.hpp"
#include "clv/job.hpp"
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
  // Stored scores and proposers; writes "decisions" with receipts.
  job decide(std::vector<proposer*> proposers, decide_options o);

  // A stored table: "transactions", "summary", "scores", "segments", "proposals", "decisions",
  // "refusals", "budget", "parameters". Throws error{not_found} (unknown name) or error{state}
  // (the verb that writes it has not run) or error{conflict} (a job is unfinished).
  std::shared_ptr<const table> read(std::string_view name);
  std::shared_ptr<const fitted_model> model();  // latest; throws error{state} when none

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv
