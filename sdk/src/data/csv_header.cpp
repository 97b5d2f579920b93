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

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.push_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

struct mapped {
  const field* what;
  std::string_view header;
};

std::vector<mapped> parse_map(std::string_view map, const schema& to) {
  std::vector<mapped> entries;
  for (const std::string_view entry : split(map)) {
    const std::size_t equals = entry.find('=');
    const std::string_view word = trimmed(entry.substr(0, equals));
    const auto what = std::ranges::find(to.fields, word, &field::name);
    if (equals == std::string_view::npos || what == to.fields.end()) {
      throw error(
          status::invalid,
          "map entry '" + std::string(entry) + "' does not name a column of '" +
              std::string(to.name) + "'",
          "write word=header; words: " + listed(to.fields, [](const field& f) { return f.name; }));
    }
    if (std::ranges::find(entries, &*what, &mapped::what) != entries.end()) {
      throw error(status::invalid, "map names '" + std::string(word) + "' twice");
    }
    entries.push_back({&*what, trimmed(entry.substr(equals + 1))});
  }
  return entries;
}

class planner {
 public:
  planner(std::span<const std::string_view> header, const schema& to, issues& notes)
      : to_(to), notes_(notes) {
    for (const std::string_view name : header) {
      plan_.header.emplace_back(trimmed(name));
      lower_.push_back(lower(plan_.header.back()));
    }
    claimed_.resize(header.size());
  }

  column_plan run(std::string_view map) {
    const std::vector<mapped> entries = parse_map(map, to_);
    std::vector<std::optional<std::size_t>> columns(to_.fields.size());
    std::vector<bool> unwanted(columns.size());
    for (const mapped& entry : entries) {
      unwanted[index_of(entry.what)] = entry.header.empty();
      if (!entry.header.empty()) columns[index_of(entry.what)] = claim_mapped(entry);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i] && !unwanted[i]) columns[i] = claim(plan_.header, to_.fields[i].name);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i] && !unwanted[i]) columns[i] = claim_alias(to_.fields[i]);
      if (columns[i]) plan_.bindings.push_back({&to_.fields[i], *columns[i]});
      if (!columns[i] && to_.fields[i].required) missing(to_.fields[i]);
    }
    if (!guesses_.empty()) {
      notes_.push_back({.code = status::ok,
                        .level = log_level::info,
                        .message = "columns known by their usual names: " + guesses_});
    }
    return std::move(plan_);
  }

 private:
  std::size_t index_of(const field* what) const {
    return static_cast<std::size_t>(what - to_.fields.data());
  }

  std::string header_list() const {
    return listed(plan_.header, [](const std::string& name) { return "'" + name + "'"; });
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
                  "rename one of them; the header is " + header_list());
    }
    claimed_[column] = true;
    return column;
  }

  std::size_t claim_mapped(const mapped& entry) {
    const auto column = claim(plan_.header, entry.header);
    if (column) return *column;
    throw error(status::invalid,
                "map takes '" + std::string(entry.what->name) + "' from column '" +
                    std::string(entry.header) + "', which is not in the header or used twice",
                "the header is " + header_list());
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

  [[noreturn]] void missing(const field& what) const {
    std::string hint = "the header is " + header_list() +
                       "; say which column to take with map: " + std::string(what.name) + "=header";
    if (plan_.header.size() == 1 && plan_.header[0].find_first_of(";\t|") != std::string::npos) {
      hint = "the file seems not to be separated by commas: " + header_list();
    }
    throw error({.code = status::invalid,
                 .column = std::string(what.name),
                 .message = "column '" + std::string(what.name) + "' is missing",
                 .hint = std::move(hint)});
  }

  const schema& to_;
  issues& notes_;
  column_plan plan_;
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
                         issues& notes) {
  return planner(header, to, notes).run(map);
}

}  // namespace clv::data
