// sdk/src/features/README.md documents the features of the code, no more and no fewer.
#include <fstream>

#include "features/catalogue.hpp"
#include "tables.hpp"

namespace clv::features {
namespace {

std::vector<std::string> rows_of_readme() {
  std::vector<std::string> rows;
  std::ifstream file(CLV_SOURCE_DIR "/sdk/src/features/README.md");
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) inside = line == "## The features";
    if (inside && line.starts_with("| `")) rows.push_back(line);
  }
  return rows;
}

template <class Feature>
std::string row_of(const Feature& f, const std::string& name) {
  const auto text = [](std::string_view t) { return t.empty() ? "-" : std::string(t); };
  return "| `" + name + "` | " + text(f.unit) + " | " + text(f.window) + " | " + text(f.formula) +
         " | " + text(f.missing) + " |";
}

TEST(features_readme, has_each_feature_as_the_code_has_it) {
  std::vector<std::string> code;
  for (const feature& f : features()) code.push_back(row_of(f, std::string(f.name)));
  for (const windowed_feature& f : windowed_features()) {
    code.push_back(row_of(f, std::string(f.stem) + "Nd"));
  }
  EXPECT_GT(code.size(), 20U);
  EXPECT_EQ(rows_of_readme(), code);
}

}  // namespace
}  // namespace clv::features
