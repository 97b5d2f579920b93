#include "wording.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace cli {
namespace {

struct translation {
  std::string_view from;
  std::string_view to;
};

// Anywhere in a hint; the longer ones first.
constexpr std::array hints{
    translation{"table 'rejects' lists them; mend the rows or allow more rejects",
                "--rejects FILE writes them, --max-rejects N allows them"},
    translation{"one engine writes at a time: close the other one, or open this one read only",
                "one command writes at a time: wait for the other one"},
    translation{", or open it read only", ""},
    translation{"use a second clv_plugins for a second configuration", ""},
    translation{"choose one with currency", "choose one with --currency"},
    translation{"choose one of these with currency", "choose one of these with --currency"},
    translation{"name the currency where the amounts are read", "name it with --currency"},
    translation{"to take with map: ", "to take with --map "},
    translation{"config_json", "--plugin-config"},
    translation{"check as_of", "check --as-of"},
    translation{"summarise the log again, or hold k with fixed",
                "make the summary with `clv summarize`, or hold k with --fix k=2"},
    translation{"summarise the log again", "make the summary with `clv summarize`"},
    translation{"hold it with fixed", "hold it with --fix"},
    translation{"fit with periods_per_year", "fit with --periods-per-year"},
    translation{"run ingest", "run `clv import`"},
    translation{"run fit", "run `clv fit`"},
    translation{"run score", "run `clv score`"},
    translation{"run segment", "run `clv segment`"},
    translation{"run decide", "run `clv decide`"},
    translation{"run record", "`clv record TABLE FILE.csv` does; of tickets `clv desk import` too"},
    translation{"give option 'desk' with", "give --desk a file with"},
    translation{"of option 'desk'", "of the rules"},
    translation{"give option as_of", "give --as-of"},
};

// In a message only where libclv wrote it, never in a quoted value: its first word, or the end.
constexpr std::array starts{
    translation{"map entry '", "--map entry '"},
    translation{"map names '", "--map names '"},
    translation{"map takes '", "--map takes '"},
};
constexpr std::array ends{
    translation{": run ingest first", ": run `clv import` first"},
    translation{": run ingest again", ": run `clv import` again"},
    translation{": run fit first", ": run `clv fit` first"},
    translation{": run fit again", ": run `clv fit` again"},
    translation{": run score first", ": run `clv score` first"},
    translation{": run score again", ": run `clv score` again"},
    translation{": run segment first", ": run `clv segment` first"},
    translation{": run segment again", ": run `clv segment` again"},
};

// The number at `at` becomes that of the file's row.
void count_in_file(std::string& text, std::size_t at, const std::vector<std::int64_t>& rejected) {
  std::int64_t row = 0;
  const char* const end = std::from_chars(text.data() + at, text.data() + text.size(), row).ptr;
  const auto digits = static_cast<std::size_t>(end - (text.data() + at));
  if (digits == 0) return;
  for (const std::int64_t skipped : rejected) {
    if (skipped > row) break;
    ++row;
  }
  text.replace(at, digits, std::to_string(row));
}

}  // namespace

std::string worded_message(std::string message) {
  for (const translation& t : starts) {
    if (message.starts_with(t.from)) message.replace(0, t.from.size(), t.to);
  }
  for (const translation& t : ends) {
    if (!message.ends_with(t.from)) continue;
    message.replace(message.size() - t.from.size(), t.from.size(), t.to);
  }
  return message;
}

std::string worded_hint(std::string hint) {
  for (const translation& t : hints) {
    const std::size_t at = hint.find(t.from);
    if (at != std::string::npos) hint.replace(at, t.from.size(), t.to);
  }
  return hint;
}

std::string with_file_rows(std::string message, const std::vector<std::int64_t>& rejected) {
  constexpr std::string_view start = "row ";
  constexpr std::string_view other = "' is in row ";  // of an event id that is there twice
  if (!message.starts_with(start)) return message;
  if (const std::size_t at = message.rfind(other); at != std::string::npos) {
    count_in_file(message, at + other.size(), rejected);
  }
  count_in_file(message, start.size(), rejected);
  return message;
}

}  // namespace cli
