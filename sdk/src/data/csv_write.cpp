#include <array>
#include <charconv>
#include <cstdio>
#include <memory>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"

namespace clv {
namespace {

constexpr std::size_t flush_bytes = std::size_t{1} << 20U;

void append_text(std::string& to, std::string_view text) {
  const bool plain = text.find_first_of("\",\r\n") == std::string_view::npos;
  if (plain) {
    to += text;
    return;
  }
  to += '"';
  for (const char c : text) {
    if (c == '"') to += '"';
    to += c;
  }
  to += '"';
}

template <typename Number>
void append_number(std::string& to, Number value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  to.append(buffer.data(), end);
}

class writer {
 public:
  explicit writer(const table& t) : table_(t), currency_(t.find("currency")) {}

  void header(std::string& to) const {
    char separator = 0;
    for (const column& c : table_.columns()) {
      if (separator != 0) to += separator;
      append_text(to, c.name());
      separator = ',';
    }
    to += '\n';
  }

  void row(std::string& to, std::size_t i) const {
    const std::size_t begin = to.size();
    char separator = 0;
    for (const column& c : table_.columns()) {
      if (separator != 0) to += separator;
      if (c.present(i)) value(to, c, i);
      separator = ',';
    }
    // A lone empty value would be an empty line, which readers pass over.
    if (to.size() == begin && !table_.columns().empty()) to += "\"\"";
    to += '\n';
  }

 private:
  void value(std::string& to, const column& c, std::size_t i) const {
    switch (c.kind()) {
      case type::f64:
        return append_number(to, c.numbers()[i]);
      case type::utf8:
        return append_text(to, c.text(i));
      case type::time:
        to += format_time(c.integers()[i]);
        return;
      case type::money:
        to += format_money(c.integers()[i], exponent(c, i));
        return;
      default:
        return append_number(to, c.integers()[i]);
    }
  }

  int exponent(const column& c, std::size_t i) const {
    std::string_view code = c.unit();
    if (currency_ != nullptr && code.empty() && currency_->present(i)) code = currency_->text(i);
    return currency_exponent(code).value_or(2);
  }

  const table& table_;
  const column* currency_;
};

struct file_closer {
  void operator()(std::FILE* f) const {
    if (f != stdout) std::fclose(f);
  }
};

}  // namespace

std::string to_csv(const table& t) {
  std::string text;
  const writer rows(t);
  rows.header(text);
  for (std::size_t i = 0; i < t.rows(); ++i) rows.row(text, i);
  return text;
}

void write_csv(const table& t, const std::string& path) {
  const auto fail = [&] {
    throw error(status::io, path + " cannot be written", "check the path and the free space");
  };
  std::unique_ptr<std::FILE, file_closer> file(path == "-" ? stdout
                                                           : std::fopen(path.c_str(), "wb"));
  if (!file) fail();
  std::string text;
  const auto flush = [&] {
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) fail();
    text.clear();
  };
  const writer rows(t);
  rows.header(text);
  for (std::size_t i = 0; i < t.rows(); ++i) {
    rows.row(text, i);
    if (text.size() >= flush_bytes) flush();
  }
  flush();
  if (std::fflush(file.get()) != 0) fail();
}

}  // namespace clv
