// RFC 4180 records in a window of text. Knows quotes and line ends, nothing about columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace clv::data {

enum class record_flaw { none, text_after_quote, unterminated_quote };

// One record. The views point into the window, or into `unescaped` for fields with doubled quotes,
// and live until the next scan.
struct csv_record {
  std::vector<std::string_view> fields;
  std::int64_t line = 0;  // physical line on which it begins, from 1
  std::string_view raw;   // the whole record without its line end
  record_flaw flaw = record_flaw::none;
  std::size_t flawed_field = 0;
  std::deque<std::string> unescaped;
};

enum class scan { record, need_more, end };

// Reads records one after another from windows that the caller refills. A line ends at LF, CRLF or
// a lone CR; inside quotes line ends are text. Empty lines are passed over.
class csv_scanner {
 public:
  // `window` begins at the first byte not consumed so far; `last`: nothing comes after it.
  void refill(std::string_view window, bool last) {
    window_ = window;
    last_ = last;
    at_ = 0;
    if (!started_ && window.starts_with("\xEF\xBB\xBF")) at_ = 3;  // byte order mark
    started_ = true;
  }
  // need_more: the record does not end inside the window; refill with at least one byte more.
  scan next(csv_record& record);
  std::size_t consumed() const { return at_; }
  std::int64_t line() const { return line_; }

 private:
  bool skip_line_ends();
  const char* read_field(const char* p, csv_record& record);
  const char* read_quoted(const char* p, csv_record& record);

  std::string_view window_;
  bool last_ = false;
  bool started_ = false;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

// Offset of the first byte that is NUL or not part of valid UTF-8 (RFC 3629: no surrogates, no
// overlong forms, at most U+10FFFF); npos when the text is clean.
std::size_t find_bad_byte(std::string_view text);

}  // namespace clv::data
