#include "data/log_reader.hpp"

#include <algorithm>
#include <limits>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "data/instants.hpp"
#include "data/limits.hpp"

namespace clv::data {
namespace {

[[noreturn]] void fail(std::size_t row, const char* column, std::string problem, const char* hint) {
  throw error({.code = status::data,
               .row = static_cast<std::int64_t>(row),
               .column = column,
               .message = "row " + std::to_string(row + 1) + ", column '" + column +
                          "': " + std::move(problem),
               .hint = hint});
}

}  // namespace

log_reader::log_reader(const table& log, const summarize_options& options)
    : customer_(log.get("customer", type::utf8)),
      time_(log.get("time", type::time)),
      amount_(log.get("amount", type::money)),
      kind_(log.find("kind") == nullptr ? nullptr : &log.get("kind", type::utf8)),
      code_(log.find("currency") == nullptr ? nullptr : &log.get("currency", type::utf8)),
      zone_(options.time_zone),
      drop_zero_value_(options.drop_zero_value),
      open_end_(options.as_of_us == 0),
      all_present_(customer_.all_present() && time_.all_present() && amount_.all_present()),
      currency_(options.currency),
      currency_chosen_(!options.currency.empty()) {
  if (currency_chosen_) minor_per_major(currency_);  // throws for an unknown code
  require_instant("as_of_us", options.as_of_us);
  if (currency_.empty()) currency_ = amount_.unit().empty() ? "XXX" : amount_.unit();
  last_day_ = open_end_ ? std::numeric_limits<std::int32_t>::min()
                        : static_cast<std::int32_t>(zone_.day_of(options.as_of_us));
}

event log_reader::read(std::size_t row) {
  check_cells(row);
  event e{.time = time_.integers()[row], .amount = amount_.integers()[row]};
  e.day = static_cast<std::int32_t>(zone_.day_of(e.time));
  if (open_end_) last_day_ = std::max(last_day_, e.day);
  if (e.day > last_day_ || other_currency(row)) return e;
  if (is_refund(row, e.amount)) {
    e.kind = event_kind::refund;
    e.amount = e.amount < 0 ? -e.amount : e.amount;
  } else if (e.amount != 0 || !drop_zero_value_) {
    e.kind = event_kind::purchase;
  }
  return e;
}

void log_reader::check_cells(std::size_t row) const {
  if (!all_present_) {
    for (const column* c : {&customer_, &time_, &amount_}) {
      if (!c->present(row)) fail(row, c->name().c_str(), "is empty", "every event needs it");
    }
  }
  if (customer_.text(row).empty()) fail(row, "customer", "is empty", "every event needs one");
  const std::int64_t time = time_.integers()[row];
  if (time < earliest_time || time >= end_of_time) {
    fail(row,
         "time",
         std::to_string(time) + " is not in the years 1678 to 2261",
         "times are microseconds since 1970 in UTC");
  }
  if (const std::int64_t amount = amount_.integers()[row]; !is_amount(amount)) {
    fail(row,
         "amount",
         std::to_string(amount) + " minor units are out of range, at most " +
             std::to_string(largest_amount) + " (2^53) are taken",
         "amounts are minor units: cents, not fractions of them");
  }
}

bool log_reader::is_refund(std::size_t row, std::int64_t amount) const {
  const std::string_view kind = kind_ == nullptr ? std::string_view() : kind_->text(row);
  if (!kind.empty() && kind != "purchase" && kind != "refund") {
    fail(row,
         "kind",
         "'" + std::string(kind) + "' is not a kind of transaction",
         "use purchase, refund or nothing");
  }
  if (amount < 0 && kind == "purchase") {
    fail(row,
         "amount",
         std::to_string(amount) + " cannot be: kind is purchase but the amount is negative",
         "say refund, or leave the kind empty");
  }
  return amount < 0 || kind == "refund";
}

// Whether the row is left out. Without a choice the first currency stands for all until
// check_currencies(), so that its message can name every one.
bool log_reader::other_currency(std::size_t row) {
  std::string_view code = code_ == nullptr ? std::string_view() : code_->text(row);
  if (code.empty()) code = amount_.unit().empty() ? "XXX" : std::string_view(amount_.unit());
  if (seen_.empty() || seen_.back() != code) {
    const auto known = std::ranges::find(seen_, code);
    if (known == seen_.end()) {
      seen_.emplace_back(code);
    } else {
      std::iter_swap(known, seen_.end() - 1);  // the last one is looked at first
    }
  }
  if (currency_chosen_) return code != currency_;
  if (seen_.size() == 1) currency_ = seen_.front();
  return false;
}

void log_reader::check_currencies() const {
  std::vector<std::string> names = seen_;
  std::ranges::sort(names);
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  if (!currency_chosen_ && names.size() > 1) {
    throw error(
        {.code = status::data,
         .column = "currency",
         .message = "the log has several currencies (" + listed + "), which are never summed",
         .hint = "choose one with currency"});
  }
  if (currency_chosen_ && !names.empty() && std::ranges::find(names, currency_) == names.end()) {
    throw error({.code = status::data,
                 .column = "currency",
                 .message = "no event is in " + currency_ + "; the log has " + listed,
                 .hint = "choose one of these with currency"});
  }
}

}  // namespace clv::data
