#include "segments/options.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "clv/error.hpp"
#include "math/json.hpp"

namespace clv {

namespace json = boost::json;

segment_settings::segment_settings(std::string_view scheme,
                                   std::string_view text,
                                   std::span<const std::string_view> known)
    : scheme_(scheme) {
  if (text.empty()) return;
  json::value parsed = math::parse_json(text);
  if (!parsed.is_object()) {
    throw error(status::invalid, "the options of " + scheme_ + " are not a JSON object");
  }
  members_ = std::move(parsed.get_object());
  std::string all;
  for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
  for (const auto& member : members_) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) != known.end()) {
      continue;
    }
    throw error(status::invalid,
                scheme_ + " has no option '" + std::string(member.key()) + "'",
                "known: " + all);
  }
}

const json::value* segment_settings::find(std::string_view name) const {
  return members_.if_contains(name);
}

void segment_settings::refuse(std::string_view name, std::string_view wanted) const {
  const json::value* found = find(name);
  throw error(status::invalid,
              scheme_ + " option '" + std::string(name) + "' is " +
                  (found == nullptr ? "missing" : math::to_json(*found)) + ", expected " +
                  std::string(wanted));
}

double segment_settings::number(std::string_view name, double fallback) const {
  const json::value* found = find(name);
  if (found == nullptr) return fallback;
  if (!found->is_number()) refuse(name, "a number");
  return found->to_number<double>();
}

std::optional<std::vector<double>> segment_settings::cuts(std::string_view name) const {
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

std::optional<std::vector<std::string>> segment_settings::names(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  const char* wanted = "a list of different texts, none empty";
  if (!found->is_array()) refuse(name, wanted);
  std::vector<std::string> out;
  for (const json::value& v : found->get_array()) {
    if (!v.is_string() || v.get_string().empty()) refuse(name, wanted);
    std::string text(std::string_view(v.get_string()));
    if (std::find(out.begin(), out.end(), text) != out.end()) refuse(name, wanted);
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace clv
