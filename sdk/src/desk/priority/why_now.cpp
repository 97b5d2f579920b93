#include "desk/priority/why_now.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace clv::desk {
namespace {

enum class part { severity, words, outage, sla, value, given, ageing };

struct weighed {
  part which;
  double adds;  // to the index
  double cost;  // an hour
};

// By what they add, the largest first; of equal ones in the order of the parts.
std::array<weighed, 7> parts_of(const ticket_index& x) {
  const double hours = x.handle.left / 60;
  std::array<weighed, 7> parts{{{part::severity, x.severity_cost / hours, x.severity_cost},
                                {part::words, x.words_cost / hours, x.words_cost},
                                {part::outage, x.outage_cost / hours, x.outage_cost},
                                {part::sla, x.sla_cost / hours, x.sla_cost},
                                {part::value, x.value_cost / hours, x.value_cost},
                                {part::given, x.given_cost / hours, x.given_cost},
                                {part::ageing, x.ageing, 0}}};
  std::ranges::stable_sort(parts, std::ranges::greater(), &weighed::adds);
  return parts;
}

std::string quoted(std::string_view word) {
  return "'" + std::string(word) + "'";
}

std::string words_of(const urgency_words& of, const delay_rules& rules) {
  std::string list;
  for (const std::string_view word : rules.words().found_in(of.subject)) {
    list += (list.empty() ? "" : ", ") + quoted(word);
  }
  return list.empty() ? "its subject is urgent" : "its subject says " + list;
}

std::string due_words(const ticket_index& x) {
  if (!x.slack_minutes) return "its due time is near";
  if (*x.slack_minutes > 0) return "it is due in " + duration_words(*x.slack_minutes);
  if (*x.slack_minutes == 0) return "it is due now";
  return "its due time is past by " + duration_words(-*x.slack_minutes);
}

std::string describe(const weighed& w,
                     const ticket_index& x,
                     const urgency_words& of,
                     const delay_rules& rules) {
  const std::string an_hour = " (" + fixed(w.cost, 2) + " an hour)";
  switch (w.which) {
    case part::severity:
      return (of.severity.empty() ? "severity" : "severity is " + quoted(of.severity)) + an_hour;
    case part::words:
      return words_of(of, rules) + an_hour;
    case part::outage:
      return "it is an outage" + an_hour;
    case part::sla:
      return due_words(x) + an_hour;
    case part::value:
      return "delay puts this customer's value at risk" + an_hour;
    case part::given:
      return "delay is costly" + an_hour;
    case part::ageing:
      return "it has waited " + duration_words(x.wait_minutes) + " (adds " + fixed(w.adds, 2) + ")";
  }
  return {};
}

std::string work_left(const ticket_index& x) {
  return "; " + duration_words(x.handle.left) + " of work left.";
}

}  // namespace

std::string fixed(double value, int decimals) {
  std::array<char, 400> digits{};
  const auto end = std::to_chars(
      digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
  return {digits.data(), end.ptr};
}

std::string duration_words(double minutes) {
  if (minutes >= 120) return fixed(minutes / 60, 1) + " hours";
  const std::string whole = fixed(minutes, 0);
  return whole + (whole == "1" ? " minute" : " minutes");
}

std::string why_now(const ticket_index& x, const urgency_words& of, const delay_rules& rules) {
  std::string text;
  if (x.beyond_bound) {
    text = "It has waited " + duration_words(x.wait_minutes) +
           ", as long as anybody may, and goes before all others; ";
  }
  const auto parts = parts_of(x);
  if (!(parts[0].adds > 0)) {
    text += "nothing makes it urgent";
  } else {
    text += describe(parts[0], x, of, rules);
    if (parts[1].adds > 0) text += " and " + describe(parts[1], x, of, rules);
  }
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + work_left(x);
}

}  // namespace clv::desk
