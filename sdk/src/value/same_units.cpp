#include "value/same_units.hpp"

#include <string>

#include "clv/error.hpp"

namespace clv {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

[[noreturn]] void refuse(const column& c,
                         std::string_view wanted,
                         std::string_view who,
                         std::string hint) {
  throw error({.code = status::invalid,
               .column = c.name(),
               .message = "column " + quoted(c.name()) + " of the summary is in " +
                          quoted(c.unit()) + ", " + std::string(who) + " in " + quoted(wanted),
               .hint = std::move(hint)});
}

bool known_currency(std::string_view code) {
  return !code.empty() && code != "XXX";
}

}  // namespace

void require_same_units(const table& summary, const counted_in& wanted) {
  // Steps are read from n; then what t_x and T are in does not matter.
  const bool steps = wanted.unit == "period" && summary.find("n") != nullptr;
  for (const char* name : {"t_x", "T"}) {
    const column* c = steps ? nullptr : summary.find(name);
    if (c == nullptr || c->unit() == wanted.unit) continue;
    if (c->unit() != "day" && c->unit() != "week") continue;
    refuse(*c,
           wanted.unit,
           wanted.who,
           "summarise the log in " + quoted(wanted.unit) + ", or fit in " + quoted(c->unit()));
  }
  const column* spend = summary.find("mean_spend");
  if (spend == nullptr || spend->unit() == wanted.currency) return;
  if (!known_currency(spend->unit()) || !known_currency(wanted.currency)) return;
  refuse(
      *spend,
      wanted.currency,
      wanted.who,
      "summarise the log in " + quoted(wanted.currency) + ", or fit in " + quoted(spend->unit()));
}

}  // namespace clv
