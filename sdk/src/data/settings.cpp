#include "data/settings.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "math/json.hpp"

namespace clv {

namespace json = boost::json;

settings::settings(std::string_view owner,
                   std::string_view text,
                   std::span<const std::string_view> known)
    : owner_(owner) {
  if (text.empty()) return;
  json::value parsed = math::parse_json(text);
  if (!parsed.is_object()) {
    throw error(status::invalid, "the options of " + owner_ + " are not a JSON object");
  }
  members_ = std::move(parsed.get_object());
  std::string all;
  for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
  for (const auto& member : members_) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) != known.end()) {
      continue;
    }
    throw error(status::invalid,
                owner_ + " has no option '" + std::string(member.key()) + "'",
                "known: " + all);
  }
}

namespace {

std::vector<std::string_view> names_of(std::span<const report_option> options) {
  std::vector<std::string_view> names;
  for (const report_option& o : options) names.push_back(o.name);
  return names;
}

}  // namespace

settings::settings(std::string_view owner,
                   std::string_view text,
                   std::span<const report_option> known)
    : settings(owner, text, std::span<const std::string_view>(names_of(known))) {}

const json::value* settings::find(std::string_view name) const {
  return members_.if_contains(name);
}

void settings::refuse(std::string_view name, std::string_view wanted) const {
  const json::value* found = find(name);
  throw error(status::invalid,
              owner_ + " option '" + std::string(name) + "' is " +
                  (found == nullptr ? "missing" : math::to_json(*found)) + ", expected " +
                  std::string(wanted));
}

double settings::number(std::string_view name, double fallback) const {
  const json::value* found = find(name);
  if (found == nullptr) return fallback;
  if (!found->is_number()) refuse(name, "a number");
  return found->to_number<double>();
}

double settings::number_in(std::string_view name,
                           double fallback,
                           double least,
                           double most) const {
  const double found = number(name, fallback);
  if (found >= least && found <= most) return found;
  refuse(name, "a number from " + math::to_text(least) + " to " + math::to_text(most));
}

std::string settings::json(std::string_view name) const {
  const boost::json::value* found = find(name);
  if (found == nullptr) return "";
  if (found->is_string()) return std::string(std::string_view(found->get_string()));
  return math::to_json(*found);
}

std::string settings::text(std::string_view name, std::string_view fallback) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::string(fallback);
  if (!found->is_string()) refuse(name, "a text");
  return std::string(std::string_view(found->get_string()));
}

bool settings::flag(std::string_view name, bool fallback) const {
  const json::value* found = find(name);
  if (found == nullptr) return fallback;
  if (!found->is_bool()) refuse(name, "true or false");
  return found->get_bool();
}

std::optional<std::vector<double>> settings::cuts(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  const char* wanted = "a list of finite numbers, each above the one before";
  if (!found->is_array()) refuse(name, wanted);
  std::vector<double> out;
  for (const json::value& v : found->get_array()) {
    if (!v.is_number()) refuse(name, wanted);
    const double cut = v.to_number<double>();
    if (!std::isfinite(cut) || (!out.empty() && !(cut > out.back()))) refuse(name, wanted);
    out.push_back(cut);
  }
  return out;
}

namespace {

// Empty optional: not a list of finite numbers.
std::optional<std::vector<double>> finite_numbers(const json::value& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<double> out;
  for (const json::value& v : list.get_array()) {
    if (!v.is_number() || !std::isfinite(v.to_number<double>())) return std::nullopt;
    out.push_back(v.to_number<double>());
  }
  return out;
}

}  // namespace

std::optional<std::vector<double>> settings::numbers(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  auto out = finite_numbers(*found);
  if (!out) refuse(name, "a list of finite numbers");
  return out;
}

std::optional<std::vector<std::vector<double>>> settings::matrix(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_array()) refuse(name, "a list of lists of numbers");
  std::vector<std::vector<double>> out;
  for (const json::value& row : found->get_array()) {
    auto numbers = finite_numbers(row);
    if (!numbers) refuse(name, "a list of lists of finite numbers");
    out.push_back(std::move(*numbers));
  }
  return out;
}

namespace {

// A command line cannot tell a list from a text: "orders,opens" is meant as two.
json::array split_at_commas(std::string_view text) {
  json::array list;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    list.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

}  // namespace

std::optional<std::vector<std::string>> settings::names(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  const char* wanted = "a list of different texts, none empty";
  if (!found->is_array() && !found->is_string()) refuse(name, wanted);
  const json::array list =
      found->is_array() ? found->get_array() : split_at_commas(found->get_string());
  std::vector<std::string> out;
  for (const json::value& v : list) {
    if (!v.is_string() || v.get_string().empty()) refuse(name, wanted);
    std::string text(std::string_view(v.get_string()));
    if (std::find(out.begin(), out.end(), text) != out.end()) refuse(name, wanted);
    out.push_back(std::move(text));
  }
  return out;
}

std::optional<std::vector<std::vector<std::string>>> settings::records(
    std::string_view name, std::initializer_list<std::string_view> members) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  std::string wanted = "a list of objects with the texts";
  for (const std::string_view m : members) wanted += " '" + std::string(m) + "'";
  if (!found->is_array()) refuse(name, wanted);
  std::vector<std::vector<std::string>> out;
  for (const json::value& v : found->get_array()) {
    if (!v.is_object() || v.get_object().size() != members.size()) refuse(name, wanted);
    std::vector<std::string> texts;
    for (const std::string_view m : members) {
      const json::value* text = v.get_object().if_contains(m);
      if (text == nullptr || !text->is_string()) refuse(name, wanted);
      texts.emplace_back(std::string_view(text->get_string()));
    }
    out.push_back(std::move(texts));
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, double>>> settings::limits(
    std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  const char* wanted = "an object of numbers of 0 or more, or null for no limit";
  if (!found->is_object()) refuse(name, wanted);
  std::vector<std::pair<std::string, double>> out;
  for (const auto& [key, value] : found->get_object()) {
    double limit = std::numeric_limits<double>::infinity();
    if (!value.is_null()) {
      if (!value.is_number()) refuse(name, wanted);
      limit = value.to_number<double>();
      if (!(limit >= 0 && std::isfinite(limit))) refuse(name, wanted);
    }
    out.emplace_back(std::string_view(key), limit);
  }
  return out;
}

}  // namespace clv
