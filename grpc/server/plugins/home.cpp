#include "plugins/home.hpp"

#include "plugins/text.hpp"

namespace clvd::plugins {

void take_note(const note& said, const std::string& id, std::vector<warning>& warnings) {
  constexpr std::size_t most = 100;
  std::string text = printable(said.message);
  if (said.status == CLV_E_PLUGIN) throw plugin_failure(fault::failed, std::move(text));
  if (said.level < CLV_LOG_WARN || warnings.size() >= most) return;
  warnings.push_back({.plugin = id, .message = std::move(text)});
}

}  // namespace clvd::plugins
