// clv version: what is running, for bug reports.
#include <cstdint>
#include <cstdio>
#include <memory>

#include "clv.h"
#include "command.hpp"
#include "failure.hpp"

namespace cli {

void add_version(CLI::App& app, action& chosen) {
  auto json = std::make_shared<bool>(false);
  CLI::App& command = *app.add_subcommand("version", "Say which version is running");
  command.add_flag("--json", *json, "Print the build's facts as JSON");
  command.footer("Example:\n  clv version --json");
  command.callback([json, &chosen] {
    chosen = [json] {
      const std::uint32_t abi = clv_abi();
      if (*json) {
        std::printf("%s\n", clv_build_info_json());
      } else {
        std::printf("clv %s, C ABI %u.%u\n", clv_version(), abi >> 16, abi & 0xFFFFu);
      }
      return static_cast<int>(exit_ok);
    };
  });
}

}  // namespace cli
