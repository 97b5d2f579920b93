#include "engine/incoming.hpp"

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "data/csv_scan.hpp"
#include "data/limits.hpp"

namespace clv::detail {
namespace {

constexpr std::size_t longest_id = 128;  // bytes

// Rows whose columns have other types (whole numbers as f64, say) are converted once.
std::shared_ptr<const table> conformed(std::shared_ptr<const table> rows) {
  const schema& wanted = find_schema("transactions");
  for (const field& f : wanted.fields) {
    const column* c = rows->find(f.name);
    const bool fits = c == nullptr ? !f.required : c->kind() == f.kind;
    if (!fits) return std::make_shared<table>(conform(*rows, wanted));
  }
  return rows;
}

}  // namespace

incoming_rows::incoming_rows(std::shared_ptr<const table> transactions,
                             const ingest_options& o,
                             std::int64_t first_row)
    : rows_(conformed(std::move(transactions))),
      customer_(&rows_->get("customer", type::utf8)),
      time_(&rows_->get("time", type::time)),
      amount_(&rows_->get("amount", type::money)),
      event_id_(rows_->find("event_id")),
      currency_(rows_->find("currency")),
      kind_(rows_->find("kind")),
      now_us_(o.now_us),
      first_row_(first_row) {
  if (o.source.size() > longest_id || data::find_bad_byte(o.source) != std::string_view::npos) {
    throw error(status::invalid,
                "the source's name is longer than " + std::to_string(longest_id) +
                    " bytes or not UTF-8 text",
                "name the sender in a few words");
  }
  settle_default_currency(o);
}

void incoming_rows::fail(std::size_t row,
                         const column& c,
                         std::string problem,
                         std::string hint) const {
  const std::int64_t place = first_row_ + static_cast<std::int64_t>(row);
  throw error({.code = status::data,
               .row = place,
               .column = c.name(),
               .message = "row " + std::to_string(place + 1) + ", column '" + c.name() +
                          "': " + std::move(problem),
               .hint = std::move(hint)});
}

// A batch names its currency as the unit of the amounts; "XXX" is a batch that does not know it,
// and then the option may say it, if it has the decimals the amounts were read with.
void incoming_rows::settle_default_currency(const ingest_options& o) {
  if (!o.currency.empty()) minor_per_major(o.currency);  // throws for an unknown code
  default_currency_ = amount_->unit();
  const bool unnamed = default_currency_.empty() || default_currency_ == "XXX";
  if (!unnamed) {
    minor_per_major(default_currency_);
    return;
  }
  const bool read_as_xxx = default_currency_ == "XXX";
  default_currency_ = o.currency.empty() ? "XXX" : o.currency;
  if (read_as_xxx && currency_exponent(default_currency_) != currency_exponent("XXX")) {
    throw error({.code = status::invalid,
                 .column = "amount",
                 .message = "column 'amount' was read without a currency, with 2 decimals, which " +
                            default_currency_ + " does not have",
                 .hint = "name the currency where the amounts are read"});
  }
}

void incoming_rows::check(std::size_t row) {
  for (const column* c : {customer_, time_, amount_}) {
    if (!c->present(row)) fail(row, *c, "is empty", "every transaction needs it");
  }
  if (customer_->text(row).empty()) fail(row, *customer_, "is empty", "every transaction needs it");
  check_text(row, *customer_, longest_id);
  if (event_id_ != nullptr) check_text(row, *event_id_, longest_id);
  check_time(row);
  check_money(row);
  check_kind(row);
}

void incoming_rows::check_kind(std::size_t row) const {
  const std::string_view kind = kind_ == nullptr ? std::string_view() : kind_->text(row);
  if (!kind.empty() && kind != "purchase" && kind != "refund") {
    fail(row,
         *kind_,
         "'" + std::string(kind.substr(0, longest_id)) + "' is not a kind of transaction",
         "use purchase, refund or nothing");
  }
  if (const std::int64_t amount = amount_->integers()[row]; kind == "purchase" && amount < 0) {
    fail(row,
         *amount_,
         std::to_string(amount) + " cannot be: kind is purchase but the amount is negative",
         "say refund, or leave the kind empty");
  }
}

void incoming_rows::check_text(std::size_t row, const column& c, std::size_t longest) const {
  const std::string_view text = c.text(row);
  if (text.size() > longest) {
    fail(row,
         c,
         "has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(longest) +
             " are taken",
         "use the id, not a description");
  }
  if (const std::size_t bad = data::find_bad_byte(text); bad != std::string_view::npos) {
    fail(row,
         c,
         "byte " + std::to_string(bad + 1) + " is not UTF-8 text",
         "save the data as UTF-8, without NUL bytes");
  }
}

void incoming_rows::check_time(std::size_t row) const {
  const std::int64_t time = time_->integers()[row];
  if (time < earliest_time || time >= end_of_time) {
    fail(row,
         *time_,
         std::to_string(time) + " is not in the years 1678 to 2261",
         "times are microseconds since 1970 in UTC");
  }
  if (now_us_ != 0 && time > now_us_) {
    fail(row,
         *time_,
         format_time(time) + " lies in the future (now is " + format_time(now_us_) + ")",
         "check the time zone of the times, or leave the row out");
  }
}

void incoming_rows::check_money(std::size_t row) {
  if (const std::int64_t amount = amount_->integers()[row]; !data::is_amount(amount)) {
    fail(row,
         *amount_,
         std::to_string(amount) + " minor units are out of range, at most " +
             std::to_string(data::largest_amount) + " (2^53) are taken",
         "amounts are minor units: cents, not fractions of them");
  }
  if (currency_ == nullptr || !currency_->present(row)) return;
  const std::string_view code = currency_->text(row);
  if (code.empty() || code == known_currency_) return;
  if (!currency_exponent(code)) {
    fail(row,
         *currency_,
         "'" + std::string(code.substr(0, longest_id)) + "' is not an ISO 4217 code",
         "use three capital letters such as EUR");
  }
  known_currency_ = code;
}

store::log_row incoming_rows::at(std::size_t row) const {
  const auto text_of = [row](const column* c) {
    return c == nullptr ? std::string_view() : c->text(row);
  };
  const std::string_view code = text_of(currency_);
  return {.customer = customer_->text(row),
          .occurred_us = time_->integers()[row],
          .amount_minor = amount_->integers()[row],
          .currency = code.empty() ? std::string_view(default_currency_) : code,
          .kind = text_of(kind_),
          .event_id = text_of(event_id_)};
}

}  // namespace clv::detail
