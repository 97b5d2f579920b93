// The C option structs as the core's: zero means the default, unknown flags are refused.
#pragma once

#include "clv.h"
#include "clv/csv.hpp"
#include "clv/decide.hpp"
#include "clv/engine.hpp"
#include "clv/fit.hpp"
#include "clv/score.hpp"
#include "clv/segment.hpp"
#include "clv/simulate.hpp"
#include "clv/summary.hpp"
#include "clv_service.h"

namespace clv::abi {

// Each takes NULL for "all defaults" and throws as read_sized does. `threads` is what a zero
// stands for.
csv_options to_core(const clv_csv_options* in);  // without the text
summarize_options to_core(const clv_summarize_options* in);
fit_options to_core(const clv_fit_options* in, unsigned threads);
score_options to_core(const clv_score_options* in, unsigned threads);
segment_options to_core(const clv_segment_options* in);
alias_options to_core(const clv_alias_options* in);
simulate_options to_core(const clv_simulate_options* in);
decide_options to_core(const clv_decide_options* in);
engine_options to_core(const clv_engine_options* in);
std::optional<request_answer> to_core(const clv_answer* in);  // NULL: none
ingest_options to_core(const clv_ingest_options* in);
stored_rows to_core(const clv_table_options* in);

// Of verbs without settings of their own: the answer that one which writes keeps, and of one that
// keeps none: throws error{invalid} for an answer.
std::optional<request_answer> answer_of(const clv_run_options* in);
void check_answerless(const clv_run_options* in);
// The answer of an alias that is set.
std::optional<request_answer> answer_of(const clv_alias_options* in);

// A model's number or alias; NULL is "".
std::string name_of_model(const char* in);

// With what only an engine's decide takes: proposals and the name of a model. to_core refuses them.
decide_options to_engine_decide(const clv_decide_options* in);

// What only an engine's score takes beside; to_core refuses it.
struct engine_score {
  score_options options;
  score_source from;
};
engine_score to_engine_score(const clv_score_options* in, unsigned threads);

}  // namespace clv::abi
