#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "clv/csv.hpp"
#include "data/csv_convert.hpp"
#include "data/csv_header.hpp"
#include "data/csv_scan.hpp"
#include "data/csv_source.hpp"

namespace clv {
namespace {

constexpr std::size_t longest_record = std::size_t{16} << 20U;  // a longer one is a lost quote
// When the job is failing already, this many more rejects are listed and the rest are counted.
constexpr std::int64_t listed_beyond_limit = 1000;

std::string hex_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', "0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 15U]};
}

class reader {
 public:
  reader(csv_options options, std::shared_ptr<outcome> result)
      : options_(std::move(options)),
        schema_(options_.schema.empty() ? nullptr : &find_schema(options_.schema)),
        source_(options_),
        converter_(options_),
        result_(std::move(result)) {
    if (options_.memory_limit < 0) {
      throw error(status::invalid, "memory_limit is " + std::to_string(options_.memory_limit));
    }
    for (const char* name : {"row", "line"}) rejects_->add(name, type::i64);
    for (const char* name : {"column", "value", "reason"}) rejects_->add(name, type::utf8);
    if (schema_ == nullptr && !options_.extra.empty()) {
      throw error(status::invalid,
                  "extra columns are named (" + options_.extra + ") but no schema to go beside",
                  "without a schema every column is kept");
    }
  }
  double advance();

 private:
  void read_header();
  void add_columns();
  void read_row();
  std::optional<data::rejection> shape_flaw() const;
  void reject(const data::rejection& why);
  void keep_row();
  void keep_open_row();
  void settle_currency();
  void count(std::size_t bytes);
  std::size_t bytes_of_row() const;
  void reserve();
  void finish();
  std::string reject_summary() const;
  void check_length(std::size_t left) const;

  csv_options options_;
  const schema* schema_;  // null: any columns
  data::csv_source source_;
  data::csv_scanner scanner_;
  data::csv_record record_;
  std::optional<data::column_plan> plan_;
  data::row_converter converter_;
  std::shared_ptr<outcome> result_;
  std::shared_ptr<table> rows_ = std::make_shared<table>();
  std::shared_ptr<table> rejects_ = std::make_shared<table>();
  std::vector<column*> columns_;  // of rows_, in the order of the plan's bindings
  // Of any columns: the same as numbers, until one value is none.
  std::deque<std::optional<column>> numbers_;
  std::int64_t row_ = 0;
  std::int64_t rejected_ = 0;
  std::int64_t bytes_ = 0;  // of the rows kept so far, rejected ones included
  bool reserved_ = false;
};

double reader::advance() {
  const std::string_view window = source_.next(scanner_.consumed());
  scanner_.refill(window, source_.last());
  for (;;) {
    const data::scan found = scanner_.next(record_);
    if (found == data::scan::end) break;
    if (found == data::scan::need_more) {
      check_length(window.size() - scanner_.consumed());
      if (!reserved_) reserve();
      return source_.fraction();
    }
    if (plan_) {
      read_row();
    } else {
      read_header();
    }
  }
  finish();
  return 1.0;
}

// After the first window the size of the whole can be told; growing by doubling would copy a large
// log again and again, and make single units of work slow.
void reader::reserve() {
  reserved_ = true;
  if (!rows_) return;
  constexpr double spare = 1.05;
  double times = source_.windows() * spare;
  if (options_.memory_limit > 0 && bytes_ > 0) {
    times =
        std::min(times, static_cast<double>(options_.memory_limit) / static_cast<double>(bytes_));
  }
  for (column* c : columns_) {
    c->reserve(static_cast<std::size_t>(static_cast<double>(c->size()) * times),
               static_cast<std::size_t>(static_cast<double>(c->chars().size()) * times));
  }
  for (auto& c : numbers_) {
    if (c) c->reserve(static_cast<std::size_t>(static_cast<double>(c->size()) * times));
  }
}

void reader::check_length(std::size_t left) const {
  if (left < longest_record) return;
  throw error(status::data,
              source_.label() + ": the record that begins on line " +
                  std::to_string(scanner_.line()) + " has no end within 16 MiB",
              "look for a quote that is not closed");
}

void reader::read_header() {
  const std::size_t bad = data::find_bad_byte(record_.raw);
  if (bad != std::string_view::npos) {
    throw error(status::data,
                source_.label() + " is not CSV text in UTF-8: byte " + hex_byte(record_.raw[bad]) +
                    " at position " + std::to_string(bad + 1) + " of line " +
                    std::to_string(record_.line),
                "unpack it, or save it as CSV in UTF-8");
  }
  if (record_.flaw != data::record_flaw::none) {
    throw error(status::data,
                source_.label() + ": the header on line " + std::to_string(record_.line) +
                    " has a broken quote in column " + std::to_string(record_.flawed_field + 1),
                "close the quote, and double quotes inside it");
  }
  try {
    plan_ = schema_ == nullptr
                ? data::plan_open_columns(record_.fields, options_.map)
                : data::plan_columns(
                      record_.fields, *schema_, options_.map, options_.extra, result_->notes);
  } catch (const error& e) {
    issue what = e.details();
    what.message = source_.label() + ": " + what.message;
    throw error(std::move(what));
  }
  converter_.use(*plan_);
  add_columns();
}

void reader::add_columns() {
  const std::string currency = options_.currency.empty() ? "XXX" : options_.currency;
  for (const data::binding& b : plan_->bindings) {
    const std::string_view unit = b.what->unit;
    rows_->add(std::string(b.what->name),
               b.what->kind,
               unit == "currency" ? currency : std::string(unit == "unit" ? "" : unit));
    columns_.push_back(&rows_->columns().back());
    if (plan_->open) numbers_.emplace_back(column(std::string(b.what->name), type::f64));
  }
}

void reader::read_row() {
  ++row_;
  if (const auto flaw = shape_flaw()) return reject(*flaw);
  if (!converter_.convert(record_.fields)) return reject(converter_.why());
  keep_row();
}

// What is wrong with the record before its values are looked at.
std::optional<data::rejection> reader::shape_flaw() const {
  const auto& fields = record_.fields;
  const auto column_name = [&](std::size_t i) {
    return i < plan_->header.size() ? plan_->header[i] : std::string();
  };
  if (record_.flaw != data::record_flaw::none) {
    const bool open = record_.flaw == data::record_flaw::unterminated_quote;
    return data::rejection{
        column_name(record_.flawed_field),
        data::printable(fields[record_.flawed_field]),
        open ? "the quote is not closed before the end of the text; the row begins on line " +
                   std::to_string(record_.line)
             : "there is text after the closing quote"};
  }
  if (const std::size_t bad = data::find_bad_byte(record_.raw); bad != std::string_view::npos) {
    const auto it = std::ranges::find_if(fields, [](std::string_view f) {
      return data::find_bad_byte(f) != std::string_view::npos;
    });
    const auto i = static_cast<std::size_t>(it - fields.begin());
    return data::rejection{column_name(i),
                           data::printable(it == fields.end() ? record_.raw : *it),
                           "has byte " + hex_byte(record_.raw[bad]) + " at position " +
                               std::to_string(bad + 1) + " of the row, which is not UTF-8 text"};
  }
  if (fields.size() != plan_->header.size()) {
    return data::rejection{"",
                           data::printable(record_.raw),
                           "has " + std::to_string(fields.size()) + " fields, the header has " +
                               std::to_string(plan_->header.size())};
  }
  return std::nullopt;
}

void reader::reject(const data::rejection& why) {
  ++rejected_;
  const std::int64_t limit = options_.max_rejects;
  if (limit >= 0 && rejected_ > limit) {
    if (rejected_ == limit + 1) rows_ = nullptr;  // the rest is only looked through for more
    if (rejected_ > limit + listed_beyond_limit) return;
  }
  constexpr std::size_t numbers = 5 * sizeof(std::int64_t);  // row, line, and three ends of texts
  count(numbers + why.column.size() + why.value.size() + why.reason.size());
  auto& to = rejects_->columns();
  to[0].push(row_);
  to[1].push(record_.line);
  to[2].push(std::string_view(why.column));
  to[3].push(std::string_view(why.value));
  to[4].push(std::string_view(why.reason));
}

// The text, and eight bytes for each number, time, amount or end of a text.
std::size_t reader::bytes_of_row() const {
  std::size_t bytes = 0;
  const auto cells = converter_.cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool also_number = plan_->open && numbers_[i].has_value();
    bytes += also_number ? 2 * sizeof(double) : sizeof(double);
    if (cells[i].present && columns_[i]->kind() == type::utf8) bytes += cells[i].text.size();
  }
  return bytes;
}

void reader::count(std::size_t bytes) {
  bytes_ += static_cast<std::int64_t>(bytes);
  if (options_.memory_limit == 0 || bytes_ <= options_.memory_limit) return;
  throw error({.code = status::limit,
               .row = row_ - 1,
               .message = source_.label() + ": row " + std::to_string(row_) + " (line " +
                          std::to_string(record_.line) + "): the rows up to here take " +
                          std::to_string(bytes_) + " bytes; the memory limit is " +
                          std::to_string(options_.memory_limit),
               .hint = "set memory_limit higher, or read the file in parts"});
}

void reader::keep_row() {
  if (!rows_) return;
  count(bytes_of_row());
  if (plan_->open) return keep_open_row();
  converter_.keep_currency();
  const auto cells = converter_.cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    column& to = *columns_[i];
    if (!cells[i].present) {
      to.push_absent();
    } else if (to.kind() == type::f64) {
      to.push(cells[i].number);
    } else if (to.kind() == type::utf8) {
      to.push(cells[i].text);
    } else {
      to.push(cells[i].integer);
    }
  }
}

void reader::keep_open_row() {
  const auto cells = converter_.cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    column& to = *columns_[i];
    std::optional<column>& number = numbers_[i];
    if (!cells[i].present) {
      to.push_absent();
      if (number) number->push_absent();
      continue;
    }
    to.push(cells[i].text);
    if (!number) continue;
    if (cells[i].is_number) {
      number->push(cells[i].number);
    } else {
      number.reset();
    }
  }
}

// One currency is the unit of the amounts; several stay in their column and the unit is open.
void reader::settle_currency() {
  column* const code = rows_->find("currency");
  if (code == nullptr) return;
  const auto& seen = converter_.currencies_seen();
  for (column& c : rows_->columns()) {
    if (c.kind() == type::money && !seen.empty()) c.set_unit(seen.size() == 1 ? seen[0] : "");
  }
  if (seen.size() > 1) return;
  auto& columns = rows_->columns();
  columns.erase(std::ranges::find(columns, std::string_view("currency"), &column::name));
}

std::string reader::reject_summary() const {
  const auto& from = rejects_->columns();
  const std::string column(from[2].text(0));
  const std::int64_t row = from[0].integers()[0];
  const std::int64_t line = from[1].integers()[0];
  return source_.label() + ": row " + std::to_string(row) + " (line " + std::to_string(line) + ")" +
         (column.empty() ? "" : ", column '" + column + "'") + ": '" +
         std::string(from[3].text(0)) + "' " + std::string(from[4].text(0)) + "; " +
         std::to_string(rejected_) + " of " + std::to_string(row_) + " rows rejected";
}

void reader::finish() {
  if (!plan_) {
    throw error(
        status::data, source_.label() + " is empty", "the first line must name the columns");
  }
  rejects_->seal("rejects");
  result_->tables["rejects"] = rejects_;
  if (rows_) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      if (numbers_[i]) *columns_[i] = std::move(*numbers_[i]);
    }
    if (!plan_->open) settle_currency();
    rows_->seal(options_.schema + (options_.extra.empty() ? "" : "|" + options_.extra));
    result_->tables[""] = rows_;
  }
  if (rejected_ == 0) return;
  issue what{.code = status::data,
             .level = rows_ ? log_level::warn : log_level::error,
             .row = rejects_->columns()[0].integers()[0] - 1,
             .column = std::string(rejects_->columns()[2].text(0)),
             .message = reject_summary(),
             .hint = "table 'rejects' lists them; mend the rows or allow more rejects"};
  if (!rows_) {
    what.message += ", " + std::to_string(options_.max_rejects) + " allowed";
    throw error(std::move(what));
  }
  result_->notes.push_back(std::move(what));
}

}  // namespace

job read_csv(csv_options options) {
  auto result = std::make_shared<outcome>();
  auto state = std::make_shared<reader>(std::move(options), result);
  std::vector<phase> phases;
  phases.push_back({"read", [state] { return state->advance(); }});
  return job(std::move(phases), std::move(result));
}

}  // namespace clv
