// Real data stay outside the project. A test that needs a file asks here and skips when it is
// absent.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace clv::test {

// Full path of a file in the shared data folder (environment CLV_SHARED_DATA), or "" when absent.
std::string shared_data(const std::string& file);

}  // namespace clv::test

#define CLV_REQUIRE_SHARED_DATA(path, file)                      \
  const std::string path = ::clv::test::shared_data(file);       \
  if (path.empty()) {                                            \
    GTEST_SKIP() << "skipped: ../shared/data/" << (file)         \
                 << " not found; it is not part of the project"; \
  }                                                              \
  static_assert(true, "semicolon")
