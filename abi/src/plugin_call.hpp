// One call into a plugin: contained, and what its sinks refused meanwhile.
#pragma once

#include <cfenv>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "clv/error.hpp"
#include "clv_base.h"
#include "guard.hpp"
#include "text.hpp"

namespace clv::abi {

inline constexpr std::size_t longest_said = 1000;  // bytes of a plugin's sentence that are kept

// The floating-point environment as it was, whatever the plugin did to it.
class saved_float_environment {
 public:
  saved_float_environment() { std::fegetenv(&saved_); }
  ~saved_float_environment() { std::fesetenv(&saved_); }
  saved_float_environment(const saved_float_environment&) = delete;
  saved_float_environment& operator=(const saved_float_environment&) = delete;

 private:
  std::fenv_t saved_;
};

// What came of a call into a plugin: its status, or that it threw and what.
struct call_outcome {
  clv_status status = CLV_OK;
  std::string threw;  // empty: it returned
  bool failed() const { return status < 0 || !threw.empty(); }
};

// Runs one call into the plugin. Nothing it throws passes: a C++ plugin may throw types that do
// not derive from std::exception.
template <typename Call>
call_outcome contained(Call&& call) {
  const saved_float_environment environment;
  try {
    return {.status = call(), .threw = {}};
  } catch (const std::exception& e) {
    return {.status = CLV_E_PLUGIN, .threw = "threw '" + printable(e.what(), longest_said) + "'"};
  } catch (...) {
    return {.status = CLV_E_PLUGIN, .threw = "threw something that is no std::exception"};
  }
}

// What a plugin handed to a sink and the sink did not take: counted, and the first one is told.
class refusals {
 public:
  explicit refusals(const char* of_what) : what_(of_what) {}

  // Runs `take` for one call of the sink; what it throws is refused.
  template <typename Take>
  clv_status around(Take&& take) noexcept {
    const clv_status done = guard(nullptr, [&] {
      try {
        take();
        return clv_status{CLV_OK};
      } catch (const error& e) {
        return refuse(e.details());
      }
    });
    out_of_memory_ = out_of_memory_ || done == CLV_E_NO_MEMORY;
    return done;
  }
  std::int64_t count() const { return count_; }
  const issue& first() const { return first_; }
  const char* of_what() const { return what_; }
  bool out_of_memory() const { return out_of_memory_; }

 private:
  clv_status refuse(const issue& why) {
    if (count_++ == 0) first_ = why;
    return static_cast<clv_status>(why.code);
  }

  const char* what_;  // "proposals"
  std::int64_t count_ = 0;
  issue first_;
  bool out_of_memory_ = false;
};

// Throws error{invalid} unless `row` is one of a block's.
inline void check_row(std::int64_t row, std::int64_t rows) {
  if (row >= 0 && row < rows) return;
  throw error(status::invalid,
              "row " + std::to_string(row) + " is out of range; the batch has " +
                  std::to_string(rows) + " rows");
}

}  // namespace clv::abi
