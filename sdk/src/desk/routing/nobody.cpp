// Which rule left nobody for a ticket, as a sentence.
#include <array>

#include "desk/routing/matching.hpp"

namespace clv::desk {
namespace {

constexpr std::size_t rules = refusal_codes.size();
using failures = std::array<std::size_t, rules>;

constexpr std::size_t at(refusal r) {
  return static_cast<std::size_t>(r);
}

struct lasting_rule {
  refusal rule;
  std::string one, many;  // "speaks de", "speak de"
};

std::array<lasting_rule, 3> lasting_rules(const demand& d) {
  return {{{refusal::skill, "has skill '" + d.skill + "'", "have skill '" + d.skill + "'"},
           {refusal::language, "speaks " + d.language, "speak " + d.language},
           {refusal::channel, "works on " + d.channel, "work on " + d.channel}}};
}

std::string state_of(refusal r, const demand& d) {
  switch (r) {
    case refusal::silent:
      return "had it and did not answer";
    case refusal::absent:
      return "absent";
    case refusal::away:
      return "away";
    case refusal::hours:
      return "outside working hours";
    case refusal::capacity:
      return "at capacity on " + d.channel;
    case refusal::max_tickets:
      return "at max_tickets";
    default:
      return "fit";
  }
}

std::string agents_who(std::size_t n, const lasting_rule& r, bool first) {
  const std::string whom = first ? (n == 1 ? " agent " : " agents ") : " of them ";
  return std::to_string(n) + whom + (n == 1 ? r.one : r.many);
}

// "all are at capacity on chat", "1 is absent, 2 are at capacity on chat".
std::string what_holds_them(const failures& failed, const demand& d, std::size_t left) {
  std::string text;
  for (std::size_t r = at(refusal::silent); r < rules; ++r) {
    if (failed[r] == 0) continue;
    const auto rule = static_cast<refusal>(r);
    const bool had = rule == refusal::silent;
    const std::string is = had ? " " : failed[r] == 1 ? " is " : " are ";
    const std::string n = failed[r] == left && left > 1 ? "all" : std::to_string(failed[r]);
    if (!text.empty()) text += ", ";
    text.append(n).append(is).append(state_of(rule, d));
  }
  return text;
}

}  // namespace

no_match nobody_because(const staff& who, const demand& d) {
  failures failed{};
  for (std::size_t a = 0; a < who.agents().size(); ++a) ++failed[at(who.may_take(d, a))];
  std::size_t left = who.agents().size() - failed[at(refusal::deleted)];
  if (left == 0) return {"NO_AGENTS", "there are no agents but deleted ones"};
  std::string text;
  bool first = true;
  for (const lasting_rule& r : lasting_rules(d)) {
    const std::size_t fail = failed[at(r.rule)];
    if (fail == left) {
      if (!text.empty()) text += ", ";
      text += first ? "none of " + std::to_string(left) + " agents " : "none of them ";
      return {std::string(code_of(r.rule)), text.append(r.one)};
    }
    left -= fail;
    if (fail == 0) continue;
    if (!text.empty()) text += ", ";
    text.append(agents_who(left, r, first));
    first = false;
  }
  if (first) text = std::to_string(left) + (left == 1 ? " agent fits" : " agents fit");
  std::size_t last = at(refusal::silent);
  for (std::size_t r = last; r < rules; ++r) {
    if (failed[r] > 0) last = r;
  }
  return {std::string(refusal_codes[last]), text + ", " + what_holds_them(failed, d, left)};
}

}  // namespace clv::desk
