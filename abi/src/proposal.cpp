#include "proposal.hpp"

#include <boost/json/value.hpp>
#include <cmath>
#include <cstring>

#include "clv/error.hpp"
#include "math/json.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr std::size_t longest_code = 128;
constexpr std::size_t longest_reason = 1000;
constexpr std::size_t longest_message = 4000;
// Beyond it a double no longer holds every minor unit, and the core prices in doubles.
constexpr std::int64_t largest_amount = std::int64_t{1} << 53;

[[noreturn]] void refuse(std::int64_t row, const std::string& what) {
  throw error(issue{.code = status::invalid, .row = row, .message = what});
}

std::string checked_text(const char* in, const char* name, std::size_t limit, std::int64_t row) {
  if (in == nullptr || *in == '\0') refuse(row, std::string(name) + " is missing");
  std::string text(in, ::strnlen(in, limit + 1));
  if (text.size() > limit) {
    refuse(row, std::string(name) + " is longer than " + std::to_string(limit) + " bytes");
  }
  if (first_bad_utf8(text) != std::string::npos) {
    refuse(row, std::string(name) + " '" + printable(text, 60) + "' is not UTF-8");
  }
  return text;
}

void check_number(double v, double low, double high, const char* name, std::int64_t row) {
  if (std::isfinite(v) && v >= low && v <= high) return;
  refuse(row,
         std::string(name) + " is " + number_text(v) + "; it must be in [" + number_text(low) +
             ", " + number_text(high) + "]");
}

void check_whole(std::int64_t v, std::int64_t high, const char* name, std::int64_t row) {
  if (v >= 0 && v <= high) return;
  refuse(row,
         std::string(name) + " is " + std::to_string(v) + "; it must be in [0, " +
             std::to_string(high) + "]");
}

std::string optional_text(const char* in, const char* name, std::size_t limit, std::int64_t row) {
  return in == nullptr || *in == '\0' ? std::string() : checked_text(in, name, limit, row);
}

// The message's variables: one JSON object, or nothing.
std::string checked_message(const char* in, std::int64_t row) {
  std::string text = optional_text(in, "message_json", longest_message, row);
  if (text.empty()) return text;
  try {
    if (!math::parse_json(text).is_object()) refuse(row, "message_json is no JSON object");
  } catch (const error& e) {
    refuse(row, std::string("message_json is ") + e.what());
  }
  return text;
}

// Without its flag 0 could not be told from "not given"; a number without it would be dropped.
void check_p0(const clv_proposal& p) {
  check_number(p.response_p0, 0, 1, "response_p0", p.row);
  if ((p.flags & CLV_PROPOSAL_HAS_P0) != 0 || p.response_p0 == 0) return;
  refuse(p.row, "response_p0 is " + number_text(p.response_p0) + " without CLV_PROPOSAL_HAS_P0");
}

void check_numbers(const clv_proposal& p) {
  constexpr double most = 1e9;
  check_number(p.effect_mean, -1, 1, "effect_mean", p.row);
  check_number(p.effect_sd, 0, most, "effect_sd", p.row);
  check_number(p.effect_n, 0, 1e15, "effect_n", p.row);
  check_number(p.agent_minutes, 0, most, "agent_minutes", p.row);
  check_whole(p.response_value_minor, largest_amount, "response_value_minor", p.row);
  check_whole(p.benefit_minor, largest_amount, "benefit_minor", p.row);
  check_whole(p.contact_cost_minor, largest_amount, "contact_cost_minor", p.row);
  check_number(p.discount_share, 0, 1, "discount_share", p.row);
  check_number(p.pull_forward, 0, 1, "pull_forward", p.row);
  check_number(p.unsubscribe_effect, 0, 1, "unsubscribe_effect", p.row);
  check_number(p.resource_units, 0, most, "resource_units", p.row);
  check_p0(p);
  check_whole(p.worst_case_minor, largest_amount, "worst_case_minor", p.row);
  check_whole(p.horizon_us, INT64_MAX, "horizon_us", p.row);
  check_whole(p.expires_us, INT64_MAX, "expires_us", p.row);
}

void push_or_absent(column& to, std::int64_t value) {
  value == 0 ? to.push_absent() : to.push(value);
}

void push_or_absent(column& to, double value) {
  value == 0 ? to.push_absent() : to.push(value);
}

void push_or_absent(column& to, std::string_view value) {
  value.empty() ? to.push_absent() : to.push(value);
}

}  // namespace

kept_proposal check_proposal(const clv_proposal* in, const manifest& m, std::int64_t rows) {
  kept_proposal kept{.numbers = read_sized(required(in, "proposal"), "proposal")};
  const clv_proposal& p = kept.numbers;
  check_flags(p.flags, CLV_PROPOSAL_VETO | CLV_PROPOSAL_NEEDS_APPROVAL | CLV_PROPOSAL_HAS_P0);
  if (p.row < 0 || p.row >= rows) {
    refuse(-1,
           "row " + std::to_string(p.row) + " is out of range; the batch has " +
               std::to_string(rows) + " rows");
  }
  kept.action = checked_text(p.action, "action", longest_code, p.row);
  if (!m.declares(kept.action)) {
    refuse(p.row,
           "action '" + kept.action +
               "' is not declared in its manifest, which has: " + join_list(m.actions));
  }
  kept.channel = checked_text(p.channel, "channel", longest_code, p.row);
  kept.reason = checked_text(p.reason, "reason", longest_reason, p.row);
  kept.category = optional_text(p.category, "category", longest_code, p.row);
  kept.benefit_kind = optional_text(p.benefit_kind, "benefit_kind", longest_code, p.row);
  kept.resource = optional_text(p.resource, "resource", longest_code, p.row);
  kept.message = checked_message(p.message_json, p.row);
  check_numbers(p);
  return kept;
}

void append_proposal(const kept_proposal& p, const proposed_by& who, std::size_t first, table& to) {
  const clv_proposal& n = p.numbers;
  to.find("row")->push(static_cast<std::int64_t>(first) + n.row);
  to.find("customer")->push_absent();  // the core knows it by the row
  to.find("plugin")->push(std::string_view(who.plugin));
  to.find("action")->push(std::string_view(p.action));
  to.find("channel")->push(std::string_view(p.channel));
  to.find("reason")->push(std::string_view(p.reason));
  to.find("effect_mean")->push(n.effect_mean);
  to.find("effect_sd")->push(n.effect_sd);
  to.find("effect_n")->push(n.effect_n);
  push_or_absent(*to.find("response_value"), n.response_value_minor);
  to.find("benefit")->push(n.benefit_minor);
  to.find("contact_cost")->push(n.contact_cost_minor);
  push_or_absent(*to.find("horizon_us"), n.horizon_us);
  push_or_absent(*to.find("expires_us"), n.expires_us);
  to.find("agent_minutes")->push(n.agent_minutes);
  push_or_absent(*to.find("category"), p.category);
  push_or_absent(*to.find("benefit_kind"), p.benefit_kind);
  push_or_absent(*to.find("discount_share"), n.discount_share);
  push_or_absent(*to.find("worst_case"), n.worst_case_minor);
  push_or_absent(*to.find("pull_forward"), n.pull_forward);
  push_or_absent(*to.find("unsubscribe_effect"), n.unsubscribe_effect);
  push_or_absent(*to.find("resource"), p.resource);
  push_or_absent(*to.find("resource_units"), n.resource_units);
  push_or_absent(*to.find("veto"), std::int64_t{(n.flags & CLV_PROPOSAL_VETO) != 0});
  push_or_absent(*to.find("needs_approval"),
                 std::int64_t{(n.flags & CLV_PROPOSAL_NEEDS_APPROVAL) != 0});
  push_or_absent(*to.find("message"), p.message);
  push_or_absent(*to.find("reads"), who.reads);
  column& p0 = *to.find("response_p0");
  (n.flags & CLV_PROPOSAL_HAS_P0) != 0 ? p0.push(n.response_p0) : p0.push_absent();
}

}  // namespace clv::abi
