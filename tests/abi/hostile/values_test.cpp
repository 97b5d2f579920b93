// Values that no option has: not a number, infinite, negative, huge, texts that are not UTF-8. Each
// is refused by the call that would use it, with a sentence, and nothing is handed out.
#include <cmath>
#include <limits>

#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int64_t huge = std::numeric_limits<int64_t>::max();
constexpr int64_t lowest = std::numeric_limits<int64_t>::min();
constexpr const char* not_utf8 = "\xFF\xC0";

struct bad_value {
  const char* function;
  const char* what;
  void (*set)(inputs&);
};

#define EACH_BAD_NUMBER(function, field)                                              \
  {function, #field " is not a number", [](inputs& in) { in.field = nan; }},          \
      {function, #field " is infinite", [](inputs& in) { in.field = infinite; }}, {   \
    function, #field " is infinitely small", [](inputs& in) { in.field = -infinite; } \
  }
#define BAD(function, field, value)                                     \
  {                                                                     \
    function, #field " = " #value, [](inputs& in) { in.field = value; } \
  }

const std::vector<bad_value>& bad_values() {
  static const std::vector<bad_value> all{
      EACH_BAD_NUMBER("clv_fit_begin", fit.tolerance),
      EACH_BAD_NUMBER("clv_fit_begin", fit.l2_transaction),
      EACH_BAD_NUMBER("clv_fit_begin", fit.l2_life),
      EACH_BAD_NUMBER("clv_fit_begin", fit.periods_per_year),
      EACH_BAD_NUMBER("clv_score_begin", score.horizon),
      EACH_BAD_NUMBER("clv_score_begin", score.annual_discount),
      EACH_BAD_NUMBER("clv_score_begin", score.margin),
      EACH_BAD_NUMBER("clv_scorer_new", score.horizon),
      EACH_BAD_NUMBER("clv_simulate_begin", simulate.acquisition_days),
      EACH_BAD_NUMBER("clv_simulate_begin", simulate.observed_days),
      EACH_BAD_NUMBER("clv_simulate_begin", simulate.refund_share),
      EACH_BAD_NUMBER("clv_decide_begin", decide.z),
      EACH_BAD_NUMBER("clv_decide_begin", decide.holdout_share),
      EACH_BAD_NUMBER("clv_decide_begin", decide.margin),
      BAD("clv_csv_begin", csv.size, -1),
      BAD("clv_csv_begin", csv.max_rejects, -2),
      BAD("clv_csv_begin", csv.memory_limit, -1),
      BAD("clv_csv_begin", csv.schema, not_utf8),
      BAD("clv_csv_begin", csv.map, not_utf8),
      BAD("clv_csv_begin", csv.currency, not_utf8),
      BAD("clv_csv_begin", csv.time_zone, not_utf8),
      BAD("clv_summarize_begin", summarize.unit, not_utf8),
      BAD("clv_summarize_begin", summarize.time_zone, not_utf8),
      BAD("clv_summarize_begin", summarize.currency, not_utf8),
      BAD("clv_summarize_begin", first.n_rows, -1),
      BAD("clv_fit_begin", fit.max_iterations, -1),
      BAD("clv_fit_begin", fit.model, not_utf8),
      BAD("clv_fit_begin", fit.priors, not_utf8),
      BAD("clv_fit_begin", fit.fixed, not_utf8),
      BAD("clv_fit_begin", fit.transaction_covariates, not_utf8),
      BAD("clv_score_begin", score.quantities, not_utf8),
      BAD("clv_segment_begin", segment.scheme, not_utf8),
      BAD("clv_segment_begin", segment.options_json, not_utf8),
      BAD("clv_simulate_begin", simulate.customers, -1),
      BAD("clv_simulate_begin", simulate.customers, huge),
      BAD("clv_simulate_begin", simulate.currency, not_utf8),
      BAD("clv_report_begin", report.report, not_utf8),
      BAD("clv_report_begin", report.options_json, not_utf8),
      BAD("clv_report_begin", report.n_inputs, -1),
      BAD("clv_report_begin", report.n_inputs, 0x7FFFFFFF),
      BAD("clv_plugins_load", plugin.config_json, not_utf8),
      BAD("clv_plugins_load", plugin.grant, not_utf8),
      BAD("clv_decide_begin", decide.policy_json, not_utf8),
      BAD("clv_decide_begin", decide.n_facts, -1),
      BAD("clv_decide_begin", decide.holdout_share, 1.5),
      BAD("clv_result_read", read.column, -1),
      BAD("clv_result_read", read.first, -1),
      BAD("clv_result_read", read.count, huge),
      BAD("clv_result_read", read.stride, -8),
      BAD("clv_result_read", read.stride, 7),
      BAD("clv_engine_ingest_begin", ingest.currency, not_utf8),
      BAD("clv_engine_ingest_begin", ingest.source, not_utf8),
      BAD("clv_engine_set_alias", alias.alias, not_utf8),
      BAD("clv_engine_add_model", answer.n_bytes, -1),
      BAD("clv_engine_add_model", answer.key, not_utf8),
      BAD("clv_engine_add_model", answer.body_hash, not_utf8),
      BAD("clv_summarize_begin", summarize.as_of_us, huge),
      BAD("clv_summarize_begin", summarize.as_of_us, lowest),
      BAD("clv_engine_fit_begin", summarize.as_of_us, huge),
      BAD("clv_engine_fit_begin", fit.now_us, lowest),
      BAD("clv_fit_begin", fit.as_of_us, huge),
      BAD("clv_fit_begin", fit.time_zone, not_utf8),
      BAD("clv_fit_begin", fit.unit, not_utf8),
      BAD("clv_fit_begin", fit.currency, not_utf8),
      BAD("clv_engine_score_begin", score.model, not_utf8),
      {"clv_engine_score_begin",
       "as_of_us = huge",
       [](inputs& in) {
         in.score.flags = CLV_SCORE_SUMMARIZE;
         in.score.as_of_us = huge;
       }},
      {"clv_engine_score_begin",
       "as_of_us = lowest",
       [](inputs& in) {
         in.score.flags = CLV_SCORE_SUMMARIZE;
         in.score.as_of_us = lowest;
       }},
      BAD("clv_simulate_begin", simulate.start_us, huge),
      BAD("clv_simulate_begin", simulate.start_us, lowest),
      BAD("clv_decide_begin", decide.budget_minor, -1),
      BAD("clv_decide_begin", decide.holdout_salt, not_utf8),
      BAD("clv_decide_begin", decide.previous_hash, not_utf8),
      BAD("clv_engine_decide_begin", decide.model, not_utf8),
      BAD("clv_engine_set_alias", alias.etag, -1),
      BAD("clv_engine_set_alias", alias.max_age_us, -1),
      BAD("clv_engine_set_alias", alias.model, not_utf8)};
  return all;
}
#undef EACH_BAD_NUMBER
#undef BAD

const scenario& scenario_of(const std::string& function) {
  for (const scenario& s : scenarios()) {
    if (s.function == function) return s;
  }
  throw std::logic_error("no scenario of " + function);
}

TEST(values, that_no_option_has_are_refused_with_a_sentence) {
  for (const bad_value& bad : bad_values()) {
    inputs in;
    const call work = scenario_of(bad.function).prepare(in);
    bad.set(in);
    outputs out;
    const diag_ptr diag = new_diag();
    const clv_status status = work(in, out, diag.get());
    EXPECT_LT(status, 0) << bad.function << " took " << bad.what;
    EXPECT_NE(status, CLV_E_INTERNAL) << bad.function << ", " << bad.what << ": " << said(diag);
    EXPECT_NE(status, CLV_E_NO_MEMORY) << bad.function << ", " << bad.what;
    EXPECT_FALSE(said(diag).empty()) << bad.function << ", " << bad.what;
    EXPECT_TRUE(status >= 0 || out.same_as_new()) << bad.function << ", " << bad.what;
  }
}

// The others of its group are taken all the same, so that the refusal is an answer of the job's.
TEST(values, that_no_keyed_batch_has_are_refused_in_its_row_of_the_answer) {
  const std::vector<bad_value> all{
      {"", "sequence = -1", [](inputs& in) { in.keyed.sequence = -1; }},
      {"", "sequence = lowest", [](inputs& in) { in.keyed.sequence = lowest; }},
      {"", "key = not_utf8", [](inputs& in) { in.keyed.key = not_utf8; }},
      {"", "table = not_utf8", [](inputs& in) { in.keyed.table = not_utf8; }},
      {"", "source = not_utf8", [](inputs& in) { in.keyed.source = not_utf8; }},
      {"", "currency = not_utf8", [](inputs& in) { in.keyed.currency = not_utf8; }},
      {"", "now_us = lowest", [](inputs& in) { in.keyed.now_us = lowest; }}};
  for (const bad_value& bad : all) {
    inputs in;
    const call work = scenario_of("clv_engine_group_begin").prepare(in);
    bad.set(in);
    outputs out;
    const diag_ptr diag = new_diag();
    ASSERT_EQ(work(in, out, diag.get()), CLV_OK) << bad.what << ": " << said(diag);
    const clv_result* r = out.v.result;
    EXPECT_LT(clv_result_number(r, clv_result_find(r, "status"), 0), 0) << bad.what;
    const char* why = clv_result_text(r, clv_result_find(r, "message"), 0, nullptr);
    EXPECT_NE(std::string(why == nullptr ? "" : why), "") << bad.what;
  }
}

TEST(values, that_are_only_large_give_the_answer_of_small_ones) {
  const auto fingerprint = [](const std::string& function, uint32_t threads) {
    inputs in;
    const call work = scenario_of(function).prepare(in);
    in.fit.threads = in.score.threads = threads;
    outputs out;
    const diag_ptr diag = new_diag();
    EXPECT_EQ(work(in, out, diag.get()), CLV_OK) << function << ": " << said(diag);
    return std::string(clv_result_fingerprint(out.v.result));
  };
  for (const char* function :
       {"clv_fit_begin", "clv_score_begin", "clv_engine_fit_begin", "clv_engine_score_begin"}) {
    EXPECT_EQ(fingerprint(function, std::numeric_limits<uint32_t>::max()), fingerprint(function, 1))
        << function;
  }
}

}  // namespace
}  // namespace clv_hostile
