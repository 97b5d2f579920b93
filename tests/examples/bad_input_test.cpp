// Bad input gets an exit status, the file, the row, the column and the value; never a crash.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

struct bad_file {
  std::string name;
  std::string bytes;
  std::vector<std::string> said;  // all of these are on standard error
};

void expect_failure(const outcome& o,
                    const std::vector<std::string>& said,
                    const std::string& name) {
  EXPECT_EQ(o.status, 1) << name << "\n" << o.err;
  for (const std::string& words : said) {
    EXPECT_NE(o.err.find(words), std::string::npos) << name << " lacks: " << words << "\n" << o.err;
  }
}

TEST(import_of_bad_logs, fails_with_the_place_and_leaves_no_store) {
  const std::string header = "customer,time,amount\n";
  const std::vector<bad_file> files{
      {"empty.csv", "", {"empty.csv", "is empty"}},
      {"binary.csv", std::string("\x7f\x45\x4c\x46\x02\x00\xff\xfe\x01", 9), {"binary.csv"}},
      {"nul.csv",
       header + "a,2024-01-01,1\n" + std::string("\0b", 2) + ",2024-01-01,1\n",
       {"nul.csv", "row 2", "customer"}},
      {"utf8.csv", header + "\xc3\x28,2024-01-01,1\n", {"utf8.csv", "row 1", "customer"}},
      {"column.csv",
       "customer,time\na,2024-01-01\n",
       {"column.csv", "'amount' is missing", "--map amount="}},
      {"date.csv", header + "a,2024-13-01,1\n", {"date.csv", "row 1", "time", "2024-13-01"}},
      {"future.csv", header + "a,2101-01-01,1\n", {"future.csv", "row 1", "time", "2101-01-01"}},
      {"cents.csv", header + "a,2024-01-01,1.234\n", {"cents.csv", "row 1", "amount", "1.234"}},
      {"range.csv",
       header + "a,2024-01-01,99999999999999999999\n",
       {"range.csv", "amount", "99999999999999999999"}},
  };
  const scratch folder;
  const std::string store = folder.path("new.clv");
  for (const bad_file& f : files) {
    const std::string log = folder.file(f.name, f.bytes);
    expect_failure(run_clv({"import", "--store", store, "--currency", "EUR", log}), f.said, f.name);
    EXPECT_FALSE(std::filesystem::exists(store)) << f.name;
  }
}

TEST(import_of_bad_logs, keeps_the_rest_when_rejects_are_allowed) {
  const scratch folder;
  const std::string log =
      folder.file("log.csv", "customer,time,amount\na,2024-01-01,1\nb,soon,2\nc,2024-01-03,3\n");
  const outcome o = run_clv({"import",
                             "--store",
                             folder.path("s.clv"),
                             "--max-rejects",
                             "1",
                             "--rejects",
                             folder.path("rejects.csv"),
                             "--json",
                             log});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(json_number(o.out, "accepted"), 2);
  EXPECT_EQ(json_number(o.out, "rejected"), 1);
  EXPECT_NE(read_all(folder.path("rejects.csv")).find("2,3,time,soon"), std::string::npos);
}

TEST(import_of_bad_logs, fails_when_every_row_is_rejected) {
  const scratch folder;
  const std::string store = folder.path("s.clv");
  const std::string log = folder.file("log.csv", "customer,time,amount\na,soon,1\nb,soon,2\n");
  expect_failure(run_clv({"import", "--store", store, "--max-rejects", "all", log}),
                 {"log.csv", "every row was rejected", "--rejects FILE"},
                 "log.csv");
  EXPECT_FALSE(std::filesystem::exists(store));
}

// /dev/full takes nothing, as a full disk.
TEST(output_that_cannot_be_written, is_a_failure) {
  const std::vector<std::vector<std::string>> calls{
      {"version", "--json"}, {"simulate", "--customers", "50", "--out", "-"}};
  for (const auto& call : calls) {
    const scratch folder;
    const std::string err = folder.path("err");
    EXPECT_EQ(wait_for(start_clv(call, "/dev/full", err)), 1) << call[0];
    EXPECT_NE(read_all(err).find("standard output cannot be written"), std::string::npos)
        << read_all(err);
  }
}

TEST(summaries_that_cannot_be, are_refused_by_fit_and_predict) {
  const std::vector<bad_file> files{
      {"t_x_zero.csv", "x,t_x,T\n1,1,5\n2,0,5\n", {"t_x_zero.csv", "row 2", "t_x", "x = 2"}},
      {"t_x_late.csv", "x,t_x,T\n2,6,5\n", {"t_x_late.csv", "row 1", "t_x", "6"}},
      {"negative.csv", "x,t_x,T\n0,0,-5\n", {"negative.csv", "row 1", "T", "-5"}},
      {"words.csv", "x,t_x,T\ntwo,3,5\n", {"words.csv", "row 1", "x", "two"}},
      {"not_finite.csv", "x,t_x,T\n1,nan,5\n", {"not_finite.csv", "row 1", "t_x"}},
      {"no_x.csv", "customer,T\na,5\n", {"no_x.csv", "'x' is missing"}},
      {"none.csv", "", {"none.csv", "is empty"}},
      {"header.csv", "x,t_x,T\n", {"header.csv", "the summary has no rows"}},
  };
  const scratch folder;
  for (const bad_file& f : files) {
    const std::string file = folder.file(f.name, f.bytes);
    expect_failure(
        run_clv({"fit", "--model", "bg_nbd", "--summary", file, "--json"}), f.said, f.name);
    expect_failure(run_clv({"predict",
                            "--model",
                            "bg_nbd",
                            "--params",
                            "r=1,alpha=1,a=1,b=1",
                            "--summary",
                            file,
                            "--horizon",
                            "4"}),
                   f.said,
                   f.name);
  }
}

TEST(summaries_too_poor_to_fit, give_a_status_and_a_reason) {
  const scratch folder;
  for (const char* rows : {"x,t_x,T\n2,3,5\n", "x,t_x,T\n0,0,5\n0,0,7\n0,0,9\n"}) {
    const outcome o =
        run_clv({"fit", "--model", "bg_nbd", "--summary", folder.file("s.csv", rows), "--json"});
    EXPECT_EQ(o.status, 0) << o.err;
    EXPECT_NE(o.out.find("\"status\": \"not_identified\""), std::string::npos) << o.out;
    EXPECT_EQ(o.out.find("\"reason\": \"\""), std::string::npos) << o.out;
    EXPECT_EQ(o.out.find("nan"), std::string::npos) << o.out;
  }
}

TEST(wrong_usage, ends_with_2_and_says_what_is_wrong) {
  const scratch folder;
  const std::string s = folder.file("s.csv", "x,t_x,T\n2,3,5\n");
  const std::vector<std::pair<std::vector<std::string>, std::string>> calls{
      {{}, "a command is required"},
      {{"no_such_command"}, "no_such_command"},
      {{"import", "log.csv"}, "--store"},
      {{"fit"}, "--summary"},
      {{"fit", "--model", "nosuch", "--summary", s}, "bg_nbd, gamma_gamma"},
      {{"fit", "--unit", "month", "--summary", s}, "--unit"},
      {{"predict", "--model", "bg_nbd", "--params", "r=1", "--summary", s, "--horizon", "1"},
       "alpha"},
      {{"predict",
        "--model",
        "bg_nbd",
        "--params",
        "r=one,alpha=1,a=1,b=1",
        "--summary",
        s,
        "--horizon",
        "1"},
       "r=one"},
      {{"predict",
        "--model",
        "bg_nbd",
        "--params",
        "r=1,alpha=1,a=1,b=1,c=1",
        "--summary",
        s,
        "--horizon",
        "1"},
       "'c'"},
      {{"predict",
        "--model",
        "bg_nbd",
        "--params",
        "r=1,alpha=1,a=1,b=1",
        "--summary",
        s,
        "--horizon",
        "-1"},
       "--horizon: '-1' is not a number above zero"},
      {{"score", "--log", s}, "--out"},
      {{"simulate", "--out", folder.path("x"), "--start", "yesterday"}, "--start"},
  };
  for (const auto& [arguments, words] : calls) {
    const outcome o = run_clv(arguments);
    EXPECT_EQ(o.status, 2) << words << "\n" << o.err;
    EXPECT_NE((o.err + o.out).find(words), std::string::npos) << words << "\n" << o.err;
  }
}

TEST(help, of_every_command_shows_an_example) {
  for (const char* name : {"import",
                           "summarize",
                           "backtest",
                           "report",
                           "fit",
                           "score",
                           "segment",
                           "decide",
                           "simulate",
                           "validate",
                           "version",
                           "predict"}) {
    const outcome o = run_clv({name, "--help"});
    EXPECT_EQ(o.status, 0);
    EXPECT_NE(o.out.find("Example:\n  clv " + std::string(name)), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace clv::test
