// What was decided for the customer, and what must not be offered and why.
#include <array>
#include <map>
#include <set>
#include <utility>

#include "desk/card/card.hpp"
#include "desk/priority/why_now.hpp"
#include "features/cells.hpp"
#include "retention/gate/fact_rows.hpp"

namespace clv::desk {
namespace {

using features::text_at;

std::string cell(const card_source& from,
                 std::string_view table,
                 std::string_view name,
                 std::size_t row) {
  const column* c = from.find(table, name);
  return c == nullptr ? std::string() : text_at(*c, row);
}

std::optional<double> number(const card_source& from,
                             std::string_view table,
                             std::string_view name,
                             std::size_t row) {
  const column* c = from.find(table, name);
  return c == nullptr ? std::nullopt : features::number_at(*c, row);
}

// The recorded sentences of these codes name amounts, or an attribute that is protected. Without
// amounts they are said so; every other code's own sentence is free of both.
struct said_plainly {
  std::string_view code, sentence;
};
constexpr std::array plainly{
    said_plainly{"NOT_PROFITABLE", "It costs more than it can be trusted to bring."},
    said_plainly{"LOST_ARBITRATION", "Something else is better for this customer."},
    said_plainly{"OVER_BUDGET", "What it takes is worth more elsewhere."},
    said_plainly{"HOLDOUT", "Held out on purpose, to measure what the actions achieve."},
    said_plainly{"MARGIN_FLOOR", "Too little would be left of an order."},
    said_plainly{"DEAL_SEEKER", "This customer buys with discounts only."},
    said_plainly{"WORST_CASE_SPEND", "At worst it would cost more than the rules allow."},
    said_plainly{"NO_EVIDENCE", "Nobody knows yet whether it works."},
};
constexpr std::string_view protected_code = "PROTECTED_ATTRIBUTE";
constexpr std::string_view protected_sentence =
    "It would be chosen by something that no decision may look at.";
constexpr std::string_view cannibalises =
    "It would mostly go to somebody who buys anyway: it cannibalises more than it brings.";

// How a refusal is told to the agent.
std::string told(const card_source& from, std::size_t row) {
  const std::string code = cell(from, "refusals", "reason_code", row);
  if (code == protected_code) return std::string(protected_sentence);
  if (from.options().money) return cell(from, "refusals", "reason", row);
  const double wasted = number(from, "refusals", "cannibalisation", row).value_or(0);
  const double net = number(from, "refusals", "net", row).value_or(0);
  // What it brings to others than those who would have bought is net + wasted: with nothing wasted
  // it would have paid.
  if (code == "NOT_PROFITABLE" && wasted > 0 && net <= 0 && net + wasted > 0) {
    return std::string(cannibalises);
  }
  for (const said_plainly& p : plainly) {
    if (p.code == code) return std::string(p.sentence);
  }
  return cell(from, "refusals", "reason", row);
}

// Each (item, code) once, in the order in which it was first said.
class refusal_list {
 public:
  explicit refusal_list(card& to) : to_(to) {}
  void add(const std::string& item, const std::string& code, const std::string& because) {
    if (said_.emplace(item, code).second) to_.add(item, code, because);
  }

 private:
  card& to_;
  std::set<std::pair<std::string, std::string>> said_;
};

void add_from_facts(const card_source& from, refusal_list& to) {
  const auto flag = [&](std::string_view name) {
    return from.number("customers", name).value_or(0) > 0;
  };
  if (flag("complaint_open")) {
    to.add("anything that sells", "COMPLAINT_OPEN", "A complaint of this customer is open.");
  }
  if (flag("legal_hold")) {
    to.add("anything that sells", "LEGAL_HOLD", "This customer is on legal hold.");
  }
  if (flag("running_discount")) {
    to.add("a second discount", "BENEFIT_OPEN", "A discount of this customer still runs.");
  }
  const std::string deaf = from.text("customers", "unreachable");
  retention::any_item(deaf, [&](std::string_view channel) {
    to.add("anything by " + std::string(channel),
           "CHANNEL_UNREACHABLE",
           "This customer cannot be reached by " + std::string(channel) + ".");
    return false;
  });
}

// The latest word on each channel and purpose; at the same instant the refusal counts.
struct word_given {
  std::int64_t time = 0;
  bool granted = false;
};

void add_from_consent(const card_source& from, refusal_list& to) {
  const column* time = from.find("consent", "time");
  const column* granted = from.find("consent", "granted");
  if (time == nullptr || granted == nullptr) return;
  std::map<std::pair<std::string, std::string>, word_given> latest;
  for (const std::size_t row : from.rows_of("consent")) {
    const std::int64_t at = time->integers()[row];
    if (at > from.view().now) continue;
    const bool yes = granted->integers()[row] != 0;
    const auto [word, is_new] = latest.try_emplace(
        {cell(from, "consent", "channel", row), cell(from, "consent", "purpose", row)},
        word_given{at, yes});
    word_given& w = word->second;
    if (!is_new && (at > w.time || (at == w.time && !yes))) w = {at, yes};
  }
  for (const auto& [what, word] : latest) {
    if (word.granted) continue;
    const auto& [channel, purpose] = what;
    to.add((purpose.empty() ? "anything" : purpose) + " by " + channel,
           "NO_CONSENT",
           "Consent was withdrawn on " + format_day(zone("UTC").day_of(word.time)) + ".");
  }
}

void add_held_out(const card_source& from, refusal_list& to) {
  for (const std::size_t row : from.rows_of("decisions")) {
    if (cell(from, "decisions", "arm", row) != "holdout") continue;
    const std::string withheld = cell(from, "decisions", "withheld", row);
    to.add(withheld.empty() ? "any action" : withheld,
           "HOLDOUT",
           "Held out on purpose, to measure what the actions achieve.");
  }
}

}  // namespace

card action_section(const card_source& from) {
  card to("actions");
  for (const std::size_t row : from.rows_of("decisions")) {
    const std::string action = cell(from, "decisions", "action", row);
    if (action.empty() || cell(from, "decisions", "arm", row) == "holdout") continue;
    const std::string channel = cell(from, "decisions", "channel", row);
    const bool asks = number(from, "decisions", "needs_approval", row).value_or(0) > 0;
    std::string value = channel.empty() ? "decided" : "by " + channel;
    if (asks) value += needs_approval;
    to.add(action, value, cell(from, "decisions", "reason", row));
  }
  return to;
}

card refusal_section(const card_source& from) {
  card to("do_not_offer");
  refusal_list list(to);
  // Another plugin's proposal of what was decided is no reason not to offer it.
  std::set<std::string> decided;
  const card actions = action_section(from);
  for (const card_row& r : actions.rows()) decided.insert(r.item);
  add_from_facts(from, list);
  add_held_out(from, list);
  for (const std::size_t row : from.rows_of("refusals")) {
    const std::string action = cell(from, "refusals", "action", row);
    if (decided.contains(action)) continue;
    list.add(action, cell(from, "refusals", "reason_code", row), told(from, row));
  }
  add_from_consent(from, list);
  return to;
}

}  // namespace clv::desk
