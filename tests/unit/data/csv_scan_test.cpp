#include "data/csv_scan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clv::data {
namespace {

using records = std::vector<std::vector<std::string>>;

// All records of a text that arrives `step` bytes at a time, as a file does in chunks.
records scan_all(std::string_view text, std::size_t step) {
  records found;
  csv_scanner scanner;
  csv_record record;
  std::size_t begin = 0, end = std::min(step, text.size());
  for (;;) {
    scanner.refill(text.substr(begin, end - begin), end == text.size());
    scan what = scan::record;
    while ((what = scanner.next(record)) == scan::record) {
      found.emplace_back(record.fields.begin(), record.fields.end());
    }
    if (what == scan::end) return found;
    begin += scanner.consumed();
    end = std::min(end + step, text.size());
  }
}

TEST(csv_scan, quotes_line_ends_and_gaps_are_read_as_rfc_4180_says) {
  EXPECT_EQ(scan_all("a,b\n1,2\n", 100), (records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(scan_all("a,b\r\n1,2", 100), (records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(scan_all("a,b\r1,2\r", 100), (records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(scan_all("\"a\",\"b,c\"\n", 100), (records{{"a", "b,c"}}));
  EXPECT_EQ(scan_all("\"say \"\"hi\"\"\",\"\"\n", 100), (records{{"say \"hi\"", ""}}));
  EXPECT_EQ(scan_all("\"two\r\nlines\",x\n", 100), (records{{"two\r\nlines", "x"}}));
  EXPECT_EQ(scan_all(",\n,,\n", 100), (records{{"", ""}, {"", "", ""}}));
  EXPECT_EQ(scan_all("a\n\n\r\n\nb", 100), (records{{"a"}, {"b"}}));
  EXPECT_EQ(scan_all("a\"b,c\n", 100), (records{{"a\"b", "c"}}));
  EXPECT_EQ(scan_all("\xEF\xBB\xBFone,two", 100), (records{{"one", "two"}}));
  EXPECT_EQ(scan_all("", 100), records{});
}

TEST(csv_scan, where_a_window_ends_cannot_show) {
  const std::string text =
      "id,note\r\n1,\"a \"\"b\"\"\r\nc\"\n\r2,plain\r3,\"\"\r\n\"4\",\"\"\"\"\n5,last";
  const records whole = scan_all(text, text.size());
  ASSERT_EQ(whole.size(), 6U);
  for (std::size_t step = 1; step < text.size(); ++step) {
    ASSERT_EQ(scan_all(text, step), whole) << step;
  }
}

TEST(csv_scan, a_record_knows_its_physical_line) {
  csv_scanner scanner;
  scanner.refill("h\n\n\"a\r\nb\nc\rd\"\r\ne\n", true);
  csv_record record;
  std::vector<std::int64_t> lines;
  while (scanner.next(record) == scan::record) lines.push_back(record.line);
  EXPECT_EQ(lines, (std::vector<std::int64_t>{1, 3, 7}));
}

TEST(csv_scan, broken_quotes_are_told_apart) {
  csv_scanner scanner;
  csv_record record;
  scanner.refill("x,\"a\"b,y\nz\n\"open,\n", true);
  ASSERT_EQ(scanner.next(record), scan::record);
  EXPECT_EQ(record.flaw, record_flaw::text_after_quote);
  EXPECT_EQ(record.flawed_field, 1U);
  EXPECT_EQ(record.fields.size(), 3U);
  ASSERT_EQ(scanner.next(record), scan::record);
  EXPECT_EQ(record.flaw, record_flaw::none);
  ASSERT_EQ(scanner.next(record), scan::record);
  EXPECT_EQ(record.flaw, record_flaw::unterminated_quote);
  EXPECT_EQ(record.line, 3);
  EXPECT_EQ(scanner.next(record), scan::end);
}

TEST(csv_scan, an_open_quote_waits_for_the_rest_of_the_text) {
  csv_scanner scanner;
  csv_record record;
  scanner.refill("\"open,\n", false);
  EXPECT_EQ(scanner.next(record), scan::need_more);
  EXPECT_EQ(scanner.consumed(), 0U);
}

TEST(csv_scan, bytes_that_are_no_text_are_found) {
  constexpr std::size_t clean = std::string_view::npos;
  EXPECT_EQ(find_bad_byte(""), clean);
  EXPECT_EQ(find_bad_byte("plain ascii, more than eight bytes"), clean);
  EXPECT_EQ(find_bad_byte("\xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2 \xE2\x82\xAC \xF0\x9F\x99\x82"), clean);
  using namespace std::string_view_literals;
  EXPECT_EQ(find_bad_byte("12345678abc\0def"sv), 11U);
  EXPECT_EQ(find_bad_byte("caf\xE9 latin1"), 3U);
  EXPECT_EQ(find_bad_byte("\x80"), 0U);
  EXPECT_EQ(find_bad_byte("ab\xC0\x80"), 2U);        // overlong NUL
  EXPECT_EQ(find_bad_byte("\xE0\x9F\x80"), 0U);      // overlong
  EXPECT_EQ(find_bad_byte("\xED\xA0\x80"), 0U);      // surrogate
  EXPECT_EQ(find_bad_byte("\xF4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(find_bad_byte("\xF0\x9F\x99"), 0U);      // cut short
  EXPECT_EQ(find_bad_byte("12345678\xE2\x82"), 8U);
}

}  // namespace
}  // namespace clv::data
