// Nothing that libclv exports is left out of the tables here.
#include <regex>
#include <set>

#include "handle_uses.hpp"
#include "header_text.hpp"

namespace clv_hostile {
namespace {

std::set<std::string> exported() {
  const std::string map = text_of(CLV_TEST_SYMBOLS);
  std::set<std::string> names;
  const std::regex name("\\n +(clv_\\w+);");
  for (std::sregex_iterator i(map.begin(), map.end(), name), end; i != end; ++i) {
    names.insert((*i)[1]);
  }
  return names;
}

TEST(scenarios, are_of_every_exported_function_and_of_no_other) {
  std::set<std::string> have;
  for (const scenario& s : scenarios()) {
    EXPECT_TRUE(have.insert(s.function).second) << s.function << " is there twice";
  }
  const std::set<std::string> names = exported();
  ASSERT_GT(names.size(), 80U) << CLV_TEST_SYMBOLS;
  for (const std::string& name : names) EXPECT_TRUE(have.contains(name)) << name << " is missing";
  for (const std::string& name : have)
    EXPECT_TRUE(names.contains(name)) << name << " is not exported";
}

TEST(handle_uses, are_of_every_handle_of_every_function) {
  std::set<std::pair<std::string, std::string>> have, declared;
  for (const handle_use& use : handle_uses()) have.emplace(use.function, use.kind);
  const std::regex handle("\\bclv_(job|result|arrow|model|scorer|plugins|engine|diag)\\* (\\w+)");
  for (const auto& [function, parameters] : declarations()) {
    if (function.ends_with("_free")) continue;  // handles_test.cpp frees each kind
    for (std::sregex_iterator i(parameters.begin(), parameters.end(), handle), end; i != end; ++i) {
      const bool complaints = (*i)[1] == "diag" && !function.starts_with("clv_diag");
      if (!complaints) declared.emplace(function, (*i)[1]);
    }
  }
  ASSERT_GT(declared.size(), 60U);
  for (const auto& [function, kind] : declared) {
    EXPECT_TRUE(have.contains({function, kind})) << function << " with a clv_" << kind;
  }
}

}  // namespace
}  // namespace clv_hostile
