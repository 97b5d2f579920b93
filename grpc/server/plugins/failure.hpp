// Why a plugin gave no proposals: one exception inside this room, one reason outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace clvd::plugins {

enum class fault : std::uint8_t {
  failed,       // it said no, would not load, or sent back what breaks the rules
  crashed,      // its process ended
  timeout,      // it did not answer by the deadline, and was ended where it can be
  quarantined,  // it is not asked: it crashed too often, or on this very input
  disabled,     // an operator switched it off
  cancelled     // nobody waits for the answer any more; no fault of the plugin's
};

// PLUGIN_FAILED, PLUGIN_CRASHED, PLUGIN_TIMEOUT, PLUGIN_QUARANTINED, PLUGIN_DISABLED, CANCELLED.
const char* reason_of(fault what);

class plugin_failure : public std::exception {
 public:
  plugin_failure(fault w, std::string text) : what_kind(w), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  fault what_kind;
  std::string message;  // a sentence; holds no value of a customer
  int signal = 0;       // that ended its process; 0 = none
  // Until then it is not asked again; 0 = it may be asked at once.
  std::chrono::milliseconds retry_after{0};
};

}  // namespace clvd::plugins
