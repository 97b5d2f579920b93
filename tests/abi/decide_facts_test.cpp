// A policy and facts through C, without an engine: customers with columns of the host's own,
// consent, the chain of receipts and their replay.
#include <algorithm>

#include "support.hpp"

namespace {

using namespace clv_test;

constexpr int64_t customers = 40;

std::string text(const result_ptr& r, const char* column, int64_t row = 0) {
  int64_t length = 0;
  const char* found = clv_result_text(r.get(), clv_result_find(r.get(), column), row, &length);
  return found == nullptr ? "" : std::string(found, static_cast<std::size_t>(length));
}

class decide_facts : public testing::Test {
 protected:
  decide_facts() {
    options_.holdout_share = 0;
    options_.flags = CLV_DECIDE_NO_HOLDOUT;
    options_.now_us = 1'767'268'800'000'000;
    scores_ = scores_of(summary_of(simulated_log(customers)));
    for (int64_t row = 0; row < customers; ++row) ids_.push_back(text(scores_, "customer", row));
    proposals_ = proposals_of("good", batch_of(scores_));
  }

  static result_ptr proposals_of(const std::string& plugin, const clv_batch& rows) {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    const plugins_ptr plugins(made);
    const std::string path = std::string(CLV_TEST_PLUGINS) + "/" + plugin + ".so";
    EXPECT_EQ(clv_plugins_load(made, nullptr, path.c_str(), nullptr), CLV_OK);
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_propose_begin(made, nullptr, &rows, job, diag);
    });
  }

  // Gives the facts to options_; the batches must live on.
  void give(const char* name, const clv_batch& rows) {
    facts_.push_back({name, &rows});
    options_.facts = facts_.data();
    options_.n_facts = static_cast<int32_t>(facts_.size());
  }
  clv_status begin(clv_job** job, clv_diag* diag) {
    const clv_batch scores = batch_of(scores_), proposals = batch_of(proposals_);
    return clv_decide_begin(&options_, model_.get(), &scores, &proposals, job, diag);
  }
  result_ptr decide(const char* table = nullptr) {
    return answer_of([this](clv_job** job, clv_diag* diag) { return begin(job, diag); }, table);
  }
  void expect_refused(const std::string& words, clv_status status = CLV_E_INVALID) {
    const diag_ptr diag = new_diag();
    clv_job* job = nullptr;
    EXPECT_EQ(begin(&job, diag.get()), status);
    EXPECT_EQ(job, nullptr);
    EXPECT_NE(said(diag).find(words), std::string::npos) << said(diag);
  }
  static int64_t count(const result_ptr& r, const char* column, const std::string& value) {
    int64_t found = 0;
    for (int64_t row = 0; row < clv_result_rows(r.get()); ++row) {
      found += text(r, column, row) == value ? 1 : 0;
    }
    return found;
  }

  model_ptr model_ = known_model();
  result_ptr scores_, proposals_;
  std::vector<std::string> ids_;
  std::vector<clv_named_batch> facts_;
  clv_decide_options options_ = CLV_SIZED(clv_decide_options);
};

TEST_F(decide_facts, what_the_host_knows_of_customers_refuses_before_anything_is_priced) {
  const text_column id("customer", {ids_[3], ids_[7]}), city("attr.city", {"Kyiv", "Lviv"});
  const std::vector<int64_t> hold{1, 0};
  const std::vector<clv_column> columns{
      id.column(), city.column(), integer_column("legal_hold", CLV_T_I64, hold)};
  const clv_batch known = batch_of(columns, 2);
  give("customers", known);
  const result_ptr refusals = decide("refusals");
  EXPECT_EQ(count(refusals, "reason_code", "LEGAL_HOLD"), 1);
  const result_ptr decisions = decide();
  EXPECT_EQ(text(decisions, "reason_code", 3), "LEGAL_HOLD");
  EXPECT_NE(text(decisions, "reason_code", 7), "LEGAL_HOLD");
}

TEST_F(decide_facts, a_policy_that_asks_for_consent_gets_it_from_the_table) {
  options_.policy_json = R"({"consent": ["email"]})";
  expect_refused("no table 'consent'");
  const text_column who("customer", {ids_[0]}), channel("channel", {"email"});
  const std::vector<int64_t> time{5}, granted{1};
  const std::vector<clv_column> columns{who.column(),
                                        channel.column(),
                                        integer_column("time", CLV_T_TIME, time),
                                        integer_column("granted", CLV_T_I64, granted)};
  const clv_batch consent = batch_of(columns, 1);
  give("consent", consent);
  const result_ptr decisions = decide();
  EXPECT_EQ(count(decisions, "reason_code", "NO_CONSENT"), customers - 1);
  EXPECT_NE(text(decisions, "reason_code", 0), "NO_CONSENT");
}

TEST_F(decide_facts, a_policy_is_refused_by_naming_its_member) {
  options_.policy_json = R"({"caps": [{"channel": "email", "limit": -1, "days": 7}]})";
  expect_refused("$.caps[0].limit is -1");
  options_.policy_json = R"({"cap": []})";
  expect_refused("$.cap is not a member");
  options_.policy_json = "{";
  expect_refused("policy: ");
}

TEST_F(decide_facts, are_refused_by_name) {
  const clv_batch empty = CLV_SIZED(clv_batch);
  give("weather", empty);
  expect_refused("'weather'");
  facts_ = {{"customers", nullptr}};
  expect_refused("customers");
  options_.facts = nullptr;
  expect_refused("facts");
  options_.n_facts = -1;
  expect_refused("n_facts is -1");
  const text_column id("customer", {"ann"});
  const std::vector<clv_column> columns{id.column()};
  const clv_batch one = batch_of(columns, 1);
  facts_.clear();
  give("customers", one);
  give("customers", one);
  expect_refused("'customers' are given twice");
}

TEST_F(decide_facts, a_chain_goes_on_and_is_replayed) {
  const result_ptr first = decide();
  const std::string last = text(first, "chain_hash", customers - 1);
  options_.previous_hash = last.c_str();
  const result_ptr second = decide();
  EXPECT_EQ(text(second, "prev_hash"), last);
  EXPECT_NE(text(second, "decision_id"), text(first, "decision_id"));
  EXPECT_EQ(text(second, "receipt"), text(first, "receipt"));
  const auto matches = [](const clv_batch& decisions) {
    const result_ptr r = answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_replay_begin(nullptr, &decisions, job, diag);
    });
    double sum = 0;
    for (int64_t row = 0; row < clv_result_rows(r.get()); ++row) {
      sum += clv_result_number(r.get(), clv_result_find(r.get(), "matches"), row);
    }
    return sum;
  };
  clv_batch rows = batch_of(second);
  EXPECT_EQ(matches(rows), customers);
  // One who says that everybody was held out is contradicted by the receipts.
  std::vector<clv_column> columns(rows.columns, rows.columns + rows.n_columns);
  const text_column arm("arm", std::vector<std::string>(customers, "holdout"));
  for (clv_column& c : columns) {
    if (std::string(c.name) == "arm") c = arm.column();
  }
  rows.columns = columns.data();
  EXPECT_EQ(matches(rows), 0);
  options_.previous_hash = "yesterday";
  expect_refused("previous_hash is 'yesterday'");
}

// Without an engine nothing is written anyway.
TEST_F(decide_facts, what_if_answers_the_same) {
  const result_ptr decided = decide();
  options_.flags |= CLV_DECIDE_WHAT_IF;
  EXPECT_STREQ(clv_result_fingerprint(decide().get()), clv_result_fingerprint(decided.get()));
}

TEST_F(decide_facts, plugins_read_the_hosts_columns_beside_the_scores) {
  std::vector<std::string> cities(customers, "Lviv");
  cities[2] = cities[5] = "Kyiv";
  std::vector<double> tickets(customers, 0);
  tickets[5] = tickets[6] = 1;
  const text_column city("attr.city", cities);
  const clv_batch scored = batch_of(scores_);
  std::vector<clv_column> columns(scored.columns, scored.columns + scored.n_columns);
  columns.push_back(city.column());
  columns.push_back(number_column("open_tickets", tickets));
  columns.push_back(number_column("of_the_host_alone", tickets));
  columns.back().type = 99;  // nobody reads it
  const result_ptr proposed = proposals_of("reads_host", batch_of(columns, customers));
  ASSERT_EQ(clv_result_rows(proposed.get()), 1);
  EXPECT_EQ(text(proposed, "customer"), ids_[5]);
  EXPECT_EQ(text(proposed, "reads"), "attr.city,open_tickets");
}

TEST_F(decide_facts, what_a_policy_protects_is_no_ground_for_a_decision) {
  const std::vector<std::string> cities(customers, "Kyiv");
  const std::vector<double> tickets(customers, 1);
  const text_column city("attr.city", cities);
  const clv_batch scored = batch_of(scores_);
  std::vector<clv_column> columns(scored.columns, scored.columns + scored.n_columns);
  columns.push_back(city.column());
  columns.push_back(number_column("open_tickets", tickets));
  proposals_ = proposals_of("reads_host", batch_of(columns, customers));
  options_.policy_json = R"({"protected": ["attr.city"]})";
  EXPECT_EQ(count(decide(), "reason_code", "PROTECTED_ATTRIBUTE"), customers);
}

}  // namespace
