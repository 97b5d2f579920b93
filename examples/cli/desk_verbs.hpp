// The verbs of clv desk: one row each, so that a new one is a row.
#pragma once

#include <array>
#include <span>

namespace cli {

// Of what a verb's report says is to be recorded: nothing, what is asked for with --apply, or with
// a store always (--dry-run: not).
enum class recording { never, asked, always };

// An option of the report that the verb gives a place of its own; without "--" it is a word.
struct desk_word {
  const char* flag = nullptr;
  const char* option = nullptr;
  const char* help = nullptr;
  bool needed = false;
};

struct desk_verb {
  const char* name;
  const char* report;
  recording records;
  const char* file;     // a word: the CSV file of this table; nullptr none
  const char* verdict;  // the column that is 0 where what was wanted is refused; nullptr none
  std::array<desk_word, 3> words;
  const char* help;
  const char* examples;
  bool one_word = false;  // at least one of the words has to be given
};

std::span<const desk_verb> desk_verbs();

}  // namespace cli
