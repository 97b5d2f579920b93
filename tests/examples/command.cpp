#include "command.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace clv::test {
namespace {

// In the child: both streams into files, because two pipes would need two readers.
[[noreturn]] void become(std::vector<char*>& words,
                         const std::string& out,
                         const std::string& err) {
  const int mode = O_WRONLY | O_CREAT | O_TRUNC;
  dup2(open(out.c_str(), mode, 0600), STDOUT_FILENO);
  dup2(open(err.c_str(), mode, 0600), STDERR_FILENO);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

pid_t start_clv(const std::vector<std::string>& arguments,
                const std::string& out,
                const std::string& err,
                int ignored_signal) {
  const char* command = std::getenv("CLV_COMMAND");
  if (command == nullptr) {
    ADD_FAILURE() << "CLV_COMMAND is not set: run this test through ctest";
    return -1;
  }
  std::vector<std::string> copies{command};
  copies.insert(copies.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& word : copies) words.push_back(word.data());
  words.push_back(nullptr);
  // Ignored before the fork: no moment is left in which the signal would end the child.
  const auto before = ignored_signal == 0 ? SIG_DFL : signal(ignored_signal, SIG_IGN);
  const pid_t child = fork();
  if (child == 0) become(words, out, err);
  if (ignored_signal != 0) signal(ignored_signal, before);
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

outcome run_clv(const std::vector<std::string>& arguments) {
  const scratch said;
  const std::string out = said.path("out"), err = said.path("err");
  const pid_t child = start_clv(arguments, out, err);
  if (child < 0) return {};
  const int status = wait_for(child);
  return {status, read_all(out), read_all(err)};
}

scratch::scratch() {
  std::string pattern = (std::filesystem::temp_directory_path() / "clv-cli-XXXXXX").string();
  const char* made = mkdtemp(pattern.data());
  if (made == nullptr) throw std::runtime_error("mkdtemp failed for " + pattern);
  folder_ = made;
}

scratch::~scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string scratch::file(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::string read_all(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

std::vector<std::vector<std::string>> csv_cells(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      rows.back().push_back(line.substr(at, end - at));
      at = end + 1;
    }
  }
  return rows;
}

double json_number(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\": ";
  const std::size_t at = json.find(key);
  return at == std::string::npos ? std::nan("") : to_double(json.substr(at + key.size()));
}

double to_double(const std::string& text) {
  double value = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace clv::test
