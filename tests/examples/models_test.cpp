// clv models, and the commands that name one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// A store with two fits of one log.
struct shop {
  scratch folder;
  std::string log = folder.path("log.csv");
  std::string store = folder.path("shop.clv");

  shop() {
    EXPECT_EQ(run_clv({"simulate", "--customers", "400", "--seed", "5", "--out", log}).status, 0);
    EXPECT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
    EXPECT_EQ(run_clv({"fit", "--store", store}).status, 0);
    EXPECT_EQ(run_clv({"fit", "--store", store, "--model", "nbd+gamma_gamma"}).status, 0);
  }
  outcome models(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"models", store});
    return run_clv(arguments);
  }
  // The scores of the customers as a CSV file's text.
  std::string scored(std::vector<std::string> arguments) const {
    const std::string out = folder.path("scores.csv");
    arguments.insert(arguments.begin(), {"score", "--store", store, "--out", out});
    const outcome o = run_clv(arguments);
    EXPECT_EQ(o.status, 0) << o.err;
    return read_all(out);
  }
};

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(models, fit_tells_the_number_it_keeps_the_model_under) {
  const shop s;
  EXPECT_TRUE(says(run_clv({"fit", "--store", s.store}).out, "kept as model 3"));
  const outcome json = run_clv({"fit", "--store", s.store, "--json"});
  EXPECT_TRUE(says(json.out, "\"kept_as\": \"4\"")) << json.out;
  const std::string summary = s.folder.path("summary.csv");
  ASSERT_EQ(run_clv({"summarize", "--log", s.log, "--out", summary}).status, 0);
  EXPECT_FALSE(says(run_clv({"fit", "--summary", summary}).out, "kept as"));
}

TEST(models, are_listed_with_their_aliases) {
  const shop s;
  ASSERT_EQ(s.models({"--promote", "production=1"}).status, 0);
  const outcome o = s.models();
  EXPECT_EQ(o.status, 0) << o.err;
  for (const char* words : {"bg_nbd+gamma_gamma", "nbd+gamma_gamma", "converged", "production"}) {
    EXPECT_TRUE(says(o.out, words)) << words << ": " << o.out;
  }
  const outcome json = s.models({"--json"});
  EXPECT_TRUE(says(json.out, "\"alias\": \"production\"")) << json.out;
  EXPECT_EQ(json_number(json.out, "etag"), 1);
}

TEST(models, of_a_store_without_one_say_how_to_get_one) {
  const scratch folder;
  const std::string log = folder.file("log.csv", "customer,time,amount\na,2024-01-01,5\n");
  const std::string store = folder.path("s.clv");
  ASSERT_EQ(run_clv({"import", "--store", store, log}).status, 0);
  const outcome o = run_clv({"models", "--store", store});
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(says(o.out, "has no model yet: clv fit")) << o.out;
}

TEST(models, score_takes_the_one_that_is_promoted) {
  const shop s;
  const std::string by_one = s.scored({"--model", "1", "--summarize"});
  const std::string by_two = s.scored({"--model", "2"});
  EXPECT_NE(by_one, by_two);
  ASSERT_EQ(s.models({"--promote", "production=1"}).status, 0);
  EXPECT_EQ(s.scored({"--model", "production"}), by_one);
  ASSERT_EQ(s.models({"--promote", "production=2"}).status, 0);
  EXPECT_EQ(s.scored({"--model", "production"}), by_two);
  ASSERT_EQ(s.models({"--rollback", "production"}).status, 0);
  EXPECT_EQ(s.scored({"--model", "production"}), by_one);
  EXPECT_EQ(s.scored({}), by_two) << "the latest";
}

TEST(models, score_counts_the_log_as_of_a_day) {
  const shop s;
  const std::string apart = s.folder.path("apart.csv");
  const std::string model = s.folder.path("model.json");
  ASSERT_EQ(
      run_clv({"fit", "--store", s.store, "--time-zone", "Europe/Kyiv", "--save-model", model})
          .status,
      0);
  ASSERT_EQ(run_clv({"score",
                     "--log",
                     s.log,
                     "--currency",
                     "EUR",
                     "--time-zone",
                     "UTC",
                     "--model-file",
                     model,
                     "--as-of",
                     "2024-06-30",
                     "--out",
                     apart})
                .status,
            0);
  const auto stored = csv_cells(s.scored({"--summarize", "--as-of", "2024-06-30"}));
  EXPECT_EQ(stored.size(), csv_cells(read_all(apart)).size());
  const outcome o = run_clv({"score", "--store", s.store, "--as-of", "2024-06-30"});
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(says(o.err, "needs --summarize")) << o.err;
  EXPECT_EQ(run_clv({"score", "--log", s.log, "--summarize", "--out", apart}).status, 2);
}

TEST(models, what_cannot_be_promoted_is_refused_with_the_reason) {
  const shop s;
  const outcome unknown = s.models({"--promote", "production=9"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(says(unknown.err, "no model '9'")) << unknown.err;
  const outcome nowhere = s.models({"--rollback", "production"});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_TRUE(says(nowhere.err, "nothing to go back to")) << nowhere.err;
  const outcome old = s.models({"--promote", "production=1", "--max-age", "0.001"});
  EXPECT_EQ(old.status, 1);
  EXPECT_TRUE(says(old.err, "too old")) << old.err;
  for (const char* wrong : {"production", "production=", "=1"}) {
    EXPECT_NE(s.models({"--promote", wrong}).status, 0) << wrong;
  }
  ASSERT_EQ(s.models({"--retire", "1"}).status, 0);
  EXPECT_TRUE(says(s.models({"--promote", "production=1"}).err, "retired"));
  EXPECT_TRUE(says(run_clv({"score", "--store", s.store, "--model", "1"}).err, "retired"));
  ASSERT_EQ(s.models({"--promote", "production=2"}).status, 0);
  EXPECT_TRUE(says(s.models({"--retire", "2"}).err, "named by alias 'production'"));
}

TEST(models, from_a_file_are_kept_beside_the_fitted_ones) {
  const shop s;
  const std::string file = s.folder.file("given.json",
                                         R"({"format":"clv.model/1","currency":"EUR","purchase":)"
                                         R"({"model":"nbd","parameters":{"r":1.5,"alpha":9}}})");
  const outcome o = s.models({"--add", file, "--promote", "outside=3"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(says(o.out, "given")) << o.out;
  EXPECT_TRUE(says(s.scored({"--model", "outside"}), "p_alive"));
}

}  // namespace
}  // namespace clv::test
