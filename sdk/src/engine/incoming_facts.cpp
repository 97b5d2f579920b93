#include "engine/incoming_facts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "data/csv_scan.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"
#include "store/attributes.hpp"

namespace clv {
namespace {

constexpr std::array recordable_names{std::string_view("customers"),
                                      std::string_view("consent"),
                                      std::string_view("contacts"),
                                      std::string_view("outcomes"),
                                      std::string_view("evidence"),
                                      std::string_view("touches"),
                                      std::string_view("feedback"),
                                      std::string_view("costs"),
                                      std::string_view("referrals"),
                                      std::string_view("ledger"),
                                      std::string_view("ticket_events"),
                                      std::string_view("identities"),
                                      std::string_view("agents"),
                                      std::string_view("clock_events"),
                                      std::string_view("follow_ups")};

}  // namespace

std::span<const std::string_view> recordable() {
  return recordable_names;
}

namespace detail {
namespace {

constexpr std::size_t longest_id = 128;     // bytes
constexpr std::size_t longest_text = 4096;  // bytes

// What the verbs would refuse is refused where it comes in.
struct number_range {
  std::string_view table, column;
  double least, most;
  std::string_view hint;
};
constexpr double any_size = 1e15;
constexpr std::array ranges{
    number_range{"evidence", "effect_mean", -1, 1, "a change of a chance is from -1 to 1"},
    number_range{"evidence", "effect_sd", 1e-300, 1e9, "give a standard error above 0"},
    number_range{"ticket_events", "length", 0, any_size, "count characters, 0 or more"},
    number_range{"ticket_events", "minutes", 0, any_size, "give minutes of work, 0 or more"},
    number_range{"agents", "max_tickets", 0, any_size, "give how many tickets fit, 0 or more"}};

// Columns whose texts are words of a closed list.
struct vocabulary {
  std::string_view table, column, words;
};
constexpr std::array vocabularies{
    vocabulary{"contacts", "kind", "sent,redeemed,rejected,bounced,unsubscribed"},
    vocabulary{"outcomes", "kind", "response,value,cost,unsubscribed"},
    vocabulary{"evidence", "level", "own_kind,own_overall"},
    vocabulary{"evidence", "policy", "targeted,blanket,none"},
    vocabulary{"ledger", "kind", "earn,burn,expire,reverse,restore,adjust"},
    vocabulary{"ticket_events",
               "kind",
               "created,message_in,message_out,note,assigned,unassigned,opened,pending,"
               "waiting_customer,resolved,closed,reopened,merged,split,changed,worked,"
               "survey_sent"},
    vocabulary{"agents", "status", "available,away,absent,deleted"},
    vocabulary{"clock_events", "clock", "first_response,next_response,resolution"},
    vocabulary{"clock_events", "kind", "warning,breach,hit,missed"},
    vocabulary{"follow_ups", "kind", "opened,escalated,done,cancelled"},
};

bool is_word(std::string_view words, std::string_view text) {
  const std::string list = "," + std::string(words) + ",";
  return text.find(',') == std::string_view::npos &&
         list.find("," + std::string(text) + ",") != std::string::npos;
}

// Which i64 columns answer yes or no.
bool is_flag(const store::fact_table& what, const field& f) {
  constexpr std::array flags{std::string_view("granted"),
                             std::string_view("linked"),
                             std::string_view("outage"),
                             std::string_view("automatic")};
  return f.kind == type::i64 &&
         (what.name == "customers" || std::ranges::find(flags, f.name) != flags.end());
}

[[noreturn]] void fail(std::size_t row, const column& c, std::string problem, std::string hint) {
  throw error({.code = status::data,
               .row = static_cast<std::int64_t>(row),
               .column = c.name(),
               .message = "row " + std::to_string(row + 1) + ", column '" + c.name() +
                          "': " + std::move(problem),
               .hint = std::move(hint)});
}

const store::fact_table& find_recordable(std::string_view name) {
  if (std::ranges::find(recordable_names, name) == recordable_names.end()) {
    std::string known;
    for (const std::string_view n : recordable_names) {
      known += (known.empty() ? "" : ", ") + std::string(n);
    }
    throw error(status::not_found,
                "'" + std::string(name) + "' are no facts that can be recorded",
                "use one of: " + known);
  }
  return *store::find_fact_table(name);
}

table with_attributes(const store::fact_table& what, const table& rows) {
  table kept = conform(rows, find_schema(what.name));
  if (what.name != "customers") return kept;
  for (const column& c : rows.columns()) {
    if (c.name().starts_with(store::attribute_prefix)) kept.columns().push_back(c);
  }
  return kept;
}

bool is_unnamed(const std::string& currency) {
  return currency.empty() || currency == "XXX";
}

bool has_cells(const column& c) {
  for (std::size_t row = 0; row < c.size(); ++row) {
    if (c.present(row)) return true;
  }
  return false;
}

}  // namespace

incoming_facts::incoming_facts(std::string_view name, const table& rows, const ingest_options& o)
    : what_(&find_recordable(name)), rows_(with_attributes(*what_, rows)), now_us_(o.now_us) {
  if (o.source.size() > longest_id || data::find_bad_byte(o.source) != std::string_view::npos) {
    throw error(status::invalid,
                "the source's name is longer than " + std::to_string(longest_id) +
                    " bytes or not UTF-8 text",
                "name the sender in a few words");
  }
  settle_currency(o);
  rows_.seal("incoming");
}

// As for transactions: the unit of the amounts counts, and the option names what has none.
void incoming_facts::settle_currency(const ingest_options& o) {
  if (!o.currency.empty()) minor_per_major(o.currency);  // throws for an unknown code
  bool amounts = false, unnamed = false;
  for (column& c : rows_.columns()) {
    if (c.kind() != type::money || c.name().starts_with(store::attribute_prefix)) continue;
    if (!has_cells(c)) continue;  // no amount is in no currency
    amounts = true;
    if (is_unnamed(c.unit())) {
      unnamed = true;
      continue;
    }
    minor_per_major(c.unit());
    if (!currency_.empty() && currency_ != c.unit()) {
      throw error({.code = status::data,
                   .column = c.name(),
                   .message = "column '" + c.name() + "' is in " + c.unit() +
                              ", another of the same table in " + currency_,
                   .hint = "record each currency in a store of its own"});
    }
    currency_ = c.unit();
  }
  if (!amounts || !currency_.empty()) return;
  currency_ = o.currency;
  if (unnamed && !currency_.empty() && currency_exponent(currency_) != currency_exponent("XXX")) {
    throw error(status::invalid,
                "the amounts were read without a currency, with 2 decimals, which " + currency_ +
                    " does not have",
                "name the currency where the amounts are read");
  }
}

void incoming_facts::check(std::size_t row) const {
  for (const field& f : find_schema(what_->name).fields) {
    const column* c = rows_.find(f.name);
    if (c == nullptr) continue;
    const bool empty = !c->present(row) || (c->kind() == type::utf8 && c->text(row).empty());
    if (empty && f.required) {
      fail(row, *c, "is empty", "every row of " + std::string(what_->name) + " needs it");
    }
    if (!empty) check_cell(f, *c, row);
  }
  for (const column& c : rows_.columns()) {
    if (!c.name().starts_with(store::attribute_prefix) || !c.present(row)) continue;
    check_cell(
        {.name = c.name(), .kind = c.kind(), .required = false, .aliases = "", .unit = ""}, c, row);
  }
}

void incoming_facts::check_cell(const field& f, const column& c, std::size_t row) const {
  if (c.kind() == type::utf8) return check_text(f, c, row);
  if (c.kind() != type::f64) return check_integer(f, c, row);
  if (const double value = c.numbers()[row]; !std::isfinite(value)) {
    fail(row, c, std::isnan(value) ? "is not a number" : "is infinite", "leave it empty instead");
  }
  for (const number_range& r : ranges) {
    const double value = c.numbers()[row];
    if (r.table != what_->name || r.column != f.name) continue;
    if (value >= r.least && value <= r.most) continue;
    fail(row, c, math::to_text(value) + " is out of range", std::string(r.hint));
  }
}

void incoming_facts::check_text(const field& f, const column& c, std::size_t row) const {
  const std::string_view text = c.text(row);
  const bool is_id = store::names_a_customer(f) || f.name == "event_id";
  if (const std::size_t longest = is_id ? longest_id : longest_text; text.size() > longest) {
    fail(row,
         c,
         "has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(longest) +
             " are taken",
         is_id ? "use the id, not a description" : "shorten it");
  }
  if (const std::size_t bad = data::find_bad_byte(text); bad != std::string_view::npos) {
    fail(row,
         c,
         "byte " + std::to_string(bad + 1) + " is not UTF-8 text",
         "save the data as UTF-8, without NUL bytes");
  }
  for (const vocabulary& v : vocabularies) {
    if (v.table != what_->name || v.column != f.name || is_word(v.words, text)) continue;
    fail(row,
         c,
         "'" + std::string(text.substr(0, longest_id)) + "' is not known here",
         "use one of: " + std::string(v.words));
  }
}

void incoming_facts::check_integer(const field& f, const column& c, std::size_t row) const {
  const std::int64_t value = c.integers()[row];
  if (c.kind() == type::time) {
    if (value < earliest_time || value >= end_of_time) {
      fail(row,
           c,
           std::to_string(value) + " is not in the years 1678 to 2261",
           "times are microseconds since 1970 in UTC");
    }
    // The others (benefit_until, expires) say until when, and may lie ahead.
    if (f.name == "time" && now_us_ != 0 && value > now_us_) {
      fail(row,
           c,
           format_time(value) + " lies in the future (now is " + format_time(now_us_) + ")",
           "check the time zone of the times, or leave the row out");
    }
  } else if (c.kind() == type::money) {
    if (!data::is_amount(value)) {
      fail(row,
           c,
           std::to_string(value) + " minor units are out of range, at most " +
               std::to_string(data::largest_amount) + " (2^53) are taken",
           "amounts are minor units: cents, not fractions of them");
    }
  } else if (is_flag(*what_, f) && value != 0 && value != 1) {
    fail(row, c, std::to_string(value) + " is neither 0 nor 1", "say 1 for yes and 0 for no");
  }
}

}  // namespace detail
}  // namespace clv
