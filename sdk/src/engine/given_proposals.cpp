#include "engine/given_proposals.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "clv/schema.hpp"
#include "math/json.hpp"

namespace clv::detail {
namespace {

constexpr std::size_t most_notes = 20;
constexpr std::size_t longest_quoted = 60;

// The bounds that the plugin host sets, so that a proposal fares the same wherever it was made.
struct number_bounds {
  std::string_view column;
  double least, most;
};
constexpr std::array numbers{number_bounds{"effect_mean", -1, 1},
                             number_bounds{"effect_sd", 0, 1e9},
                             number_bounds{"effect_n", 0, 1e15},
                             number_bounds{"agent_minutes", 0, 1e9},
                             number_bounds{"discount_share", 0, 1},
                             number_bounds{"pull_forward", 0, 1},
                             number_bounds{"unsubscribe_effect", 0, 1},
                             number_bounds{"resource_units", 0, 1e9},
                             number_bounds{"response_p0", 0, 1}};

struct whole_bounds {
  std::string_view column;
  std::int64_t most;
};
constexpr std::int64_t largest_amount = std::int64_t{1} << 53;  // the core prices in doubles
constexpr std::int64_t any_time = std::numeric_limits<std::int64_t>::max();
constexpr std::array wholes{whole_bounds{"response_value", largest_amount},
                            whole_bounds{"benefit", largest_amount},
                            whole_bounds{"contact_cost", largest_amount},
                            whole_bounds{"worst_case", largest_amount},
                            whole_bounds{"horizon_us", any_time},
                            whole_bounds{"expires_us", any_time},
                            whole_bounds{"veto", 1},
                            whole_bounds{"needs_approval", 1}};

struct text_bounds {
  std::string_view column;
  std::size_t longest;
};
constexpr std::array texts{text_bounds{"plugin", 128},
                           text_bounds{"action", 128},
                           text_bounds{"channel", 128},
                           text_bounds{"reason", 1000},
                           text_bounds{"category", 128},
                           text_bounds{"benefit_kind", 128},
                           text_bounds{"resource", 128},
                           text_bounds{"message", 4000},
                           text_bounds{"reads", 4000}};

struct complaint {
  std::string_view column;
  std::string what;  // "is ...", after the column's name
};
using verdict = std::optional<complaint>;

bool is_required(std::string_view column) {
  for (const field& f : find_schema("proposals").fields) {
    if (f.name == column) return f.required;
  }
  return false;
}

// The cell's column when there is something to check, else nullptr; `bad` when it must be there.
const column* cell(const table& t, std::string_view name, std::size_t row, verdict& bad) {
  const column* c = t.find(name);
  if (c != nullptr && c->present(row)) return c;
  if (is_required(name)) bad = complaint{name, "is missing"};
  return nullptr;
}

std::string range(const std::string& value, const std::string& least, const std::string& most) {
  return "is " + value + "; it must be in [" + least + ", " + most + "]";
}

void check_numbers(const table& t, std::size_t row, verdict& bad) {
  for (const number_bounds& b : numbers) {
    const column* c = cell(t, b.column, row, bad);
    if (bad) return;
    if (c == nullptr) continue;
    const double v = c->numbers()[row];
    if (std::isfinite(v) && v >= b.least && v <= b.most) continue;
    bad =
        complaint{b.column, range(math::to_text(v), math::to_text(b.least), math::to_text(b.most))};
    return;
  }
}

void check_wholes(const table& t, std::size_t row, verdict& bad) {
  for (const whole_bounds& b : wholes) {
    const column* c = cell(t, b.column, row, bad);
    if (bad) return;
    if (c == nullptr) continue;
    const std::int64_t v = c->integers()[row];
    if (v >= 0 && v <= b.most) continue;
    bad = complaint{b.column, range(std::to_string(v), "0", std::to_string(b.most))};
    return;
  }
}

bool is_json_object(std::string_view text) {
  try {
    return math::parse_json(text).is_object();
  } catch (const error&) {
    return false;
  }
}

void check_texts(const table& t, std::size_t row, verdict& bad) {
  for (const text_bounds& b : texts) {
    const column* c = cell(t, b.column, row, bad);
    if (bad) return;
    if (c == nullptr) continue;
    const std::string_view text = c->text(row);
    if (text.empty() && is_required(b.column)) {
      bad = complaint{b.column, "is empty"};
    } else if (text.size() > b.longest) {
      bad = complaint{b.column, "is longer than " + std::to_string(b.longest) + " bytes"};
    } else if (b.column == "message" && !text.empty() && !is_json_object(text)) {
      bad = complaint{b.column, "is no JSON object"};
    }
    if (bad) return;
  }
}

using places = std::unordered_map<std::string_view, std::int64_t>;

places places_of(const column* ids) {
  places found;
  if (ids == nullptr) return found;
  found.reserve(ids->size());
  for (std::size_t row = 0; row < ids->size(); ++row) {
    if (ids->present(row)) found.emplace(ids->text(row), static_cast<std::int64_t>(row));
  }
  return found;
}

// Which row of the candidates is meant. -1: none, and `bad` says why.
std::int64_t row_of(
    const table& t, std::size_t row, const places& known, std::size_t candidates, verdict& bad) {
  const column* who = t.find("customer");
  if (who != nullptr && who->present(row)) {
    const auto at = known.find(who->text(row));
    if (at != known.end()) return at->second;
    bad = complaint{"customer",
                    "is '" + std::string(who->text(row).substr(0, longest_quoted)) +
                        "', who is not among the customers to decide on"};
    return -1;
  }
  const std::int64_t stated = t.integers("row", type::i64)[row];
  if (t.get("row", type::i64).present(row) && stated >= 0 &&
      stated < static_cast<std::int64_t>(candidates)) {
    return stated;
  }
  bad = complaint{"row",
                  "is " + std::to_string(stated) + "; there are " + std::to_string(candidates) +
                      " customers to decide on"};
  return -1;
}

void tell(const complaint& why, std::size_t row, issues& notes) {
  notes.push_back({.code = status::data,
                   .level = log_level::warn,
                   .row = static_cast<std::int64_t>(row),
                   .column = std::string(why.column),
                   .message = "row " + std::to_string(row + 1) +
                              " of the given proposals, column '" + std::string(why.column) + "' " +
                              why.what,
                   .hint = "it is left out; the others go on"});
}

void push_from(const column* from, std::size_t row, column& to) {
  if (from == nullptr || !from->present(row)) return to.push_absent();
  if (from->kind() == type::f64) return to.push(from->numbers()[row]);
  if (from->kind() == type::utf8) return to.push(from->text(row));
  to.push(from->integers()[row]);
}

}  // namespace

given_proposals::given_proposals(const std::shared_ptr<const table>& rows)
    : rows_(conform(*rows, find_schema("proposals"))) {}

void given_proposals::check_currency(const table& candidates) const {
  std::string theirs;
  for (const field& f : find_schema("scores").fields) {
    const column* c = f.unit == "currency" ? candidates.find(f.name) : nullptr;
    if (c != nullptr && theirs.empty()) theirs = c->unit();
  }
  for (const column& c : rows_.columns()) {
    if (c.kind() != type::money || c.unit().empty() || c.unit() == theirs) continue;
    throw error({.code = status::data,
                 .column = c.name(),
                 .message = "column '" + c.name() + "' of the given proposals is in " + c.unit() +
                            ", the scores are in " + (theirs.empty() ? "no currency" : theirs),
                 .hint = "currencies are never summed: convert one of the two first"});
  }
}

void given_proposals::place_all(const table& customers, issues& notes) {
  const places known = places_of(customers.find("customer"));
  std::size_t refused = 0;
  for (std::size_t row = 0; row < rows_.rows(); ++row) {
    verdict bad;
    const std::int64_t place = row_of(rows_, row, known, customers.rows(), bad);
    if (!bad) check_texts(rows_, row, bad);
    if (!bad) check_numbers(rows_, row, bad);
    if (!bad) check_wholes(rows_, row, bad);
    if (!bad) {
      placed_.push_back({place, row});
    } else if (++refused <= most_notes) {
      tell(*bad, row, notes);
    }
  }
  std::ranges::stable_sort(placed_, {}, &placed::row);
  if (refused <= most_notes) return;
  notes.push_back({.code = status::data,
                   .level = log_level::warn,
                   .message = std::to_string(refused - most_notes) +
                              " more rows of the given proposals were left out"});
}

void given_proposals::append(const placed& p, table& proposals) const {
  for (column& to : proposals.columns()) {
    if (to.name() == "row") {
      to.push(p.row);
    } else if (to.name() == "customer") {
      to.push_absent();  // the core knows it by the row
    } else {
      push_from(rows_.find(to.name()), p.given, to);
    }
  }
}

void given_proposals::propose(
    const table& customers, std::size_t first, std::size_t last, table& proposals, issues& notes) {
  if (first == 0) place_all(customers, notes);
  for (; next_ < placed_.size() && placed_[next_].row < static_cast<std::int64_t>(last); ++next_) {
    append(placed_[next_], proposals);
  }
}

}  // namespace clv::detail
