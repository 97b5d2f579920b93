// clv report and clv backtest: what the catalogue lists is what can be asked for, from files or a
// store, and every wrong call is told which table or option it was.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// A simulated summary, and the tables of two fits to it.
class report : public testing::Test {
 protected:
  const scratch folder_;
  const std::string log_ = folder_.path("log.csv");
  const std::string summary_ = folder_.path("summary.csv");
  const std::string small_ = folder_.path("nbd.csv");
  const std::string large_ = folder_.path("bg.csv");

  void SetUp() override {
    ASSERT_EQ(run_clv({"simulate", "--customers", "500", "--seed", "3", "--out", log_}).status, 0);
    ASSERT_EQ(run_clv({"summarize", "--log", log_, "--out", summary_}).status, 0);
    fit("nbd", small_);
    fit("bg_nbd", large_);
  }

  void fit(const char* model, const std::string& out) const {
    const outcome o =
        run_clv({"fit", "--model", model, "--summary", summary_, "--out", out, "--json"});
    ASSERT_EQ(o.status, 0) << o.err;
  }

  outcome compare(std::vector<std::string> more = {}) const {
    std::vector<std::string> call{"report",
                                  "likelihood_ratio",
                                  "--input",
                                  "restricted=" + small_,
                                  "--input",
                                  "full=" + large_};
    call.insert(call.end(), more.begin(), more.end());
    return run_clv(call);
  }
};

void expect_misuse(const outcome& o, const std::vector<std::string>& said) {
  EXPECT_EQ(o.status, 2) << o.err;
  for (const std::string& words : said) {
    EXPECT_NE(o.err.find(words), std::string::npos) << words << "\n" << o.err;
  }
}

TEST_F(report, compares_two_fits) {
  const outcome o = compare({"--json"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.out.find("{\"report\": \"likelihood_ratio\", \"tables\": {\"main\": [{"), 0U);
  EXPECT_EQ(json_number(o.out, "degrees_of_freedom"), 2);
  EXPECT_GT(json_number(o.out, "statistic"), 0);
  const outcome text = compare();
  ASSERT_EQ(text.status, 0);
  EXPECT_NE(text.out.find("p_value"), std::string::npos);
}

TEST_F(report, writes_a_table_as_csv) {
  const std::string file = folder_.path("answer.csv");
  ASSERT_EQ(compare({"--out", file}).status, 0);
  const auto rows = csv_cells(read_all(file));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0], "restricted");
  EXPECT_EQ(rows[1][0], "nbd");
  EXPECT_EQ(compare({"--out", "-"}).out, read_all(file));
}

TEST_F(report, tells_wrong_calls_what_was_wrong) {
  expect_misuse(run_clv({"report"}), {"--list"});
  expect_misuse(run_clv({"report", "horoscope"}), {"'horoscope'", "likelihood_ratio"});
  expect_misuse(run_clv({"report", "likelihood_ratio"}), {"restricted=FILE"});
  expect_misuse(compare({"--input", "costs=" + small_}), {"'costs'", "restricted, full"});
  expect_misuse(compare({"--input", "full=" + small_}), {"'full'", "twice"});
  expect_misuse(compare({"--input", small_}), {"NAME=VALUE"});
  expect_misuse(compare({"--option", "colour=red"}), {"'colour'"});
  expect_misuse(compare({"--table", "nosuch"}), {"'nosuch'", "main"});
  expect_misuse(compare({"--map", "costs:a=b"}), {"costs=FILE"});
}

TEST_F(report, names_the_file_that_cannot_be_used) {
  const outcome missing = run_clv({"report",
                                   "likelihood_ratio",
                                   "--input",
                                   "restricted=" + small_,
                                   "--input",
                                   "full=" + folder_.path("nosuch.csv")});
  EXPECT_EQ(missing.status, 1);
  EXPECT_NE(missing.err.find("nosuch.csv"), std::string::npos) << missing.err;
  const outcome wrong = run_clv({"report",
                                 "likelihood_ratio",
                                 "--input",
                                 "restricted=" + small_,
                                 "--input",
                                 "full=" + folder_.file("other.csv", "a,b\n1,2\n")});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.err.find("model"), std::string::npos) << wrong.err;
}

TEST_F(report, renames_columns_by_map) {
  std::string text = read_all(small_);
  text.replace(text.find("log_likelihood"), 14, "loglik");
  const std::string other = folder_.file("other.csv", text);
  const outcome o = run_clv({"report",
                             "likelihood_ratio",
                             "--input",
                             "restricted=" + other,
                             "--map",
                             "restricted:log_likelihood=loglik",
                             "--input",
                             "full=" + large_});
  EXPECT_EQ(o.status, 0) << o.err;
}

TEST(report_list, names_every_report_and_each_describes_itself) {
  const outcome list = run_clv({"report", "--list"});
  ASSERT_EQ(list.status, 0) << list.err;
  const outcome json = run_clv({"report", "--list", "--json"});
  std::size_t reports = 0;
  const std::string key = "{\"report\": \"";
  for (std::size_t at = 0; (at = json.out.find(key, at)) != std::string::npos; ++at) {
    const std::size_t first = at + key.size();
    const std::string name = json.out.substr(first, json.out.find('"', first) - first);
    EXPECT_NE(list.out.find(name), std::string::npos) << name;
    const outcome one = run_clv({"report", name, "--describe"});
    EXPECT_EQ(one.status, 0) << name << one.err;
    EXPECT_NE(one.out.find("(main)"), std::string::npos) << name << "\n" << one.out;
    ++reports;
  }
  EXPECT_GE(reports, 1U);
}

TEST(backtest, compares_models_on_a_log_and_on_a_store) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), store = folder.path("shop.clv");
  ASSERT_EQ(
      run_clv({"simulate", "--customers", "800", "--days", "365", "--seed", "9", "--out", log})
          .status,
      0);
  ASSERT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  const std::vector<std::string> what{"--models", "bg_nbd,nbd", "--split", "2024-09-30", "--json"};
  const auto run = [&](const char* from, const std::string& file) {
    std::vector<std::string> call{"backtest", from, file, "--currency", "EUR"};
    call.insert(call.end(), what.begin(), what.end());
    return run_clv(call);
  };
  const outcome of_log = run("--log", log), of_store = run("--store", store);
  ASSERT_EQ(of_log.status, 0) << of_log.err;
  ASSERT_EQ(of_store.status, 0) << of_store.err;
  EXPECT_EQ(of_log.out, of_store.out);
  EXPECT_GT(json_number(of_log.out, "mae"), 0);
  // The log is of a BG/NBD market: its own model foretells it better than one without drop-out.
  EXPECT_EQ(
      of_log.out.find("{\"report\": \"backtest\", \"tables\": {\"main\": [{\"model\": \"bg_nbd\""),
      0U)
      << of_log.out.substr(0, 200);
  const outcome text =
      run_clv({"backtest", "--log", log, "--currency", "EUR", "--models", "bg_nbd,nbd"});
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("Chosen: bg_nbd"), std::string::npos) << text.out;
}

TEST(backtest, tells_wrong_calls_what_was_wrong) {
  const scratch folder;
  const std::string log = folder.path("log.csv");
  ASSERT_EQ(run_clv({"simulate", "--customers", "100", "--out", log}).status, 0);
  expect_misuse(run_clv({"backtest"}), {"--log or --store"});
  expect_misuse(run_clv({"backtest", "--log", log, "--by", "luck"}), {"--by"});
  const outcome model = run_clv({"backtest", "--log", log, "--models", "horoscope"});
  EXPECT_EQ(model.status, 1);
  EXPECT_NE(model.err.find("horoscope"), std::string::npos) << model.err;
  const outcome split = run_clv({"backtest", "--log", log, "--split", "1999-01-01"});
  EXPECT_EQ(split.status, 1);
  EXPECT_NE(split.err.find("1999-01-01"), std::string::npos) << split.err;
}

// The shell has no lists: a text with commas is one where the option takes names.
TEST(report_option, takes_a_list_of_names_as_words_with_commas) {
  const scratch folder;
  std::string rows = "treatment,outcome,a,b\n";
  for (int i = 0; i < 80; ++i) {
    rows += std::string(i % 2 == 0 ? "mail" : "control") + "," + (i % 3 == 0 ? "1," : "0,") +
            std::to_string(i % 7) + "," + std::to_string(i % 5) + "\n";
  }
  const std::string input = "experiment=" + folder.file("rows.csv", rows);
  const auto effects = [&](const std::string& covariates) {
    return run_clv({"report", "effects", "--input", input, "--option", covariates, "--json"});
  };
  const outcome words = effects("covariates=a,b"), json = effects(R"(covariates=["a","b"])");
  ASSERT_EQ(words.status, 0) << words.err;
  EXPECT_EQ(words.out, json.out);
  EXPECT_EQ(effects("covariates=a,,b").status, 1);
}

}  // namespace
}  // namespace clv::test
