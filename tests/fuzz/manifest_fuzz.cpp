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

// What a plugin's tables are is not looked at here, only which of them there are.
constexpr clv_action_v1 action{};
constexpr clv_feature_v1 feature{};
constexpr clv_segmentation_v1 segmentation{};

void read(std::string_view manifest, const std::string& config, const abi::capabilities& offers) {
  try {
    const abi::manifest m = abi::read_manifest(manifest, offers, "org.example.fuzz");
    fuzz::require(offers.action == nullptr || m.declares(m.actions.at(0)), "it declares an action");
    fuzz::require(offers.feature == nullptr || !m.features.empty(), "it names a feature");
    fuzz::require(offers.segmentation == nullptr || !m.segments.empty(), "it names a segment");
    abi::check_config(config, m, "org.example.fuzz");
  } catch (const error& e) {
    check_refusal(e);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string config = fuzz::first_line(rest);
  read(rest, config, {.action = &action});
  read(rest, config, {.action = &action, .feature = &feature, .segmentation = &segmentation});
  return 0;
}
