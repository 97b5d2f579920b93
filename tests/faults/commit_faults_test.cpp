// The short transactions beside ingest: an alias that is swapped, decisions that are stored, a
// customer who is forgotten. Killed at a call that changes a file, each is done or not begun. Later
// calls are many and alike: some of them, and with CLV_KILLS set more.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "child.hpp"
#include "crm.hpp"
#include "deadly_disk.hpp"
#include "store_files.hpp"

using namespace clv;
using clv::test::in_child;
using clv::test::integrity;

namespace {

struct commit {
  const char* name;
  std::function<void(engine&, const std::string& path)> run;
  int calls;  // that change a file, at least: what it is killed at
};

void PrintTo(const commit& c, std::ostream* to) {
  *to << c.name;
}

constexpr const char* another_model =
    R"({"format":"clv.model/1","unit":"week","currency":"EUR","purchase":{"model":"nbd",)"
    R"("parameters":{"r":1.5,"alpha":9}}})";

void prepare(const std::string& path) {
  engine e({.path = path});
  test::fill(e);
  e.add_model(load_model(another_model), 0);
  e.set_alias({.alias = "production", .model = "1", .unchecked = true});
}

void promote(engine& e, const std::string&) {
  e.set_alias({.alias = "production", .model = "2", .etag = 1, .now_us = test::crm_now});
}

void import(engine& e, const std::string&) {
  e.add_model(load_model(another_model), test::crm_now);
}

void adopt_decisions(engine& e, const std::string& path) {
  engine reader({.path = path, .read_only = true});
  test::crm_mailer mailer;
  job decided = reader.decide({&mailer}, {.now_us = test::crm_now + us_per_day});
  decided.run();
  e.adopt(decided).run();
}

void forget(engine& e, const std::string&) {
  e.forget_customer("c1000").run();
}

// Everything that can be read, aliases and models too.
std::string state_of(const std::string& path) {
  engine e({.path = path, .read_only = true});
  return e.read("aliases")->fingerprint() + e.read("models")->fingerprint() +
         test::content_of(path);
}

// Says on the pipe that the commit was acknowledged.
int run_and_die(const commit& c, const std::string& path, int at, int to) {
  test::deadly_disk hooks(at, at % 2 == 0);
  const test::disk between(hooks);
  engine e({.path = path});
  c.run(e, path);
  const char acknowledged = 1;
  return write(to, &acknowledged, 1) == 1 ? 0 : 1;
}

struct commit_faults_died {
  int status = 0;
  bool acknowledged = false;
};

commit_faults_died kill_at(const commit& c, const std::string& path, int at) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  const int status = in_child([&] { return run_and_die(c, path, at, ends[1]); });
  close(ends[1]);
  char said = 0;
  const bool acknowledged = read(ends[0], &said, 1) == 1;
  close(ends[0]);
  return {status, acknowledged};
}

class killed_commit : public testing::TestWithParam<commit> {
 protected:
  void SetUp() override {
    prepare(first_);
    begin_anew();
    before_ = state_of(path_);
  }
  void begin_anew() const {
    for (const char* side : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path_ + side);
    std::filesystem::copy_file(first_, path_);
  }

  const test::quick_disk disk_;  // a killed process takes no written byte along
  const test::temp_folder folder_;
  const std::string first_ = folder_.file("first.clv"), path_ = folder_.file("a.clv");
  std::string before_;
};

TEST_P(killed_commit, at_any_call_is_whole_or_not_begun) {
  {
    engine e({.path = path_});
    GetParam().run(e, path_);
  }
  const std::string after = state_of(path_);
  ASSERT_NE(after, before_);
  int deaths = 0, unacknowledged = 0;
  const int later = std::getenv("CLV_KILLS") == nullptr ? 25 : 5;
  for (int at = 1;; at += at < 16 ? 1 : later) {
    begin_anew();
    const commit_faults_died d = kill_at(GetParam(), path_, at);
    ASSERT_TRUE(d.status == 0 || d.status == 1000 + SIGKILL) << d.status;
    ASSERT_EQ(integrity(path_), "ok") << "at call " << at;
    { engine writer({.path = path_}); }  // no lock is left behind, and the log is played back
    const std::string now = state_of(path_);
    ASSERT_TRUE(now == after || (!d.acknowledged && now == before_)) << "at call " << at;
    if (d.status == 0) break;
    ++deaths;
    unacknowledged += now == before_ ? 1 : 0;
  }
  EXPECT_GE(deaths, GetParam().calls);
  EXPECT_GT(unacknowledged, 0);
}

INSTANTIATE_TEST_SUITE_P(of,
                         killed_commit,
                         testing::Values(commit{"a_promotion", promote, 5},
                                         commit{"an_imported_model", import, 5},
                                         commit{"adopted_decisions", adopt_decisions, 10},
                                         commit{"a_forgotten_customer", forget, 10}),
                         [](const auto& given) { return std::string(given.param.name); });

}  // namespace
