#include "data/csv_convert.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "clv/money.hpp"
#include "data/csv_scan.hpp"
#include "data/limits.hpp"

namespace clv::data {
namespace {

// An id or a code that only looks like a number: as one it would lose its leading zeros or its last
// digits.
bool is_code(std::string_view text) {
  constexpr std::size_t exact_digits = 15;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return text.size() > exact_digits || (text.size() > 1 && text.front() == '0');
}

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_shown = 80;

bool is_id(const field& what) {
  return what.name == "customer" || what.name == "event_id";
}

// from_chars does not take the '+' that spreadsheets write.
template <typename Number>
bool parse_whole(std::string_view text, Number& value) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end;
}

std::string reason_of(money_error what, const std::string& currency, int exponent) {
  switch (what) {
    case money_error::too_many_decimals:
      return "has more decimals than " + currency + " has (" + std::to_string(exponent) +
             "); round it before the import";
    case money_error::out_of_range:
      return "is beyond the range of amounts in " + currency;
    default:
      return "is not an amount (digits with '.' before the decimals, no grouping)";
  }
}

}  // namespace

std::string printable(std::string_view value) {
  std::string out;
  while (!value.empty() && out.size() < longest_shown) {
    const auto first = static_cast<unsigned char>(value.front());
    std::size_t length = 1;
    while (length < value.size() && length < 4 && find_bad_byte(value.substr(0, length)) == 0) {
      ++length;
    }
    const bool clean = find_bad_byte(value.substr(0, length)) == std::string_view::npos;
    if (!clean) length = 1;
    std::string piece(value.substr(0, length));
    if (!clean || first < 0x20 || first == 0x7F) {
      piece = {'\\', 'x', "0123456789ABCDEF"[first >> 4U], "0123456789ABCDEF"[first & 15U]};
    }
    if (out.size() + piece.size() > longest_shown) break;
    out += piece;
    value.remove_prefix(length);
  }
  return out;
}

row_converter::row_converter(const csv_options& options)
    : zone_(options.time_zone),
      default_currency_(options.currency.empty() ? "XXX" : options.currency),
      now_us_(options.now_us) {
  minor_per_major(default_currency_);  // throws for an unknown code
  currency_ = default_currency_;
  exponent_ = *currency_exponent(currency_);
}

void row_converter::use(const column_plan& plan) {
  plan_ = &plan;
  cells_.resize(plan.bindings.size());
  currency_column_ = nullptr;
  for (const binding& b : plan.bindings) {
    const bool code = b.what->name == "currency" && b.what->kind == type::utf8;
    if (code && !plan.open) currency_column_ = &b;
  }
}

bool row_converter::reject(const binding& b, std::string_view value, std::string reason) {
  why_ = {plan_->header[b.column], printable(value), std::move(reason)};
  return false;
}

// The currency comes first: it decides how many decimals the amounts of the row have.
bool row_converter::choose_currency(std::span<const std::string_view> fields) {
  if (currency_column_ == nullptr) return true;
  std::string_view code = trimmed(fields[currency_column_->column]);
  if (code.empty()) code = default_currency_;
  if (code == currency_) return true;
  const std::optional<int> exponent = currency_exponent(code);
  if (!exponent) {
    return reject(*currency_column_, code, "is not an ISO 4217 code (three capital letters)");
  }
  currency_ = code;
  exponent_ = *exponent;
  currency_kept_ = false;
  return true;
}

void row_converter::keep_currency() {
  if (currency_kept_) return;
  if (std::ranges::find(seen_, currency_) == seen_.end()) seen_.push_back(currency_);
  currency_kept_ = true;
}

void row_converter::convert_open(std::span<const std::string_view> fields) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const std::string_view raw = fields[plan_->bindings[i].column], text = trimmed(raw);
    cell& out = cells_[i];
    out = {.present = !text.empty(), .text = raw};
    out.is_number = !is_code(text) && parse_whole(text, out.number) && std::isfinite(out.number);
  }
}

bool row_converter::convert(std::span<const std::string_view> fields) {
  if (plan_->open) {
    convert_open(fields);
    return true;
  }
  if (!choose_currency(fields)) return false;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const binding& b = plan_->bindings[i];
    cell& out = cells_[i];
    const std::string_view raw = fields[b.column];
    const std::string_view text = b.what->kind == type::utf8 ? raw : trimmed(raw);
    out.present = !text.empty();
    if (&b == currency_column_) {
      out = {.present = true, .text = currency_};
    } else if (text.empty()) {
      if (b.what->required) return reject(b, raw, "is empty");
    } else if (b.what->kind == type::utf8) {
      if (!convert_text(b, text, out)) return false;
    } else if (b.what->kind == type::f64) {
      if (!convert_number(b, text, out)) return false;
    } else if (b.what->kind == type::money) {
      if (!convert_money(b, text, out)) return false;
    } else if (b.what->kind == type::time) {
      if (!convert_time(b, text, out)) return false;
    } else if (!convert_integer(b, text, out)) {
      return false;
    }
  }
  return signs_agree(fields);
}

namespace {

// Other schemas have a column of that name too, with words of their own.
bool is_transaction_kind(const field& f) {
  if (f.name != "kind") return false;
  const auto fields = find_schema("transactions").fields;
  return std::any_of(fields.begin(), fields.end(), [&](const field& own) { return &own == &f; });
}

}  // namespace

bool row_converter::signs_agree(std::span<const std::string_view> fields) {
  const binding* amount = nullptr;
  bool negative = false;
  bool purchase = false;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const binding& b = plan_->bindings[i];
    if (is_transaction_kind(*b.what)) purchase = cells_[i].present && cells_[i].text == "purchase";
    if (b.what->name != "amount") continue;
    amount = &b;
    negative = cells_[i].integer < 0;
  }
  if (!purchase || !negative) return true;
  return reject(*amount,
                trimmed(fields[amount->column]),
                "cannot be: kind is purchase but the amount is negative (say refund, or leave the "
                "kind empty)");
}

bool row_converter::convert_text(const binding& b, std::string_view text, cell& out) {
  if (text.size() > longest_id && is_id(*b.what)) {
    return reject(b, text, "is longer than " + std::to_string(longest_id) + " bytes");
  }
  if (is_transaction_kind(*b.what) && text != "purchase" && text != "refund") {
    return reject(b, text, "is not a kind of transaction (purchase, refund or empty)");
  }
  out.text = text;
  return true;
}

bool row_converter::convert_number(const binding& b, std::string_view text, cell& out) {
  if (parse_whole(text, out.number) && std::isfinite(out.number)) return true;
  return reject(b, text, "is not a finite number ('.' before the decimals, no grouping)");
}

bool row_converter::convert_integer(const binding& b, std::string_view text, cell& out) {
  return parse_whole(text, out.integer) || reject(b, text, "is not a whole number");
}

bool row_converter::convert_time(const binding& b, std::string_view text, cell& out) {
  const std::optional<std::int64_t> us = parse_time(text, zone_);
  if (!us) {
    return reject(b, text, "is not a date (2026-01-31, or 2026-01-31T12:00:00 with an offset)");
  }
  if (now_us_ > 0 && *us > now_us_) {
    return reject(b, text, "lies in the future (now is " + format_time(now_us_) + ")");
  }
  out.integer = *us;
  return true;
}

bool row_converter::convert_money(const binding& b, std::string_view text, cell& out) {
  const parsed_money parsed = parse_money(text, exponent_);
  if (parsed.error != money_error::none) {
    return reject(b, text, reason_of(parsed.error, currency_, exponent_));
  }
  if (b.what->name == "amount" && !is_amount(parsed.minor)) {
    return reject(b, text, reason_of(money_error::out_of_range, currency_, exponent_));
  }
  out.integer = parsed.minor;
  return true;
}

}  // namespace clv::data
