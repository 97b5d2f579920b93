#include "explain_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

constexpr std::size_t text_width = 100;
constexpr std::int64_t earlier_shown = 5;

// What stopped an action, in the words of someone who sells.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> stoppers{{
    {"ERASED", "their data was erased"},
    {"MERGED", "this record was merged into another"},
    {"NO_CONSENT", "consent is missing"},
    {"LEGAL_HOLD", "a legal hold"},
    {"COMPLAINT_OPEN", "an open complaint"},
    {"VETOED", "a plugin objects"},
    {"CHANNEL_UNREACHABLE", "the channel does not reach them"},
    {"PROTECTED_ATTRIBUTE", "it would be decided by a protected attribute"},
    {"COOLDOWN", "it is too soon after the last one"},
    {"CONTACT_CAP", "they were contacted often enough"},
    {"CONFLICT", "it conflicts with what they already got"},
    {"BENEFIT_OPEN", "they have a benefit that is not used yet"},
    {"NO_STOCK", "the stock is used up"},
    {"NO_SEATS", "there are no seats left"},
    {"PLUGIN_SUSPENDED", "the plugin is suspended"},
    {"MARGIN_FLOOR", "too little margin would be left"},
    {"DEAL_SEEKER", "they buy at a discount only"},
    {"WORST_CASE_SPEND", "it could cost too much"},
    {"EXPIRED", "it came too late"},
    {"NO_EVIDENCE", "nothing shows that it works"},
    {"NOT_PROFITABLE", "it is not sure to pay"},
    {"LOST_ARBITRATION", "another choice came first"},
    {"OVER_BUDGET", "what is limited is better spent on others"},
    {"HOLDOUT", "held out to measure what actions achieve"},
}};

std::string stopper_of(const std::string& code) {
  const auto at = std::ranges::find(stoppers, code, [](const auto& s) { return s.first; });
  return at == stoppers.end() ? code : std::string(at->second);
}

std::string indented(const std::string& text) {
  std::string out;
  for (const std::string& line : wrapped(text, text_width - 2, 50)) out += "  " + line + "\n";
  return out;
}

std::int64_t rows_of(const result& table) {
  return table == nullptr ? 0 : clv_result_rows(table.get());
}

std::string money(const result& table, const char* column, std::int64_t row) {
  const std::string unit = unit_of(table, column);
  return rounded(number_at(table, column, row), 2) + (unit.empty() ? "" : " " + unit);
}

std::string share(double p) {
  return rounded(100 * p, std::fabs(p) < .1 ? 2 : 1) + " %";
}

// The day in UTC; "" where there is none.
std::string day_of(const result& table, std::int64_t row) {
  const double us = number_at(table, "time", row);
  if (!std::isfinite(us) || us == 0) return "";
  const std::chrono::sys_time<std::chrono::microseconds> at{
      std::chrono::microseconds(static_cast<std::int64_t>(us))};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  char text[32];
  std::snprintf(text,
                sizeof text,
                "%04d-%02u-%02u",
                static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

std::string done_at(const result& log, std::int64_t row) {
  return text_at(log, "action", row) + " by " + text_at(log, "channel", row);
}

bool acts(const customer_case& c) {
  return !text_at(c.log, "action", c.row).empty();
}

// The sentences are kept of the last run only.
bool has_sentences(const customer_case& c) {
  return rows_of(c.decisions) > 0 &&
         text_at(c.decisions, "decision_id", 0) == text_at(c.log, "decision_id", c.row);
}

// "worth 70.18 EUR (80 % sure: 0 to 192), 19 % likely to be still a customer, segment low"
std::string who(const customer_case& c) {
  std::string said;
  const auto add = [&said](const std::string& what) { said += (said.empty() ? "" : ", ") + what; };
  if (rows_of(c.scores) > 0) {
    if (!std::isnan(number_at(c.scores, "clv", 0))) {
      add("worth " + money(c.scores, "clv", 0) +
          " (80 % sure: " + rounded(number_at(c.scores, "clv_p10", 0), 0) + " to " +
          rounded(number_at(c.scores, "clv_p90", 0), 0) + ")");
    }
    const double alive = number_at(c.scores, "p_alive", 0);
    if (!std::isnan(alive)) add(percent(alive) + " likely to be still a customer");
  }
  const std::string segment = text_at(c.log, "segment", c.row);
  if (!segment.empty()) add("segment " + segment);
  return said;
}

std::string verdict(const customer_case& c) {
  const std::string arm = text_at(c.log, "arm", c.row), code = text_at(c.log, "reason_code", c.row);
  if (acts(c)) {
    const std::string plugin = text_at(c.log, "plugin", c.row);
    return done_at(c.log, c.row) + " (idea of " + plugin + ").";
  }
  if (arm == "holdout") return "nothing, on purpose.";
  if (arm == "explore") return "nothing, by lot.";
  if (code == "NO_PROPOSAL") return "nothing: no plugin had an idea for them.";
  return "nothing: " + stopper_of(code) + ".";
}

// What only this arm has to say.
std::string of_the_arm(const customer_case& c) {
  const std::string arm = text_at(c.log, "arm", c.row);
  if (arm == "holdout") {
    const std::string withheld = text_at(c.log, "withheld", c.row);
    return "This customer is held out, so that what the actions earn can be measured against "
           "those who got none; please send nothing by hand either." +
           (withheld.empty() ? "" : " Otherwise it would have been " + withheld + ".");
  }
  if (arm == "explore" && acts(c)) {
    return "It was drawn by lot: a few customers are given what is not known to be best, to learn "
           "what works.";
  }
  return "";
}

std::string source_of(const std::string& evidence) {
  if (evidence == "own_kind") return "measured on customers of this kind";
  if (evidence == "own_overall") return "measured on all customers";
  return "as the plugin believes; it has not been measured here yet";
}

// What p0 is the chance of: the receipt says where the plugin stated it, as of something that is no
// purchase. The bytes cannot stand in a text of the receipt, whose quotes are escaped.
bool is_own_response(std::string_view receipt) {
  constexpr std::string_view code = "\"code\":\"";
  const std::size_t list = receipt.find("\"candidates\":[");
  const std::size_t chosen = receipt.find("\"code\":\"CHOSEN\"", list);
  if (list == std::string_view::npos || chosen == std::string_view::npos) return false;
  const std::size_t end = receipt.find(code, chosen + code.size());
  return receipt.substr(chosen, end - chosen).find("\"p0_stated\":true") != std::string_view::npos;
}

std::string expected_effect(const customer_case& c) {
  const double p0 = number_at(c.log, "p0", c.row), tau = number_at(c.log, "effect_mean", c.row);
  if (std::isnan(p0)) return "";
  const std::string evidence = text_at(c.log, "evidence", c.row);
  const bool own = is_own_response(text_at(c.log, "receipt", c.row));
  std::string said =
      "Left alone, " + share(p0) + " of such customers " + (own ? "respond" : "buy") + " in time. ";
  if (evidence == "unknown") return said + "What the action changes nobody knows yet. ";
  said += "With it " + share(std::clamp(p0 + tau, 0.0, 1.0)) +
          " do: " + rounded(100 * std::fabs(tau), 2) + " points " + (tau < 0 ? "fewer" : "more") +
          ", give or take " + rounded(100 * number_at(c.log, "effect_sd", c.row), 2) + ", " +
          source_of(evidence) + ". ";
  return said;
}

std::string expected_money(const customer_case& c) {
  const double net = number_at(c.log, "net", c.row);
  if (std::isnan(net)) return "";
  std::string said;
  if (number_at(c.log, "cannibalisation", c.row) > 0) {
    const bool own = is_own_response(text_at(c.log, "receipt", c.row));
    said += money(c.log, "cannibalisation", c.row) + " of what it gives goes to " +
            (own ? "those who would respond anyway. " : "purchases that would be made anyway. ");
  }
  return said + "It costs " + money(c.log, "cost", c.row) + " and earns " +
         money(c.log, "net", c.row) + " after that, on average.";
}

// Every proposal of the run that was not chosen, and what stopped it.
std::string not_done(const customer_case& c) {
  if (!has_sentences(c) || rows_of(c.refusals) == 0) return "";
  std::string said = acts(c) ? "\nNot done instead\n" : "\nConsidered and not done\n";
  for (std::int64_t row = 0; row < rows_of(c.refusals); ++row) {
    const std::string code = text_at(c.refusals, "reason_code", row);
    said += indented(text_at(c.refusals, "action", row) + ": " + stopper_of(code) + " (" + code +
                     "). " + text_at(c.refusals, "reason", row));
  }
  return said;
}

// Whether they bought comes first, in whatever order it was recorded.
std::string came_of(const customer_case& c, std::int64_t row) {
  const std::string id = text_at(c.log, "decision_id", row);
  std::string bought, others;
  for (std::int64_t i = 0; i < rows_of(c.outcomes); ++i) {
    if (text_at(c.outcomes, "decision_id", i) != id) continue;
    const std::string kind = text_at(c.outcomes, "kind", i);
    const double value = number_at(c.outcomes, "value", i);
    if (kind == "response") {
      bought = value > 0 ? "bought" : "did not buy";
    } else {
      others += (others.empty() ? "" : ", ") + kind + " " + rounded(value, 2);
    }
  }
  return bought + (bought.empty() || others.empty() ? "" : ", ") + others;
}

std::string short_line(const customer_case& c, std::int64_t row) {
  std::string said = day_of(c.log, row) + (day_of(c.log, row).empty() ? "" : ": ");
  const std::string arm = text_at(c.log, "arm", row);
  said += !text_at(c.log, "action", row).empty() ? done_at(c.log, row)
          : arm == "holdout"                     ? "nothing, held out"
                             : "nothing (" + text_at(c.log, "reason_code", row) + ")";
  const std::string came = came_of(c, row);
  return said + (came.empty() ? "" : "; " + came);
}

std::string before(const customer_case& c) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < rows_of(c.log); ++row) {
    if (row != c.row) rows.push_back(row);
  }
  if (rows.empty()) return "";
  std::ranges::stable_sort(rows, [&](std::int64_t a, std::int64_t b) {
    return number_at(c.log, "run", a) > number_at(c.log, "run", b);
  });
  const auto all = static_cast<std::int64_t>(rows.size());
  std::string said = "\nBefore\n";
  for (std::int64_t i = 0; i < std::min(all, earlier_shown); ++i) {
    said += indented(short_line(c, rows[static_cast<std::size_t>(i)]));
  }
  if (all > earlier_shown) said += indented("... and " + grouped(all - earlier_shown) + " earlier");
  return said;
}

std::string for_the_file(const customer_case& c) {
  return "\nDecision " + text_at(c.log, "decision_id", c.row) + ", chance of just this " +
         share(number_at(c.log, "propensity", c.row)) + ", receipt " +
         text_at(c.log, "receipt_hash", c.row).substr(0, 16) + ", link " +
         text_at(c.log, "chain_hash", c.row).substr(0, 16) + ".\n";
}

// The refusal that decided is told under its action; its sentence need not stand twice.
std::string why(const customer_case& c) {
  if (!has_sentences(c)) {
    return "The sentences of that run were replaced by a later one; --receipt has its numbers.";
  }
  return acts(c) || rows_of(c.refusals) == 0 ? text_at(c.decisions, "reason", 0) : "";
}

std::string before_it_goes_out(const customer_case& c) {
  if (!acts(c) || !has_sentences(c)) return "";
  const std::string message = text_at(c.decisions, "message", 0);
  return std::string(number_at(c.decisions, "needs_approval", 0) > 0
                         ? "A person has to approve it before it goes out. "
                         : "") +
         (message.empty() ? "" : "It goes out with " + message + ".");
}

}  // namespace

std::int64_t last_decision(const result& log) {
  std::int64_t last = 0;
  for (std::int64_t row = 0; row < rows_of(log); ++row) {
    if (number_at(log, "run", row) >= number_at(log, "run", last)) last = row;
  }
  return last;
}

std::string story_of(const customer_case& c) {
  const std::string day = day_of(c.log, c.row), about = who(c);
  std::string story = c.customer + (day.empty() ? "" : ", " + day) + ": " + verdict(c) + "\n";
  const std::string came = came_of(c, c.row);
  for (const std::string& part : {about.empty() ? "" : "The customer: " + about + ".",
                                  of_the_arm(c),
                                  why(c),
                                  acts(c) ? expected_effect(c) + expected_money(c) : "",
                                  before_it_goes_out(c),
                                  came.empty() ? "" : "What came of it: " + came + "."}) {
    if (!part.empty()) story += indented(part);
  }
  return story + not_done(c) + before(c) + for_the_file(c);
}

}  // namespace cli
