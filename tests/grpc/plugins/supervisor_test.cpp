// Back-off, quarantine, poison and recycling, on a clock that is moved by hand.
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "harness.hpp"

namespace clvd::plugins::test {
namespace {

class one_plugin {
 public:
  explicit one_plugin(const plugin_config& config)
      : s_(options_for({config}), clock_, [this](auto event, auto, auto, int) {
          events_.emplace_back(event);
        }) {}

  run_outcome run(customers& some) { return s_.propose(some.batch(), 0, 0, {}); }
  // Other customers each time, so that none of them is remembered as poison.
  run_outcome run_on_new() {
    customers some(1 + ++runs_);
    return run(some);
  }
  plugin_state state() const { return s_.states().at(0); }

  hand_clock clock_;
  std::vector<std::string> events_;
  supervisor s_;

 private:
  int runs_ = 0;
};

TEST(supervisor, delays_double_from_a_tenth_of_a_second_to_half_a_minute) {
  restart_policy policy;
  policy.crashes = 1000;
  crash_record past(policy);
  const instant start{milliseconds(1'000'000)};
  std::vector<std::int64_t> delays;
  for (int i = 0; i < 11; ++i) {
    past.crashed(start, "");
    delays.push_back(
        std::chrono::duration_cast<milliseconds>(past.not_before(start) - start).count());
  }
  EXPECT_EQ(delays,
            (std::vector<std::int64_t>{
                100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000}));
  past.worked();
  past.crashed(start, "");
  EXPECT_EQ(past.not_before(start), start + milliseconds(100));
}

TEST(supervisor, five_crashes_in_ten_minutes_are_quarantine_and_slower_ones_are_not) {
  crash_record fast{restart_policy{}}, slow{restart_policy{}};
  instant now{milliseconds(1'000'000)};
  for (int i = 0; i < 4; ++i) fast.crashed(now, "");
  EXPECT_FALSE(fast.quarantined(now));
  fast.crashed(now, "");
  EXPECT_TRUE(fast.quarantined(now + milliseconds(599'999)));
  EXPECT_FALSE(fast.quarantined(now + milliseconds(600'000)));
  for (int i = 0; i < 20; ++i, now += milliseconds(151'000)) slow.crashed(now, "");
  EXPECT_FALSE(slow.quarantined(now));
}

TEST(supervisor, a_crash_delays_the_next_start_and_says_for_how_long) {
  one_plugin p(bad_plugin("crash"));
  EXPECT_EQ(reason(p.run_on_new()), "PLUGIN_CRASHED");
  const run_outcome soon = p.run_on_new();
  EXPECT_EQ(reason(soon), "PLUGIN_CRASHED");
  ASSERT_TRUE(soon.refused);
  EXPECT_EQ(soon.refused->retry_after, milliseconds(100));
  EXPECT_EQ(p.state().crashes, 1u);
  EXPECT_EQ(p.state().condition, "backing_off");
  p.clock_.move(milliseconds(100));
  EXPECT_EQ(reason(p.run_on_new()), "PLUGIN_CRASHED");
  EXPECT_EQ(p.state().crashes, 2u);
}

TEST(supervisor, five_crashes_quarantine_it_for_ten_minutes) {
  one_plugin p(bad_plugin("crash"));
  for (int i = 0; i < 5; ++i) {
    p.run_on_new();
    p.clock_.move(milliseconds(5000));
  }
  EXPECT_EQ(p.state().crashes, 5u);
  EXPECT_EQ(p.state().condition, "quarantined");
  EXPECT_EQ(p.state().quarantined_for, milliseconds(595'000));
  EXPECT_EQ(reason(p.run_on_new()), "PLUGIN_QUARANTINED");
  EXPECT_EQ(p.events_.back(), "plugin_quarantined");
  p.clock_.move(milliseconds(595'000));
  EXPECT_EQ(reason(p.run_on_new()), "PLUGIN_CRASHED");
}

TEST(supervisor, the_same_customers_do_not_end_it_twice) {
  one_plugin p(bad_plugin("garbage"));
  customers poison(3, 0.0), harmless(3, 0.9);
  EXPECT_EQ(reason(p.run(poison)), "PLUGIN_FAILED");
  p.clock_.move(milliseconds(1000));
  EXPECT_EQ(reason(p.run(poison)), "PLUGIN_QUARANTINED");
  EXPECT_EQ(p.state().crashes, 1u);
  EXPECT_EQ(reason(p.run(harmless)), "");
  p.clock_.move(milliseconds(600'000));
  EXPECT_EQ(reason(p.run(poison)), "PLUGIN_FAILED");
  EXPECT_EQ(p.state().crashes, 2u);
}

TEST(supervisor, a_reload_forgives) {
  one_plugin p(bad_plugin("garbage"));
  customers poison(3, 0.0);
  p.run(poison);
  EXPECT_EQ(p.state().condition, "backing_off");
  p.s_.find("garbage")->reload();
  EXPECT_EQ(p.state().condition, "serving");
  EXPECT_EQ(reason(p.run(poison)), "PLUGIN_FAILED");
}

TEST(supervisor, one_that_is_switched_off_is_not_asked_and_not_missed) {
  one_plugin p(bad_plugin("good"));
  supervised* plugin = p.s_.find("good");
  EXPECT_EQ(reason(p.run_on_new()), "");
  plugin->set_enabled(false);
  const run_outcome off = p.run_on_new();
  EXPECT_EQ(reason(off), "PLUGIN_DISABLED");
  EXPECT_FALSE(off.refused);
  EXPECT_EQ(p.state().condition, "disabled");
  plugin->set_enabled(true);
  EXPECT_EQ(reason(p.run_on_new()), "");
  EXPECT_EQ(p.s_.find("org.example.bad"), plugin);
  EXPECT_EQ(p.s_.find("nobody"), nullptr);
}

TEST(supervisor, switching_on_ends_a_quarantine) {
  one_plugin p(bad_plugin("crash"));
  for (int i = 0; i < 5; ++i) {
    p.run_on_new();
    p.clock_.move(milliseconds(5000));
  }
  EXPECT_EQ(p.state().condition, "quarantined");
  p.s_.find("crash")->set_enabled(true);
  EXPECT_EQ(p.state().condition, "stopped");
  EXPECT_EQ(p.state().quarantined_for, milliseconds(0));
  EXPECT_EQ(reason(p.run_on_new()), "PLUGIN_CRASHED");
}

TEST(supervisor, tells_who_watches_whenever_a_plugin_becomes_ready_or_stops_being_it) {
  one_plugin p(bad_plugin("crash"));
  std::vector<bool> told;
  auto watching = p.s_.watch([&](const std::string& name, bool ready) {
    EXPECT_EQ(name, "crash");
    told.push_back(ready);
  });
  EXPECT_EQ(told, (std::vector<bool>{true}));  // nothing is known against it
  for (int i = 0; i < 5; ++i) {
    p.run_on_new();
    p.clock_.move(milliseconds(5000));
  }
  ASSERT_EQ(p.state().condition, "quarantined");
  EXPECT_FALSE(told.back());
  const std::size_t before = told.size();
  p.s_.find("crash")->reload();
  ASSERT_EQ(told.size(), before + 1);
  EXPECT_TRUE(told.back());
  p.s_.find("crash")->set_enabled(false);
  EXPECT_FALSE(told.back());
  watching.reset();
  const std::size_t last = told.size();
  p.s_.find("crash")->set_enabled(true);
  p.s_.find("crash")->reload();
  EXPECT_EQ(told.size(), last);
}

TEST(file_digest, is_computed_once_for_a_file_that_stays_the_same) {
  const std::string path = testing::TempDir() + "clv_file_digest_test." + std::to_string(getpid());
  const auto write = [&](const char* text) { std::ofstream(path, std::ios::trunc) << text; };
  file_digest digest(path);
  EXPECT_EQ(digest.now(), "");
  write("one");
  const std::string one = digest.now();
  EXPECT_EQ(one, sha256(std::as_bytes(std::span("one", 3))));
  EXPECT_EQ(digest.now(), one);
  EXPECT_EQ(digest.readings(), 1);
  write("other");
  EXPECT_NE(digest.now(), one);
  EXPECT_EQ(digest.readings(), 2);
  std::filesystem::remove(path);
  EXPECT_EQ(digest.now(), "");
}

TEST(supervisor, a_deadline_that_has_passed_starts_nothing) {
  one_plugin p(bad_plugin("good"));
  customers some(1);
  const run_outcome late = p.s_.propose(some.batch(), 0, 0, {.deadline = p.clock_.now()});
  EXPECT_EQ(reason(late), "PLUGIN_TIMEOUT");
  EXPECT_EQ(p.state().crashes, 0u);
  EXPECT_EQ(p.state().condition, "stopped");
}

TEST(supervisor, a_failing_one_costs_the_run_or_only_itself_as_configured) {
  plugin_config crash = bad_plugin("crash"), good = bad_plugin("good");
  crash.then = on_failure::fallback;
  const ticks clock;
  supervisor s(options_for({crash, good}), clock, no_log);
  customers some(4);
  const run_outcome out = s.propose(some.batch(), 0, 0, {});
  EXPECT_FALSE(out.refused);
  EXPECT_EQ(out.served_by[0].reason, "PLUGIN_CRASHED");
  EXPECT_EQ(out.served_by[1].by, "isolated");
  EXPECT_EQ(out.proposals->rows(), 4);
  EXPECT_EQ(out.warnings.size(), 1u);
}

TEST(supervisor, a_process_that_has_grown_is_replaced_when_idle) {
  plugin_config c = bad_plugin("good");
  c.recycle_rss_bytes = 1;
  one_plugin p(c);
  p.run_on_new();
  p.s_.tick();
  EXPECT_EQ(p.state().recycles, 1u);
  EXPECT_GT(p.state().used.rss_bytes, 1u);
  EXPECT_EQ(p.state().crashes, 0u);
  EXPECT_EQ(reason(p.run_on_new()), "");
}

TEST(supervisor, an_idle_one_that_works_answers_the_ping) {
  one_plugin p(bad_plugin("good"));
  p.s_.tick();
  p.clock_.move(milliseconds(60'000));
  p.s_.tick();
  EXPECT_EQ(p.state().condition, "serving");
  EXPECT_EQ(p.state().failures, 0u);
}

TEST(supervisor, an_idle_one_that_is_ended_from_outside_is_started_again) {
  const ticks clock;
  spawner starter;
  isolated_home where(
      {.host_program = CLV_PLUGIN_HOST, .path = bad_plugin("good").path}, starter, clock);
  where.start({});
  ASSERT_TRUE(where.running());
  ASSERT_EQ(::kill(where.pid_for_tests(), SIGKILL), 0);
  const instant give_up = clock.now() + milliseconds(10'000);
  while (where.running() && clock.now() < give_up) {
  }
  EXPECT_FALSE(where.running());
  EXPECT_EQ(where.start({}).id, "org.example.bad");
}

TEST(supervisor, serves_many_threads_while_it_is_switched_reloaded_and_watched) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("good")}), clock, no_log);
  supervised* plugin = s.find("good");
  std::atomic<int> good{0}, off{0}, other{0};
  const auto ask = [&] {
    customers some(20);
    for (int i = 0; i < 25; ++i) {
      const std::string why = reason(s.propose(some.batch(), 0, 0, {}));
      ++(why.empty() ? good : why == "PLUGIN_DISABLED" ? off : other);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(ask);
  threads.emplace_back([&] {
    for (int i = 0; i < 10; ++i) {
      s.tick();
      plugin->set_enabled(false);
      s.states();
      plugin->set_enabled(true);
      plugin->reload();
    }
  });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(good + off, 75);
  EXPECT_EQ(other, 0);
  EXPECT_GT(good, 0);
  EXPECT_EQ(s.states()[0].crashes, 0u);
}

TEST(supervisor, names_are_unique_and_paths_absolute) {
  const ticks clock;
  EXPECT_THROW(supervisor(options_for({bad_plugin("good"), bad_plugin("good")}), clock, no_log),
               std::invalid_argument);
  plugin_config relative = bad_plugin("good");
  relative.path = "good.so";
  EXPECT_THROW(supervisor(options_for({relative}), clock, no_log), std::invalid_argument);
  plugin_config far = bad_plugin("good");
  far.where = mode::remote;
  for (const char* address : {"example.org:443", "10.0.0.1:80", "dns:///x", "unix:relative"}) {
    far.path = address;
    EXPECT_THROW(supervisor(options_for({far}), clock, no_log), std::invalid_argument) << address;
  }
}

TEST(supervisor, tells_at_start_what_does_not_start) {
  const ticks clock;
  supervisor s(options_for({bad_plugin("needs_newer"), bad_plugin("good")}), clock, no_log);
  const auto failed = s.start_all();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].plugin, "needs_newer");
  EXPECT_EQ(failed[0].reason, "PLUGIN_FAILED");
}

TEST(trusted_plugin, only_a_listed_file_is_loaded) {
  plugin_config c = bad_plugin("good");
  c.where = mode::trusted;
  one_plugin unlisted(c);
  const run_outcome out = unlisted.run_on_new();
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("not on the list"), std::string::npos);
}

}  // namespace
}  // namespace clvd::plugins::test
