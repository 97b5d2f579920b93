// Every way to be wrong is caught by the check that is meant for it, and by its name.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "../command.hpp"

namespace clv::test {
namespace {

struct hostile_plugin {
  const char* name;   // of the file in CLV_HOSTILE_PLUGINS
  const char* check;  // that fails
  const char* says;   // somewhere in its detail
};

std::string path_to(const std::string& name) {
  return std::string(CLV_HOSTILE_PLUGINS) + "/" + name + ".so";
}

// {"check": "symbols", ... "result": "ok", "detail": "..."}
std::string member(const std::string& json, const std::string& check, const std::string& name) {
  const std::size_t at = json.find("\"check\": \"" + check + "\"");
  if (at == std::string::npos) return "(no check " + check + ")";
  const std::string key = "\"" + name + "\": \"";
  const std::size_t from = json.find(key, at) + key.size();
  std::size_t to = from;
  while (to < json.size() && json[to] != '"') to += json[to] == '\\' ? 2 : 1;
  return json.substr(from, to - from);
}

// The fixtures that the host itself is tested with, which are wrong in the same way for a
// validator.
constexpr hostile_plugin host_fixtures[] = {
    {"no_entry", "symbols", "exports no function"},
    {"throws_in_entry", "identity", "threw"},
    {"declines", "identity", "cannot run on plugin ABI"},
    {"needs_newer", "identity", "needs plugin ABI 1.4"},
    {"other_major", "identity", "was built for plugin ABI 2.0"},
    {"tiny_entry", "identity", "bytes"},
    {"short_entry", "identity", "bytes"},
    {"short_action", "identity", "bytes"},
    {"bad_id", "identity", "its id"},
    {"no_manifest", "identity", "manifest"},
    {"no_actions", "identity", "actions"},
    {"no_capability", "identity", "capability"},
    {"reads_unknown", "identity", "shoe_size"},
    {"refuses_create", "identity", "the offer catalogue is empty"},
    {"throws_in_create", "identity", "no licence file"},
    {"throws", "answers", "threw something"},
    {"flood", "answers", "per customer"},
    {"junk", "answers", "refused"},
    {"fails_late", "absurd", "too many purchases"},
    {"rounds_up", "float", "the rounding mode"},
    {"names_no_features", "identity", "features"},
    {"unchecked_config", "identity", "not checked"},
    {"junk_features", "answers", "out of range"},
    {"junk_segments", "answers", "out of range"},
    {"throws_in_segment", "answers", "threw something"},
    {"twice_fails", "absurd", "too many purchases"},
    {"looks_at_host", "poison", "beyond the end of the table clv_plugin_host"},
};

TEST(validate, names_what_is_wrong_with_every_fixture_of_the_host) {
  for (const hostile_plugin& p : host_fixtures) {
    const std::string path = std::string(CLV_ABI_FIXTURES) + "/" + p.name + ".so";
    const outcome o = run_clv({"validate", path, "--check", p.check, "--json"});
    EXPECT_EQ(o.status, 1) << p.name;
    EXPECT_EQ(member(o.out, p.check, "result"), "failed") << p.name << "\n" << o.out << o.err;
    EXPECT_NE(member(o.out, p.check, "detail").find(p.says), std::string::npos)
        << p.name << "\n"
        << member(o.out, p.check, "detail");
  }
}

class hostile : public testing::TestWithParam<hostile_plugin> {};

TEST_P(hostile, is_caught_by_the_check_meant_for_it) {
  const hostile_plugin& p = GetParam();
  const outcome o =
      run_clv({"validate", path_to(p.name), "--check", p.check, "--seconds", "10", "--json"});
  if (member(o.out, p.check, "result") == "skipped") GTEST_SKIP() << o.out;
  EXPECT_EQ(o.status, 1) << o.out << o.err;
  EXPECT_EQ(member(o.out, p.check, "result"), "failed") << o.out << o.err;
  EXPECT_NE(member(o.out, p.check, "detail").find(p.says), std::string::npos) << o.out;
}

INSTANTIATE_TEST_SUITE_P(
    plugins,
    hostile,
    testing::Values(
        hostile_plugin{"exports_more", "symbols", "clv_helper_of_mine"},
        hostile_plugin{"slow_to_load", "scan", "ms to be loaded"},
        hostile_plugin{"slow_entry", "scan", "ms to be loaded"},
        hostile_plugin{"changes_its_name", "entry", "says something else"},
        hostile_plugin{"crashes_at_other_hosts", "entry", "it crashed: Aborted"},
        hostile_plugin{"takes_longer_ids", "capabilities", "clv.action/10"},
        hostile_plugin{"takes_any_setting", "settings", "additionalProperties"},
        hostile_plugin{"unlisted_action", "answers", "hostile.other"},
        hostile_plugin{"says_no_reason", "answers", "reason"},
        hostile_plugin{"crashes", "answers", "it crashed: Aborted"},
        hostile_plugin{"exits", "answers", "exit status 3"},
        hostile_plugin{"prints", "answers", "it printed 'hello'"},
        hostile_plugin{"remembers", "repeatable", "answers otherwise"},
        hostile_plugin{"asks_the_time", "process", "another process"},
        hostile_plugin{"uses_addresses", "process", "another process"},
        hostile_plugin{"counts_rows", "independence", "depends on the other rows"},
        hostile_plugin{"looks_at_place", "order", "where it stands"},
        hostile_plugin{"fails_at_none", "empty", "no"},
        hostile_plugin{"fails_at_many", "many", "no"},
        hostile_plugin{"fails_at_absent", "absent", "status -7"},
        hostile_plugin{"fails_at_absurd", "absurd", "status -8"},
        hostile_plugin{"fails_at_absent", "missing", "without the column 'p_alive'"},
        hostile_plugin{"ignores_cancel", "cancelled", "went on for"},
        hostile_plugin{"fails_when_cancelled", "cancelled", "CLV_E_CANCELLED"},
        hostile_plugin{"one_at_a_time", "instances", "there is an instance already"},
        hostile_plugin{"remembers", "instances", "beside a second instance"},
        hostile_plugin{"waits_for_its_thread", "threads", "no"},
        hostile_plugin{"reads_newer_host", "poison", "beyond the end of the table clv_plugin_host"},
        hostile_plugin{"reads_beyond", "poison", "beyond the end of a column's values"},
        hostile_plugin{"writes", "poison", "wrote into a column's values"},
        hostile_plugin{"leaks", "memory", "did not come back"},
        hostile_plugin{"leaks_instances", "memory", "creating and destroying"},
        hostile_plugin{"rounds", "float", "the rounding mode"},
        hostile_plugin{"rounds_at_load", "float", "after loading"},
        hostile_plugin{"sets_locale", "surroundings", "the locale"},
        hostile_plugin{"sets_variable", "surroundings", "the environment"},
        hostile_plugin{"changes_folder", "surroundings", "the working folder"},
        hostile_plugin{"takes_signals", "surroundings", "signal 15"},
        hostile_plugin{"leaves_thread", "resources", "threads"},
        hostile_plugin{"leaves_descriptor", "resources", "descriptors"},
        hostile_plugin{"leaves_process", "resources", "child processes"},
        hostile_plugin{"reads_file", "effects", "touched a file (openat)"},
        hostile_plugin{"opens_socket", "effects", "opened a socket"},
        hostile_plugin{"reads_file_once", "effects", "touched a file (openat)"},
        hostile_plugin{"thread_reads_file", "effects", "touched a file (openat)"},
        hostile_plugin{"entry_throws_elsewhere", "entry", "threw 'not on this thread'"},
        hostile_plugin{"throws_at_other_hosts", "entry", "threw 'no such host'"},
        hostile_plugin{"capability_throws_elsewhere", "threads", "threw 'not on this thread'"},
        hostile_plugin{"throws_in_its_thread", "answers", "it crashed: Aborted"},
        hostile_plugin{"starts_process", "effects", "another process"}),
    [](const auto& one) { return std::string(one.param.name) + "_" + one.param.check; });

struct watched_call {
  const char* name;
  long number;
};
constexpr watched_call calls[] = {
#ifdef SYS_open
    {"rmdir", SYS_rmdir},
    {"link", SYS_link},
    {"symlink", SYS_symlink},
    {"lstat", SYS_lstat},
    {"readlink", SYS_readlink},
#endif
#ifdef SYS_renameat
    {"renameat", SYS_renameat},
#endif
    {"renameat2", SYS_renameat2},
    {"newfstatat", SYS_newfstatat},
    {"truncate", SYS_truncate},
    {"linkat", SYS_linkat},
    {"symlinkat", SYS_symlinkat},
    {"getxattr", SYS_getxattr},
    {"mknodat", SYS_mknodat},
    {"io_uring_setup", SYS_io_uring_setup},
    {"process_vm_readv", SYS_process_vm_readv},
};

// Through syscall(), as whoever wants to go round the C library does.
TEST(validate, watches_every_system_call_that_reaches_out) {
  const auto effects = [](long number) {
    const std::string value = std::to_string(number);
    setenv("HOSTILE_CALL", value.c_str(), 1);
    const outcome o = run_clv({"validate", path_to("calls"), "--check", "effects", "--json"});
    unsetenv("HOSTILE_CALL");
    return o.out;
  };
  const std::string harmless = effects(SYS_getpid);
  if (member(harmless, "effects", "result") == "skipped") GTEST_SKIP() << harmless;
  EXPECT_EQ(member(harmless, "effects", "result"), "ok") << harmless;
  for (const watched_call& c : calls) {
    const std::string said = effects(c.number);
    EXPECT_NE(member(said, "effects", "detail").find("(" + std::string(c.name) + ")"),
              std::string::npos)
        << said;
  }
#if defined(__x86_64__)
  const std::string x32 = effects(0x40000000L | SYS_getpid);
  EXPECT_NE(member(x32, "effects", "detail").find("another machine"), std::string::npos) << x32;
#endif
}

// The system lists a thread for a moment after it was joined.
TEST(validate, gives_a_thread_that_has_ended_a_moment_to_be_gone) {
  const outcome o = run_clv({"validate", path_to("thread_ends_later"), "--check", "resources"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
}

// One as a careless parent leaves it: not to be closed by exec, and beyond the usual numbers.
TEST(validate, hands_no_open_file_of_its_own_to_a_plugin) {
  const int low = dup2(STDERR_FILENO, 57), high = dup2(STDERR_FILENO, 700);
  ASSERT_EQ(low, 57);
  ASSERT_EQ(high, 700);
  const outcome o = run_clv({"validate", path_to("sees_descriptors"), "--check", "answers"});
  close(low);
  close(high);
  EXPECT_EQ(o.status, 0) << o.out << o.err;
}

TEST(validate, refuses_what_was_typed_wrongly_before_it_loads_anything) {
  const scratch folder;
  const std::string unfinished = folder.file("unfinished.json", "{\n \"a\": [1,\n}");
  const std::string misspelt =
      folder.file("misspelt.json", R"([{"name": "hostile.ask", "efect": {"lost": 1}}])");
  const std::string cut = folder.file("cut.json", std::string("[{\"name\": \0\"x.y\"}]", 19));
  const std::string object = folder.file("object.json", R"({"name": "hostile.ask"})");
  const std::string none = folder.file("none.json", "\n");
  const struct {
    std::vector<std::string> more;
    std::string says;
  } calls_and_words[] = {
      {{"--market", "--effects", unfinished}, unfinished + ": not JSON at line 3"},
      {{"--market", "--effects", misspelt},
       misspelt + ": report 'market' option 'actions[0].efect"},
      {{"--market", "--effects", cut}, cut + ": not JSON: byte 11 is zero"},
      {{"--market", "--effects", object}, object + ": effects are a list of actions"},
      {{"--market", "--effects", none}, none + ": it is empty"},
      {{"--market", "--effects", folder.path("absent.json")}, "absent.json: cannot open"},
      {{"--effects", misspelt}, "--effects goes with --market"},
      {{"--markets", "2"}, "--markets goes with --market"},
      {{"--config", "{\"a\": "}, "--config: not JSON at line 1"},
      {{"--config", ""}, "--config: it is empty"},
      {{"--market", "--effects", ""}, "--effects: it is empty"},
      {{"--config", "[]"}, "--config: settings are a JSON object"},
      {{"--config", "@" + unfinished}, unfinished + ": not JSON at line 3"},
      {{"--config", "@" + folder.path("absent.json")}, "absent.json: cannot open"},
  };
  for (const auto& [more, says] : calls_and_words) {
    std::vector<std::string> call{"validate", path_to("crashes")};  // when anybody asks it
    call.insert(call.end(), more.begin(), more.end());
    const outcome o = run_clv(call);
    EXPECT_EQ(o.status, 2) << says << "\n" << o.out << o.err;
    EXPECT_NE(o.err.find(says), std::string::npos) << o.err << "\ninstead of " << says;
    EXPECT_EQ(o.out, "") << says;
  }
}

TEST(validate, takes_settings_from_a_file) {
  const scratch folder;
  const auto settings = [&](const std::string& config) {
    return run_clv({"validate",
                    path_to("none"),
                    "--check",
                    "identity",
                    "--config",
                    "@" + folder.file("config.json", config)});
  };
  EXPECT_EQ(settings(" {}\n").status, 0);
  const outcome unknown = settings(R"({"colour": 1})");
  EXPECT_EQ(unknown.status, 1) << unknown.err;
  EXPECT_NE(unknown.out.find("'colour' is not one of its settings"), std::string::npos)
      << unknown.out;
  EXPECT_NE(unknown.out.find("hint: correct --config\n"), std::string::npos) << unknown.out;
}

TEST(validate, takes_the_plugin_of_which_the_hostile_ones_are_variants) {
  const outcome o = run_clv({"validate", path_to("none"), "--strict"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
}

TEST(validate, ends_a_check_that_hangs_and_goes_on_with_the_next) {
  const outcome o = run_clv({"validate",
                             path_to("hangs"),
                             "--seconds",
                             "1",
                             "--check",
                             "answers",
                             "--check",
                             "settings",
                             "--json"});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(member(o.out, "answers", "detail").find("it hangs"), std::string::npos) << o.out;
  EXPECT_EQ(member(o.out, "settings", "result"), "ok") << o.out;
}

// A process that a plugin started, even in a session of its own, does not outlive the command.
TEST(validate, leaves_no_process_behind) {
  const outcome o = run_clv({"validate", path_to("leaves_process"), "--check", "answers"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    std::ifstream maps(process.path() / "maps");
    for (std::string line; std::getline(maps, line);) {
      ASSERT_EQ(line.find("leaves_process.so"), std::string::npos) << process.path();
    }
  }
}

TEST(validate, stops_at_once_when_it_is_interrupted) {
  const scratch folder;
  const std::string out = folder.path("out"), err = folder.path("err");
  const pid_t command = start_clv({"validate",
                                   path_to("hangs"),
                                   "--seconds",
                                   "600",
                                   "--check",
                                   "settings",
                                   "--check",
                                   "answers"},
                                  out,
                                  err);
  ASSERT_GT(command, 0);
  while (read_all(out).find("settings") == std::string::npos) {
    ASSERT_EQ(kill(command, 0), 0) << read_all(err);
  }
  ASSERT_EQ(kill(command, SIGINT), 0);
  EXPECT_EQ(wait_for(command), 1);  // within the test's own time limit, not after ten minutes
  EXPECT_NE(read_all(err).find("clv: stopped"), std::string::npos) << read_all(err);
}

TEST(validate, runs_only_the_checks_that_are_asked_for) {
  const outcome o =
      run_clv({"validate", path_to("none"), "--check", "float", "--check", "symbols"});
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.out.rfind("ok       symbols ", 0), 0U) << o.out;
  EXPECT_NE(o.out.find("\nok       float "), std::string::npos) << o.out;
  EXPECT_EQ(o.out.find("poison"), std::string::npos) << o.out;
  const outcome unknown = run_clv({"validate", path_to("none"), "--check", "beauty"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("there is no check 'beauty'"), std::string::npos) << unknown.err;
}

TEST(validate, warns_of_a_library_that_hosts_have_too_and_refuses_it_when_strict) {
  const std::vector<std::string> call{
      "validate", path_to("links_sqlite"), "--check", "needed", "--json"};
  const outcome o = run_clv(call);
  EXPECT_EQ(o.status, 0) << o.out;
  EXPECT_EQ(member(o.out, "needed", "result"), "warning") << o.out;
  EXPECT_NE(member(o.out, "needed", "detail").find("libsqlite3.so.0"), std::string::npos) << o.out;
  std::vector<std::string> strict = call;
  strict.emplace_back("--strict");
  EXPECT_EQ(run_clv(strict).status, 1);
}

TEST(validate, compares_nothing_of_a_plugin_that_says_it_is_not_deterministic) {
  const outcome o = run_clv({"validate", path_to("says_it_differs"), "--json"});
  EXPECT_EQ(o.status, 0) << o.out;
  for (const char* check : {"repeatable", "process", "independence", "order"}) {
    EXPECT_EQ(member(o.out, check, "result"), "skipped") << o.out;
  }
  EXPECT_EQ(member(o.out, "instances", "result"), "ok") << o.out;
}

TEST(validate, runs_nothing_more_of_a_file_that_is_no_plugin) {
  const scratch folder;
  const outcome o = run_clv({"validate", folder.file("text.so", "not a library\n"), "--json"});
  EXPECT_EQ(member(o.out, "symbols", "result"), "failed") << o.out;
  EXPECT_EQ(member(o.out, "poison", "result"), "not run") << o.out;
}

TEST(validate, tries_other_customers_under_another_seed) {
  const auto digest_under = [](const char* seed) {
    const outcome o =
        run_clv({"validate", path_to("none"), "--check", "process", "--json", "--seed", seed});
    EXPECT_EQ(o.status, 0) << o.out;
    return member(o.out, "process", "detail");
  };
  EXPECT_EQ(digest_under("7"), digest_under("7"));
  EXPECT_NE(digest_under("7"), digest_under("8"));
}

TEST(validate, runs_a_check_in_its_own_process_for_a_debugger) {
  const outcome o = run_clv({"validate", path_to("rounds"), "--check", "float", "--here"});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.out.find("the rounding mode"), std::string::npos) << o.out;
}

}  // namespace
}  // namespace clv::test
