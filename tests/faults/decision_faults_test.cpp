// Writers of facts, decisions and forgetting, killed in the middle: nothing of theirs is there, or
// all of it, and the chain of receipts holds.
#include <csignal>
#include <filesystem>
#include <functional>
#include <map>

#include "child.hpp"
#include "crm.hpp"

using namespace clv;
using clv::test::in_child;
using clv::test::integrity;

namespace {

using verb = std::function<job(engine&, const std::string& path)>;

// Dies by SIGKILL after that many steps; 0 when the job ended before.
int run_and_die(const std::string& path, const verb& begin, int steps) {
  engine e({.path = path});
  job j = begin(e, path);
  for (int i = 0; i < steps; ++i) {
    if (j.step(std::chrono::milliseconds{1})) return 0;
  }
  return raise(SIGKILL);
}

// Rows of every table that may be read, and how many receipts replay.
std::map<std::string, std::int64_t> state_of(const std::string& path) {
  engine e({.path = path, .read_only = true});
  std::map<std::string, std::int64_t> state;
  for (const char* name : {"transactions", "decision_log", "decisions", "proposals", "contacts"}) {
    state[name] = static_cast<std::int64_t>(e.read(name)->rows());
  }
  state["answers"] = e.answer("asked") ? 1 : 0;
  job again = e.replay();
  again.run();
  for (const std::int64_t m : again.result().tables.at("")->integers("matches", type::i64)) {
    state["replayed"] += m;
  }
  return state;
}

struct ended {
  int killed = 0;
  std::map<std::string, std::int64_t> before, after;
};

// Kills `begin` on copies of the store after 1, 2, ... steps until it once runs to its end.
ended kill_at_every_step(const verb& begin, int stride) {
  const test::temp_folder folder;
  const std::string whole = folder.file("whole.clv"), path = folder.file("a.clv");
  {
    engine e({.path = whole});
    test::fill(e);
  }
  ended out{.before = state_of(whole)};
  for (int steps = 1;; steps += stride) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    std::filesystem::copy_file(whole, path);
    const int end = in_child([&] { return run_and_die(path, begin, steps); });
    EXPECT_TRUE(end == 0 || end == 1000 + SIGKILL) << end;
    EXPECT_EQ(integrity(path), "ok");
    {
      engine writer({.path = path});  // no lock is left behind, and the log is played back
    }
    const auto now = state_of(path);
    EXPECT_EQ(now.at("replayed"), now.at("decision_log")) << "after " << steps << " steps";
    if (end == 0) {
      out.after = now;
      return out;
    }
    // Killed after its commit all of it is there.
    if (now != out.before) out.after = now;
    ++out.killed;
  }
}

}  // namespace

TEST(killed_writer, of_facts_leaves_nothing_or_all_of_them) {
  std::vector<std::string> rows;
  for (int i = 0; i < 20000; ++i) {
    rows.push_back("n" + std::to_string(i) + ",9,email,sent,k" + std::to_string(i));
  }
  const auto batch = test::facts_of("contacts", "customer,time,channel,kind,event_id", rows);
  const ended e = kill_at_every_step(
      [&](engine& to, auto&) { return to.record("contacts", batch, {.source = "crm"}); }, 3);
  EXPECT_GT(e.killed, 0);
  EXPECT_EQ(e.after.at("contacts"), e.before.at("contacts") + 20000);
}

TEST(killed_writer, of_decisions_leaves_the_chain_of_before_or_a_longer_one) {
  test::crm_mailer m;
  const ended e = kill_at_every_step(
      [&m](engine& to, auto&) { return to.decide({&m}, {.now_us = test::crm_now + us_per_day}); },
      1);
  EXPECT_GT(e.killed, 0);
  EXPECT_EQ(e.after.at("decision_log"), e.before.at("decision_log") + 300);
}

TEST(killed_writer, of_an_answered_decision_leaves_both_or_none) {
  test::crm_mailer m;
  const request_answer said{.key = "asked", .bytes = std::string(300000, 'a')};
  const ended e = kill_at_every_step(
      [&](engine& to, const std::string& path) {
        engine reader({.path = path, .read_only = true});
        job made = reader.decide({&m}, {.now_us = test::crm_now + us_per_day});
        made.run();
        return to.adopt(made, said);
      },
      1);
  EXPECT_GT(e.killed, 0);
  EXPECT_EQ(e.before.at("answers"), 0);
  EXPECT_EQ(e.after.at("answers"), 1);
  EXPECT_EQ(e.after.at("decision_log"), e.before.at("decision_log") + 300);
}

TEST(killed_writer, of_a_forgotten_customer_leaves_the_customer_or_a_tombstone) {
  const ended e =
      kill_at_every_step([](engine& to, auto&) { return to.forget_customer("c1000"); }, 1);
  EXPECT_GT(e.killed, 0);
  EXPECT_EQ(e.after.at("decision_log"), e.before.at("decision_log"));
  EXPECT_LT(e.after.at("transactions"), e.before.at("transactions"));
  EXPECT_EQ(e.after.at("decisions"), e.before.at("decisions") - 1);
}
