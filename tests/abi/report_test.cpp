// Reports through the C ABI: named tables in, tables out, and every mistake said with its place.
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "support.hpp"

namespace {

using namespace clv_test;

// The table of a fit as a host would keep it: the model's name in every row, one per parameter.
class fit_table {
 public:
  fit_table(const std::string& model, int parameters, double log_likelihood)
      : log_likelihood_(static_cast<std::size_t>(parameters), log_likelihood),
        customers_(static_cast<std::size_t>(parameters), 500) {
    for (int i = 0; i < parameters; ++i) {
      models_ += model;
      model_offsets_.push_back(static_cast<int64_t>(models_.size()));
      parameters_ += static_cast<char>('a' + i);
      parameter_offsets_.push_back(i + 1);
    }
    columns_ = {text_column("model", models_, model_offsets_),
                text_column("parameter", parameters_, parameter_offsets_),
                number_column("log_likelihood", log_likelihood_),
                number_column("customers", customers_)};
    batch_ = batch_of(columns_, parameters);
  }
  fit_table(const fit_table&) = delete;
  fit_table& operator=(const fit_table&) = delete;
  const clv_batch* get() const { return &batch_; }
  std::vector<clv_column>& columns() { return columns_; }

 private:
  static clv_column text_column(const char* name,
                                const std::string& chars,
                                const std::vector<int64_t>& offsets) {
    clv_column c{};
    c.name = name;
    c.type = CLV_T_UTF8;
    c.data = chars.data();
    c.offsets = offsets.data();
    return c;
  }

  std::string models_, parameters_;
  std::vector<int64_t> model_offsets_{0}, parameter_offsets_{0};
  std::vector<double> log_likelihood_, customers_;
  std::vector<clv_column> columns_;
  clv_batch batch_;
};

class report : public testing::Test {
 protected:
  fit_table small_{"nbd", 2, -100}, large_{"bg_nbd", 4, -95};
  std::vector<clv_named_batch> in_{{"restricted", small_.get()}, {"full", large_.get()}};
  diag_ptr diag_ = new_diag();

  clv_status begin(const char* name = "likelihood_ratio", const char* options = nullptr) {
    clv_diag_clear(diag_.get());
    clv_job* job = nullptr;
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = name;
    asked.options_json = options;
    asked.inputs = in_.data();
    asked.n_inputs = static_cast<int32_t>(in_.size());
    const clv_status status = clv_report_begin(&asked, &job, diag_.get());
    EXPECT_EQ(job != nullptr, status >= 0);
    clv_job_free(job);
    return status;
  }

  bool says(const std::string& words) const { return said(diag_).find(words) != std::string::npos; }
};

TEST_F(report, answers_with_a_table) {
  const result_ptr answer = answer_of([&](clv_job** job, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "likelihood_ratio";
    asked.inputs = in_.data();
    asked.n_inputs = 2;
    return clv_report_begin(&asked, job, diag);
  });
  ASSERT_NE(answer, nullptr);
  ASSERT_EQ(clv_result_rows(answer.get()), 1);
  const auto number = [&](const char* name) {
    return clv_result_number(answer.get(), clv_result_find(answer.get(), name), 0);
  };
  EXPECT_EQ(number("statistic"), 10);
  EXPECT_EQ(number("degrees_of_freedom"), 2);
  EXPECT_NEAR(number("p_value"), std::exp(-5.), 1e-15);  // chi-square of 2 degrees: exp(-x/2)
  EXPECT_EQ(std::strlen(clv_result_fingerprint(answer.get())), 32U);
}

TEST_F(report, is_the_same_for_tables_in_any_order) {
  const auto print = [&] {
    const result_ptr answer = answer_of([&](clv_job** job, clv_diag* diag) {
      clv_report_options asked = CLV_SIZED(clv_report_options);
      asked.report = "likelihood_ratio";
      asked.options_json = "{}";
      asked.inputs = in_.data();
      asked.n_inputs = 2;
      return clv_report_begin(&asked, job, diag);
    });
    return std::string(clv_result_fingerprint(answer.get()));
  };
  const std::string one = print();
  std::swap(in_[0], in_[1]);
  EXPECT_EQ(print(), one);
}

TEST_F(report, of_an_unknown_name_is_not_found_and_the_names_are_said) {
  EXPECT_EQ(begin("horoscope"), CLV_E_NOT_FOUND);
  EXPECT_TRUE(says("'horoscope'")) << said(diag_);
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag_.get(), 0, &entry), CLV_OK);
  EXPECT_NE(std::string(entry.hint).find("likelihood_ratio"), std::string::npos);
}

TEST_F(report, refuses_a_table_it_does_not_take) {
  in_.push_back({"costs", small_.get()});
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("'costs'")) << said(diag_);
}

TEST_F(report, says_which_table_is_missing) {
  in_.pop_back();
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("'full'")) << said(diag_);
  in_.clear();
  EXPECT_EQ(begin(), CLV_E_INVALID);
}

TEST_F(report, refuses_a_table_that_comes_twice) {
  in_.push_back(in_[0]);
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("'restricted' is given twice")) << said(diag_);
}

TEST_F(report, says_which_table_has_the_bad_column) {
  large_.columns()[2].stride = 4;
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("table 'full'") && says("log_likelihood") && says("4")) << said(diag_);
}

TEST_F(report, keeps_columns_as_they_are) {
  // A text where a number is read: taken at the border, refused by the report that reads it.
  small_.columns()[2].name = "something_else";
  clv_job* made = nullptr;
  clv_report_options asked = CLV_SIZED(clv_report_options);
  asked.report = "likelihood_ratio";
  asked.options_json = "";
  asked.inputs = in_.data();
  asked.n_inputs = 2;
  ASSERT_EQ(clv_report_begin(&asked, &made, nullptr), CLV_OK);
  const job_ptr job(made);
  EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_E_INVALID);
  EXPECT_TRUE(says("log_likelihood")) << said(diag_);
}

TEST_F(report, refuses_broken_arguments) {
  in_[1].batch = nullptr;
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("full")) << said(diag_);
  in_[1] = {nullptr, large_.get()};
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("inputs[1].name")) << said(diag_);
  in_[1].name = "\xFF";
  EXPECT_EQ(begin(), CLV_E_INVALID);
  clv_job* job = nullptr;
  for (const int32_t n : {-1, 1'000'000}) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "likelihood_ratio";
    asked.inputs = in_.data();
    asked.n_inputs = n;
    EXPECT_LT(clv_report_begin(&asked, &job, diag_.get()), 0);
  }
  clv_report_options asked = CLV_SIZED(clv_report_options);
  asked.report = "likelihood_ratio";
  asked.n_inputs = 2;
  EXPECT_EQ(clv_report_begin(&asked, &job, diag_.get()), CLV_E_INVALID);
  EXPECT_EQ(job, nullptr);
}

TEST_F(report, refuses_an_option_it_does_not_have) {
  EXPECT_EQ(begin("likelihood_ratio", R"({"colour": "red"})"), CLV_E_INVALID);
  EXPECT_TRUE(says("'colour'")) << said(diag_);
  EXPECT_EQ(begin("likelihood_ratio", "[1]"), CLV_E_INVALID);
  EXPECT_EQ(begin("likelihood_ratio", "{"), CLV_E_INVALID);
}

std::vector<std::string> texts(const result_ptr& table, const char* column) {
  std::vector<std::string> found;
  const int32_t at = clv_result_find(table.get(), column);
  for (int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    const char* text = clv_result_text(table.get(), at, row, nullptr);
    found.emplace_back(text == nullptr ? "" : text);
  }
  return found;
}

result_ptr catalogue(const char* what) {
  clv_result* made = nullptr;
  EXPECT_EQ(clv_catalogue(what, &made, nullptr), CLV_OK);
  return result_ptr(made);
}

TEST(catalogue, says_of_each_report_what_goes_in_and_out) {
  const result_ptr reports = catalogue("reports");
  const auto names = texts(reports, "name");
  ASSERT_FALSE(names.empty());
  for (const std::string& summary : texts(reports, "summary")) EXPECT_FALSE(summary.empty());
  const std::set<std::string> known(names.begin(), names.end());
  EXPECT_EQ(known.size(), names.size());
  for (const char* part : {"report_inputs", "report_options", "report_outputs"}) {
    for (const std::string& name : texts(catalogue(part), "report")) {
      EXPECT_EQ(known.count(name), 1U) << part << " of " << name;
    }
  }
  std::map<std::string, int> mains;
  const result_ptr outputs = catalogue("report_outputs");
  const auto of = texts(outputs, "report"), tables = texts(outputs, "table");
  for (std::size_t i = 0; i < of.size(); ++i) mains[of[i]] += tables[i].empty() ? 1 : 0;
  for (const std::string& name : names) EXPECT_EQ(mains[name], 1) << name;
}

TEST(catalogue, says_what_a_model_counts) {
  const auto kinds = texts(catalogue("models"), "kind");
  ASSERT_FALSE(kinds.empty());
  const std::set<std::string> known{"purchases", "spend", "opportunities", "renewals"};
  for (const std::string& kind : kinds) EXPECT_EQ(known.count(kind), 1U) << kind;
}

}  // namespace
