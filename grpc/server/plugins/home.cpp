#include "plugins/home.hpp"

#include "plugins/text.hpp"

namespace clvd::plugins {

void require_actions(const description& says, const std::string& capabilities) {
  if (!says.actions.empty()) return;
  throw plugin_failure(fault::failed,
                       "plugin " + says.id + " proposes nothing: it offers " + capabilities +
                           ", and a server asks for clv.action/1 alone. Features and segments by "
                           "plugins are made in a host's own process, or by clv segment");
}

void take_note(const note& said, const std::string& id, std::vector<warning>& warnings) {
  constexpr std::size_t most = 100;
  std::string text = printable(said.message);
  if (said.status == CLV_E_PLUGIN) throw plugin_failure(fault::failed, std::move(text));
  if (said.level < CLV_LOG_WARN || warnings.size() >= most) return;
  warnings.push_back({.plugin = id, .message = std::move(text)});
}

}  // namespace clvd::plugins
