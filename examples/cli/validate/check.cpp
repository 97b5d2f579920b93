#include "check.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "check_groups.hpp"
#include "direct_plugin.hpp"
#include "market_trial.hpp"

namespace cli {
namespace {

int told_descriptor = STDERR_FILENO;

finding try_market(const subject& s) {
  if (find_capability(call_plugin_entry(find_plugin_entry(s.path), CLV_ABI_TARGET),
                      CLV_CAP_ACTION_1) == nullptr) {
    return {verdict::skipped, "it does not offer " CLV_CAP_ACTION_1 ", so it proposes nothing"};
  }
  const trial t = try_in_markets(s);
  std::string answer = s.market.json ? trial_json(t) : trial_text(t);
  std::ranges::replace(answer, '\n', line_break);
  return {verdict::ok, answer};
}

}  // namespace

const std::vector<plugin_check>& all_checks() {
  static const std::vector<plugin_check> all = [] {
    std::vector<plugin_check> list;
    for (const auto& group : {file_checks(), entry_checks(), answer_checks(), conduct_checks()}) {
      list.insert(list.end(), group.begin(), group.end());
    }
    return list;
  }();
  return all;
}

const plugin_check& market_check() {
  static const plugin_check check{
      .name = "market", .title = "what it earns in simulated markets", .run = try_market};
  return check;
}

const plugin_check* find_check(const std::string& name) {
  if (name == market_check().name) return &market_check();
  const auto at = std::ranges::find(all_checks(), name, &plugin_check::name);
  return at == all_checks().end() ? nullptr : &*at;
}

void tell_at_once_to(int descriptor) {
  told_descriptor = descriptor;
}

// The line of a failed check, as a child writes it: "-" and the sentence.
void tell_at_once(const char* sentence) {
  for (const char* part : {"-", sentence, "\n"}) {
    if (write(told_descriptor, part, std::strlen(part)) < 0) return;
  }
}

}  // namespace cli
