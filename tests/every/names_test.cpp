// One dictionary: the table in sdk/README.md and clv::schemas() say the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "clv/schema.hpp"

namespace clv::test {
namespace {

// A word of the dictionary (a word may have two types in different tables) and its tables, listed.
using entry = std::tuple<std::string, std::string, std::string>;  // name, type, unit
using dictionary = std::map<entry, std::string>;

std::string name_of(type kind) {
  constexpr const char* names[] = {"", "i32", "i64", "f64", "time", "money", "utf8"};
  return names[static_cast<std::size_t>(kind)];
}

dictionary from_code() {
  dictionary words;
  for (const schema& s : schemas()) {
    for (const field& f : s.fields) {
      const std::string unit(f.unit.empty() ? "-" : f.unit);
      std::string& tables = words[{std::string(f.name), name_of(f.kind), unit}];
      tables += (tables.empty() ? "" : ", ") + std::string(s.name);
    }
  }
  return words;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t from = 1; from < line.size();) {
    const std::size_t bar = std::min(line.find('|', from), line.size());
    std::string cell = line.substr(from, bar - from);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
    from = bar + 1;
  }
  return cells;
}

// The rows of the table under "## Columns": those whose first cell is a word in backquotes.
dictionary from_readme() {
  dictionary words;
  std::ifstream file(CLV_SOURCE_DIR "/sdk/README.md");
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) inside = line == "## Columns";
    if (!inside || !line.starts_with("| `")) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 6) {
      ADD_FAILURE() << "not six cells: " << line;
      continue;
    }
    const std::string name = cells[0].substr(1, cells[0].size() - 2);
    EXPECT_TRUE(words.emplace(entry{name, cells[1], cells[2]}, cells[3]).second)
        << name << " is there twice with one type and unit";
    EXPECT_FALSE(cells[5].empty()) << name << " has no meaning";
  }
  return words;
}

TEST(names, the_readme_has_every_column_of_the_code_and_no_other) {
  const dictionary code = from_code(), readme = from_readme();
  ASSERT_FALSE(code.empty());
  for (const auto& [word, tables] : code) {
    const auto found = readme.find(word);
    const auto& [name, kind, unit] = word;
    if (found == readme.end()) {
      ADD_FAILURE() << "sdk/README.md lacks `" << name << "` | " << kind << " | " << unit;
    } else {
      EXPECT_EQ(found->second, tables) << "tables of " << name;
    }
  }
  for (const auto& [word, tables] : readme) {
    EXPECT_TRUE(code.contains(word)) << "only in sdk/README.md: " << std::get<0>(word) << " | "
                                     << std::get<1>(word) << " | " << std::get<2>(word);
  }
}

TEST(names, words_are_snake_case_or_the_letters_of_the_papers) {
  for (const auto& [word, tables] : from_code()) {
    const std::string& name = std::get<0>(word);
    if (name == "T") continue;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos)
        << name;
  }
}

}  // namespace
}  // namespace clv::test
