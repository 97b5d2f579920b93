// Runs the clv command of this build (environment CLV_COMMAND) and keeps what it said.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace clv::test {

struct outcome {
  int status = -1;  // exit status; 128 + n after signal n
  std::string out;
  std::string err;
};

outcome run_clv(const std::vector<std::string>& arguments);
// Starts the command with its output in these files and a signal ignored (0: none); the caller
// waits for it. -1 when CLV_COMMAND is not set.
pid_t start_clv(const std::vector<std::string>& arguments,
                const std::string& out,
                const std::string& err,
                int ignored_signal = 0);
// As the shell says it: the exit status, or 128 + n after signal n.
int wait_for(pid_t child);

// A folder of this test alone, emptied first and removed at the end of the process's scope.
class scratch {
 public:
  scratch();
  ~scratch();
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  // Writes the file and returns its path.
  std::string file(const std::string& name, const std::string& bytes) const;

 private:
  std::string folder_;
};

std::string read_all(const std::string& path);
// The lines of a CSV file without quoted cells, split at commas; the header is the first.
std::vector<std::vector<std::string>> csv_cells(const std::string& text);
// The number after "name": in JSON text, wherever it first stands; NaN when there is none.
double json_number(const std::string& json, const std::string& name);
double to_double(const std::string& text);

}  // namespace clv::test
