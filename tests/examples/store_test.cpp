// The commands that share a store: import, fit, score, segment, decide.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// A store with a simulated log, not fitted yet.
struct shop {
  scratch folder;
  std::string log = folder.path("log.csv");
  std::string store = folder.path("shop.clv");

  shop() {
    EXPECT_EQ(run_clv({"simulate", "--customers", "600", "--seed", "5", "--out", log}).status, 0);
    EXPECT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  }
  outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--store", store});
    return run_clv(arguments);
  }
};

TEST(store, goes_from_a_log_to_decisions) {
  const shop s;
  const std::string decisions = s.folder.path("decisions.csv");
  ASSERT_EQ(s.run({"fit"}).status, 0);
  ASSERT_EQ(s.run({"score", "--discount", ".1", "--margin", ".3"}).status, 0);
  ASSERT_EQ(s.run({"segment"}).status, 0);
  const outcome o = s.run({"decide", "--margin", ".3", "--out", decisions});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_NE(o.out.find("The most valuable customers"), std::string::npos);
  EXPECT_NE(o.out.find("customers get an action"), std::string::npos);
  const std::string csv = read_all(decisions);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 601);
}

TEST(store, gives_the_same_scores_as_the_stateless_path) {
  const shop s;
  const std::string stored = s.folder.path("stored.csv"),
                    stateless = s.folder.path("stateless.csv");
  ASSERT_EQ(s.run({"fit"}).status, 0);
  ASSERT_EQ(s.run({"score", "--out", stored}).status, 0);
  ASSERT_EQ(run_clv({"score", "--log", s.log, "--currency", "EUR", "--out", stateless}).status, 0);
  const auto a = csv_cells(read_all(stored)), b = csv_cells(read_all(stateless));
  ASSERT_EQ(a.size(), 601U);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t column = 0; column < b[0].size(); ++column) {
    const auto same = std::find(a[0].begin(), a[0].end(), b[0][column]);
    ASSERT_NE(same, a[0].end()) << b[0][column];
    const auto at = static_cast<std::size_t>(same - a[0].begin());
    for (std::size_t row = 1; row < a.size(); ++row) {
      ASSERT_EQ(a[row][at], b[row][column]) << b[0][column] << " of row " << row;
    }
  }
}

TEST(store, is_unchanged_by_an_import_that_fails) {
  const shop s;
  const std::string bad =
      s.folder.file("bad.csv", "customer,time,amount\nnew,2024-01-01,5\nnew,never,5\n");
  const std::string before = s.folder.path("before.csv"), after = s.folder.path("after.csv");
  ASSERT_EQ(s.run({"fit"}).status, 0);
  ASSERT_EQ(s.run({"score", "--out", before}).status, 0);
  const outcome o = s.run({"import", bad});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.err.find("never"), std::string::npos) << o.err;
  ASSERT_EQ(s.run({"fit"}).status, 0);
  ASSERT_EQ(s.run({"score", "--out", after}).status, 0);
  EXPECT_EQ(read_all(before), read_all(after));
}

TEST(store, knows_the_events_of_a_log_that_is_imported_again) {
  const shop s;
  const outcome again = s.run({"import", "--currency", "EUR", "--json", s.log});
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(json_number(again.out, "accepted"), 0);
  EXPECT_GT(json_number(again.out, "duplicates"), 600);
}

TEST(store, warns_of_a_log_whose_events_it_cannot_know_again) {
  const scratch folder;
  const std::string store = folder.path("s.clv");
  const std::string log = folder.file("log.csv", "customer,time,amount\na,2024-01-01,5\n");
  const outcome first = run_clv({"import", "--store", store, log});
  EXPECT_EQ(first.err, "");
  const outcome second = run_clv({"import", "--store", store, log, "--json"});
  EXPECT_EQ(second.status, 0);
  for (const std::string& said : {second.err, second.out}) {
    EXPECT_NE(said.find("the log has no event_id: importing this file again would count it again"),
              std::string::npos)
        << said;
  }
}

// Two rows of one id: the second and the fourth of the file, whose third is rejected.
TEST(store, names_the_log_and_its_own_row_in_a_conflict) {
  const scratch folder;
  const std::string log = folder.file("conflict.csv",
                                      "customer,time,amount,event_id\n"
                                      "z,2024-01-01,1,e0\na,2024-01-01,1,e1\n"
                                      "b,never,1,e2\nc,2024-01-01,1,e1\n");
  const outcome o = run_clv({"import", "--store", folder.path("s.clv"), "--max-rejects", "1", log});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.err.find("conflict.csv: row 4, column 'event_id'"), std::string::npos) << o.err;
  EXPECT_NE(o.err.find("is in row 2 with other content"), std::string::npos) << o.err;
}

TEST(store, says_which_step_is_missing) {
  const shop s;
  for (const char* command : {"score", "segment", "decide"}) {
    const outcome o = s.run({command});
    EXPECT_EQ(o.status, 1) << command;
    EXPECT_NE(o.err.find("shop.clv"), std::string::npos) << o.err;
    EXPECT_NE(o.err.find("run `clv "), std::string::npos) << o.err;
  }
  const outcome none = run_clv({"fit", "--store", s.folder.path("none.clv")});
  EXPECT_EQ(none.status, 1);
  EXPECT_NE(none.err.find("there is no such store"), std::string::npos) << none.err;
}

TEST(store, of_another_program_is_not_touched) {
  const shop s;
  const std::string other = s.folder.file("other.clv", "somebody else's notes\n");
  EXPECT_EQ(run_clv({"import", "--store", other, s.log}).status, 1);
  EXPECT_EQ(read_all(other), "somebody else's notes\n");
}

}  // namespace
}  // namespace clv::test
