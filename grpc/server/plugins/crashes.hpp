// What a plugin's past says about its future: delays, quarantine, and inputs not to be tried again.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "plugins/config.hpp"

namespace clvd::plugins {

class crash_record {
 public:
  explicit crash_record(const restart_policy& policy) : policy_(policy) {}

  // `input`: digest of the batch it ended on; "" = it ended by itself.
  void crashed(instant now, const std::string& input);
  void worked() { in_a_row_ = 0; }
  void forgive() { *this = crash_record(policy_); }

  // instant::min() when it may be asked.
  instant not_before(instant now) const;
  bool quarantined(instant now) const { return now < quarantine_until_; }
  instant quarantine_until() const { return quarantine_until_; }
  // Whether an input is still remembered, so that a digest is worth computing.
  bool remembers_inputs(instant now);
  bool ended_it(const std::string& input) const { return inputs_.contains(input); }

 private:
  restart_policy policy_;
  std::deque<instant> recent_;
  std::map<std::string, instant> inputs_;  // until when
  int in_a_row_ = 0;
  instant next_start_ = instant::min(), quarantine_until_ = instant::min();
};

}  // namespace clvd::plugins
