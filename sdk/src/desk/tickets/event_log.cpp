#include "desk/tickets/event_log.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "clv/time.hpp"
#include "data/customer_index.hpp"
#include "features/cells.hpp"
#include "math/json.hpp"

namespace clv::desk {
namespace {

constexpr auto none = std::numeric_limits<std::uint32_t>::max();
constexpr double largest_number = 1e15;  // as the store takes them: sums stay numbers

const column* if_there(const table& rows, std::string_view name, type kind) {
  return rows.find(name) == nullptr ? nullptr : &rows.get(name, kind);
}

template <class Value>
int compare(const Value& a, const Value& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// An empty text is an absent one: a CSV cannot tell them apart.
int compare_cells(const column& c, std::size_t a, std::size_t b) {
  if (c.kind() == type::utf8) {
    return compare(event_columns::text(&c, a), event_columns::text(&c, b));
  }
  if (c.present(a) != c.present(b)) return c.present(a) ? 1 : -1;
  if (c.kind() == type::f64) return compare(c.numbers()[a], c.numbers()[b]);
  return compare(c.integers()[a], c.integers()[b]);
}

void check_text(const column& c) {
  for (std::size_t row = 0; row < c.size(); ++row) {
    if (!c.present(row) || c.text(row).empty()) {
      features::refuse_cell(c, row, "is empty", "every event names it");
    }
  }
}

void check_number(const column* c) {
  if (c == nullptr) return;
  for (std::size_t row = 0; row < c->size(); ++row) {
    const double value = event_columns::number(c, row);
    if (value >= 0 && value <= largest_number) continue;
    features::refuse_cell(*c,
                          row,
                          math::to_text(value) + " is out of range",
                          "give 0 or more, at most 1e15, or leave it out");
  }
}

void check_flag(const column* c) {
  if (c == nullptr) return;
  for (std::size_t row = 0; row < c->size(); ++row) {
    const std::int64_t value = c->present(row) ? c->integers()[row] : 0;
    if (value == 0 || value == 1) continue;
    features::refuse_cell(
        *c, row, std::to_string(value) + " is neither 1 nor 0", "give 1, 0 or leave it out");
  }
}

void check(const event_columns& in) {
  check_text(in.ticket);
  check_text(in.customer);
  check_text(in.kind);
  for (std::size_t row = 0; row < in.time.size(); ++row) {
    if (!in.time.present(row)) {
      features::refuse_cell(in.time, row, "is empty", "say when it happened");
    }
  }
  check_number(in.length);
  check_number(in.minutes);
  check_flag(in.outage);
  check_flag(in.automatic);
}

event_kind kind_at(const column& c, std::size_t row) {
  if (const auto kind = find_event_kind(c.text(row))) return *kind;
  std::string known;
  for (const std::string_view name : event_names) {
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  features::refuse_cell(
      c, row, "'" + std::string(c.text(row)) + "' is no kind of event", "use one of: " + known);
}

std::vector<event_kind> read_kinds(const column& c) {
  data::customer_index words(c);
  std::vector<event_kind> of_word, kinds(c.size());
  for (std::size_t row = 0; row < c.size(); ++row) {
    const std::uint32_t word = words.number_of(row);
    if (word == of_word.size()) of_word.push_back(kind_at(c, row));
    kinds[row] = of_word[word];
  }
  return kinds;
}

// Gives tickets their numbers; rows that have not happened keep `none`.
void number_tickets(const event_columns& in, std::int64_t as_of, event_log& log) {
  data::customer_index index(in.ticket);
  log.ticket_of.assign(in.time.size(), none);
  for (std::size_t row = 0; row < in.time.size(); ++row) {
    if (in.time.integers()[row] <= as_of) log.ticket_of[row] = index.number_of(row);
  }
  std::vector<std::uint32_t> order(index.size()), rank(index.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return index.id(a) < index.id(b);
  });
  log.ids.reserve(order.size());
  for (const std::uint32_t number : order) {
    rank[number] = static_cast<std::uint32_t>(log.ids.size());
    log.ids.push_back(index.id(number));
  }
  for (std::uint32_t& number : log.ticket_of) {
    if (number != none) number = rank[number];
  }
}

// The order in which rows count.
struct counts_before {
  const event_columns& in;
  const std::vector<event_kind>& kinds;

  bool operator()(std::uint32_t a, std::uint32_t b) const {
    const std::int64_t then = in.time.integers()[a], later = in.time.integers()[b];
    if (then != later) return then < later;
    if (kinds[a] != kinds[b]) return kinds[a] < kinds[b];
    const int id =
        compare(event_columns::text(in.event_id, a), event_columns::text(in.event_id, b));
    return id != 0 ? id < 0 : in.compare_content(a, b) < 0;
  }
};

std::string another_event(const event_columns& in, std::size_t first, std::size_t row) {
  return "event_id '" + std::string(in.event_id->text(row)) + "' is already that of '" +
         std::string(in.kind.text(first)) + "' of ticket '" + std::string(in.ticket.text(first)) +
         "' at " + format_time(in.time.integers()[first]);
}

// Of the rows with one event_id the first in order counts; marks the others with `none`.
void leave_out_repeats(const event_columns& in, event_log& log) {
  if (in.event_id == nullptr) return;
  const counts_before before{in, log.kinds};
  data::customer_index index(*in.event_id);
  std::vector<std::uint32_t> first, again;
  const auto rows = static_cast<std::uint32_t>(log.ticket_of.size());
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (log.ticket_of[row] == none || event_columns::text(in.event_id, row).empty()) continue;
    const std::uint32_t number = index.number_of(row);
    if (number == first.size()) {
      first.push_back(row);
    } else {
      again.push_back(before(row, first[number]) ? std::exchange(first[number], row) : row);
    }
  }
  for (const std::uint32_t row : again) {
    const std::uint32_t kept = first[index.number_of(row)];
    if (in.compare_content(kept, row) != 0) {
      log.refused.push_back({row, std::string(in.ticket.text(row)), another_event(in, kept, row)});
    }
    log.ticket_of[row] = none;
  }
}

// The representative of each ticket's group: tickets that one merge or more connect.
std::vector<std::uint32_t> groups_of(const event_columns& in, const event_log& log) {
  std::vector<std::uint32_t> root(log.ids.size());
  std::iota(root.begin(), root.end(), 0U);
  const auto find = [&](std::uint32_t t) {
    for (; root[t] != t; t = root[t]) root[t] = root[root[t]];
    return t;
  };
  for (std::size_t row = 0; row < log.kinds.size(); ++row) {
    if (log.kinds[row] != event_kind::merged || log.ticket_of[row] == none) continue;
    const std::string_view into = event_columns::text(in.into, row);
    const auto at = std::lower_bound(log.ids.begin(), log.ids.end(), into);
    if (at == log.ids.end() || *at != into) continue;
    root[find(log.ticket_of[row])] = find(static_cast<std::uint32_t>(at - log.ids.begin()));
  }
  for (std::uint32_t t = 0; t < root.size(); ++t) root[t] = find(t);
  return root;
}

// Counting sort by group, then each group by what counts first.
void put_in_order(const event_columns& in, event_log& log) {
  const std::vector<std::uint32_t> group = groups_of(in, log);
  log.events_of.assign(log.ids.size(), 0);
  std::vector<std::uint32_t> begins(log.ids.size() + 1, 0);
  for (const std::uint32_t t : log.ticket_of) {
    if (t == none) continue;
    ++log.events_of[t];
    ++begins[group[t] + 1];
  }
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  log.rows.resize(begins.back());
  std::vector<std::uint32_t> next = begins;
  for (std::uint32_t row = 0; row < log.ticket_of.size(); ++row) {
    const std::uint32_t t = log.ticket_of[row];
    if (t != none) log.rows[next[group[t]]++] = row;
  }
  for (std::size_t g = 0; g + 1 < begins.size(); ++g) {
    std::sort(log.rows.begin() + begins[g],
              log.rows.begin() + begins[g + 1],
              counts_before{in, log.kinds});
  }
}

}  // namespace

event_columns::event_columns(const table& rows)
    : ticket(rows.get("ticket", type::utf8)),
      customer(rows.get("customer", type::utf8)),
      time(rows.get("time", type::time)),
      kind(rows.get("kind", type::utf8)),
      channel(if_there(rows, "channel", type::utf8)),
      agent(if_there(rows, "agent", type::utf8)),
      team(if_there(rows, "team", type::utf8)),
      category(if_there(rows, "category", type::utf8)),
      severity(if_there(rows, "severity", type::utf8)),
      language(if_there(rows, "language", type::utf8)),
      skill(if_there(rows, "skill", type::utf8)),
      subject(if_there(rows, "subject", type::utf8)),
      length(if_there(rows, "length", type::f64)),
      minutes(if_there(rows, "minutes", type::f64)),
      outage(if_there(rows, "outage", type::i64)),
      into(if_there(rows, "into", type::utf8)),
      automatic(if_there(rows, "automatic", type::i64)),
      event_id(if_there(rows, "event_id", type::utf8)),
      all_{&ticket,
           &customer,
           &time,
           &kind,
           channel,
           agent,
           team,
           category,
           severity,
           language,
           skill,
           subject,
           length,
           minutes,
           outage,
           into,
           automatic,
           event_id} {}

int event_columns::compare_content(std::size_t a, std::size_t b) const {
  for (const column* c : all_) {
    if (c == nullptr) continue;
    if (const int order = compare_cells(*c, a, b); order != 0) return order;
  }
  return 0;
}

event_log read_event_log(const event_columns& in, std::int64_t as_of) {
  check(in);
  event_log log;
  log.kinds = read_kinds(in.kind);
  number_tickets(in, as_of, log);
  leave_out_repeats(in, log);
  put_in_order(in, log);
  return log;
}

}  // namespace clv::desk
