#include "retention/programmes/json_members.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "clv/error.hpp"
#include "math/json.hpp"

namespace clv::retention {

namespace json = boost::json;

void refuse_json(const std::string& path, const json::value* value, std::string_view wanted) {
  throw error(status::invalid,
              path + " is " + (value == nullptr ? "missing" : math::to_json(*value)) +
                  ", expected " + std::string(wanted),
              "correct this member");
}

json_members::json_members(const json::value& of,
                           std::string path,
                           std::initializer_list<std::string_view> known)
    : members_(of.if_object()), path_(std::move(path)) {
  if (members_ == nullptr) refuse_json(path_, &of, "an object");
  std::string all;
  for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
  for (const auto& member : *members_) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      throw error(status::invalid,
                  path_ + " has no member '" + std::string(member.key()) + "'",
                  "known: " + all);
    }
  }
}

const json::value* json_members::find(std::string_view name) const {
  return members_->if_contains(name);
}

std::string json_members::path_of(std::string_view name) const {
  return path_ + "." + std::string(name);
}

void json_members::refuse(std::string_view name, std::string_view wanted) const {
  refuse_json(path_of(name), find(name), wanted);
}

const json::value& json_members::get(std::string_view name, std::string_view wanted) const {
  const json::value* found = find(name);
  if (found == nullptr) refuse(name, wanted);
  return *found;
}

std::string json_members::text(std::string_view name) const {
  const json::value& found = get(name, "a text that is not empty");
  if (!found.is_string() || found.get_string().empty()) refuse(name, "a text that is not empty");
  return std::string(std::string_view(found.get_string()));
}

std::string json_members::text_or(std::string_view name, std::string_view fallback) const {
  return has(name) ? text(name) : std::string(fallback);
}

double json_members::number(std::string_view name, double least, double most) const {
  const std::string wanted = "a number from " + math::to_text(least) + " to " + math::to_text(most);
  const json::value& found = get(name, wanted);
  if (!found.is_number()) refuse(name, wanted);
  const double value = found.to_number<double>();
  if (!(value >= least && value <= most)) refuse(name, wanted);
  return value;
}

double json_members::number_or(std::string_view name,
                               double fallback,
                               double least,
                               double most) const {
  return has(name) ? number(name, least, most) : fallback;
}

std::int64_t json_members::whole_or(std::string_view name,
                                    std::int64_t fallback,
                                    std::int64_t least,
                                    std::int64_t most) const {
  if (!has(name)) return fallback;
  const double value = number(name, static_cast<double>(least), static_cast<double>(most));
  if (value != std::floor(value)) refuse(name, "a whole number");
  return static_cast<std::int64_t>(value);
}

bool json_members::flag_or(std::string_view name, bool fallback) const {
  if (!has(name)) return fallback;
  if (!find(name)->is_bool()) refuse(name, "true or false");
  return find(name)->get_bool();
}

std::int64_t json_members::scaled(std::string_view name,
                                  std::int64_t scale,
                                  double least,
                                  double most) const {
  const double value = number(name, least, most) * static_cast<double>(scale);
  const double whole = std::nearbyint(value);
  // What is left of a decimal that has no more digits than the scale is rounding of the product.
  if (std::fabs(value - whole) > 1e-9 * std::max(1.0, std::fabs(value))) {
    refuse(name,
           "a number with at most " +
               std::to_string(std::lround(std::log10(static_cast<double>(scale)))) +
               " digits after the point");
  }
  return static_cast<std::int64_t>(whole);
}

std::int64_t json_members::scaled_or(std::string_view name,
                                     std::int64_t fallback,
                                     std::int64_t scale,
                                     double most) const {
  return has(name) ? scaled(name, scale, 0, most) : fallback;
}

std::size_t json_members::choice(std::string_view name,
                                 std::initializer_list<std::string_view> words) const {
  std::string wanted;
  for (const std::string_view w : words) {
    wanted += (wanted.empty() ? "\"" : " or \"") + std::string(w) + "\"";
  }
  const json::value& found = get(name, wanted);
  const auto at = found.is_string()
                      ? std::find(words.begin(), words.end(), std::string_view(found.get_string()))
                      : words.end();
  if (at == words.end()) refuse(name, wanted);
  return static_cast<std::size_t>(at - words.begin());
}

std::span<const json::value> json_members::items(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return {};
  if (!found->is_array()) refuse(name, "a list");
  return {found->get_array().data(), found->get_array().size()};
}

}  // namespace clv::retention
