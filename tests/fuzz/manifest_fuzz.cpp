// Any bytes as a plugin's manifest and the configuration it is given: refused naming the plugin, or
// taken. First line: the configuration; the rest: the manifest.
#include "clv/error.hpp"
#include "manifest.hpp"
#include "promise.hpp"

namespace {

using namespace clv;

void check_refusal(const error& e) {
  fuzz::require(e.details().code == status::invalid, "a refusal is the input's");
  fuzz::require(e.details().message.find("org.example.fuzz") != std::string::npos,
                "a refusal names the plugin",
                e.details().message);
  fuzz::require(!e.details().hint.empty(), "a refusal says what to do");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string config = fuzz::first_line(rest);
  try {
    const abi::manifest m = abi::read_manifest(rest, "org.example.fuzz");
    fuzz::require(!m.actions.empty() && m.declares(m.actions.front()), "it declares an action");
    abi::check_config(config, m, "org.example.fuzz");
  } catch (const error& e) {
    check_refusal(e);
  }
  return 0;
}
