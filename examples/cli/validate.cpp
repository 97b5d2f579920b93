// clv validate: is this plugin correct? It runs in a child process with a time limit, so that a
// crash, a hang or an exit() is a finding and not the end of the command.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "text.hpp"
#include "validate_checks.hpp"

namespace cli {
namespace {

struct validate_command {
  std::string path;
  std::string config;
  int seconds = 30;
  bool json = false;
};

struct finding {
  bool holds = false;
  std::string detail;
};

// ---- In the child: one line per check, "+detail" or "-what is wrong".

std::string one_line(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

void write_all(int to, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(to, text.data() + at, text.size() - at);
    if (n <= 0) _exit(exit_failed);
    at += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void run_child(const std::vector<plugin_check>& checks, int to) {
  for (const plugin_check& check : checks) {
    std::string line;
    try {
      line = "+" + check.run();
    } catch (const std::exception& e) {
      line = std::string("-") + e.what();
    }
    write_all(to, one_line(line) + "\n");
    if (line[0] == '-') break;
  }
  _exit(exit_ok);  // no destructors: the plugin may have broken what they rely on
}

// ---- In the parent.

struct child {
  pid_t pid = -1;
  int from = -1;
};

child start(const std::vector<plugin_check>& checks) {
  int ends[2];
  if (pipe(ends) != 0) fail(std::string("pipe: ") + std::strerror(errno));
  std::fflush(nullptr);  // or both processes write what is buffered
  const pid_t pid = fork();
  if (pid < 0) fail(std::string("fork: ") + std::strerror(errno));
  if (pid == 0) {
    close(ends[0]);
    run_child(checks, ends[1]);
  }
  close(ends[1]);
  return {pid, ends[0]};
}

// The next line of the child; false when it is over or says nothing for `seconds`.
bool next_line(const child& c, std::string& buffer, int seconds, std::string& line) {
  while (buffer.find('\n') == std::string::npos) {
    pollfd watch{c.from, POLLIN, 0};
    if (poll(&watch, 1, seconds * 1000) <= 0) return false;
    char block[4096];
    const ssize_t n = read(c.from, block, sizeof block);
    if (n <= 0) return false;
    buffer.append(block, static_cast<std::size_t>(n));
  }
  line = buffer.substr(0, buffer.find('\n'));
  buffer.erase(0, line.size() + 1);
  return true;
}

// What became of a child that stopped reporting before its last check.
std::string ending(const child& c, int seconds) {
  int status = 0;
  // It may still be on its way out: a closed pipe comes a moment before the process is gone.
  pollfd watch{c.from, POLLIN, 0};
  const bool silent = poll(&watch, 1, 0) == 0;
  if (silent) {
    kill(c.pid, SIGKILL);
    waitpid(c.pid, &status, 0);
    return "nothing happened for " + std::to_string(seconds) + " seconds: it hangs";
  }
  waitpid(c.pid, &status, 0);
  if (WIFSIGNALED(status)) {
    return std::string("it crashed: ") + strsignal(WTERMSIG(status));
  }
  return "it ended the process with exit status " + std::to_string(WEXITSTATUS(status));
}

std::vector<finding> watch(const std::vector<plugin_check>& checks, int seconds) {
  const child c = start(checks);
  std::vector<finding> findings;
  std::string buffer;
  for (std::string line; findings.size() < checks.size();) {
    if (!next_line(c, buffer, seconds, line)) {
      findings.push_back({false, ending(c, seconds)});
      close(c.from);
      return findings;
    }
    findings.push_back({line[0] == '+', line.substr(1)});
    if (line[0] == '-') break;
  }
  close(c.from);
  waitpid(c.pid, nullptr, 0);
  return findings;
}

void print_text(const std::vector<plugin_check>& checks, const std::vector<finding>& findings) {
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const bool was_run = i < findings.size();
    const char* mark = !was_run ? "not run" : findings[i].holds ? "ok" : "FAILED";
    std::printf("%-8s %s\n", mark, checks[i].name.c_str());
    if (was_run && !findings[i].detail.empty()) {
      std::printf("         %s\n", fitted(findings[i].detail, 1000).c_str());
    }
  }
}

void print_json(const validate_command& o,
                const std::vector<plugin_check>& checks,
                const std::vector<finding>& findings,
                bool valid) {
  json_array list;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    json_object one;
    const bool was_run = i < findings.size();
    one.add("check", checks[i].name);
    one.add("result", !was_run ? "not run" : findings[i].holds ? "ok" : "failed");
    one.add("detail", was_run ? findings[i].detail : "");
    list.add_json(one.text());
  }
  json_object json;
  json.add("plugin", o.path).add("valid", valid).add_json("checks", list.text());
  std::printf("%s\n", json.text().c_str());
}

int run_validate(const validate_command& o) {
  const std::vector<plugin_check> checks = checks_for(o.path, o.config);
  const std::vector<finding> findings = watch(checks, o.seconds);
  const bool valid = findings.size() == checks.size() && findings.back().holds;
  if (o.json) {
    print_json(o, checks, findings, valid);
  } else {
    print_text(checks, findings);
    std::printf("%s %s\n", o.path.c_str(), valid ? "is a valid plugin" : "is not valid");
  }
  return valid ? exit_ok : exit_failed;
}

}  // namespace

void add_validate(CLI::App& app, action& chosen) {
  auto o = std::make_shared<validate_command>();
  CLI::App& command = *app.add_subcommand("validate", "Check a plugin, in a process of its own");
  command.add_option("plugin", o->path, "The plugin")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("PLUGIN.so");
  command.add_option("--config", o->config, "Its settings, a JSON object");
  command.add_option("--seconds", o->seconds, "How long one check may take")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command.add_flag("--json", o->json, "Print the checklist as JSON");
  command.footer("Example:\n  clv validate winback.so --config '{\"discount_minor\": 300}'");
  command.callback([o, &chosen] { chosen = [o] { return run_validate(*o); }; });
}

}  // namespace cli
