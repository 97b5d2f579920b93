#include "process_state.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

extern char** environ;

namespace cli {
namespace {

std::string rounding_name() {
  switch (std::fegetround()) {
    case FE_TONEAREST:
      return "to nearest";
    case FE_UPWARD:
      return "upward";
    case FE_DOWNWARD:
      return "downward";
    case FE_TOWARDZERO:
      return "toward zero";
    default:
      return "unknown";
  }
}

std::string all_variables() {
  std::vector<std::string> variables;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) variables.emplace_back(*at);
  std::ranges::sort(variables);
  std::string all;
  for (const std::string& v : variables) all += v + "\n";
  return all;
}

std::string working_folder() {
  std::error_code failed;
  return std::filesystem::current_path(failed).string();
}

std::string umask_text() {
  const mode_t mask = umask(0);
  umask(mask);
  return std::to_string(mask);
}

std::string handler_of(int number) {
  struct sigaction action = {};
  if (sigaction(number, nullptr, &action) != 0) return "none";
  // Bits of the pointer say whether it is another function; where it lies does not matter.
  std::uintptr_t bits = 0;
  std::memcpy(&bits, &action.sa_handler, sizeof bits);
  return std::to_string(bits) + "/" + std::to_string(action.sa_flags);
}

std::string blocked_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigprocmask(SIG_BLOCK, nullptr, &set);
  std::string all;
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (sigismember(&set, number) == 1) all += std::to_string(number) + " ";
  }
  return all;
}

std::vector<std::string> names_in(const char* folder) {
  std::vector<std::string> names;
  DIR* open = opendir(folder);
  if (open == nullptr) return names;
  const std::string own = std::to_string(dirfd(open));
  while (const dirent* entry = readdir(open)) {
    if (entry->d_name[0] != '.' && entry->d_name != own) names.emplace_back(entry->d_name);
  }
  closedir(open);
  std::ranges::sort(names);
  return names;
}

std::string open_descriptors() {
  std::string all;
  for (const std::string& name : names_in("/proc/self/fd")) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink("/proc/self/fd/" + name, failed);
    all += name + " (" + target.string() + ") ";
  }
  return all;
}

std::string child_processes() {
  siginfo_t info{};
  const int found = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
  return found != 0 && errno == ECHILD ? "none" : "some";
}

}  // namespace

process_state float_state() {
  process_state state{
      {"the rounding mode", rounding_name()},
      {"the floating-point faults that stop the program", std::to_string(fegetexcept())}};
#if defined(__SSE__)
  constexpr unsigned flags = 0x3F;  // what arithmetic raised
  state.push_back({"the floating-point control word", std::to_string(_mm_getcsr() & ~flags)});
#endif
  return state;
}

process_state surroundings() {
  process_state state{{"the environment", all_variables()},
                      {"the working folder", working_folder()},
                      {"the umask", umask_text()},
                      {"the locale", std::setlocale(LC_ALL, nullptr)},
                      {"the thread's locale",
                       uselocale(nullptr) == LC_GLOBAL_LOCALE ? "the global one" : "its own"},
                      {"the signals that are blocked", blocked_signals()}};
  for (int number = 1; number < NSIG; ++number) {
    state.push_back({"the handler of signal " + std::to_string(number), handler_of(number)});
  }
  return state;
}

process_state resources() {
  return {{"the open descriptors", open_descriptors()},
          {"the number of threads", std::to_string(names_in("/proc/self/task").size())},
          {"child processes", child_processes()}};
}

std::string first_difference(const process_state& before, const process_state& after) {
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
    if (before[i].value == after[i].value) continue;
    constexpr std::size_t readable = 300;
    if (before[i].value.size() > readable || after[i].value.size() > readable) {
      return before[i].what + " is not what it was";
    }
    return before[i].what + ": before '" + before[i].value + "', after '" + after[i].value + "'";
  }
  return "";
}

}  // namespace cli
