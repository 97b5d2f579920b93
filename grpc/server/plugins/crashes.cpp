#include "plugins/crashes.hpp"

#include <algorithm>

namespace clvd::plugins {
namespace {

constexpr std::size_t most_inputs = 64;
constexpr int most_doublings = 20;

}  // namespace

void crash_record::crashed(instant now, const std::string& input) {
  if (!input.empty()) {
    if (inputs_.size() >= most_inputs) {
      inputs_.erase(std::ranges::min_element(inputs_, {}, [](const auto& i) { return i.second; }));
    }
    inputs_[input] = now + policy_.quarantine;
  }
  recent_.push_back(now);
  while (now - recent_.front() > policy_.within) recent_.pop_front();
  const int doublings = std::min(in_a_row_++, most_doublings);
  next_start_ =
      now + std::min(policy_.first_delay * (std::int64_t{1} << doublings), policy_.longest_delay);
  if (recent_.size() < static_cast<std::size_t>(policy_.crashes)) return;
  quarantine_until_ = now + policy_.quarantine;
  recent_.clear();
}

instant crash_record::not_before(instant now) const {
  const instant until = std::max(next_start_, quarantine_until_);
  return now < until ? until : instant::min();
}

bool crash_record::remembers_inputs(instant now) {
  std::erase_if(inputs_, [&](const auto& i) { return i.second <= now; });
  return !inputs_.empty();
}

}  // namespace clvd::plugins
