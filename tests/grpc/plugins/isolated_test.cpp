// Plugins that misbehave, each in a process of its own: the host lives and says the right reason.
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "harness.hpp"

namespace clvd::plugins::test {
namespace {

run_outcome run_of(supervisor& s, customers& some, std::uint64_t seed = 1) {
  return s.propose(some.batch(), 1000, seed, {});
}

run_outcome run_once(const plugin_config& config, int rows = 3) {
  const ticks clock;
  supervisor s(options_for({config}), clock, no_log);
  customers some(rows);
  return run_of(s, some);
}

// What a plugin was answered when it tried something: the reason of its only proposal.
std::string tried(const std::string& plugin) {
  run_outcome out = run_once(bad_plugin(plugin));
  EXPECT_EQ(reason(out), "") << out.served_by.at(0).message;
  return out.proposals->rows() == 1 ? cell(out, "reason", 0) : "no single proposal";
}

TEST(isolated_plugin, a_good_one_serves_and_is_named) {
  run_outcome out = run_once(bad_plugin("good"));
  ASSERT_EQ(out.served_by.size(), 1u);
  EXPECT_EQ(out.served_by[0].plugin, "org.example.bad");
  EXPECT_EQ(out.served_by[0].by, "isolated") << out.served_by[0].message;
  ASSERT_EQ(out.proposals->rows(), 3);
  EXPECT_EQ(cell(out, "customer", 2), "c2");
  EXPECT_EQ(cell(out, "plugin", 2), "org.example.bad");
  EXPECT_EQ(cell(out, "reads", 2), "p_alive");
  EXPECT_FALSE(out.refused);
}

TEST(isolated_plugin, gives_the_proposals_it_gives_in_process) {
  customers some(500);
  run_outcome isolated, trusted;
  const ticks clock;
  plugin_config in_process = bad_plugin("good");
  in_process.where = mode::trusted;
  supervisor_options options = options_for({in_process});
  std::string digest;
  sealed_copy(in_process.path, digest);
  options.trusted_sha256 = {digest};
  supervisor far(options_for({bad_plugin("good")}), clock, no_log);
  supervisor near(options, clock, no_log);
  for (const std::uint64_t seed : {1u, 2u, 1u}) {
    isolated = run_of(far, some, seed);
    trusted = run_of(near, some, seed);
    ASSERT_EQ(trusted.served_by[0].by, "trusted") << trusted.served_by[0].message;
    ASSERT_EQ(isolated.proposals->rows(), 500);
    EXPECT_EQ(sha256_of(isolated.proposals->batch()), sha256_of(trusted.proposals->batch()));
  }
}

// "path:path:...", every sample plugin that was built.
std::vector<std::string> sample_plugins() {
  std::vector<std::string> paths;
  std::istringstream list(SAMPLE_PLUGINS);
  for (std::string path; std::getline(list, path, ':');) paths.push_back(path);
  return paths;
}

TEST(isolated_plugin, every_sample_says_there_what_it_says_in_process) {
  if (sample_plugins().empty()) GTEST_SKIP() << "built without the sample plugins";
  customers some(300);
  const ticks clock;
  std::int64_t proposals = 0;
  int without_actions = 0;
  for (const std::string& path : sample_plugins()) {
    plugin_config away, home;
    away.path = home.path = path;
    home.where = mode::trusted;
    supervisor_options options = options_for({home});
    options.trusted_sha256.resize(1);
    sealed_copy(path, options.trusted_sha256[0]);
    supervisor far(options_for({away}), clock, no_log), near(options, clock, no_log);
    const run_outcome there = run_of(far, some), here = run_of(near, some);
    EXPECT_EQ(reason(there), reason(here)) << path << there.served_by[0].message;
    if (there.served_by[0].message.find(" proposes nothing: it offers ") != std::string::npos) {
      EXPECT_EQ(here.served_by[0].message, there.served_by[0].message);
      ++without_actions;
      continue;
    }
    EXPECT_EQ(there.served_by[0].by, "isolated") << path << there.served_by[0].message;
    EXPECT_EQ(sha256_of(there.proposals->batch()), sha256_of(here.proposals->batch())) << path;
    proposals += there.proposals->rows();
  }
  EXPECT_GT(proposals, 0);
  EXPECT_EQ(without_actions, 2) << "buying_habits and lifecycle";
}

TEST(isolated_plugin, one_that_only_computes_features_is_refused_with_what_it_offers) {
  const run_outcome out = run_once(bad_plugin("computes_only"));
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("proposes nothing: it offers clv.feature/1, and a server "
                                          "asks for clv.action/1 alone"),
            std::string::npos)
      << out.served_by[0].message;
}

TEST(isolated_plugin, another_seed_gives_other_numbers_and_the_same_seed_the_same) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("good")}), clock, no_log);
  customers some(50);
  const std::string first = sha256_of(run_of(s, some, 1).proposals->batch());
  EXPECT_NE(sha256_of(run_of(s, some, 2).proposals->batch()), first);
  EXPECT_EQ(sha256_of(run_of(s, some, 1).proposals->batch()), first);
}

TEST(isolated_plugin, takes_no_rows_and_one_row) {
  EXPECT_EQ(run_once(bad_plugin("good"), 0).proposals->rows(), 0);
  EXPECT_EQ(run_once(bad_plugin("good"), 1).proposals->rows(), 1);
}

TEST(isolated_plugin, a_crash_is_told_with_its_signal) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("crash")}), clock, no_log);
  customers some(3);
  const run_outcome out = run_of(s, some);
  EXPECT_EQ(reason(out), "PLUGIN_CRASHED");
  EXPECT_NE(out.served_by[0].message.find("signal 11"), std::string::npos)
      << out.served_by[0].message;
  EXPECT_EQ(out.served_by[0].by, "");
  EXPECT_EQ(out.proposals->rows(), 0);
  ASSERT_TRUE(out.refused);
  EXPECT_EQ(s.states()[0].last_signal, SIGSEGV);
}

TEST(isolated_plugin, one_that_gives_up_or_exits_is_told_how) {
  const run_outcome aborted = run_once(bad_plugin("abort_in_propose"));
  EXPECT_EQ(reason(aborted), "PLUGIN_CRASHED");
  EXPECT_NE(aborted.served_by[0].message.find("SIGABRT"), std::string::npos)
      << aborted.served_by[0].message;
  const run_outcome exited = run_once(bad_plugin("exit_in_propose"));
  EXPECT_EQ(reason(exited), "PLUGIN_CRASHED");
  EXPECT_NE(exited.served_by[0].message.find("exit status 3"), std::string::npos);
  const run_outcome never_made = run_once(bad_plugin("exit_in_create"));
  EXPECT_EQ(reason(never_made), "PLUGIN_CRASHED");
  EXPECT_NE(never_made.served_by[0].message.find("exit status 7"), std::string::npos);
}

TEST(isolated_plugin, one_that_hangs_is_ended_at_its_limit) {
  plugin_config c = bad_plugin("hang");
  c.time_limit = milliseconds(100);
  EXPECT_EQ(reason(run_once(c)), "PLUGIN_TIMEOUT");
}

TEST(isolated_plugin, a_cancelled_call_ends_it_and_is_no_fault_of_its_own) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("hang")}), clock, no_log);
  s.tick();
  customers some(3);
  std::atomic<bool> cancelled{true};
  try {
    s.propose(some.batch(), 0, 0, {.cancelled = &cancelled});
    FAIL() << "not cancelled";
  } catch (const plugin_failure& e) {
    EXPECT_EQ(e.what_kind, fault::cancelled);
  }
  EXPECT_EQ(s.states()[0].crashes, 0u);
}

TEST(isolated_plugin, a_caller_in_a_hurry_is_no_fault_of_its_own) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("hang")}), clock, no_log);
  s.tick();
  customers some(3);
  const run_outcome out =
      s.propose(some.batch(), 0, 0, {.deadline = clock.now() + milliseconds(50)});
  EXPECT_EQ(reason(out), "PLUGIN_TIMEOUT");
  EXPECT_EQ(s.states()[0].crashes, 0u);
}

TEST(isolated_plugin, has_an_end_of_memory_of_its_own) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "shadow memory leaves no limit of address space";
#endif
  plugin_config c = bad_plugin("leak");
  c.memory_bytes = std::uint64_t{512} << 20;
  run_outcome out = run_once(c);
  ASSERT_EQ(reason(out), "") << out.served_by[0].message;
  EXPECT_EQ(cell(out, "reason", 0), "out of memory");
}

TEST(isolated_plugin, reaches_nothing_outside) {
  EXPECT_EQ(tried("opens_file"), "EPERM");
  EXPECT_EQ(tried("opens_socket"), "EPERM");
  EXPECT_EQ(tried("fork_bomb"), "EPERM");
  EXPECT_EQ(tried("fd_flood"), "EPERM");
  EXPECT_EQ(tried("starts_thread"), "EPERM");
}

TEST(isolated_plugin, reaches_nothing_outside_while_it_is_loaded) {
  EXPECT_EQ(tried("fork_in_create"), "EPERM");
  EXPECT_EQ(tried("writes_file_in_create"), "EPERM");
  EXPECT_EQ(tried("empties_file_in_create"), "EPERM");
  EXPECT_EQ(tried("signals_server_in_create"), "EPERM");
  EXPECT_FALSE(std::filesystem::exists("/tmp/clv-plugin-was-here"));
}

TEST(isolated_plugin, inherits_nothing) {
  ASSERT_EQ(::setenv("CLV_TEST_SECRET", "secret", 1), 0);
  const clv::worker::descriptor inheritable(::open("/dev/null", O_RDONLY));  // no O_CLOEXEC
  // The two are the memory files of the request that loads it.
  EXPECT_EQ(tried("looks_around"), "0 variables, 2 descriptors");
}

TEST(isolated_plugin, that_makes_no_second_instance_gets_a_process_for_each_run) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("once_only")}), clock, no_log);
  customers some(5);
  for (int i = 0; i < 3; ++i) {
    const run_outcome out = run_of(s, some);
    EXPECT_EQ(reason(out), "") << out.served_by[0].message;
    EXPECT_EQ(out.proposals->rows(), 5);
  }
  EXPECT_EQ(s.states()[0].crashes, 0u);
}

// In a child, to be killed: a worker that hangs, whose number is told through `to`.
[[noreturn]] void hang_in_child(int to) {
  const ticks clock;
  spawner starter;
  isolated_home where(
      {.host_program = CLV_PLUGIN_HOST, .path = bad_plugin("hang").path}, starter, clock);
  where.start({});
  const int pid = where.pid_for_tests();
  if (::write(to, &pid, sizeof pid) != sizeof pid) ::_exit(1);
  customers some(3);
  where.propose({.columns = some.batch()});
  ::_exit(1);
}

TEST(isolated_plugin, ends_with_the_server_even_while_it_hangs) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const clv::worker::descriptor from(ends[0]), to(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) hang_in_child(to.get());
  int worker = 0;
  ASSERT_EQ(::read(from.get(), &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
  const clv::worker::descriptor alive(static_cast<int>(::syscall(SYS_pidfd_open, worker, 0)));
  ASSERT_TRUE(alive);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  pollfd end{alive.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&end, 1, 30'000), 1);
}

TEST(isolated_plugin, prints_into_nothing) {
  EXPECT_EQ(run_once(bad_plugin("stdout_flood")).proposals->rows(), 3);
}

TEST(isolated_plugin, changes_only_its_own_copy_of_the_customers) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("writes_input")}), clock, no_log);
  customers some(100);
  const std::string before = sha256_of(some.batch());
  EXPECT_EQ(run_of(s, some).proposals->rows(), 100);
  EXPECT_EQ(sha256_of(some.batch()), before);
}

TEST(isolated_plugin, nonsense_is_refused_row_by_row_and_told) {
  for (const char* name : {"not_a_number", "wrong_length"}) {
    const run_outcome out = run_once(bad_plugin(name));
    EXPECT_EQ(reason(out), "") << name;
    EXPECT_EQ(out.proposals->rows(), 0) << name;
    ASSERT_EQ(out.warnings.size(), 1u) << name;
    EXPECT_NE(out.warnings[0].message.find("3 proposals refused"), std::string::npos)
        << out.warnings[0].message;
  }
}

TEST(isolated_plugin, its_own_no_is_told_in_its_words) {
  const run_outcome out = run_once(bad_plugin("says_no"));
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("the price list is out of date"), std::string::npos)
      << out.served_by[0].message;
}

TEST(isolated_plugin, one_for_a_newer_host_is_refused_with_both_versions) {
  const run_outcome out = run_once(bad_plugin("needs_newer"));
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("needs plugin ABI 1.9"), std::string::npos)
      << out.served_by[0].message;
}

TEST(isolated_plugin, a_file_that_is_not_there_is_named) {
  const run_outcome out = run_once(bad_plugin("missing"));
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("missing.so"), std::string::npos);
}

TEST(isolated_plugin, a_host_program_that_is_not_there_is_named) {
  const ticks clock;
  supervisor_options options = options_for({bad_plugin("good")});
  options.host_program = "/nowhere/clv-plugin-host";
  supervisor s(options, clock, no_log);
  customers some(1);
  const run_outcome out = run_of(s, some);
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("/nowhere"), std::string::npos);
}

TEST(isolated_plugin, lies_on_its_socket_are_not_believed) {
  for (int lie = 0; lie <= 8; ++lie) {
    const ticks clock;
    supervisor s(options_for({bad_plugin("garbage")}), clock, no_log);
    customers some(3, lie / 10.0);
    const run_outcome out = run_of(s, some);
    EXPECT_TRUE(reason(out) == "PLUGIN_FAILED" || reason(out) == "PLUGIN_CRASHED")
        << lie << ": " << reason(out) << ": " << out.served_by[0].message;
    EXPECT_EQ(out.proposals->rows(), 0) << lie;
    EXPECT_EQ(s.states()[0].crashes, 1u) << lie;
  }
}

TEST(isolated_plugin, sees_only_what_it_is_granted) {
  plugin_config c = bad_plugin("good");
  c.grant = "clv";  // but it reads p_alive
  const run_outcome out = run_once(c);
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("not granted"), std::string::npos)
      << out.served_by[0].message;
}

std::size_t open_descriptors() {
  std::size_t n = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    n += entry.exists() || true;
  }
  return n;
}

TEST(isolated_plugin, leaves_no_descriptor_behind) {
  run_once(bad_plugin("good"));
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) {
    run_once(bad_plugin("good"));
    run_once(bad_plugin("crash"));
    run_once(bad_plugin("garbage"));
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace clvd::plugins::test
