// The public headers as text: which functions there are, and what they take.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

namespace clv_hostile {

inline std::string text_of(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Exported functions by name, each with the text between its brackets.
inline std::map<std::string, std::string> declarations() {
  std::map<std::string, std::string> all;
  const std::regex function("CLV_CALL (clv_\\w+)\\(([^)]*)\\)");
  for (const auto& file : std::filesystem::directory_iterator(CLV_TEST_HEADERS)) {
    if (file.path().extension() != ".h") continue;
    const std::string text = text_of(file);
    for (std::sregex_iterator i(text.begin(), text.end(), function), end; i != end; ++i) {
      all.emplace((*i)[1], (*i)[2]);
    }
  }
  return all;
}

}  // namespace clv_hostile
