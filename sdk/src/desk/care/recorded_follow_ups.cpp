#include "desk/care/recorded_follow_ups.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "features/cells.hpp"

namespace clv::desk {
namespace {

constexpr std::array kind_words{std::string_view("opened"),
                                std::string_view("escalated"),
                                std::string_view("done"),
                                std::string_view("cancelled")};
enum class record_kind : std::uint8_t { opened, escalated, done, cancelled };

struct record {
  std::string_view id, customer, trigger, ticket, owner, reason;
  std::int64_t time = 0;
  std::optional<std::int64_t> due;
  record_kind kind = record_kind::opened;

  auto order() const {
    return std::tie(time, kind, id, customer, trigger, ticket, owner, reason, due);
  }
};

std::string_view text_in(const table& rows, std::string_view name, std::size_t row) {
  const column* c = rows.find(name);
  return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
}

std::string_view needed(const table& rows, std::string_view name, std::size_t row) {
  const std::string_view text = text_in(rows, name, row);
  if (!text.empty()) return text;
  features::refuse_cell(*rows.find(name), row, "is empty", "every row of follow_ups needs it");
}

record_kind kind_in(const table& rows, std::size_t row) {
  const std::string_view text = needed(rows, "kind", row);
  const auto found = std::ranges::find(kind_words, text);
  if (found != kind_words.end()) return static_cast<record_kind>(found - kind_words.begin());
  features::refuse_cell(*rows.find("kind"),
                        row,
                        "'" + std::string(text) + "' is not known here",
                        "use opened, escalated, done or cancelled");
}

record read_record(const table& rows, std::size_t row) {
  const column &time = rows.get("time", type::time), *due = rows.find("due");
  if (!time.present(row)) {
    features::refuse_cell(time, row, "is empty", "every row of follow_ups needs it");
  }
  record r{.id = needed(rows, "follow_up", row),
           .customer = needed(rows, "customer", row),
           .trigger = text_in(rows, "trigger", row),
           .ticket = text_in(rows, "ticket", row),
           .owner = text_in(rows, "owner", row),
           .reason = text_in(rows, "reason", row),
           .time = time.integers()[row],
           .kind = kind_in(rows, row)};
  if (due != nullptr && due->present(row)) r.due = due->integers()[row];
  return r;
}

void open(follow_up& f, const record& r) {
  if (f.opening_recorded) return;
  f.opening_recorded = true;
  f.opened = r.time;
  f.customer = r.customer;
  f.trigger = r.trigger;
  f.ticket = r.ticket;
  f.reason = r.reason;
  f.due = r.due;
  if (!f.escalation_recorded) f.owner = r.owner;
}

void escalate(follow_up& f, const record& r) {
  if (f.escalation_recorded) return;
  f.escalation_recorded = true;
  f.escalated = r.time;
  if (!r.owner.empty()) f.owner = r.owner;
  if (!f.settled()) f.state = follow_up_state::escalated;
}

void apply(follow_up& f, const record& r) {
  if (f.id.empty()) {  // whatever comes first says whose it is
    f.id = r.id;
    f.customer = r.customer;
    f.ticket = r.ticket;
    f.trigger = r.trigger;
    f.opened = r.time;
  }
  if (r.kind == record_kind::opened) open(f, r);
  if (r.kind == record_kind::escalated) escalate(f, r);
  if (r.kind == record_kind::done) f.state = follow_up_state::done;
  if (r.kind == record_kind::cancelled) f.state = follow_up_state::cancelled;
  const bool ends = r.kind == record_kind::done || r.kind == record_kind::cancelled;
  if (ends && !r.reason.empty()) f.reason = r.reason;
}

}  // namespace

std::map<std::string, follow_up, std::less<>> recorded_follow_ups(const table& rows,
                                                                  std::int64_t now) {
  std::vector<record> all;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const record r = read_record(rows, row);
    if (r.time <= now) all.push_back(r);
  }
  std::ranges::sort(all, [](const record& a, const record& b) { return a.order() < b.order(); });
  std::map<std::string, follow_up, std::less<>> found;
  for (const record& r : all) apply(found[std::string(r.id)], r);
  return found;
}

void take_over(const follow_up& recorded, follow_up& into) {
  into.state = recorded.state;
  into.escalated = recorded.escalated;
  into.escalation_recorded = recorded.escalation_recorded;
  if (recorded.escalation_recorded && !recorded.owner.empty()) into.owner = recorded.owner;
  if (recorded.settled() && !recorded.reason.empty()) into.reason = recorded.reason;
}

}  // namespace clv::desk
