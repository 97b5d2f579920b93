// One customer at a time through the C ABI: the same doubles as a table gives, from a row or from a
// state that was carried on event by event.
#include <array>
#include <cmath>
#include <cstdint>
#include <map>

#include "support.hpp"

namespace clv_test {
namespace {

using scorer_ptr = std::unique_ptr<clv_scorer, frees<clv_scorer_free>>;

scorer_ptr new_scorer(const clv_score_options* options = nullptr) {
  const diag_ptr diag = new_diag();
  clv_scorer* scorer = nullptr;
  EXPECT_EQ(clv_scorer_new(options, known_model().get(), &scorer, diag.get()), CLV_OK)
      << said(diag);
  return scorer_ptr(scorer);  // the model is free already: a scorer keeps what it needs
}

double number(const result_ptr& t, const char* column, int64_t row) {
  return clv_result_number(t.get(), clv_result_find(t.get(), column), row);
}

void expect_row(const clv_score& s, const result_ptr& t, int64_t row) {
  const std::pair<const char*, double> columns[] = {{"x", s.x},
                                                    {"t_x", s.t_x},
                                                    {"T", s.T},
                                                    {"mean_spend", s.mean_spend},
                                                    {"log_likelihood", s.log_likelihood},
                                                    {"p_alive", s.p_alive},
                                                    {"expected_purchases", s.expected_purchases},
                                                    {"no_purchase", s.no_purchase},
                                                    {"expected_spend", s.expected_spend},
                                                    {"clv", s.clv},
                                                    {"clv_p10", s.clv_p10},
                                                    {"clv_p50", s.clv_p50},
                                                    {"clv_p90", s.clv_p90},
                                                    {"clv_mu", s.clv_mu},
                                                    {"clv_sigma", s.clv_sigma},
                                                    {"clv_skew", s.clv_skew}};
  for (const auto& [name, value] : columns) {
    EXPECT_EQ(value, number(t, name, row)) << name << " of row " << row;
  }
  const char* names[] = {"OK", "PRIOR_ONLY", "INSUFFICIENT", "NOT_CONVERGED"};
  EXPECT_STREQ(names[s.score_status],
               clv_result_text(t.get(), clv_result_find(t.get(), "clv_status"), row, nullptr));
}

TEST(abi_scorer, scores_a_row_as_the_table_does) {
  const result_ptr summary = summary_of(simulated_log(400));
  const result_ptr scores = scores_of(summary);
  const scorer_ptr scorer = new_scorer();
  for (int64_t row = 0; row < clv_result_rows(scores.get()); ++row) {
    clv_score s = CLV_SIZED(clv_score);
    s.x = number(summary, "x", row);
    s.t_x = number(summary, "t_x", row);
    s.T = number(summary, "T", row);
    s.mean_spend = number(summary, "mean_spend", row);
    const diag_ptr diag = new_diag();
    ASSERT_EQ(clv_scorer_row(scorer.get(), &s, diag.get()), CLV_OK) << said(diag);
    expect_row(s, scores, row);
  }
}

constexpr int64_t us_per_day = 86'400'000'000;

// The simulated log comes customer by customer, each in the order of days.
std::map<std::string, clv_history> states_of(const result_ptr& log) {
  const clv_batch batch = batch_of(log);
  std::map<std::string, clv_history> states;
  std::vector<int64_t> time(static_cast<std::size_t>(batch.n_rows)), amount(time);
  clv_read_options what = CLV_SIZED(clv_read_options);
  what.column = clv_result_find(log.get(), "time");
  what.values = time.data();
  EXPECT_EQ(clv_result_read(log.get(), &what, nullptr), CLV_OK);
  what.column = clv_result_find(log.get(), "amount");
  what.values = amount.data();
  EXPECT_EQ(clv_result_read(log.get(), &what, nullptr), CLV_OK);
  const int32_t customer = clv_result_find(log.get(), "customer");
  for (std::size_t i = 0; i < time.size(); ++i) {
    const char* id = clv_result_text(log.get(), customer, static_cast<int64_t>(i), nullptr);
    auto [at, fresh] = states.try_emplace(id);
    if (fresh) at->second = CLV_SIZED(clv_history);
    const int64_t day = time[i] / us_per_day - (time[i] % us_per_day < 0 ? 1 : 0);
    const diag_ptr diag = new_diag();
    EXPECT_EQ(clv_history_add(&at->second, day, amount[i], diag.get()), CLV_OK) << said(diag);
  }
  return states;
}

TEST(abi_scorer, scores_a_state_as_the_table_scores_the_log) {
  const result_ptr log = simulated_log(400);
  const result_ptr scores = scores_of(summary_of(log));
  const scorer_ptr scorer = new_scorer();
  const auto states = states_of(log);
  int64_t last = 0;  // the log's last day is the last one observed
  for (const auto& [id, state] : states) last = std::max(last, state.last_day);
  for (int64_t row = 0; row < clv_result_rows(scores.get()); ++row) {
    const char* id =
        clv_result_text(scores.get(), clv_result_find(scores.get(), "customer"), row, nullptr);
    clv_score s = CLV_SIZED(clv_score);
    const diag_ptr diag = new_diag();
    ASSERT_EQ(clv_scorer_history(scorer.get(), &states.at(id), last, &s, diag.get()), CLV_OK)
        << said(diag);
    expect_row(s, scores, row);
  }
}

TEST(abi_scorer, writes_no_further_than_the_caller_s_struct) {
  const scorer_ptr scorer = new_scorer();
  struct {
    clv_score score;
    double behind;
  } caller = {CLV_SIZED(clv_score), 42};
  caller.score.struct_size = offsetof(clv_score, clv_skew);
  caller.score.clv_skew = 7;
  caller.score.T = 30;
  ASSERT_EQ(clv_scorer_row(scorer.get(), &caller.score, nullptr), CLV_OK);
  EXPECT_GT(caller.score.clv, 0);
  EXPECT_EQ(caller.score.clv_skew, 7);
  EXPECT_EQ(caller.behind, 42);
}

TEST(abi_scorer, says_what_is_wrong_and_leaves_the_answer_alone) {
  const scorer_ptr scorer = new_scorer();
  const diag_ptr diag = new_diag();
  clv_score s = CLV_SIZED(clv_score);
  s.x = 2;
  s.T = 30;
  s.clv = -1;
  EXPECT_EQ(clv_scorer_row(scorer.get(), &s, diag.get()), CLV_E_NUMERIC);
  EXPECT_NE(said(diag).find("'t_x': 0"), std::string::npos) << said(diag);
  EXPECT_EQ(s.clv, -1);
  clv_history state = CLV_SIZED(clv_history);
  EXPECT_EQ(clv_scorer_history(scorer.get(), &state, 9, &s, diag.get()), CLV_E_INVALID);
  EXPECT_NE(said(diag).find("without a purchase"), std::string::npos) << said(diag);
  ASSERT_EQ(clv_history_add(&state, 20, 100, diag.get()), CLV_OK);
  const clv_history before = state;
  EXPECT_EQ(clv_history_add(&state, 19, 100, diag.get()), CLV_E_INVALID);
  EXPECT_EQ(clv_history_add(&state, 21, (int64_t{1} << 53) + 1, diag.get()), CLV_E_LIMIT);
  EXPECT_EQ(state.purchases, before.purchases);
  EXPECT_EQ(state.last_day, before.last_day);
  state.flags = 4;
  EXPECT_EQ(clv_history_add(&state, 21, 1, diag.get()), CLV_E_UNSUPPORTED);
}

TEST(abi_scorer, takes_the_options_of_scoring) {
  clv_score_options o = CLV_SIZED(clv_score_options);
  o.horizon = -2;
  const diag_ptr diag = new_diag();
  clv_scorer* none = nullptr;
  EXPECT_EQ(clv_scorer_new(&o, known_model().get(), &none, diag.get()), CLV_E_INVALID);
  EXPECT_EQ(none, nullptr);
  o.horizon = 0;
  o.flags = CLV_SCORE_SUMMARIZE;  // of engines only
  EXPECT_EQ(clv_scorer_new(&o, known_model().get(), &none, diag.get()), CLV_E_INVALID);
  o.flags = 4;
  EXPECT_EQ(clv_scorer_new(&o, known_model().get(), &none, diag.get()), CLV_E_UNSUPPORTED);
  o.flags = CLV_SCORE_PROCESS_ONLY;
  o.margin = 0.25;
  o.quantities = "no_such_thing";  // a scorer gives all it has
  const scorer_ptr quarter = new_scorer(&o);
  const scorer_ptr whole = new_scorer();
  clv_score a = CLV_SIZED(clv_score), b = a;
  a.T = b.T = 30;
  ASSERT_EQ(clv_scorer_row(quarter.get(), &a, nullptr), CLV_OK);
  ASSERT_EQ(clv_scorer_row(whole.get(), &b, nullptr), CLV_OK);
  EXPECT_DOUBLE_EQ(4 * a.clv, b.clv);
}

TEST(abi_scorer, survives_null) {
  clv_score s = CLV_SIZED(clv_score);
  clv_history state = CLV_SIZED(clv_history);
  const scorer_ptr scorer = new_scorer();
  EXPECT_EQ(clv_scorer_new(nullptr, nullptr, nullptr, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_scorer_row(nullptr, &s, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_scorer_row(scorer.get(), nullptr, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_scorer_history(scorer.get(), nullptr, 0, &s, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_scorer_history(scorer.get(), &state, 0, nullptr, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_history_add(nullptr, 0, 0, nullptr), CLV_E_INVALID);
  clv_scorer_free(nullptr);
}

}  // namespace
}  // namespace clv_test
