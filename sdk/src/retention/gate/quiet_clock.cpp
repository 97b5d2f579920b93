#include "retention/gate/quiet_clock.hpp"

#include <algorithm>

#include "clv/time.hpp"

namespace clv::retention {
namespace {

std::string clock_text(std::int32_t minute) {
  std::string text = "00:00";
  text[0] = static_cast<char>('0' + minute / 600);
  text[1] = static_cast<char>('0' + minute / 60 % 10);
  text[3] = static_cast<char>('0' + minute % 60 / 10);
  text[4] = static_cast<char>('0' + minute % 10);
  return text;
}

bool inside(std::int32_t minute, std::int32_t from, std::int32_t to) {
  if (from < to) return minute >= from && minute < to;
  return minute >= from || minute < to;
}

}  // namespace

quiet_clock::quiet_clock(const quiet_hours& rule, std::int64_t now_us)
    : rule_(rule), now_us_(now_us) {
  zone_number(rule_.zone);
}

quiet_clock::wall quiet_clock::look(std::string_view name) const {
  const std::int64_t civil = zone(name).to_civil(now_us_);
  const std::int64_t in_day = (civil % us_per_day + us_per_day) % us_per_day;
  const auto minute = static_cast<std::int32_t>(in_day / (60 * us_per_second));
  return {std::string(name), minute, inside(minute, rule_.from_minute, rule_.to_minute)};
}

std::uint32_t quiet_clock::zone_number(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  walls_.push_back(look(name));
  const auto number = static_cast<std::uint32_t>(walls_.size() - 1);
  numbers_.emplace(name, number);
  return number;
}

bool quiet_clock::quiet(std::string_view channel, std::uint32_t zone) const {
  return walls_[zone].quiet && std::ranges::find(rule_.channels, channel) != rule_.channels.end();
}

std::string quiet_clock::why(std::string_view channel, std::uint32_t zone) const {
  const wall& w = walls_[zone];
  return "It is " + clock_text(w.minute) + " in " + w.name + ", and " + std::string(channel) +
         " is quiet from " + clock_text(rule_.from_minute) + " to " + clock_text(rule_.to_minute) +
         " there.";
}

}  // namespace clv::retention
