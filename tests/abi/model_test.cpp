// Models cross the wall as JSON, to the last bit.
#include "support.hpp"

namespace {

using namespace clv_test;

std::string saved(const model_ptr& model) {
  int64_t needed = 0;
  EXPECT_EQ(clv_model_save(model.get(), nullptr, 0, &needed, nullptr), CLV_E_LIMIT);
  std::string json(static_cast<std::size_t>(needed), '\0');
  EXPECT_EQ(clv_model_save(model.get(), json.data(), needed, &needed, nullptr), CLV_OK);
  return json;
}

model_ptr fitted() {
  const result_ptr summary = summary_of(simulated_log(800));
  const clv_batch in = batch_of(summary);
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  EXPECT_EQ(clv_fit_begin(nullptr, &in, &made, diag.get()), CLV_OK) << said(diag);
  const job_ptr job(made);
  EXPECT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_OK) << said(diag);
  clv_model* model = nullptr;
  EXPECT_EQ(clv_job_take_model(job.get(), &model, diag.get()), CLV_OK) << said(diag);
  return model_ptr(model);
}

TEST(model, saved_and_loaded_again_is_the_same_text) {
  const std::string json = saved(fitted());
  EXPECT_EQ(saved(load_model(json)), json);
  EXPECT_NE(json.find("clv.model/1"), std::string::npos);
}

TEST(model, saved_and_loaded_again_scores_the_same_bits) {
  const model_ptr first = fitted(), second = load_model(saved(first));
  const result_ptr summary = summary_of(simulated_log(100));
  const clv_batch in = batch_of(summary);
  const auto score = [&](const model_ptr& model) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_score_begin(nullptr, model.get(), &in, job, diag);
    });
  };
  const result_ptr one = score(first), two = score(second);
  EXPECT_STREQ(clv_result_fingerprint(one.get()), clv_result_fingerprint(two.get()));
}

TEST(model, a_buffer_that_is_too_small_stays_as_it_was) {
  const model_ptr model = known_model();
  std::string buffer(8, '?');
  int64_t needed = 0;
  const diag_ptr diag = new_diag();
  EXPECT_EQ(clv_model_save(model.get(), buffer.data(), 8, &needed, diag.get()), CLV_E_LIMIT);
  EXPECT_EQ(buffer, "????????");
  EXPECT_GT(needed, 8);
  EXPECT_EQ(clv_model_save(model.get(), buffer.data(), -1, &needed, diag.get()), CLV_E_INVALID);
  EXPECT_EQ(clv_model_save(model.get(), nullptr, 8, &needed, diag.get()), CLV_E_INVALID);
}

TEST(model, junk_is_refused_and_nothing_is_handed_out) {
  const std::string good = saved(known_model());
  std::vector<std::string> bad{"", "null", "[]", "{}", "\xFF\xFE", std::string(100'000, '[')};
  for (std::size_t length = 0; length < good.size(); length += 7) {
    bad.push_back(good.substr(0, length));
  }
  for (const std::string& json : bad) {
    const diag_ptr diag = new_diag();
    clv_model* model = nullptr;
    EXPECT_EQ(clv_model_load(json.data(), static_cast<int64_t>(json.size()), &model, diag.get()),
              CLV_E_INVALID)
        << json.substr(0, 80);
    EXPECT_EQ(model, nullptr);
    EXPECT_NE(said(diag), "");
  }
  clv_model* model = nullptr;
  EXPECT_EQ(clv_model_load(good.data(), -1, &model, nullptr), CLV_E_INVALID);
}

TEST(model, its_table_has_a_row_for_each_parameter) {
  clv_result* made = nullptr;
  ASSERT_EQ(clv_model_table(known_model().get(), &made, nullptr), CLV_OK);
  const result_ptr table(made);
  EXPECT_EQ(clv_result_rows(table.get()), 7);
  const int32_t name = clv_result_find(table.get(), "parameter");
  EXPECT_STREQ(clv_result_text(table.get(), name, 1, nullptr), "alpha");
  EXPECT_EQ(clv_result_number(table.get(), clv_result_find(table.get(), "value"), 1), 4.5);
  EXPECT_EQ(std::string(clv_result_fingerprint(table.get())).size(), 32U);
}

}  // namespace
