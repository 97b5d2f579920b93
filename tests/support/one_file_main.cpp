// main() of a test program made of several files. --only-file=NAME runs the tests of that file, as
// a program of its own would, so that a crash is one file's.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

std::string_view file_name(const testing::TestInfo& test) {
  const std::string_view path = test.file();
  return path.substr(path.rfind('/') + 1);
}

// What --gtest_filter would say; empty when there is nothing to run, or when a test would never be
// run because ctest knows it by no file.
std::string tests_of(std::string_view file) {
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  std::string names;
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const testing::TestSuite& suite = *all.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const testing::TestInfo& test = *suite.GetTestInfo(t);
      if (!file_name(test).ends_with("_test.cpp")) {
        std::fprintf(stderr,
                     "%s.%s stands in %s: ctest runs only what stands in a *_test.cpp\n",
                     suite.name(),
                     test.name(),
                     test.file());
        return {};
      }
      if (file_name(test) == file) {
        names += std::string(names.empty() ? "" : ":") + suite.name() + "." + test.name();
      }
    }
  }
  if (names.empty())
    std::fprintf(stderr, "no test stands in a file %s\n", std::string(file).c_str());
  return names;
}

// What --gtest_filter or GTEST_FILTER leaves out stays out; what it asks for goes before the file.
std::string narrowed(const std::string& given, const std::string& names) {
  const std::size_t without = given.find('-');
  const std::string with = given.substr(0, without);
  if (!with.empty() && with != "*") return given;
  return without == std::string::npos ? names : names + given.substr(without);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  constexpr std::string_view option = "--only-file=";
  if (argc == 2 && std::string_view(argv[1]).starts_with(option)) {
    const std::string names = tests_of(std::string_view(argv[1]).substr(option.size()));
    if (names.empty()) return 1;
    GTEST_FLAG_SET(filter, narrowed(GTEST_FLAG_GET(filter), names));
  } else if (argc > 1) {
    std::fprintf(stderr, "unknown argument %s\n", argv[1]);
    return 2;
  }
  return RUN_ALL_TESTS();
}
