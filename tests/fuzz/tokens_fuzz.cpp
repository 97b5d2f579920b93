// Any bytes as the file of tokens: refused with the line, or credentials that are written and read
// again as they were.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/start_error.hpp"
#include "promise.hpp"
#include "security/token_file.hpp"

namespace {

using namespace clvd;
using clv::fuzz::require;

// A file in memory where there is such a folder: it is written thousands of times.
class scratch_file {
 public:
  scratch_file() {
    path_ =
        std::filesystem::exists("/dev/shm") ? "/dev/shm/clv_fuzz_XXXXXX" : "/tmp/clv_fuzz_XXXXXX";
    const int file = mkstemp(path_.data());
    require(file >= 0, "a scratch file");
    close(file);
  }
  ~scratch_file() { unlink(path_.c_str()); }
  const std::string& holding(std::string_view text) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
    return path_;
  }

 private:
  std::string path_;
};

bool same(const credential_entry& a, const credential_entry& b) {
  return a.name == b.name && a.sha256 == b.sha256 && a.certificate == b.certificate &&
         a.scopes == b.scopes && a.tenant == b.tenant && a.expires == b.expires;
}

void check_again(const std::string& path, const std::vector<credential_entry>& entries) {
  write_credentials(path, entries);
  const auto again = read_credentials(path);
  require(again.size() == entries.size(), "every entry is written");
  for (std::size_t i = 0; i < again.size(); ++i) {
    require(same(again[i], entries[i]), "an entry comes back", entries[i].name);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static scratch_file file;
  const std::string& path = file.holding(clv::fuzz::text_of(data, size));
  std::vector<credential_entry> entries;
  try {
    entries = read_credentials(path);
  } catch (const start_error& e) {
    require(std::string(e.what()).find("line ") != std::string::npos, "a refusal says the line");
    return 0;
  }
  check_again(path, entries);
  return 0;
}
