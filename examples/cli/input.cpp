#include "input.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "rows.hpp"
#include "task.hpp"

namespace cli {
namespace {

constexpr std::int64_t rejects_shown = 5;

std::int64_t count_of(const std::string& max_rejects) {
  if (max_rejects == "all") return -1;
  std::int64_t count = 0;
  std::from_chars(max_rejects.data(), max_rejects.data() + max_rejects.size(), count);
  return count;
}

std::string whole_or_all(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 19 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits || text == "all" ? "" : "'" + text + "' is neither a whole number nor 'all'";
}

clv_csv_options options_of(const csv_source& source) {
  auto options = sized<clv_csv_options>();
  options.path = source.path.c_str();
  options.schema = source.schema.c_str();
  options.map = or_null(source.map);
  options.extra = or_null(source.extra);
  options.currency = or_null(source.currency);
  options.time_zone = or_null(source.time_zone);
  options.max_rejects = count_of(source.max_rejects);
  return options;
}

void show_rejects(const result& rejects, const std::string& path) {
  const std::int64_t rows = clv_result_rows(rejects.get());
  if (rows == 1) return;  // libclv's own sentence names it
  for (std::int64_t i = 0; i < std::min(rows, rejects_shown); ++i) {
    std::fprintf(stderr,
                 "clv: %s: line %.0f, row %.0f, column %s, value '%s': %s\n",
                 path.c_str(),
                 number_at(rejects, "line", i),
                 number_at(rejects, "row", i),
                 text_at(rejects, "column", i).c_str(),
                 text_at(rejects, "value", i).c_str(),
                 text_at(rejects, "reason", i).c_str());
  }
  if (rows > rejects_shown) {
    std::fprintf(
        stderr, "clv: ... and %lld more rows\n", static_cast<long long>(rows - rejects_shown));
  }
}

// Rows may be left out of a log only; its options are no help with another file.
failure without_hint(const failure& e) {
  const std::string said = e.what();
  return {e.status(), said.substr(0, said.find("\n  hint: ")) + "\n  hint: correct the file"};
}

// What the library says against the one cell of a log, without the words about rows and files.
std::string complaint_of(const job& work, const diag& d) {
  clv_result* raw = nullptr;
  clv_job_take_result(work.get(), "rejects", &raw, nullptr);
  const result rejects(raw);
  if (rejects == nullptr || clv_result_rows(rejects.get()) == 0) {
    return std::string(": ") + clv_diag_text(d.get());
  }
  const std::string reason = text_at(rejects, "reason", 0);
  return " '" + text_at(rejects, "value", 0) + "' " + reason.substr(0, reason.find(';'));
}

// One cell read as a transaction's column: the library's parser, one row of text. NaN-free: throws
// failure{exit_usage} when the library rejects the cell.
std::int64_t parse_cell(const clv_csv_options& options, const char* column, const char* option) {
  diag d;
  clv_job* raw = nullptr;
  const clv_status begun = clv_csv_begin(&options, &raw, d.get());
  const job work(raw);
  if (begun < 0) misuse(std::string(option) + ": " + clv_diag_text(d.get()));
  if (clv_job_step(work.get(), 0, d.get()) < 0) misuse(option + complaint_of(work, d));
  clv_result* rows = nullptr;
  d.check(clv_job_take_result(work.get(), nullptr, &rows, d.get()), option);
  const result table(rows);
  std::int64_t value = 0;
  auto what = sized<clv_read_options>();
  what.column = clv_result_find(table.get(), column);
  what.count = 1;
  what.values = &value;
  d.check(clv_result_read(table.get(), &what, d.get()), option);
  return value;
}

std::int64_t parse_row(const std::string& time,
                       const std::string& amount,
                       const char* zone,
                       const char* currency,
                       const char* option) {
  const bool is_time = currency == nullptr;
  const std::string text = "customer,time,amount\n0," + time + "," + amount + "\n";
  auto options = sized<clv_csv_options>();
  options.text = text.data();
  options.size = static_cast<std::int64_t>(text.size());
  options.time_zone = zone;
  options.currency = currency;
  return parse_cell(options, is_time ? "time" : "amount", option);
}

void refuse_separators(const std::string& text, const char* option) {
  if (text.empty() || text.find_first_of(",\"\r\n") != std::string::npos) {
    misuse(std::string(option) + ": '" + text + "' cannot be read");
  }
}

}  // namespace

void add_csv_options(CLI::App& command, csv_source& source) {
  command.add_option(
      "--map", source.map, "Headers of the file: customer=sample_id,time=date,amount=sales");
  command.add_option("--currency", source.currency, "ISO 4217 code of amounts without one")
      ->capture_default_str();
  command
      .add_option("--time-zone",
                  source.time_zone,
                  "IANA zone of times without an offset, and whose midnight separates days")
      ->capture_default_str();
  command.add_option("--max-rejects", source.max_rejects, "Bad rows to accept: a number, or 'all'")
      ->check(CLI::Validator(whole_or_all, "N|all"))
      ->capture_default_str();
  command.add_option("--rejects", source.rejects_path, "Write rejected rows to this CSV file");
  command.add_option(
      "--now", source.now, "Reject later times (default: the system clock; of facts: none is)");
}

csv_rows read_csv(const csv_source& source, diag& d) {
  clv_csv_options options = options_of(source);
  const bool log = source.schema == "transactions";
  if (!source.now.empty()) {
    options.now_us = parse_time(source.now, source.time_zone, "--now");
  } else if (log) {
    options.now_us = system_now_us();
  }
  task reading(d, "read", source.path, clv_csv_begin, &options);
  const clv_status status = reading.step();
  csv_rows rows;
  if (const result rejects = reading.try_take("rejects")) {
    rows.rejected = clv_result_rows(rejects.get());
    for (const double row : numbers(rejects, "row", d)) {
      rows.rejected_rows.push_back(static_cast<std::int64_t>(row));
    }
    show_rejects(rejects, source.path);
    if (!source.rejects_path.empty()) write_csv(rejects, source.rejects_path, d);
  }
  try {
    reading.conclude(status, source.all_notes);
  } catch (const failure& e) {
    if (!log && rows.rejected > 0) throw without_hint(e);
    throw;
  }
  rows.accepted = reading.take();
  return rows;
}

std::int64_t parse_time(const std::string& text, const std::string& zone, const char* option) {
  refuse_separators(text, option);
  return parse_row(text, "0", zone.c_str(), nullptr, option);
}

std::int64_t parse_money(const std::string& text, const std::string& currency, const char* option) {
  refuse_separators(text, option);
  const std::int64_t minor = parse_row("2000-01-01", text, "UTC", currency.c_str(), option);
  if (minor < 0) misuse(std::string(option) + " '" + text + "' is below zero");
  return minor;
}

std::int64_t system_now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

CLI::Validator above_zero() {
  const auto check = [](const std::string& text) {
    double value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value > 0;
    return good ? std::string() : "'" + text + "' is not a number above zero";
  };
  return CLI::Validator(check, "ABOVE 0");
}

CLI::Validator not_below_zero() {
  const auto check = [](const std::string& text) {
    double value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= 0;
    return good ? std::string() : "'" + text + "' is not a number, 0 or more";
  };
  return CLI::Validator(check, "0 OR MORE");
}

CLI::Validator unit_name() {
  return CLI::IsMember({"day", "week"});
}

CLI::Validator model_unit_name() {
  return CLI::IsMember({"day", "week", "period"});
}

}  // namespace cli
