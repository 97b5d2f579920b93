#include "desk/card/card_source.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "data/settings.hpp"
#include "features/cells.hpp"
#include "value/churn/churn_data.hpp"

namespace clv::desk {
namespace {

constexpr std::string_view report_name = "desk_card";

// As names of protected attributes are compared everywhere: without case, blanks, '_' and '-'.
std::string plain(std::string_view name) {
  if (name.starts_with("attr.")) name.remove_prefix(5);
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::shared_ptr<const table> no_events() {
  auto none = std::make_shared<table>();
  for (const field& f : find_schema("ticket_events").fields) none->add(std::string(f.name), f.kind);
  return none;
}

// The last instant that any of these tables tells of.
std::int64_t last_instant(const report_inputs& in) {
  std::int64_t last = 0;
  for (const std::string_view name : {"ticket_events", "feedback", "follow_ups", "consent"}) {
    const column* time = in.has(name) ? in.of(name).find("time") : nullptr;
    for (std::size_t row = 0; time != nullptr && row < time->size(); ++row) {
      if (time->present(row)) last = std::max(last, time->integers()[row]);
    }
  }
  return last;
}

// Scores without a value say nothing of risk; the other desk reports need it, the card does not.
bool says_at_risk(const table& scores) {
  return scores.find("clv_at_risk") != nullptr ||
         (scores.find("clv") != nullptr &&
          (scores.find("churn_probability") != nullptr || scores.find("p_alive") != nullptr));
}

}  // namespace

card_options read_card_options(const settings& given) {
  card_options o{.customer = given.text("customer", ""),
                 .ticket = given.text("ticket", ""),
                 .money = given.flag("money", false),
                 .show = given.names("show").value_or(std::vector<std::string>())};
  if (o.customer.empty() && o.ticket.empty()) {
    given.refuse("customer", "an id, or option 'ticket' with the id of a ticket");
  }
  for (const std::string& name : given.names("protected").value_or(default_protected())) {
    o.protected_ones.insert(plain(name));
  }
  for (std::string& name : o.show) {
    if (o.protected_ones.contains(plain(name))) {
      given.refuse("show", "no protected attribute; '" + name + "' is one and is never shown");
    }
    if (!name.starts_with("attr.")) name.insert(0, "attr.");
  }
  return o;
}

card_source::card_source(const report_inputs& in, const settings& given, card_options options)
    : in_(in), options_(std::move(options)) {
  view_.policy = read_desk_policy(given.json("desk"));
  view_.now = read_as_of(given, last_instant(in));
  if (const table* t = find("identities")) view_.who = identity_map(*t, view_.now);
  const auto events = in.tables.find("ticket_events");
  view_.book =
      read_tickets(events == in.tables.end() ? no_events() : events->second, view_.who, view_.now);
  if (const table* t = find("clock_events")) view_.recorded.emplace(*t, view_.now);
  if (const table* t = find("scores"); t != nullptr && says_at_risk(*t)) {
    view_.at_risk = values_at_risk(*t, report_name);
  }
  if (const table* t = find("segments")) view_.tiers = tiers_of(*t, report_name);
  find_customer();
  rows_[""];  // of a table that was not given
  for (const auto& [name, rows] : in.tables) find_rows(*rows, rows_[name]);
  read_tickets_of();
  read_promises(in);
}

void card_source::find_customer() {
  customer_ = view_.who.customer_of(options_.customer);
  if (options_.ticket.empty()) return;
  const ticket* asked = view_.book.find(options_.ticket);
  if (asked == nullptr) {
    throw error(status::not_found,
                "report 'desk_card': no event tells of ticket '" + options_.ticket + "'",
                "give table 'ticket_events' with its events, or option 'customer'");
  }
  if (!options_.customer.empty() && asked->customer != customer_) {
    throw error(status::invalid,
                "report 'desk_card': ticket '" + options_.ticket + "' is of customer '" +
                    asked->customer + "', not of '" + customer_ + "'",
                "give one of the options 'customer' and 'ticket'");
  }
  customer_ = asked->customer;
}

void card_source::read_tickets_of() {
  for (const ticket& t : view_.book.tickets) {
    if (t.customer == customer_) tickets_.push_back({&t, view_.clocks_of(t)});
  }
  const auto rank = [&](const card_ticket& c) {
    return std::tuple(c.what->id != options_.ticket,
                      !is_active(c.what->status),
                      c.clocks.due().value_or(end_of_time));
  };
  std::ranges::stable_sort(tickets_, {}, rank);
}

void card_source::read_promises(const report_inputs& in) {
  const auto everybody = read_answers(in, view_);
  follow_up_sources from{.view = &view_, .answers = everybody};
  from.clock_events = find("clock_events");
  from.recorded = find("follow_ups");
  for (follow_up& f : follow_ups_of(from)) {
    if (f.customer == customer_ && !f.settled()) follow_ups_.push_back(std::move(f));
  }
  for (const answer& a : everybody) {
    if (a.customer == customer_) answers_.push_back(a);
  }
}

bool card_source::has_open_ticket() const {
  return std::ranges::any_of(tickets_,
                             [](const card_ticket& t) { return is_active(t.what->status); });
}

bool card_source::complains() const {
  if (number("customers", "complaint_open").value_or(0) > 0) return true;
  return !answers_.empty() && answers_.back().complaint;
}

bool card_source::known() const {
  if (!tickets_.empty() || !answers_.empty() || !follow_ups_.empty()) return true;
  for (const auto& [name, rows] : in_.tables) {
    if (name != "identities" && !rows_of(name).empty()) return true;
  }
  return false;
}

const table* card_source::find(std::string_view name) const {
  return in_.has(name) ? &in_.of(name) : nullptr;
}

const column* card_source::find(std::string_view of, std::string_view name) const {
  const table* rows = find(of);
  if (rows == nullptr || options_.protected_ones.contains(plain(name))) return nullptr;
  return rows->find(name);
}

const std::vector<std::size_t>& card_source::rows_of(std::string_view of) const {
  const auto found = rows_.find(of);
  return found == rows_.end() ? rows_.find("")->second : found->second;
}

void card_source::find_rows(const table& rows, std::vector<std::size_t>& found) const {
  const column* id = rows.find("customer");
  for (std::size_t row = 0; id != nullptr && row < id->size(); ++row) {
    const bool plain_text = id->kind() == type::utf8;
    const bool theirs = plain_text
                            ? view_.who.customer_of(id->text(row)) == customer_
                            : view_.who.customer_of(features::text_at(*id, row)) == customer_;
    if (theirs) found.push_back(row);
  }
}

std::string card_source::text(std::string_view of, std::string_view name) const {
  const column* c = find(of, name);
  if (c == nullptr) return {};
  std::string last;
  for (const std::size_t row : rows_of(of)) {
    if (std::string given = features::text_at(*c, row); !given.empty()) last = std::move(given);
  }
  return last;
}

std::optional<double> card_source::number(std::string_view of, std::string_view name) const {
  const column* c = find(of, name);
  if (c == nullptr) return std::nullopt;
  std::optional<double> last;
  for (const std::size_t row : rows_of(of)) {
    if (const auto given = features::number_at(*c, row)) last = given;
  }
  return last;
}

}  // namespace clv::desk
