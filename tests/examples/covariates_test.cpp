// Covariates, penalties, priors and held parameters at the command line.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// The summary of one simulated channel, with its number and an unrelated age in each row.
std::string channel_rows(const scratch& folder, const char* channel, const char* alpha) {
  const std::string log = folder.path("log.csv"), summary = folder.path("one.csv");
  const outcome made = run_clv({"simulate",
                                "--customers",
                                "1200",
                                "--days",
                                "365",
                                "--model",
                                "bg_nbd+gamma_gamma",
                                "--params",
                                std::string("r=.5,a=.8,b=2.5,p=6,q=4,gamma=15,alpha=") + alpha,
                                "--out",
                                log});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(run_clv({"summarize", "--log", log, "--out", summary}).status, 0);
  std::string rows;
  std::istringstream lines(read_all(summary));
  std::string header;
  std::getline(lines, header);
  int row = 0;
  for (std::string line; std::getline(lines, line);) {
    rows += line + "," + channel + "," + std::to_string(20 + row++ % 50) + "\n";
  }
  return header + ",channel,age\n" + rows;
}

// Customers of the second channel buy twice as often: alpha is half of the first one's.
std::string two_channels(const scratch& folder) {
  const std::string second = channel_rows(folder, "1", "3");
  return channel_rows(folder, "0", "6") + second.substr(second.find('\n') + 1);
}

class covariates : public testing::Test {
 protected:
  const scratch folder_;
  const std::string summary_ = folder_.file("s.csv", two_channels(folder_));

  outcome fit(std::vector<std::string> more) const {
    std::vector<std::string> call{"fit", "--model", "bg_nbd", "--summary", summary_, "--json"};
    call.insert(call.end(), more.begin(), more.end());
    return run_clv(call);
  }
};

TEST_F(covariates, have_a_coefficient_for_each_process_they_are_named_for) {
  const outcome o = fit({"--transaction-covariates", "channel,age", "--life-covariates", "age"});
  ASSERT_EQ(o.status, 0) << o.err;
  const double coefficient = json_number(o.out, "transaction.channel");
  const double error =
      json_number(o.out.substr(o.out.find("standard_errors")), "transaction.channel");
  EXPECT_GT(error, 0);
  EXPECT_LT(error, .2);
  EXPECT_NEAR(coefficient, std::log(2.), 3 * error);  // the truth within three standard errors
  EXPECT_FALSE(std::isnan(json_number(o.out, "life.age")));
  EXPECT_TRUE(std::isnan(json_number(o.out, "life.channel")));
}

TEST_F(covariates, of_both_processes_can_share_one_coefficient) {
  const outcome o = fit({"--covariates", "channel", "--equal", "channel", "--l2", ".01"});
  ASSERT_EQ(o.status, 0) << o.err;
  const double of_transactions = json_number(o.out, "transaction.channel");
  EXPECT_FALSE(std::isnan(of_transactions));
  EXPECT_NEAR(json_number(o.out, "life.channel"), of_transactions, 1e-9);
}

TEST_F(covariates, are_shrunk_by_the_penalty) {
  const outcome free = fit({"--transaction-covariates", "channel"});
  const outcome penalised = fit({"--transaction-covariates", "channel", "--l2", "10"});
  ASSERT_EQ(penalised.status, 0) << penalised.err;
  EXPECT_LT(std::abs(json_number(penalised.out, "transaction.channel")),
            .2 * std::abs(json_number(free.out, "transaction.channel")));
}

TEST_F(covariates, of_a_saved_model_are_read_by_predict) {
  const std::string file = folder_.path("m.json");
  ASSERT_EQ(fit({"--transaction-covariates", "channel", "--save-model", file}).status, 0);
  const auto predict = [&](const std::string& rows) {
    return run_clv({"predict",
                    "--model-file",
                    file,
                    "--summary",
                    folder_.file("p.csv", rows),
                    "--horizon",
                    "10",
                    "--quantities",
                    "expected_purchases"});
  };
  const outcome o = predict("x,t_x,T,channel\n2,20,30,0\n2,20,30,1\n");
  ASSERT_EQ(o.status, 0) << o.err;
  const auto rows = csv_cells(o.out);
  EXPECT_GT(to_double(rows[2][0]), to_double(rows[1][0]));
  const outcome without = predict("x,t_x,T\n2,20,30\n");
  EXPECT_EQ(without.status, 1);
  EXPECT_NE(without.err.find("channel"), std::string::npos) << without.err;
}

TEST_F(covariates, that_are_not_in_the_file_are_named) {
  const outcome o = fit({"--covariates", "height"});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.err.find("height"), std::string::npos) << o.err;
  EXPECT_NE(o.err.find("s.csv"), std::string::npos) << o.err;
}

TEST_F(covariates, that_are_no_numbers_are_named_with_row_and_value) {
  const outcome o = run_clv({"fit",
                             "--model",
                             "bg_nbd",
                             "--summary",
                             folder_.file("w.csv", "x,t_x,T,channel\n2,20,30,0\n1,10,30,web\n"),
                             "--covariates",
                             "channel"});
  EXPECT_EQ(o.status, 1);
  for (const char* words : {"w.csv", "row 2", "channel", "web"}) {
    EXPECT_NE(o.err.find(words), std::string::npos) << words << ": " << o.err;
  }
}

TEST_F(covariates, are_not_in_a_store) {
  const outcome o = run_clv({"fit", "--store", folder_.path("no.clv"), "--covariates", "channel"});
  EXPECT_EQ(o.status, 2);
  EXPECT_NE(o.err.find("--summary"), std::string::npos) << o.err;
}

TEST_F(covariates, and_priors_and_held_parameters_reach_the_fit) {
  const outcome held = fit({"--fix", "r=.5"});
  ASSERT_EQ(held.status, 0) << held.err;
  EXPECT_EQ(json_number(held.out, "r"), .5);
  const outcome drawn = fit({"--prior", "r=lognormal:3:.01", "--prior", "a=gamma:2:1"});
  ASSERT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_NEAR(std::log(json_number(drawn.out, "r")), 3, .1);
  for (const char* wrong : {"nosuch=gamma:2:1", "r=normal:1:1", "r=gamma:2"}) {
    const outcome o = fit({"--prior", wrong});
    EXPECT_NE(o.status, 0) << wrong;
    EXPECT_NE(o.err.find(std::string(wrong).substr(0, 2)), std::string::npos) << o.err;
  }
}

TEST_F(covariates, are_shown_to_people_with_limits) {
  const outcome o =
      run_clv({"fit", "--model", "bg_nbd", "--summary", summary_, "--covariates", "channel"});
  ASSERT_EQ(o.status, 0) << o.err;
  for (const char* words :
       {"standard error", "95 % from", "transaction.channel", "life.channel", "AIC", "BIC"}) {
    EXPECT_NE(o.out.find(words), std::string::npos) << words << "\n" << o.out;
  }
}

}  // namespace
}  // namespace clv::test
