#include "rows.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "interrupt.hpp"
#include "text.hpp"

namespace cli {
namespace {

using file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

int leave_open(std::FILE* stream) {
  return std::fflush(stream);
}

[[noreturn]] void fail_for_file(const std::string& path, const char* what) {
  const int why = errno;
  const bool writes = std::strcmp(what, "write") == 0;
  const std::string name = path != "-" ? path : writes ? "standard output" : "standard input";
  fail(name + ": cannot " + what + ": " + std::strerror(why));
}

file open_file(const std::string& path, const char* mode) {
  if (path == "-") return {*mode == 'w' ? stdout : stdin, leave_open};
  file stream(std::fopen(path.c_str(), mode), std::fclose);
  if (stream == nullptr) fail_for_file(path, "open");
  return stream;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// One column ready to be written row by row.
struct source_column {
  const char* name;
  bool text;
  std::vector<double> values;  // of a number column
};

std::vector<source_column> present(const result& table,
                                   const std::vector<std::string>& names,
                                   const diag& d) {
  std::vector<source_column> columns;
  for (const std::string& name : names) {
    const std::int32_t at = clv_result_find(table.get(), name.c_str());
    if (at < 0) continue;
    auto info = sized<clv_column_info>();
    d.check(clv_result_column(table.get(), at, &info, d.get()), "");
    const bool text = info.type == CLV_T_UTF8;
    columns.push_back(
        {name.c_str(), text, text ? std::vector<double>() : numbers(table, name.c_str(), d)});
  }
  return columns;
}

// Ctrl-C between the last job and its file: said to be heard, so nothing more is written.
void stop_before_writing(const std::string& path) {
  if (!interrupted()) return;
  fail("stopped; " + (path == "-" ? "the answer" : path) + " was not written");
}

}  // namespace

bool has_column(const result& table, const char* column) {
  return clv_result_find(table.get(), column) >= 0;
}

std::string unit_of(const result& table, const char* column) {
  auto info = sized<clv_column_info>();
  const std::int32_t at = clv_result_find(table.get(), column);
  if (at < 0 || clv_result_column(table.get(), at, &info, nullptr) != CLV_OK) return "";
  return info.unit == nullptr ? "" : info.unit;
}

std::vector<double> numbers(const result& table, const char* column, const diag& d) {
  const std::int32_t at = clv_result_find(table.get(), column);
  if (at < 0) fail(std::string("the table has no column ") + column);
  std::vector<double> values(static_cast<std::size_t>(clv_result_rows(table.get())));
  if (values.empty()) return values;
  auto what = sized<clv_read_options>();
  what.column = at;
  what.as_type = CLV_T_F64;
  what.values = values.data();
  d.check(clv_result_read(table.get(), &what, d.get()), "");
  return values;
}

double number_at(const result& table, const char* column, std::int64_t row) {
  const std::int32_t at = clv_result_find(table.get(), column);
  return at < 0 ? std::numeric_limits<double>::quiet_NaN()
                : clv_result_number(table.get(), at, row);
}

std::string text_at(const result& table, const char* column, std::int64_t row) {
  const std::int32_t at = clv_result_find(table.get(), column);
  if (at < 0) return "";
  std::int64_t length = 0;
  const char* text = clv_result_text(table.get(), at, row, &length);
  return text == nullptr ? "" : std::string(text, static_cast<std::size_t>(length));
}

clv_batch batch_of(const result& table, const diag& d) {
  auto batch = sized<clv_batch>();
  d.check(clv_result_batch(table.get(), &batch, nullptr), "");
  return batch;
}

void write_csv(const result& table, const std::string& path, const diag& d) {
  stop_before_writing(path);
  const clv_status status = clv_result_write_csv(table.get(), path.c_str(), d.get());
  if (status < 0 && path == "-") {
    fail("standard output cannot be written", "check where it goes and the free space there");
  }
  d.check(status, path);
}

void write_columns(const result& table,
                   const std::vector<std::string>& columns,
                   const std::string& path,
                   const diag& d) {
  const std::vector<source_column> sources = present(table, columns, d);
  std::string text;
  for (const source_column& c : sources) text += (text.empty() ? "" : ",") + std::string(c.name);
  text += "\n";
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    for (std::size_t c = 0; c < sources.size(); ++c) {
      if (c > 0) text += ',';
      text += sources[c].text ? quoted(text_at(table, sources[c].name, row))
                              : exact(sources[c].values[static_cast<std::size_t>(row)]);
    }
    text += '\n';
  }
  write_file(path, text);
}

void write_file(const std::string& path, const std::string& bytes) {
  stop_before_writing(path);
  file stream = open_file(path, "wb");
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), stream.get()) == bytes.size();
  const auto close = stream.get_deleter();
  if (close(stream.release()) != 0 || !written) fail_for_file(path, "write");
}

std::string read_file(const std::string& path) {
  const file stream = open_file(path, "rb");
  std::string bytes;
  char block[65536];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, stream.get())) > 0;) {
    bytes.append(block, n);
  }
  if (std::ferror(stream.get()) != 0) fail_for_file(path, "read");
  return bytes;
}

}  // namespace cli
