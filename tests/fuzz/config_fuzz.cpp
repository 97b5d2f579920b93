// Any bytes as clvd's configuration file: options, or a start_error that says what is wrong. Files
// that it names are looked for in an empty folder.
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "config/options.hpp"
#include "config/start_error.hpp"
#include "promise.hpp"

namespace {

using namespace clvd;
using clv::fuzz::require;

class empty_folder {
 public:
  empty_folder() {
    path_ =
        std::filesystem::exists("/dev/shm") ? "/dev/shm/clv_fuzz_XXXXXX" : "/tmp/clv_fuzz_XXXXXX";
    require(mkdtemp(path_.data()) != nullptr, "a folder");
    std::filesystem::current_path(path_);
  }
  ~empty_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file() const { return path_ + "/clvd.conf"; }

 private:
  std::string path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const empty_folder folder;
  std::string path = folder.file();
  std::ofstream(path, std::ios::binary | std::ios::trunc) << clv::fuzz::text_of(data, size);
  std::string name = "clvd", option = "--config";
  std::array<char*, 4> line{name.data(), option.data(), path.data(), nullptr};
  try {
    const options o = parse_options(3, line.data());
    require(o.config_file == path, "the file is remembered");
    require(!o.socket.empty() || !o.listen.empty(), "there is a door");
    require(o.streams >= 1 && o.memory_mib >= 16, "limits are in their ranges");
  } catch (const start_error& e) {
    require(*e.what() != '\0', "a refusal says why");
  }
  return 0;
}
