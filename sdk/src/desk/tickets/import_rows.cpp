#include "desk/tickets/import_rows.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "clv/error.hpp"
#include "features/cells.hpp"
#include "math/json.hpp"

namespace clv::desk {

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

namespace {

constexpr std::array words{
    import_word{"ticket", "ticket_id,ticket_number,number,case,case_number,incident,id"},
    import_word{"customer",
                "customer_id,customer_email,requester,requester_id,caller_id,contact_id,email"},
    import_word{"created", "created_at,created_time,opened_at,opened,date_created,creation_time"},
    import_word{"first_response", "first_response_time,first_response_at,first_reply_at"},
    import_word{"resolved", "resolved_at,resolved_time,solved_at,time_to_resolution"},
    import_word{"closed", "closed_at,closed_time"},
    import_word{"state", "incident_state,status,ticket_status"},
    import_word{"updated", "sys_updated_at,updated_at,changed_at"},
    import_word{"channel", "ticket_channel,contact_type,source"},
    import_word{"category", "ticket_type,type,topic"},
    import_word{"severity", "ticket_priority,priority,urgency"},
    import_word{"agent", "assigned_to,assignee,agent_id,owner"},
    import_word{"team", "assignment_group,queue,group"},
    import_word{"language", "lang"},
    import_word{"skill", ""},
    import_word{"subject", "ticket_subject,title,short_description"},
    import_word{"length", "message_length"},
    import_word{"minutes", "agent_minutes,handle_minutes"},
    import_word{"satisfaction", "customer_satisfaction_rating,csat,satisfaction_score,rating"},
    import_word{"answered", "satisfaction_time,rated_at"}};

std::string plain_header(std::string_view text) {
  std::string plain = lowered(features::trimmed(text));
  std::replace(plain.begin(), plain.end(), ' ', '_');
  return plain;
}

const column* header_like(const table& rows, std::string_view plain) {
  for (const column& c : rows.columns()) {
    if (plain_header(c.name()) == plain) return &c;
  }
  return nullptr;
}

// The word itself before its aliases, these in their order.
const column* by_header(const table& rows, const import_word& w) {
  if (const column* c = header_like(rows, w.name)) return c;
  for (std::string_view rest = w.aliases; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (const column* c = header_like(rows, rest.substr(0, end))) return c;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return nullptr;
}

date_order order_of(const settings& given) {
  const std::string text = given.text("time_format", "ymd");
  if (text == "ymd") return date_order::ymd;
  if (text == "dmy") return date_order::dmy;
  if (text == "mdy") return date_order::mdy;
  given.refuse("time_format", "ymd, dmy or mdy");
}

boost::json::object headers_given(const settings& given) {
  if (!given.has("columns")) return {};
  const boost::json::value value = math::parse_json(given.json("columns"));
  if (!value.is_object()) given.refuse("columns", "an object: word to header");
  for (const auto& member : value.get_object()) {
    const std::string_view word = member.key();
    const bool is_known = std::any_of(
        words.begin(), words.end(), [&](const import_word& w) { return w.name == word; });
    if (is_known && member.value().is_string()) continue;
    std::string known;
    for (const import_word& w : words) known += (known.empty() ? "" : ", ") + std::string(w.name);
    given.refuse("columns", "headers as texts, each for one of: " + known);
  }
  return value.get_object();
}

}  // namespace

std::span<const import_word> import_words() {
  return words;
}

import_rows::import_rows(const table& rows, const settings& given)
    : rows_(rows),
      missing_(given.names("missing").value_or(std::vector<std::string>{"?"})),
      order_(order_of(given)),
      zone_(given.text("time_zone", "UTC")),
      lower_case_(given.flag("lower_case", true)) {
  bind(given);
}

void import_rows::bind(const settings& given) {
  const boost::json::object named = headers_given(given);
  for (const import_word& w : words) {
    const auto header = named.find(w.name);
    if (header == named.end()) {
      if (const column* c = by_header(rows_, w)) columns_[w.name] = c;
      continue;
    }
    const std::string name(std::string_view(header->value().get_string()));
    if (name.empty()) continue;  // the table has no such column
    const column* c = rows_.find(name);
    if (c == nullptr) {
      throw error(status::invalid,
                  "report 'desk_import', option 'columns': table 'rows' has no column '" + name +
                      "' for '" + std::string(w.name) + "'",
                  "name a header of the table");
    }
    columns_[w.name] = c;
  }
}

void import_rows::need(std::string_view word) const {
  if (has(word)) return;
  const auto w =
      std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.name == word; });
  std::string hint = "name it in option 'columns', or call it " + std::string(word) +
                     " or one of: " + std::string(w->aliases);
  if (word == "created") hint += "; or set option 'created_missing' to first_seen";
  throw error(status::invalid,
              "report 'desk_import': table 'rows' has no column for '" + std::string(word) + "'",
              std::move(hint));
}

std::string import_rows::text(std::string_view word, std::size_t row) const {
  const auto found = columns_.find(word);
  if (found == columns_.end()) return "";
  std::string cell(features::trimmed(features::text_at(*found->second, row)));
  if (std::find(missing_.begin(), missing_.end(), cell) != missing_.end()) return "";
  return cell;
}

std::string import_rows::lower_text(std::string_view word, std::size_t row) const {
  return lower_case_ ? lowered(text(word, row)) : text(word, row);
}

std::optional<std::int64_t> import_rows::time(std::string_view word,
                                              std::size_t row,
                                              bool& is_sound) {
  const auto found = columns_.find(word);
  if (found == columns_.end()) return std::nullopt;
  if (found->second->kind() == type::time) {
    if (!found->second->present(row)) return std::nullopt;
    return found->second->integers()[row];
  }
  const std::string cell = text(word, row);
  if (cell.empty()) return std::nullopt;
  const auto at = parse_import_time(cell, order_, zone_);
  if (!at) {
    note(word, row, "it is no instant in the order of option 'time_format'");
    is_sound = false;
  }
  return at;
}

std::optional<double> import_rows::amount(std::string_view word, std::size_t row) {
  const std::string cell = text(word, row);
  if (cell.empty()) return std::nullopt;
  const auto value = features::parse_number(cell);
  if (value && *value >= 0) return value;
  note(word, row, "it is no number of 0 or more", true);
  return std::nullopt;
}

void import_rows::note(std::string_view word, std::size_t row, std::string reason, bool is_kept) {
  const auto found = columns_.find(word);
  findings_.push_back(
      {.row = row,
       .ticket = text("ticket", row),
       .column = found == columns_.end() ? std::string(word) : found->second->name(),
       .value = found == columns_.end() ? std::string() : features::text_at(*found->second, row),
       .reason = std::move(reason),
       .is_kept = is_kept});
}

}  // namespace clv::desk
