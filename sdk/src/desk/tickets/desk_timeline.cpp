// One customer's story, or one ticket's: what happened on all channels, in order.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/event_log.hpp"
#include "features/cells.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 4> desk_timeline_inputs{
    {events_input, identities_input, feedback_input, {"transactions", "transactions", false, ""}}};
constexpr std::array<report_option, 3> desk_timeline_option_rows{
    {as_of_option,
     {"customer", "", "whose, under any of the names it is known by; this or ticket"},
     {"ticket", "", "of which ticket, what was merged into it included; this or customer"}}};
constexpr std::array<report_output, 1> desk_timeline_outputs{
    {{"",
      "time,source,ticket,identity,channel,kind,status,counted_at,agent,automatic,minutes,score,"
      "scale,amount,currency,refused,row"}}};

struct entry {
  std::int64_t time = 0;
  std::string_view source, ticket, identity, channel, kind, status, counted_at, agent;
  std::optional<std::int64_t> automatic;
  std::optional<double> minutes, score, scale, amount;
  std::string currency, refused;
  std::size_t row = 0;
};

std::string_view text_in(const table& rows, std::string_view name, std::size_t row) {
  return event_columns::text(rows.find(name), row);
}

std::optional<double> number_in(const table& rows, std::string_view name, std::size_t row) {
  const column* c = rows.find(name);
  return c == nullptr ? std::nullopt : features::number_at(*c, row);
}

// What of the tables belongs to the story.
class story {
 public:
  explicit story(const desk_call& asked)
      : in_(asked.in),
        view_(asked.view()),
        events_(in_.of("ticket_events")),
        customer_(asked.given.text("customer", "")),
        ticket_(asked.given.text("ticket", "")) {
    if (!customer_.empty()) customer_ = std::string(view_.who.customer_of(customer_));
  }
  std::vector<entry> told();  // with views of this story and of the tables

 private:
  bool is_theirs(std::string_view id) const { return view_.who.customer_of(id) == customer_; }
  bool belongs(const ticket& t, std::size_t row) const;
  entry event_at(std::size_t row) const;
  void add_events();
  void add_refused();
  void add_feedback();
  void add_transactions();

  const report_inputs& in_;
  desk_view view_;
  event_columns events_;
  std::string customer_, ticket_;
  std::vector<entry> entries_;
};

// A ticket's story holds what was said under its own name and what counted there.
bool story::belongs(const ticket& t, std::size_t row) const {
  if (!ticket_.empty()) return t.id == ticket_ || events_.ticket.text(row) == ticket_;
  return t.customer == customer_ || is_theirs(events_.customer.text(row));
}

entry story::event_at(std::size_t row) const {
  entry e{.time = events_.time.integers()[row],
          .source = "ticket",
          .ticket = events_.ticket.text(row),
          .identity = events_.customer.text(row),
          .channel = event_columns::text(events_.channel, row),
          .kind = events_.kind.text(row),
          .agent = event_columns::text(events_.agent, row),
          .automatic = event_columns::flag(events_.automatic, row) ? 1 : 0,
          .row = row};
  if (events_.minutes != nullptr) e.minutes = features::number_at(*events_.minutes, row);
  return e;
}

void story::add_events() {
  for (const ticket& t : view_.book.tickets) {
    for (const ticket_event& happened : t.events) {
      if (!belongs(t, happened.row)) continue;
      entry e = event_at(happened.row);
      e.status = status_names[static_cast<std::size_t>(happened.status)];
      if (e.ticket != t.id) e.counted_at = t.id;
      entries_.push_back(std::move(e));
    }
  }
}

void story::add_refused() {
  for (const refused_event& r : view_.book.refused) {
    const ticket* t = view_.book.find(r.ticket);
    const bool is_ours = t != nullptr       ? belongs(*t, r.row)
                         : !ticket_.empty() ? r.ticket == ticket_
                                            : is_theirs(events_.customer.text(r.row));
    if (!is_ours) continue;
    entry e = event_at(r.row);
    e.refused = r.reason;
    entries_.push_back(std::move(e));
  }
}

void story::add_feedback() {
  const table& rows = in_.of("feedback");
  const column& customer = rows.get("customer", type::utf8);
  const column& time = rows.get("time", type::time);
  features::seen_events seen;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (seen.first_row(text_in(rows, "event_id", row), row)) continue;
    const std::string_view about = text_in(rows, "ticket", row);
    if (ticket_.empty() ? !is_theirs(customer.text(row)) : about != ticket_) continue;
    if (time.integers()[row] > view_.now) continue;
    entries_.push_back({.time = time.integers()[row],
                        .source = "feedback",
                        .ticket = about,
                        .identity = customer.text(row),
                        .kind = text_in(rows, "kind", row),
                        .agent = text_in(rows, "agent", row),
                        .score = number_in(rows, "score", row),
                        .scale = number_in(rows, "scale", row),
                        .row = row});
  }
}

void story::add_transactions() {
  const table& rows = in_.of("transactions");
  const column& customer = rows.get("customer", type::utf8);
  const column& time = rows.get("time", type::time);
  features::seen_events seen;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (seen.first_row(text_in(rows, "event_id", row), row)) continue;
    if (!is_theirs(customer.text(row)) || time.integers()[row] > view_.now) continue;
    const std::string_view kind = text_in(rows, "kind", row);
    const std::string_view currency = text_in(rows, "currency", row);
    entries_.push_back({.time = time.integers()[row],
                        .source = "transaction",
                        .identity = customer.text(row),
                        .kind = kind.empty() ? std::string_view("transaction") : kind,
                        .amount = number_in(rows, "amount", row),
                        .currency = std::string(
                            currency.empty() ? rows.get("amount", type::money).unit() : currency),
                        .row = row});
  }
}

// Each source is in its order already; of one instant tickets come first, then feedback.
std::vector<entry> story::told() {
  add_events();
  add_refused();
  if (in_.has("feedback")) add_feedback();
  if (in_.has("transactions") && ticket_.empty()) add_transactions();
  std::stable_sort(entries_.begin(), entries_.end(), [](const entry& a, const entry& b) {
    return a.time < b.time;
  });
  return std::move(entries_);
}

void desk_timeline_build(const desk_call& asked, outcome& out) {
  report_writer rows({{"time", type::time, "us"},
                      {"source", type::utf8},
                      {"ticket", type::utf8},
                      {"identity", type::utf8},
                      {"channel", type::utf8},
                      {"kind", type::utf8},
                      {"status", type::utf8},
                      {"counted_at", type::utf8},
                      {"agent", type::utf8},
                      {"automatic", type::i64},
                      {"minutes", type::f64},
                      {"score", type::f64},
                      {"scale", type::f64},
                      {"amount", type::f64},
                      {"currency", type::utf8},
                      {"refused", type::utf8},
                      {"row", type::i64}});
  story theirs(asked);
  for (const entry& e : theirs.told()) {
    rows.row(e.time,
             e.source,
             word(e.ticket),
             word(e.identity),
             word(e.channel),
             word(e.kind),
             word(e.status),
             word(e.counted_at),
             word(e.agent),
             e.automatic,
             e.minutes,
             e.score,
             e.scale,
             e.amount,
             word(e.currency),
             word(e.refused),
             static_cast<std::int64_t>(e.row) + 1);
  }
  out.tables[""] = rows.sealed(asked.seal);
}

job desk_timeline_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_timeline", std::move(in), options_json, desk_timeline_option_rows);
  const bool has_ticket = !asked.given.text("ticket", "").empty();
  if (asked.given.text("customer", "").empty() != has_ticket) {
    throw error(status::invalid,
                "report 'desk_timeline': options 'customer' and 'ticket' are both " +
                    std::string(has_ticket ? "given" : "missing"),
                "name one customer or one ticket");
  }
  return desk_job("timeline", std::move(asked), desk_timeline_build);
}

}  // namespace

constinit const report desk_timeline_report{
    .name = "desk_timeline",
    .summary = "What happened to one customer or ticket on all channels, in order",
    .needs_model = false,
    .inputs = desk_timeline_inputs,
    .options = desk_timeline_option_rows,
    .outputs = desk_timeline_outputs,
    .begin = desk_timeline_begin,
};

}  // namespace clv
