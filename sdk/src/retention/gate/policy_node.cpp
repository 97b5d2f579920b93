#include "retention/gate/policy_node.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "math/json.hpp"

namespace clv::retention {

void policy_node::refuse(const std::string& wanted) const {
  std::string got = math::to_json(*value_);
  if (got.size() > 60) got = got.substr(0, 57) + "...";
  throw error(status::invalid,
              std::string(page_.subject) + ": " + path_ + " is " + got + ", expected " + wanted,
              std::string(page_.file) + " lists the members");
}

void policy_node::refuse_member(std::string_view name,
                                const std::string& wrong,
                                const std::string& hint) const {
  throw error(status::invalid,
              std::string(page_.subject) + ": " + path_ + "." + std::string(name) + " is " + wrong,
              hint);
}

void policy_node::allow(std::span<const std::string_view> known) const {
  if (!value_->is_object()) refuse("an object");
  for (const auto& member : value_->get_object()) {
    if (std::ranges::find(known, std::string_view(member.key())) != known.end()) continue;
    std::string all;
    for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
    refuse_member(member.key(), "not a member this version knows", "known: " + all);
  }
}

bool policy_node::has(std::string_view name) const {
  return value_->get_object().if_contains(name) != nullptr;
}

policy_node policy_node::at(std::string_view name) const {
  const boost::json::value* found = value_->get_object().if_contains(name);
  if (found == nullptr) {
    refuse_member(name, "missing", "add the member, or leave out the whole of " + path_);
  }
  return {*found, path_ + "." + std::string(name), page_};
}

std::vector<std::string_view> policy_node::names() const {
  if (!value_->is_object()) refuse("an object");
  std::vector<std::string_view> out;
  for (const auto& member : value_->get_object()) out.emplace_back(member.key());
  return out;
}

std::vector<policy_node> policy_node::items() const {
  if (!value_->is_array()) refuse("a list");
  std::vector<policy_node> out;
  for (const boost::json::value& v : value_->get_array()) {
    out.emplace_back(v, path_ + "[" + std::to_string(out.size()) + "]", page_);
  }
  return out;
}

std::string policy_node::text() const {
  if (!value_->is_string() || value_->get_string().empty()) refuse("a text that is not empty");
  return std::string(std::string_view(value_->get_string()));
}

std::string policy_node::pattern() const {
  std::string found = text();
  const auto star = found.find('*');
  if (star != std::string::npos && star + 1 != found.size()) {
    refuse("an action, or the beginning of one and '*' at its end");
  }
  return found;
}

bool policy_node::flag() const {
  if (!value_->is_bool()) refuse("true or false");
  return value_->get_bool();
}

double policy_node::number(double least, double most) const {
  const double found = value_->is_number() ? value_->to_number<double>() : std::nan("");
  if (found >= least && found <= most) return found;
  refuse("a number from " + math::to_text(least) + " to " + math::to_text(most));
}

double policy_node::days() const {
  const double found = value_->is_number() ? value_->to_number<double>() : std::nan("");
  if (found > 0 && found <= 36525) return found;
  refuse("a number of days above 0 and at most 36525");
}

std::int64_t policy_node::count() const {
  const double found = value_->is_number() ? value_->to_number<double>() : std::nan("");
  if (found >= 0 && found <= 9e15 && found == std::floor(found)) {
    return static_cast<std::int64_t>(found);
  }
  refuse("a whole number of 0 or more");
}

std::int32_t policy_node::minute() const {
  const char* wanted = "a time of day such as \"21:00\"";
  const std::string found = text();
  if (found.size() != 5 || found[2] != ':') refuse(wanted);
  std::int32_t digits[4] = {};
  for (std::size_t i = 0, at = 0; i < found.size(); ++i) {
    if (i == 2) continue;
    if (found[i] < '0' || found[i] > '9') refuse(wanted);
    digits[at++] = found[i] - '0';
  }
  const std::int32_t hour = 10 * digits[0] + digits[1], minute = 10 * digits[2] + digits[3];
  if (hour > 23 || minute > 59) refuse(wanted);
  return 60 * hour + minute;
}

std::string policy_node::time_zone() const {
  std::string found = text();
  try {
    zone{found};
  } catch (const error&) {
    refuse("an IANA time zone that this system knows, such as \"Europe/Berlin\"");
  }
  return found;
}

std::vector<std::string> policy_node::texts() const {
  std::vector<std::string> out;
  for (const policy_node& item : items()) {
    std::string text = item.text();
    if (std::ranges::find(out, text) != out.end()) item.refuse("a text that is not there before");
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace clv::retention
