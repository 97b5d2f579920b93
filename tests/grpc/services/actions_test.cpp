// ActionService beside ../actions_test.cpp: jobs, receipts, outcomes, restarts, plugins that fail.
#include <clv/v1/action_service.pb.h>
#include <clv/v1/customer_service.pb.h>
#include <clv/v1/ingest_service.pb.h>
#include <clv/v1/plugin_service.pb.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "equal_rows.hpp"
#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string service = "/clv.v1.ActionService/";
constexpr std::int64_t now_us = 1'000'000'000'000'000;

class deciding : public shop {
 protected:
  static std::vector<std::string> winback() { return {"--plugin", WINBACK_PATH}; }
  static v1::DecideRequest request() {
    v1::DecideRequest r;
    r.mutable_budget()->set_currency_code("USD");
    r.mutable_budget()->set_minor_units(2000);
    r.set_z(.5);
    r.set_holdout_share(.2);
    r.set_now_us(now_us);
    return r;
  }
  v1::DecideResponse decide(const v1::DecideRequest& r = request()) {
    return ask<v1::DecideResponse>(service + "Decide", r);
  }
  v1::ListDecisionsResponse decisions() {
    return ask<v1::ListDecisionsResponse>(service + "ListDecisions", v1::ListDecisionsRequest());
  }
};

TEST_F(deciding, leaves_in_the_store_what_libclv_would_have_left) {
  open(200, winback());
  const v1::DecideResponse response = decide();
  ASSERT_EQ(response.plugin_runs_size(), 1);
  EXPECT_EQ(response.plugin_runs(0).served_by(), "isolated") << response.ShortDebugString();
  stop();
  decided(before_, WINBACK_PATH, now_us);
  EXPECT_EQ(response.fingerprint(), clv_result_fingerprint(stored(store_, "decisions").get()));
  // Everything that the run stored, the chain of receipts included.
  for (const char* name : {"decisions", "decision_log", "proposals", "refusals", "budget"}) {
    const result ours = stored(store_, name), theirs = stored(before_, name);
    ASSERT_EQ(clv_result_rows(ours.get()), clv_result_rows(theirs.get())) << name;
    ASSERT_EQ(clv_result_columns(ours.get()), clv_result_columns(theirs.get())) << name;
    for (std::int32_t c = 0; c < clv_result_columns(ours.get()); ++c) {
      for (std::int64_t row = 0; row < clv_result_rows(ours.get()); ++row) {
        ASSERT_EQ(bits_of(*ours, c, row), bits_of(*theirs, c, row)) << name << c << " " << row;
      }
    }
  }
}

TEST_F(deciding, is_remembered_by_request_id_over_a_restart) {
  open(60, winback());
  auto r = request();
  r.set_request_id("d1");
  const v1::DecideResponse first = decide(r);
  stop();
  const std::int64_t rows = clv_result_rows(stored(store_, "decision_log").get());
  start();
  EXPECT_EQ(decide(r).SerializeAsString(), first.SerializeAsString());
  stop();
  EXPECT_EQ(clv_result_rows(stored(store_, "decision_log").get()), rows);
}

// Killed at the first, second, ... eighth part of the time that a decision takes.
TEST_F(deciding, is_done_once_by_request_id_however_the_server_ends) {
  using clock = std::chrono::steady_clock;
  constexpr int customers = 60, rounds = 8;
  open(customers, winback());
  const auto begun = clock::now();
  decide(request());
  const auto whole = clock::now() - begun;
  int unanswered = 0;
  for (int round = 1; round <= rounds && !HasFailure(); ++round) {
    auto r = request();
    r.set_request_id("d" + std::to_string(round));
    r.set_now_us(now_us + round);
    v1::DecideResponse first;
    grpc::Status status;
    const auto sent = clock::now();
    std::thread client([&] { status = call(*channel_, service + "Decide", r, first); });
    std::this_thread::sleep_until(sent + whole * (round - 1) / rounds);
    clvd_->send(SIGKILL);
    clvd_->wait();
    client.join();
    unanswered += !status.ok();
    start();
    const v1::DecideResponse again = decide(r);
    EXPECT_EQ(decide(r).SerializeAsString(), again.SerializeAsString());
    if (status.ok()) {
      EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
    }
    EXPECT_EQ(decisions().fingerprint(), again.fingerprint());
  }
  EXPECT_GT(unanswered, 0);
  stop();
  EXPECT_EQ(clv_result_rows(stored(store_, "decision_log").get()), (1 + rounds) * customers);
}

TEST_F(deciding, as_a_job_gives_the_same_decisions_once) {
  open(60, winback());
  v1::StartDecideRequest start_request;
  *start_request.mutable_decide() = request();
  start_request.mutable_decide()->set_request_id("j1");
  const auto job = ask<v1::StartDecideResponse>(service + "StartDecide", start_request).job();
  const auto done = result_of<v1::DecideResponse>(job);
  EXPECT_EQ(done.rows_size(), 0);
  EXPECT_EQ(done.total_rows(), 60);
  EXPECT_EQ(done.plugin_runs_size(), 1);
  EXPECT_EQ(done.currency_code(), "USD");
  EXPECT_EQ(ask<v1::StartDecideResponse>(service + "StartDecide", start_request).job().name(),
            job.name());
  const auto listed = decisions();
  EXPECT_EQ(listed.fingerprint(), done.fingerprint());
  EXPECT_EQ(listed.currency_code(), "USD");
  stop();
  const result expected = decided(before_, WINBACK_PATH, now_us);
  ASSERT_EQ(listed.rows_size(), clv_result_rows(expected.get()));
  for (int i = 0; i < listed.rows_size(); ++i) expect_equal_row(listed.rows(i), *expected, i);
}

TEST_F(deciding, is_one_at_a_time) {
  open(400, winback());
  std::vector<std::thread> threads;
  std::atomic<int> good = 0, refused = 0, other = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 3; ++k) {
        v1::DecideResponse response;
        const grpc::Status status = call(*channel_, service + "Decide", request(), response);
        if (status.ok()) {
          ++good;
        } else if (error_info(status).reason() == "JOB_IN_PROGRESS") {
          ++refused;
        } else {
          ++other;
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_GT(good, 0);
  EXPECT_EQ(other, 0) << log();
  EXPECT_EQ(decisions().total_rows(), 400);
}

TEST_F(deciding, goes_on_while_events_come_in) {
  open(200, winback());
  std::atomic<bool> done = false;
  std::thread source([&] {
    for (int n = 0; !done; ++n) {
      v1::IngestBatchRequest batch;
      batch.set_source("crm");
      auto& t = *batch.mutable_events()->add_transactions();
      t.set_event_id("e" + std::to_string(n));
      t.set_customer("new" + std::to_string(n % 7));
      t.mutable_time()->set_seconds(1'000'000 + n);
      t.mutable_amount()->set_currency_code("USD");
      t.mutable_amount()->set_minor_units(100);
      t.set_kind("purchase");
      v1::IngestBatchResponse answer;
      const auto status = call(*channel_, "/clv.v1.IngestService/IngestBatch", batch, answer);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) return;
    }
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(decide().total_rows(), 200);
  done = true;
  source.join();
}

TEST_F(deciding, shows_and_recomputes_each_receipt) {
  open(60, winback());
  const v1::DecideResponse response = decide();
  int treated = 0;
  for (const v1::DecisionRow& row : response.rows()) {
    ASSERT_FALSE(row.decision_id().empty());
    if (row.action().empty() && ++treated > 3) continue;
    v1::GetReceiptRequest which;
    which.set_decision_id(row.decision_id());
    const auto receipt = ask<v1::GetReceiptResponse>(service + "GetReceipt", which);
    EXPECT_TRUE(receipt.matches()) << receipt.difference();
    EXPECT_EQ(receipt.decision().receipt_hash(), row.receipt_hash());
    EXPECT_EQ(receipt.decision().customer(), row.customer());
  }
  v1::GetReceiptRequest which;
  EXPECT_EQ(refusal(service + "GetReceipt", which), "3 FIELD_REQUIRED");
  which.set_decision_id("none");
  EXPECT_EQ(refusal(service + "GetReceipt", which), "5 DECISION_UNKNOWN");
}

TEST_F(deciding, is_measured_by_the_outcomes_that_came_back) {
  open(120, winback());
  const v1::DecideResponse response = decide();
  v1::RecordOutcomesRequest request;
  request.set_request_id("o1");
  request.set_source("crm");
  request.set_currency_code("USD");
  std::vector<std::string> which, who;
  std::vector<std::int64_t> when;
  for (int i = 0; i < 20; ++i) {
    which.push_back(response.rows(i).decision_id());
    who.push_back(response.rows(i).customer());
    when.push_back(now_us + 1'000'000 * i);
  }
  v1::Table& rows = *request.mutable_outcomes();
  add_texts(rows, "decision_id", which);
  add_texts(rows, "customer", who);
  add_texts(rows, "kind", std::vector<std::string>(who.size(), "response"));
  add_times(rows, "time", when);
  v1::Column& value = *rows.add_columns();
  value.set_name("value");
  value.mutable_doubles()->mutable_values()->Resize(static_cast<int>(who.size()), 1.0);
  const auto first = ask<v1::RecordOutcomesResponse>(service + "RecordOutcomes", request);
  EXPECT_EQ(first.accepted_count(), 20) << first.ShortDebugString();
  EXPECT_EQ(
      ask<v1::RecordOutcomesResponse>(service + "RecordOutcomes", request).SerializeAsString(),
      first.SerializeAsString());
  const auto effect =
      ask<v1::MeasureEffectResponse>(service + "MeasureEffect", v1::MeasureEffectRequest());
  EXPECT_GT(effect.tables_size(), 0);
  EXPECT_FALSE(effect.fingerprint().empty());
}

TEST_F(deciding, with_a_plugin_that_crashes_and_must_not_fails_as_a_whole) {
  open(60, {"--plugin", WINBACK_PATH, "--plugin", CRASH_PATH});
  EXPECT_EQ(refusal(service + "Decide", request()), "10 PLUGIN_CRASHED");
  EXPECT_EQ(refusal(service + "ListDecisions", v1::ListDecisionsRequest()), "9 STAGE_NOT_READY");
}

TEST_F(deciding, with_a_plugin_that_crashes_and_may_says_who_served) {
  open(60,
       {"--plugin", WINBACK_PATH, "--plugin", CRASH_PATH, "--plugin-on-failure", "crash=fallback"});
  const v1::DecideResponse response = decide();
  ASSERT_EQ(response.plugin_runs_size(), 2);
  EXPECT_EQ(response.plugin_runs(0).served_by(), "isolated");
  EXPECT_EQ(response.plugin_runs(1).served_by(), "");
  EXPECT_EQ(response.plugin_runs(1).reason(), "PLUGIN_CRASHED");
  EXPECT_EQ(response.warnings_size(), 1);
  v1::ProposeRequest propose;
  propose.set_now_us(now_us);
  const auto proposals = ask<v1::ProposeResponse>(service + "Propose", propose);
  EXPECT_EQ(proposals.plugin_runs_size(), 2);
  EXPECT_EQ(proposals.plugin_runs(1).served_by(), "");
  EXPECT_GT(proposals.total_rows(), 0);
  v1::GetPluginRequest which;
  which.set_name("plugins/crash");
  const auto plugin = ask<v1::GetPluginResponse>("/clv.v1.PluginService/GetPlugin", which).plugin();
  EXPECT_EQ(plugin.last_signal(), SIGSEGV);
  EXPECT_EQ(plugin.last_failure(), "PLUGIN_CRASHED");
  stop();
  // The plugin that worked was heard as if it were alone.
  const result expected = decided(before_, WINBACK_PATH, now_us);
  ASSERT_EQ(response.rows_size(), clv_result_rows(expected.get()));
  for (int i = 0; i < response.rows_size(); ++i) {
    expect_equal_row(response.rows(i), *expected, i);
  }
}

TEST_F(deciding, forgets_the_answers_that_hold_a_forgotten_customer) {
  open(60, winback());
  auto r = request();
  r.set_request_id("d1");
  const v1::DecideResponse response = decide(r);
  v1::ProposeRequest propose;
  propose.set_now_us(now_us);
  propose.set_page_size(1);
  auto page = ask<v1::ProposeResponse>(service + "Propose", propose);
  propose.set_page_token(page.next_page_token());
  ASSERT_FALSE(page.next_page_token().empty());
  v1::ForgetCustomerRequest gone;
  gone.set_customer(response.rows(0).customer());
  result_of<v1::ForgetCustomerResult>(
      ask<v1::ForgetCustomerResponse>("/clv.v1.CustomerService/ForgetCustomer", gone).job());
  EXPECT_EQ(refusal(service + "Decide", r), "9 ANSWER_FORGOTTEN");
  EXPECT_EQ(refusal(service + "Propose", propose), "10 PAGE_TOKEN_STALE");
  EXPECT_EQ(decisions().total_rows(), 59);
}

}  // namespace
}  // namespace clv::test
