#include "desk/rules/reader.hpp"

#include <algorithm>
#include <cmath>

namespace clv::desk::rules {

std::int64_t minutes(const node& at, bool may_be_zero) {
  const double found = at.number(0, most_minutes);
  if (found == 0 && !may_be_zero) {
    at.refuse("a number of minutes above 0; leave it out where there is none");
  }
  return std::llround(found * 60 * static_cast<double>(us_per_second));
}

std::optional<std::int64_t> minutes_if(const node& at, std::string_view name) {
  if (!at.has(name)) return std::nullopt;
  return minutes(at.at(name));
}

double number_if(const node& at, std::string_view name, double fallback, double most) {
  return at.has(name) ? at.at(name).number(0, most) : fallback;
}

std::map<std::string, double> numbers_by_name(const node& at, double most) {
  std::map<std::string, double> out;
  for (const std::string_view name : at.names()) {
    if (name.empty()) at.refuse("members that have names");
    out.emplace(name, at.at(name).number(0, most));
  }
  return out;
}

std::size_t one_of(const node& at, std::span<const std::string_view> words) {
  const std::string found = at.text();
  const auto place = std::ranges::find(words, std::string_view(found));
  if (place != words.end()) return static_cast<std::size_t>(place - words.begin());
  std::string wanted;
  for (const std::string_view word : words) {
    wanted += (wanted.empty() ? "\"" : " or \"") + std::string(word) + "\"";
  }
  at.refuse(wanted);
}

void check_severity(const node& at, const desk_policy& desk, std::string_view severity) {
  if (desk.severities.empty() || severity_level(desk, severity)) return;
  std::string wanted;
  for (const std::string& s : desk.severities) wanted += (wanted.empty() ? "" : ", ") + s;
  at.refuse("severities among those of $.severities (" + wanted + "), not '" +
            std::string(severity) + "'");
}

void read_format(const node& at, desk_policy&) {
  if (at.text() != "clv.desk/1") at.refuse("\"clv.desk/1\"");
}

void read_severities(const node& at, desk_policy& desk) {
  desk.severities = at.texts();
  if (desk.severities.empty()) at.refuse("at least one level");
}

}  // namespace clv::desk::rules
