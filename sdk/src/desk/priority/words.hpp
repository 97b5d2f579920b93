// Words in a subject that tell how bad it is. [any] Immutable.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_view.hpp"

namespace clv::desk {

// Text in lower case, its words (letters, digits, bytes above ASCII) with one blank between, and
// one before and after. Latin, Greek and Cyrillic letters lose their case too; other scripts stay
// as they are. "It's DOWN!" -> " it s down ".
std::string folded_words(std::string_view text);

// Whole words or phrases with what each costs.
class word_costs {
 public:
  explicit word_costs(const std::map<std::string, double>& words);
  // The sum over the words that the subject has, each once however often it stands there.
  double of(std::string_view subject) const;
  // Those words, in the order of the rules, as they are compared: "not working".
  std::vector<std::string_view> found_in(std::string_view subject) const;

 private:
  std::vector<std::size_t> positions_in(std::string_view subject) const;

  struct phrase {
    std::string text;  // " not working "
    double cost;
  };
  std::vector<phrase> phrases_;
  by_text<std::vector<std::size_t>> by_first_;  // first word -> phrases
};

}  // namespace clv::desk
