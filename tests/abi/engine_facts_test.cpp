// Facts through C: recorded, reported on, decided with, replayed, exported and
// forgotten.
#include "support.hpp"

namespace {

using namespace clv_test;

double number(const result_ptr& r, const char* column, int64_t row = 0) {
  return clv_result_number(r.get(), clv_result_find(r.get(), column), row);
}

std::string engine_facts_text(const result_ptr& r, const char* column, int64_t row = 0) {
  int64_t length = 0;
  const char* found = clv_result_text(r.get(), clv_result_find(r.get(), column), row, &length);
  return found == nullptr ? "" : std::string(found, static_cast<std::size_t>(length));
}

class engine_facts : public testing::Test {
 protected:
  engine_facts() {
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(nullptr, &made, nullptr), CLV_OK);
    engine_.reset(made);
    EXPECT_EQ(clv_plugins_new(&loaded_, nullptr), CLV_OK);
    plugins_.reset(loaded_);
    EXPECT_EQ(clv_plugins_load(loaded_, nullptr, CLV_TEST_PLUGINS "/good.so", nullptr), CLV_OK);
  }

  result_ptr record(const char* table, const std::vector<clv_column>& columns, int64_t rows) {
    const clv_batch in = batch_of(columns, rows);
    clv_ingest_options o = CLV_SIZED(clv_ingest_options);
    o.source = "crm";
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_record_begin(engine_.get(), &o, table, &in, job, diag);
    });
  }
  result_ptr record_customers(const std::vector<std::string>& ids,
                              const std::vector<std::string>& cities) {
    const text_column id("customer", ids), city("attr.city", cities);
    return record("customers", {id.column(), city.column()}, static_cast<int64_t>(ids.size()));
  }
  void score() {
    const result_ptr log = simulated_log(200);
    const clv_batch in = batch_of(log);
    answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_ingest_begin(engine_.get(), nullptr, &in, job, diag);
    });
    answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_fit_begin(engine_.get(), nullptr, nullptr, job, diag);
    });
    answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_score_begin(engine_.get(), nullptr, job, diag);
    });
  }
  result_ptr decide(uint32_t flags = 0) {
    clv_decide_options o = CLV_SIZED(clv_decide_options);
    o.flags = flags;
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_decide_begin(engine_.get(), plugins_.get(), &o, job, diag);
    });
  }
  result_ptr replay() {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_replay_begin(engine_.get(), nullptr, job, diag);
    });
  }
  result_ptr read(const char* table, clv_status expected = CLV_OK) {
    clv_result* made = nullptr;
    const diag_ptr diag = new_diag();
    EXPECT_EQ(read_stored(engine_.get(), table, &made, diag.get()), expected) << said(diag);
    return result_ptr(made);
  }

  engine_ptr engine_;
  clv_plugins* loaded_ = nullptr;
  plugins_ptr plugins_;
};

TEST_F(engine_facts, are_recorded_once_and_read_back) {
  const text_column who("customer", {"ann", "bob"}), channel("channel", {"email", "sms"}),
      event("event_id", {"k1", "k2"});
  const std::vector<int64_t> time{5, 6}, granted{1, 0};
  const std::vector<clv_column> columns{who.column(),
                                        channel.column(),
                                        event.column(),
                                        integer_column("time", CLV_T_TIME, time),
                                        integer_column("granted", CLV_T_I64, granted)};
  EXPECT_EQ(number(record("consent", columns, 2), "accepted"), 2);
  const result_ptr again = record("consent", columns, 2);
  EXPECT_EQ(number(again, "accepted"), 0);
  EXPECT_EQ(number(again, "duplicates"), 2);
  const result_ptr back = read("consent");
  EXPECT_EQ(clv_result_rows(back.get()), 2);
  EXPECT_EQ(engine_facts_text(back, "channel", 1), "sms");
}

TEST_F(engine_facts, keep_the_hosts_own_columns_of_customers) {
  record_customers({"bob", "ann"}, {"Kyiv", "Lviv"});
  const result_ptr back = read("customers");
  EXPECT_EQ(engine_facts_text(back, "customer"), "ann");
  EXPECT_EQ(engine_facts_text(back, "attr.city"), "Lviv");
}

TEST_F(engine_facts, refuse_an_unknown_table_by_naming_the_known) {
  const diag_ptr diag = new_diag();
  const clv_batch empty = CLV_SIZED(clv_batch);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_record_begin(engine_.get(), nullptr, "weather", &empty, &job, diag.get()),
            CLV_E_NOT_FOUND);
  EXPECT_NE(said(diag).find("weather"), std::string::npos);
  EXPECT_EQ(job, nullptr);
}

TEST_F(engine_facts, what_if_writes_nothing_and_answers_as_decide) {
  score();
  const result_ptr asked = decide(CLV_DECIDE_WHAT_IF);
  EXPECT_EQ(read("decision_log", CLV_E_STATE), nullptr);
  EXPECT_STREQ(clv_result_fingerprint(decide().get()), clv_result_fingerprint(asked.get()));
  EXPECT_EQ(clv_result_rows(read("decision_log").get()), 200);
}

TEST_F(engine_facts, replay_every_decision_here_and_without_an_engine) {
  score();
  decide();
  decide();
  const result_ptr log = read("decision_log");
  const clv_batch in = batch_of(log);
  const result_ptr here = replay();
  const result_ptr elsewhere = answer_of(
      [&](clv_job** job, clv_diag* diag) { return clv_replay_begin(nullptr, &in, job, diag); });
  for (const result_ptr* r : {&here, &elsewhere}) {
    ASSERT_EQ(clv_result_rows(r->get()), 400);
    for (int64_t row = 0; row < 400; ++row) {
      ASSERT_EQ(number(*r, "matches", row), 1) << engine_facts_text(*r, "difference", row);
    }
  }
}

TEST_F(engine_facts, are_exported_and_forgotten_together) {
  score();
  decide();
  const std::string id = engine_facts_text(read("scores"), "customer");
  record_customers({id, "someone else"}, {"Kyiv", "Lviv"});
  const auto told = [&](auto* begin) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return begin(engine_.get(), nullptr, id.c_str(), job, diag);
    });
  };
  const result_ptr exported = told(clv_engine_export_begin);
  EXPECT_STREQ(clv_result_fingerprint(told(clv_engine_forget_begin).get()),
               clv_result_fingerprint(exported.get()));
  EXPECT_GE(clv_result_rows(exported.get()), 6);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_export_begin(engine_.get(), nullptr, id.c_str(), &job, nullptr),
            CLV_E_NOT_FOUND);
  EXPECT_EQ(clv_engine_forget_begin(engine_.get(), nullptr, id.c_str(), &job, nullptr),
            CLV_E_NOT_FOUND);
  EXPECT_EQ(clv_engine_export_begin(engine_.get(), nullptr, "\xff", &job, nullptr), CLV_E_INVALID);
  EXPECT_EQ(job, nullptr);
  EXPECT_EQ(number(replay(), "matches"), 1);
}

TEST_F(engine_facts, are_what_reports_read) {
  score();
  const auto equity = [&](const clv_named_batch* inputs, int32_t n) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      clv_report_options asked = CLV_SIZED(clv_report_options);
      asked.report = "equity";
      asked.inputs = inputs;
      asked.n_inputs = n;
      return clv_engine_report_begin(engine_.get(), &asked, job, diag);
    });
  };
  const result_ptr scores = read("scores");
  const clv_batch in = batch_of(scores);
  clv_named_batch given{};
  given.name = "scores";
  given.batch = &in;
  const double stored = number(equity(nullptr, 0), "customer_equity");
  EXPECT_GT(stored, 0);
  EXPECT_EQ(stored, number(equity(&given, 1), "customer_equity"));
}

TEST_F(engine_facts, are_what_reports_record) {
  const text_column ticket("ticket", {"T1"}), customer("customer", {"ann"}),
      kind("kind", {"created"}), agent("agent", {"bob"});
  const int64_t hours[] = {int64_t{10} * 3'600'000'000};
  clv_column time{};
  time.name = "time";
  time.data = hours;
  time.type = CLV_T_TIME;
  record("ticket_events", {ticket.column(), customer.column(), time, kind.column()}, 1);
  record("agents", {agent.column()}, 1);
  clv_ingest_options from = CLV_SIZED(clv_ingest_options);
  from.source = "desk";
  const char claim[] = R"({"ticket": "T1", "agent": "bob", "as_of": "1970-01-01T11:00Z"})";
  const auto claimed = [&](const char* which) {
    clv_job* job = nullptr;
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "desk_claim";
    asked.options_json = claim;
    EXPECT_EQ(clv_engine_apply_begin(engine_.get(), &asked, &from, &job, nullptr), CLV_OK);
    EXPECT_EQ(clv_job_step(job, 0, nullptr), CLV_OK);
    clv_result* out = nullptr;
    EXPECT_EQ(clv_job_take_result(job, which, &out, nullptr), CLV_OK);
    clv_job_free(job);
    return result_ptr(out);
  };
  EXPECT_EQ(number(claimed("recorded"), "accepted"), 1);
  EXPECT_EQ(number(claimed(nullptr), "granted"), 1);  // it is bob's already
  EXPECT_EQ(clv_result_rows(read("ticket_events").get()), 2);
  const diag_ptr diag = new_diag();
  clv_job* job = nullptr;
  clv_report_options asked = CLV_SIZED(clv_report_options);
  asked.report = "equity";
  EXPECT_EQ(clv_engine_apply_begin(engine_.get(), &asked, nullptr, &job, diag.get()),
            CLV_E_INVALID);
  EXPECT_NE(said(diag).find("records nothing"), std::string::npos) << said(diag);
  EXPECT_EQ(job, nullptr);
}

}  // namespace
