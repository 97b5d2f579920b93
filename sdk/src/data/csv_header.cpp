#include "data/csv_header.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace clv::data {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

template <typename Range, typename Name>
std::string listed(const Range& range, Name name) {
  std::string out;
  for (const auto& item : range) out += (out.empty() ? "" : ", ") + std::string(name(item));
  return out;
}

// Where the first of `mark` is that stands outside of quotes.
std::size_t find_outside(std::string_view text, char mark) {
  bool inside = false, begins = true;  // a quote within a name is a letter of it, as in a file
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == mark && !inside) return i;
    if (c == '"' && (inside || begins)) inside = !inside;
    begins = c == ',' || c == '=' || (begins && (c == ' ' || c == '\t'));
  }
  if (!inside) return text.size();
  throw error(status::invalid,
              "'" + std::string(text) + "' has a quote that is not closed",
              "write a quote inside of quotes twice");
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t comma = find_outside(text, ',');
    parts.push_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// A heading as the file has it: in quotes what is in them, "" for one quote.
std::string heading(std::string_view part) {
  part = trimmed(part);
  if (part.size() < 2 || part.front() != '"' || part.back() != '"') return std::string(part);
  std::string out;
  for (std::size_t i = 1; i + 1 < part.size(); ++i) {
    out += part[i];
    if (part[i] == '"' && part[i + 1] == '"') ++i;
  }
  return std::string(trimmed(out));
}

struct mapped {
  std::string_view word;
  std::string header;
};

std::vector<mapped> parse_map(std::string_view map) {
  std::vector<mapped> entries;
  for (const std::string_view entry : split(map)) {
    const std::size_t equals = find_outside(entry, '=');
    const std::string_view word = trimmed(entry.substr(0, equals));
    if (equals == entry.size() || word.empty()) {
      throw error(status::invalid,
                  "map entry '" + std::string(entry) + "' has no word or no '='",
                  "write word=header");
    }
    if (std::ranges::find(entries, word, &mapped::word) != entries.end()) {
      throw error(status::invalid, "map names '" + std::string(word) + "' twice");
    }
    entries.push_back({word, heading(entry.substr(equals + 1))});
  }
  return entries;
}

std::string header_list(const column_plan& plan) {
  return listed(plan.header, [](const std::string& name) { return "'" + name + "'"; });
}

void take_header(std::span<const std::string_view> header, column_plan& plan) {
  for (const std::string_view name : header) plan.header.emplace_back(trimmed(name));
}

class planner {
 public:
  planner(std::span<const std::string_view> header,
          const schema& to,
          std::string_view extra,
          issues& notes)
      : to_(to), notes_(notes) {
    take_header(header, plan_);
    for (const std::string& name : plan_.header) lower_.push_back(lower(name));
    claimed_.resize(header.size());
    for (const field& f : to.fields) wanted_.push_back({.what = &f});
    for (const std::string_view word : split(extra)) add_extra(heading(word));
  }

  column_plan run(std::string_view map) {
    for (const mapped& entry : parse_map(map)) {
      want& w = wanted_by(entry);
      w.absent = entry.header.empty();
      if (!w.absent) w.column = claim_mapped(entry);
    }
    for (want& w : wanted_) {
      if (!w.column && !w.absent) w.column = claim(plan_.header, w.what->name);
    }
    for (want& w : wanted_) {
      if (!w.column && !w.absent) w.column = claim_alias(*w.what);
      if (w.column) plan_.bindings.push_back({w.what, *w.column});
      if (!w.column && (w.what->required || w.extra)) missing(*w.what);
    }
    if (!guesses_.empty()) {
      notes_.push_back({.code = status::ok,
                        .level = log_level::info,
                        .message = "columns known by their usual names: " + guesses_});
    }
    note_unread();
    return std::move(plan_);
  }

 private:
  struct want {
    const field* what;
    bool extra = false;
    bool absent = false;  // says the map
    std::optional<std::size_t> column = std::nullopt;
  };

  want* find_want(std::string_view word) {
    const auto found = std::ranges::find(wanted_, word, [](const want& w) { return w.what->name; });
    return found == wanted_.end() ? nullptr : &*found;
  }

  // A word of the schema needs no column of its own, when it is one of numbers.
  void add_extra(std::string_view word) {
    if (word.empty()) throw error(status::invalid, "the list of extra columns has an empty name");
    const want* known = find_want(word);
    if (known != nullptr && !known->extra && known->what->kind == type::f64) return;
    if (known != nullptr) {
      throw error(status::invalid,
                  "extra column '" + std::string(word) + "' is " +
                      (known->extra ? "named twice"
                                    : "a word of '" + std::string(to_.name) + "' and no number"),
                  "leave it out of the extra columns");
    }
    const std::string& name = plan_.own_names.emplace_back(word);
    wanted_.push_back(
        {.what = &plan_.own_fields.emplace_back(field{name, type::f64, false, "", ""}),
         .extra = true});
  }

  want& wanted_by(const mapped& entry) {
    if (want* const found = find_want(entry.word)) return *found;
    throw error(
        status::invalid,
        "map entry '" + std::string(entry.word) + "=" + std::string(entry.header) +
            "' does not name a column of '" + std::string(to_.name) + "'",
        "write word=header; words: " + listed(wanted_, [](const want& w) { return w.what->name; }));
  }

  // The column called `name`, now taken; nothing when there is none or another word has it.
  std::optional<std::size_t> claim(const std::vector<std::string>& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    const auto column = static_cast<std::size_t>(found - names.begin());
    if (claimed_[column]) return std::nullopt;
    if (std::find(found + 1, names.end(), name) != names.end()) {
      throw error(status::invalid,
                  "the header has column '" + plan_.header[column] + "' twice",
                  "rename one of them; the header is " + header_list(plan_));
    }
    claimed_[column] = true;
    return column;
  }

  std::size_t claim_mapped(const mapped& entry) {
    const auto column = claim(plan_.header, entry.header);
    if (column) return *column;
    throw error(status::invalid,
                "map takes '" + std::string(entry.word) + "' from column '" +
                    std::string(entry.header) + "', which is not in the header or used twice",
                "the header is " + header_list(plan_));
  }

  std::optional<std::size_t> claim_alias(const field& what) {
    std::vector<std::string_view> names = split(what.aliases);
    const std::string own = lower(what.name);
    names.insert(names.begin(), own);
    for (const std::string_view name : names) {
      const auto column = claim(lower_, name);
      if (!column) continue;
      if (!guesses_.empty()) guesses_ += ", ";
      guesses_ += std::string(what.name) + " from '" + plan_.header[*column] + "'";
      return column;
    }
    return std::nullopt;
  }

  // A misspelt optional column must not vanish without a word. "attr." says that it is nobody's.
  void note_unread() {
    std::string unread;
    for (std::size_t i = 0; i < claimed_.size(); ++i) {
      if (!claimed_[i] && !plan_.header[i].starts_with("attr."))
        unread += (unread.empty() ? "'" : ", '") + plan_.header[i] + "'";
    }
    if (unread.empty()) return;
    notes_.push_back({.code = status::ok,
                      .level = log_level::info,
                      .message = "columns that nothing here reads: " + unread});
  }

  [[noreturn]] void missing(const field& what) const {
    std::string hint = "the header is " + header_list(plan_) +
                       "; say which column to take with map: " + std::string(what.name) + "=header";
    if (plan_.header.size() == 1 && plan_.header[0].find_first_of(";\t|") != std::string::npos) {
      hint = "the file seems not to be separated by commas: " + header_list(plan_);
    }
    throw error({.code = status::invalid,
                 .column = std::string(what.name),
                 .message = "column '" + std::string(what.name) + "' is missing",
                 .hint = std::move(hint)});
  }

  const schema& to_;
  issues& notes_;
  column_plan plan_;
  std::vector<want> wanted_;  // the schema's words, then the extra ones
  std::vector<std::string> lower_;
  std::vector<bool> claimed_;
  std::string guesses_;  // what aliases decided, for one note
};

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

column_plan plan_columns(std::span<const std::string_view> header,
                         const schema& to,
                         std::string_view map,
                         std::string_view extra,
                         issues& notes) {
  return planner(header, to, extra, notes).run(map);
}

namespace {

// Gives each column of the header its name in the table: "" for one that is left out.
void rename(std::string_view map, column_plan& plan) {
  for (const mapped& entry : parse_map(map)) {
    const std::string_view from = entry.header.empty() ? entry.word : entry.header;
    const auto found = std::ranges::find(plan.header, from);
    if (found == plan.header.end() ||
        std::find(found + 1, plan.header.end(), from) != plan.header.end()) {
      throw error(status::invalid,
                  "map names column '" + std::string(from) + "', which is not once in the header",
                  "the header is " + header_list(plan));
    }
    plan.own_names[static_cast<std::size_t>(found - plan.header.begin())] =
        entry.header.empty() ? "" : entry.word;
  }
}

void refuse_doubled_names(const column_plan& plan) {
  std::vector<std::string_view> names(plan.own_names.begin(), plan.own_names.end());
  std::erase(names, std::string_view());
  std::ranges::sort(names);
  const auto doubled = std::ranges::adjacent_find(names);
  if (doubled == names.end()) return;
  throw error(status::invalid,
              "there are two columns '" + std::string(*doubled) + "'",
              "rename one of them; the header is " + header_list(plan));
}

}  // namespace

column_plan plan_open_columns(std::span<const std::string_view> header, std::string_view map) {
  column_plan plan{.open = true};
  take_header(header, plan);
  for (std::size_t i = 0; i < plan.header.size(); ++i) {
    if (plan.header[i].empty()) plan.header[i] = "column_" + std::to_string(i + 1);
  }
  plan.own_names.assign(plan.header.begin(), plan.header.end());
  rename(map, plan);
  refuse_doubled_names(plan);
  for (std::size_t i = 0; i < plan.own_names.size(); ++i) {
    if (plan.own_names[i].empty()) continue;
    plan.own_fields.push_back({plan.own_names[i], type::utf8, false, "", ""});
    plan.bindings.push_back({&plan.own_fields.back(), i});
  }
  return plan;
}

}  // namespace clv::data
