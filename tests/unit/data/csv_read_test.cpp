#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "logs.hpp"

namespace clv::test {
namespace {

using namespace std::string_view_literals;

struct reading {
  issue failure{.code = status::ok};
  std::shared_ptr<const table> rows, rejects;
  issues notes;
};

// Reads to the end or to the failure, keeping what the job left behind.
reading read_all(std::string_view text, csv_options options = {}) {
  reading r;
  options.text = text;
  try {
    job j = read_csv(std::move(options));
    try {
      j.run();
    } catch (const error& e) {
      r.failure = e.details();
    }
    const auto& tables = j.result().tables;
    if (const auto it = tables.find(""); it != tables.end()) r.rows = it->second;
    if (const auto it = tables.find("rejects"); it != tables.end()) r.rejects = it->second;
    r.notes = j.result().notes;
  } catch (const error& e) {
    r.failure = e.details();
  }
  return r;
}

bool says(const issue& what, std::string_view part) {
  return (what.message + " / " + what.hint).find(part) != std::string::npos;
}

// The reason for which the only data row is rejected, as "column: reason".
std::string why_rejected(std::string_view text, csv_options options = {}) {
  options.max_rejects = 1;
  const reading r = read_all(text, std::move(options));
  if (!r.rejects || r.rejects->rows() != 1) return "not rejected: " + r.failure.message;
  EXPECT_EQ(r.rows->rows(), 0U);
  return std::string(r.rejects->find("column")->text(0)) + ": " +
         std::string(r.rejects->find("reason")->text(0));
}

TEST(csv_read, a_log_becomes_typed_columns_in_file_order) {
  const auto t = read_rows(
      "time,customer,amount,kind,event_id,currency\n"
      "2026-01-02,anna,12.50,,e1,EUR\n"
      "2026-01-01T10:00:00Z,\"bo, jr\",-3,refund,,EUR\n");
  ASSERT_EQ(t->rows(), 2U);
  EXPECT_EQ(t->find("customer")->text(1), "bo, jr");
  EXPECT_EQ(t->integers("time", type::time)[0], instant("2026-01-02"));
  EXPECT_EQ(t->integers("amount", type::money)[0], 1250);
  EXPECT_EQ(t->integers("amount", type::money)[1], -300);
  EXPECT_EQ(t->find("amount")->unit(), "EUR");
  EXPECT_EQ(t->find("currency"), nullptr);  // one currency is the unit of the amounts
  EXPECT_FALSE(t->find("kind")->present(0));
  EXPECT_EQ(t->find("kind")->text(1), "refund");
  EXPECT_FALSE(t->find("event_id")->present(1));
  EXPECT_EQ(t->fingerprint().size(), 32U);
}

TEST(csv_read, the_largest_amounts_are_taken) {
  const auto t = read_rows(
      "customer,time,amount,kind\na,2026-01-01,90071992547409.92,purchase\n"
      "a,2026-01-01,-90071992547409.92,\n");
  EXPECT_EQ(t->integers("amount", type::money)[0], std::int64_t{1} << 53U);
  EXPECT_EQ(t->integers("amount", type::money)[1], -(std::int64_t{1} << 53U));
}

TEST(csv_read, several_currencies_keep_their_column_and_exponents) {
  const auto t = read_rows(
      "customer,time,amount,currency\na,2026-01-01,5,JPY\na,2026-01-01,5,EUR\na,2026-01-01,1,\n",
      {.currency = "KWD"});
  EXPECT_EQ(t->find("amount")->unit(), "");
  EXPECT_EQ(t->integers("amount", type::money)[0], 5);
  EXPECT_EQ(t->integers("amount", type::money)[1], 500);
  EXPECT_EQ(t->integers("amount", type::money)[2], 1000);
  EXPECT_EQ(t->find("currency")->text(2), "KWD");
}

TEST(csv_read, a_rejected_rows_currency_does_not_count) {
  const auto t = read_rows("customer,time,amount,currency\na,bad,5,JPY\na,2026-01-01,5,EUR\n",
                           {.max_rejects = 1});
  EXPECT_EQ(t->find("amount")->unit(), "EUR");
}

TEST(csv_read, the_file_and_the_text_give_the_same_table) {
  const std::string path = testing::TempDir() + "/clv_csv_read_test.csv";
  std::string text = "customer,time,amount,note\r\n";
  for (int i = 0; i < 60'000; ++i) {  // more than two windows
    text += "c" + std::to_string(i % 977) + ",2026-01-01 10:00,1." + std::to_string(i % 90 + 10) +
            ",\"more\nthan \"\"one\"\" line\"\r\n";
  }
  ASSERT_GT(text.size(), std::size_t{2} << 20U);
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
  ASSERT_EQ(std::fclose(file), 0);
  const auto from_text = read_rows(text);
  const auto from_file = read_rows({}, {.path = path});
  std::filesystem::remove(path);
  EXPECT_EQ(from_text->rows(), 60'000U);
  EXPECT_EQ(from_file->fingerprint(), from_text->fingerprint());
}

TEST(csv_read, work_comes_in_small_units_and_progress_grows) {
  std::string text = "customer,time,amount\n";
  for (int i = 0; i < 200'000; ++i) text += "c,2026-01-01,1\n";
  job j = read_csv({.text = text});
  double before = 0;
  int steps = 1;
  for (; !j.step(std::chrono::milliseconds{1}); ++steps) {
    EXPECT_GE(j.fraction(), before);
    before = j.fraction();
  }
  EXPECT_GE(steps, 2);
  EXPECT_EQ(j.fraction(), 1.0);
}

TEST(csv_read, names_are_taken_exactly_then_by_alias_then_by_map) {
  EXPECT_EQ(read_rows("Customer_ID,Date,Sales\na,2026-01-01,1\n")->rows(), 1U);
  const auto exact = read_rows("id,customer,time,amount,price\nx,a,2026-01-01,1,9\n");
  EXPECT_EQ(exact->find("customer")->text(0), "a");
  EXPECT_EQ(exact->integers("amount", type::money)[0], 100);
  const auto mapped = read_rows("id,customer,time,amount,price\nx,a,2026-01-01,1,9\n",
                                {.map = "amount=price, customer = id"});
  EXPECT_EQ(mapped->find("customer")->text(0), "x");
  EXPECT_EQ(mapped->integers("amount", type::money)[0], 900);
}

TEST(csv_read, headings_with_commas_and_quotes_are_named_in_quotes) {
  const auto t =
      read_rows("customer,time,\"Total, \"\"net\"\"\",a=b\nx,2026-01-01,9,4\n",
                {.extra = " \"a=b\" ", .map = "amount=\"Total, \"\"net\"\"\",time=time"});
  EXPECT_EQ(t->integers("amount", type::money)[0], 900);
  EXPECT_EQ(t->find("a=b")->numbers()[0], 4);
  const auto pipes =
      read_rows("customer,time,amount,5\" pipe\nx,2026-01-01,9,4\n", {.extra = "5\" pipe"});
  EXPECT_EQ(pipes->find("5\" pipe")->numbers()[0], 4) << "a quote within a name is part of it";
  const issue open =
      read_all("customer,time,amount\nx,2026-01-01,9\n", {.map = "amount=\"amount"}).failure;
  EXPECT_TRUE(says(open, "a quote that is not closed")) << open.message;
}

TEST(csv_read, a_word_mapped_to_nothing_is_not_guessed) {
  const auto guessed = read_rows("customer,time,amount,invoice_no\na,2026-01-01,1,7\n");
  ASSERT_NE(guessed->find("event_id"), nullptr);
  const auto without =
      read_rows("customer,time,amount,invoice_no\na,2026-01-01,1,7\n", {.map = "event_id="});
  EXPECT_EQ(without->find("event_id"), nullptr);
}

TEST(csv_read, an_alias_is_noted) {
  const reading r = read_all("customer,date,amount\n");
  ASSERT_EQ(r.notes.size(), 1U);
  EXPECT_EQ(r.notes[0].message, "columns known by their usual names: time from 'date'");
}

TEST(csv_read, a_column_that_nothing_reads_is_noted) {
  const reading r = read_all("customer,time,amuont,amount,attr.colour\n");
  ASSERT_EQ(r.notes.size(), 1U);
  EXPECT_EQ(r.notes[0].level, log_level::info);
  EXPECT_EQ(r.notes[0].message, "columns that nothing here reads: 'amuont'");
}

TEST(csv_read, wrong_maps_are_refused_with_what_is_there) {
  const auto failure = [](std::string map) {
    return read_all("id,when,paid\na,2026-01-01,1\n", {.map = std::move(map)}).failure;
  };
  const issue no_word = failure("client=id");
  EXPECT_EQ(no_word.code, status::invalid);
  EXPECT_TRUE(says(no_word, "'client=id'") && says(no_word, "customer, time, amount"));
  const issue no_header = failure("time=at");
  EXPECT_EQ(no_header.code, status::invalid);
  EXPECT_TRUE(says(no_header, "'at'") && says(no_header, "'id', 'when', 'paid'"));
  EXPECT_EQ(failure("time").code, status::invalid);
  EXPECT_TRUE(says(failure("time=when,time=when"), "twice"));
  EXPECT_EQ(failure("time=when,amount=paid").code, status::ok);
}

TEST(csv_read, a_missing_or_doubled_column_is_named) {
  const issue missing = read_all("customer,amount\na,1\n").failure;
  EXPECT_EQ(missing.code, status::invalid);
  EXPECT_EQ(missing.column, "time");
  EXPECT_TRUE(says(missing, "'time'") && says(missing, "'customer', 'amount'"));
  const issue doubled = read_all("customer,time,amount,amount\n").failure;
  EXPECT_EQ(doubled.code, status::invalid);
  EXPECT_TRUE(says(doubled, "'amount' twice"));
  EXPECT_TRUE(says(read_all("customer;time;amount\n").failure, "commas"));
  EXPECT_EQ(read_all("customer,time,amount,x,x\n").failure.code, status::ok);  // not needed
}

TEST(csv_read, an_empty_text_is_an_error_and_a_header_alone_is_not) {
  EXPECT_EQ(read_all("").failure.code, status::data);
  EXPECT_EQ(read_all("\r\n\n").failure.code, status::data);
  const reading r = read_all("customer,time,amount\n");
  EXPECT_EQ(r.failure.code, status::ok);
  EXPECT_EQ(r.rows->rows(), 0U);
  EXPECT_EQ(r.rows->columns().size(), 3U);
}

TEST(csv_read, a_file_that_cannot_be_read_is_named) {
  const issue absent = read_all({}, {.path = "/nowhere/orders.csv"}).failure;
  EXPECT_EQ(absent.code, status::io);
  EXPECT_TRUE(says(absent, "/nowhere/orders.csv"));
  EXPECT_EQ(read_all({}, {.path = testing::TempDir()}).failure.code, status::io);
}

TEST(csv_read, binary_junk_is_told_from_text) {
  const issue zip = read_all("PK\x03\x04\x14\0\0\0\x08\0"sv).failure;
  EXPECT_EQ(zip.code, status::data);
  EXPECT_TRUE(says(zip, "0x00 at position 6 of line 1"));
  EXPECT_EQ(read_all("\xFF\xFE"
                     "c\0u\0s\0"sv)
                .failure.code,
            status::data);  // UTF-16
  EXPECT_EQ(read_all("\"customer,time\n").failure.code, status::data);
}

TEST(csv_read, the_kinds_of_other_tables_have_words_of_their_own) {
  csv_options o;
  o.text = "customer,time,channel,kind\na,2026-01-01,email,bounced\n";
  o.schema = "contacts";
  job reading = read_csv(o);
  reading.run();
  EXPECT_EQ(reading.result().tables.at("")->find("kind")->text(0), "bounced");
}

TEST(csv_read, every_kind_of_bad_row_is_rejected_with_its_reason) {
  const auto with = [](std::string_view row) {
    return why_rejected("customer,time,amount,kind\n" + std::string(row) + "\n",
                        {.now_us = instant("2026-06-01")});
  };
  EXPECT_EQ(with("a,2026-01-01,1"), ": has 3 fields, the header has 4");
  EXPECT_EQ(with("a,2026-01-01,1,,"), ": has 5 fields, the header has 4");
  EXPECT_EQ(with(",2026-01-01,1,"), "customer: is empty");
  EXPECT_EQ(with("a,,1,"), "time: is empty");
  EXPECT_EQ(with("a,2026-01-01,,"), "amount: is empty");
  EXPECT_EQ(with(std::string(129, 'x') + ",2026-01-01,1,"), "customer: is longer than 128 bytes");
  EXPECT_TRUE(with("a,31.01.2026,1,").starts_with("time: is not a date"));
  EXPECT_TRUE(with("a,2026-02-30,1,").starts_with("time: is not a date"));
  EXPECT_TRUE(with("a,2026-06-02,1,").starts_with("time: lies in the future"));
  EXPECT_TRUE(with("a,2026-01-01,\"1,5\",").starts_with("amount: is not an amount"));
  EXPECT_TRUE(with("a,2026-01-01,1.555,").starts_with("amount: has more decimals than XXX"));
  EXPECT_TRUE(with("a,2026-01-01,1e30,").starts_with("amount: is not an amount"));
  EXPECT_TRUE(
      with("a,2026-01-01,92233720368547758.08,").starts_with("amount: is beyond the range"));
  EXPECT_TRUE(with("a,2026-01-01,90071992547409.93,").starts_with("amount: is beyond the range"));
  EXPECT_TRUE(with("a,2026-01-01,-90071992547409.93,").starts_with("amount: is beyond the range"));
  EXPECT_TRUE(with("a,2026-01-01,1,gift").starts_with("kind: is not a kind"));
  EXPECT_TRUE(with("a,2026-01-01,-1,purchase")
                  .starts_with("amount: cannot be: kind is purchase but the amount is negative"));
  EXPECT_EQ(with("\"a\"b,2026-01-01,1,"), "customer: there is text after the closing quote");
  EXPECT_EQ(with("a,2026-01-01,1,\"re\nfund"),
            "kind: the quote is not closed before the end of the text; the row begins on line 2");
}

TEST(csv_read, bytes_that_are_no_text_reject_their_row_only) {
  const reading r = read_all(
      "customer,time,amount\na,2026-01-01,1\nb\0b,2026-01-01,1\nc,2026-01-01,1\n"
      "caf\xE9,2026-01-01,1\n"sv,
      {.max_rejects = -1});
  ASSERT_EQ(r.rows->rows(), 2U);
  ASSERT_EQ(r.rejects->rows(), 2U);
  EXPECT_EQ(r.rejects->integers("row", type::i64)[0], 2);
  EXPECT_EQ(r.rejects->integers("line", type::i64)[0], 3);
  EXPECT_EQ(r.rejects->find("value")->text(0), "b\\x00b");
  EXPECT_EQ(r.rejects->find("reason")->text(0),
            "has byte 0x00 at position 2 of the row, which is not UTF-8 text");
  EXPECT_EQ(r.rejects->find("value")->text(1), "caf\\xE9");
}

TEST(csv_read, one_reject_more_than_allowed_fails_whole) {
  constexpr std::string_view text =
      "customer,time,amount\na,2026-01-01,1\n\nb,never,1\nc,2026-01-01,x\n";
  for (const std::int64_t allowed : {0, 1}) {
    const reading r = read_all(text, {.max_rejects = allowed});
    EXPECT_EQ(r.failure.code, status::data);
    EXPECT_EQ(r.failure.row, 1);
    EXPECT_EQ(r.failure.column, "time");
    EXPECT_TRUE(says(r.failure, "row 2 (line 4), column 'time': 'never' is not a date"));
    EXPECT_TRUE(says(r.failure, "2 of 3 rows rejected, " + std::to_string(allowed) + " allowed"));
    EXPECT_EQ(r.rows, nullptr);
    EXPECT_EQ(r.rejects->rows(), 2U);
  }
  for (const std::int64_t allowed : {2, 3, -1}) {
    const reading r = read_all(text, {.max_rejects = allowed});
    EXPECT_EQ(r.failure.code, status::ok);
    EXPECT_EQ(r.rows->rows(), 1U);
    EXPECT_EQ(r.rejects->rows(), 2U);
    ASSERT_EQ(r.notes.size(), 1U);
    EXPECT_EQ(r.notes[0].level, log_level::warn);
  }
}

TEST(csv_read, a_flood_of_rejects_is_counted_but_not_all_listed) {
  std::string text = "customer,time,amount\n";
  for (int i = 0; i < 5000; ++i) text += "a,never,1\n";
  const reading failed = read_all(text);
  EXPECT_TRUE(says(failed.failure, "5000 of 5000"));
  EXPECT_EQ(failed.rejects->rows(), 1000U);
  EXPECT_EQ(read_all(text, {.max_rejects = -1}).rejects->rows(), 5000U);
}

TEST(csv_read, a_shown_value_is_cut_to_80_bytes_of_valid_text) {
  std::string word;
  for (int i = 0; i < 60; ++i) word += "\xD1\x97";
  const reading r = read_all("customer,time,amount\na," + word + ",1\n", {.max_rejects = 1});
  const std::string_view shown = r.rejects->find("value")->text(0);
  EXPECT_EQ(shown, std::string_view(word).substr(0, 80));
  const reading junk =
      read_all("customer,time,amount\na," + std::string(100, '\x01') + ",1\n", {.max_rejects = 1});
  EXPECT_EQ(junk.rejects->find("value")->text(0).size(), 80U);
}

TEST(csv_read, other_tables_are_read_by_their_own_words) {
  const auto t = read_rows("cust,x,t.x,T.cal,m.x,extra\n1,2.0,+3e0,4,,z\n",
                           {.schema = "summary", .currency = "EUR"});
  ASSERT_EQ(t->rows(), 1U);
  EXPECT_EQ(t->numbers("t_x")[0], 3.0);
  EXPECT_EQ(t->numbers("T")[0], 4.0);
  EXPECT_FALSE(t->find("mean_spend")->present(0));
  EXPECT_EQ(t->find("mean_spend")->unit(), "EUR");
  EXPECT_EQ(t->find("extra"), nullptr);
  for (const char* bad : {"nan", "inf", "1e999", "0x1", "1 2", "-", "+", "+-1"}) {
    EXPECT_TRUE(why_rejected("x\n" + std::string(bad) + "\n", {.schema = "summary"})
                    .starts_with("x: is not a finite number"))
        << bad;
  }
}

TEST(csv_read, any_columns_are_numbers_where_every_value_is_one) {
  const auto t = read_rows(
      "channel,cost,note,blank,kind,currency,mixed\n"
      "web,12.50,,,gift,??,1\nshop, +3e1 ,\"a, b\",,,,\nmail,,c,,,,x\n",
      {.schema = ""});
  ASSERT_EQ(t->rows(), 3U);
  EXPECT_EQ(t->find("channel")->text(2), "mail");
  EXPECT_EQ(t->find("channel")->kind(), type::utf8);
  ASSERT_EQ(t->find("cost")->kind(), type::f64);
  EXPECT_EQ(t->numbers("cost")[0], 12.5);
  EXPECT_EQ(t->numbers("cost")[1], 30.0);
  EXPECT_FALSE(t->find("cost")->present(2));
  EXPECT_EQ(t->find("note")->text(1), "a, b");
  EXPECT_FALSE(t->find("note")->present(0));
  EXPECT_EQ(t->find("blank")->kind(), type::f64);
  EXPECT_FALSE(t->find("blank")->present(0));
  EXPECT_EQ(t->find("kind")->text(0), "gift");  // no word has a meaning here
  EXPECT_EQ(t->find("currency")->text(0), "??");
  EXPECT_EQ(t->find("mixed")->text(0), "1");
  EXPECT_FALSE(t->find("mixed")->present(1));
  EXPECT_EQ(t->find("mixed")->text(2), "x");
}

TEST(csv_read, infinite_and_not_a_number_are_text_in_any_columns) {
  for (const char* value : {"inf", "nan", "1e999", "0x10", "1 2", "1,5"}) {
    const auto t = read_rows("v\n1\n\"" + std::string(value) + "\"\n", {.schema = ""});
    EXPECT_EQ(t->find("v")->kind(), type::utf8) << value;
    EXPECT_EQ(t->find("v")->text(1), value);
  }
}

TEST(csv_read, any_columns_without_a_name_get_one_and_doubled_ones_are_refused) {
  const auto t = read_rows(",a,\n0,5,6\n", {.schema = ""});
  EXPECT_EQ(t->columns()[0].name(), "column_1");
  EXPECT_EQ(t->columns()[2].name(), "column_3");
  EXPECT_EQ(t->numbers("column_3")[0], 6.0);
  const issue doubled = read_all("a,b,a\n", {.schema = ""}).failure;
  EXPECT_EQ(doubled.code, status::invalid);
  EXPECT_TRUE(says(doubled, "two columns 'a'"));
  EXPECT_EQ(read_all(",column_1\n", {.schema = ""}).failure.code, status::invalid);
}

TEST(csv_read, map_renames_and_leaves_out_any_columns) {
  const auto t = read_rows("id,when,paid\n7,x,1\n", {.schema = "", .map = "customer=id,when="});
  ASSERT_EQ(t->columns().size(), 2U);
  EXPECT_EQ(t->numbers("customer")[0], 7.0);
  EXPECT_EQ(t->numbers("paid")[0], 1.0);
  const auto failure = [](std::string map) {
    return read_all("id,when,paid\n", {.schema = "", .map = std::move(map)}).failure;
  };
  EXPECT_TRUE(says(failure("customer=client"), "'client'"));
  EXPECT_TRUE(says(failure("customer=client"), "'id', 'when', 'paid'"));
  EXPECT_TRUE(says(failure("paid=id"), "two columns 'paid'"));
  EXPECT_EQ(failure("paid=id,id=paid").code, status::ok);
  EXPECT_EQ(failure("paid").code, status::invalid);
}

TEST(csv_read, many_rows_of_any_columns_are_the_same_from_a_file_and_from_a_text) {
  std::string text = "name,value,late\n";
  for (int i = 0; i < 90'000; ++i) {
    text += "n" + std::to_string(i) + "," + std::to_string(i) + ".25," +
            (i < 89'999 ? std::to_string(i) : "end") + "\n";
  }
  ASSERT_GT(text.size(), std::size_t{1} << 20U);
  const auto t = read_rows(text, {.schema = ""});
  ASSERT_EQ(t->rows(), 90'000U);
  EXPECT_EQ(t->numbers("value")[89'999], 89'999.25);
  EXPECT_EQ(t->find("late")->text(5), "5");
  EXPECT_EQ(t->find("late")->text(89'999), "end");
}

TEST(csv_read, extra_columns_are_kept_as_numbers_beside_the_schemas) {
  const std::string csv = "cust,x,t_x,T,Gender,Score,other\nann,1,2,5,1,-0.5,z\nbob,0,0,5,,2,z\n";
  const auto t = read_rows(csv, {.schema = "summary", .extra = "Score, Gender,x"});
  EXPECT_EQ(t->columns().back().name(), "Gender");
  EXPECT_EQ(t->numbers("Score")[0], -0.5);
  EXPECT_EQ(t->numbers("Gender")[0], 1.0);
  EXPECT_FALSE(t->find("Gender")->present(1));
  EXPECT_EQ(t->find("other"), nullptr);
  EXPECT_NE(t->fingerprint(), read_rows(csv, {.schema = "summary"})->fingerprint());
  const auto renamed = read_rows(csv, {.schema = "summary", .extra = "sex", .map = "sex=Gender"});
  EXPECT_EQ(renamed->numbers("sex")[0], 1.0);
}

TEST(csv_read, an_extra_column_is_taken_before_an_alias_guesses_it) {
  const auto t = read_rows("x,t_x,age\n1,2,30\n", {.schema = "summary", .extra = "age"});
  EXPECT_EQ(t->find("T"), nullptr);
  EXPECT_EQ(t->numbers("age")[0], 30.0);
}

TEST(csv_read, extra_columns_that_cannot_be_are_refused_by_name) {
  const auto failure = [](std::string extra, std::string schema = "summary") {
    return read_all("customer,x,Gender\nann,1,0\n",
                    {.schema = std::move(schema), .extra = std::move(extra)})
        .failure;
  };
  const issue missing = failure("Gender,Channel");
  EXPECT_EQ(missing.code, status::invalid);
  EXPECT_EQ(missing.column, "Channel");
  EXPECT_TRUE(says(missing, "'customer', 'x', 'Gender'"));
  EXPECT_TRUE(says(failure("Gender,Gender"), "named twice"));
  EXPECT_TRUE(says(failure("customer"), "no number"));
  EXPECT_TRUE(says(failure("Gender,,x"), "empty name"));
  EXPECT_EQ(failure("Gender", "").code, status::invalid);
  EXPECT_TRUE(why_rejected("x,Gender\n1,f\n", {.schema = "summary", .extra = "Gender"})
                  .starts_with("Gender: is not a finite number"));
}

TEST(csv_read, wrong_options_are_refused_at_once) {
  EXPECT_EQ(failure_of([] { read_csv({.schema = "orders"}); }).code, status::not_found);
  EXPECT_EQ(failure_of([] { read_csv({.currency = "EURO"}); }).code, status::invalid);
  EXPECT_EQ(failure_of([] { read_csv({.time_zone = "Nowhere"}); }).code, status::invalid);
}

TEST(csv_read, a_record_without_an_end_is_refused_before_it_fills_the_memory) {
  std::string text = "customer,time,amount\na,2026-01-01,\"";
  text.append(std::size_t{20} << 20U, 'x');
  const issue what = read_all(text).failure;
  EXPECT_EQ(what.code, status::data);
  EXPECT_TRUE(says(what, "line 2"));
}

TEST(csv_read, stops_at_the_row_that_goes_over_the_memory_limit) {
  const std::string text =
      "customer,time,amount\nann,2026-01-01,1\nbob,2026-01-02,2\ncyrus,2026-01-03,3\n";
  // A row is three times eight bytes and the letters of the name.
  const reading enough = read_all(text, {.currency = "EUR", .memory_limit = 27 + 27 + 29});
  ASSERT_TRUE(enough.rows) << enough.failure.message;
  EXPECT_EQ(enough.rows->rows(), 3U);
  const reading over = read_all(text, {.currency = "EUR", .memory_limit = 27 + 27 + 28});
  EXPECT_EQ(over.failure.code, status::limit);
  EXPECT_EQ(over.failure.row, 2);
  EXPECT_TRUE(says(over.failure, "row 3 (line 4)")) << over.failure.message;
  EXPECT_TRUE(says(over.failure, "the memory limit is 82")) << over.failure.message;
  EXPECT_TRUE(says(over.failure, "take 83 bytes")) << over.failure.message;
  EXPECT_FALSE(over.rows);
}

TEST(csv_read, counts_rejected_rows_and_open_columns_to_the_memory_limit) {
  std::string wrong = "customer,time,amount\n", open = "a,b\n";
  for (int i = 0; i < 1000; ++i) {
    wrong += "ann,yesterday,1\n";
    open += "1,x\n";
  }
  const reading rejects = read_all(wrong, {.max_rejects = -1, .memory_limit = 20'000});
  EXPECT_EQ(rejects.failure.code, status::limit) << rejects.failure.message;
  // A number is kept as text and number until the last row has been one, too: 8 + 8 + 1, 8 + 1.
  EXPECT_EQ(read_all(open, {.schema = "", .memory_limit = 26'008}).failure.code, status::ok);
  EXPECT_EQ(read_all(open, {.schema = "", .memory_limit = 25'000}).failure.code, status::limit);
}

}  // namespace
}  // namespace clv::test
