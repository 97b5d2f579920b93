// Arrow in and out: what lies as libclv reads it is not copied, everything else is converted or
// refused by name, and what was given is released exactly once.
#include <cerrno>
#include <cstring>
#include <deque>
#include <limits>

#include "clv_arrow.h"
#include "support.hpp"

namespace {

using namespace clv_test;
using std::string;

template <typename Item>
string bytes(std::initializer_list<Item> items) {
  string out;
  for (const Item item : items) out.append(reinterpret_cast<const char*>(&item), sizeof item);
  return out;
}

// One array with its type; buffer 0 is the validity, "" there is none.
struct array {
  string name, format;
  std::int64_t length = 0;
  std::vector<string> buffers;
  std::int64_t offset = 0;
  string metadata = {};
  const array* dictionary = nullptr;
  std::int64_t missing_buffer = -1;
  bool lost_buffers = false;  // as many as it has, but no list of them
};

// A table in chunks as another library would hand it over; counts what is not yet released.
class producer {
 public:
  explicit producer(std::vector<std::vector<array>> chunks) : chunks_(std::move(chunks)) {}

  ArrowArrayStream stream() {
    ++live;
    return {give_schema, give_next, last_error, release<ArrowArrayStream>, this};
  }

  int live = 0;
  int fails_at = -1;  // that chunk cannot be given
  string top = "+s";
  std::int64_t offset = 0;         // of every chunk as a whole
  std::int64_t length = -1;        // of every chunk as a whole; -1: as its first column says
  bool loses_own_buffers = false;  // of every chunk as a whole
  const void* there = nullptr;     // its rows, as bits
  // Of the first chunk.
  const void* buffer(std::size_t column, std::size_t i) const {
    return chunks_[0][column].buffers[i].data();
  }

 private:
  template <typename Given>
  static void release(Given* given) {
    --static_cast<producer*>(given->private_data)->live;
    given->release = nullptr;
  }
  static producer& of(ArrowArrayStream* s) { return *static_cast<producer*>(s->private_data); }
  static const char* last_error(ArrowArrayStream*) { return "the disk\x01is gone"; }

  static int give_schema(ArrowArrayStream* s, ArrowSchema* out) {
    producer& p = of(s);
    auto& children = p.schema_children_.emplace_back();
    for (const array& a : p.chunks_.front()) children.push_back(p.schema_of(a));
    *out = {};
    out->format = p.top.c_str();
    out->n_children = static_cast<std::int64_t>(children.size());
    out->children = children.data();
    out->private_data = &p;
    out->release = release<ArrowSchema>;
    ++p.live;
    return 0;
  }
  static int give_next(ArrowArrayStream* s, ArrowArray* out) {
    producer& p = of(s);
    *out = {};
    if (p.given_ == p.fails_at) return EIO;
    if (p.given_ == static_cast<int>(p.chunks_.size())) return 0;
    const std::vector<array>& chunk = p.chunks_[static_cast<std::size_t>(p.given_++)];
    auto& children = p.array_children_.emplace_back();
    for (const array& a : chunk) children.push_back(p.array_of(a));
    out->length = p.length < 0 ? chunk.front().length : p.length;
    out->offset = p.offset;
    out->n_buffers = 1;
    p.own_ = p.there;
    out->null_count = p.there == nullptr ? 0 : -1;
    out->buffers = p.loses_own_buffers ? nullptr : &p.own_;
    out->n_children = static_cast<std::int64_t>(children.size());
    out->children = children.data();
    out->private_data = &p;
    out->release = release<ArrowArray>;
    ++p.live;
    return 0;
  }
  ArrowSchema* schema_of(const array& a) {
    ArrowSchema& s = schemas_.emplace_back();
    s.format = a.format.c_str();
    s.name = a.name.c_str();
    s.metadata = a.metadata.empty() ? nullptr : a.metadata.data();
    s.dictionary = a.dictionary == nullptr ? nullptr : schema_of(*a.dictionary);
    return &s;
  }
  ArrowArray* array_of(const array& a) {
    ArrowArray& made = arrays_.emplace_back();
    auto& buffers = buffers_.emplace_back();
    for (const string& b : a.buffers) buffers.push_back(b.data());
    if (!a.buffers.empty() && a.buffers[0].empty()) buffers[0] = nullptr;
    if (a.missing_buffer >= 0) buffers[static_cast<std::size_t>(a.missing_buffer)] = nullptr;
    made.length = a.length;
    made.offset = a.offset;
    made.n_buffers = static_cast<std::int64_t>(buffers.size());
    made.buffers = a.lost_buffers ? nullptr : buffers.data();
    made.dictionary = a.dictionary == nullptr ? nullptr : array_of(*a.dictionary);
    return &made;
  }

  std::vector<std::vector<array>> chunks_;
  int given_ = 0;
  const void* own_ = nullptr;  // the one buffer of every chunk as a whole
  std::deque<ArrowSchema> schemas_;
  std::deque<ArrowArray> arrays_;
  std::deque<std::vector<ArrowSchema*>> schema_children_;
  std::deque<std::vector<ArrowArray*>> array_children_;
  std::deque<std::vector<const void*>> buffers_;
};

using arrow_ptr = std::unique_ptr<clv_arrow, frees<clv_arrow_free>>;

arrow_ptr imported(producer& from) {
  const diag_ptr diag = new_diag();
  ArrowArrayStream stream = from.stream();
  clv_arrow* table = nullptr;
  EXPECT_EQ(clv_arrow_import(&stream, &table, diag.get()), CLV_OK) << said(diag);
  EXPECT_EQ(stream.release, nullptr);
  return arrow_ptr(table);
}

// Status and words of an import that fails; whatever was given must have been released.
string refusal(producer from) {
  const diag_ptr diag = new_diag();
  ArrowArrayStream stream = from.stream();
  clv_arrow* table = nullptr;
  const clv_status status = clv_arrow_import(&stream, &table, diag.get());
  EXPECT_EQ(table, nullptr);
  EXPECT_EQ(from.live, 0);
  return string(clv_status_name(status)) + ": " + said(diag);
}

clv_batch batch_of(const arrow_ptr& table) {
  clv_batch batch = CLV_SIZED(clv_batch);
  EXPECT_EQ(clv_arrow_batch(table.get(), &batch, nullptr), CLV_OK);
  return batch;
}

// The only column as texts: what a value is, or "-".
std::vector<string> values_of(const clv_batch& b) {
  std::vector<string> out;
  const clv_column& c = b.columns[0];
  for (std::int64_t i = 0; i < b.n_rows; ++i) {
    if (c.validity != nullptr && ((c.validity[i / 8] >> (i % 8)) & 1) == 0) {
      out.emplace_back("-");
    } else if (c.type == CLV_T_UTF8) {
      out.emplace_back(static_cast<const char*>(c.data) + c.offsets[i],
                       static_cast<std::size_t>(c.offsets[i + 1] - c.offsets[i]));
    } else if (c.type == CLV_T_F64) {
      out.push_back(std::to_string(static_cast<const double*>(c.data)[i]));
    } else {
      out.push_back(std::to_string(static_cast<const std::int64_t*>(c.data)[i]));
    }
  }
  return out;
}

std::vector<string> values(std::vector<array> chunks) {
  std::vector<std::vector<array>> each;
  for (array& a : chunks) each.push_back({std::move(a)});
  producer from(std::move(each));
  const arrow_ptr table = imported(from);
  return table == nullptr ? std::vector<string>{"failed"} : values_of(batch_of(table));
}

using texts = std::vector<string>;

TEST(arrow_import, reads_what_lies_as_libclv_reads_it_without_a_copy) {
  producer from({{{"x", "g", 2, {"", bytes<double>({1, 2})}},
                  {"customer", "U", 2, {"", bytes<std::int64_t>({0, 3, 6}), "anabob"}}}});
  const arrow_ptr table = imported(from);
  const clv_batch b = batch_of(table);
  ASSERT_EQ(b.n_columns, 2U);
  EXPECT_EQ(b.columns[0].data, from.buffer(0, 1));
  EXPECT_STREQ(b.columns[1].name, "customer");
  EXPECT_EQ(b.columns[1].type, static_cast<clv_type>(CLV_T_UTF8));
  EXPECT_EQ(b.columns[1].offsets, from.buffer(1, 1));
  EXPECT_EQ(b.columns[1].data, from.buffer(1, 2));
}

TEST(arrow_import, keeps_the_producers_memory_until_it_is_freed) {
  producer from({{{"x", "g", 2, {"", bytes<double>({1, 2})}}}});
  arrow_ptr table = imported(from);
  EXPECT_EQ(from.live, 1);
  table.reset();
  EXPECT_EQ(from.live, 0);
}

TEST(arrow_import, widens_every_integer) {
  const texts expected{"1", "-", "3"};
  const string some("\x05", 1);
  EXPECT_EQ(values({{"n", "c", 3, {some, bytes<std::int8_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "C", 3, {some, bytes<std::uint8_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "s", 3, {some, bytes<std::int16_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "S", 3, {some, bytes<std::uint16_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "i", 3, {some, bytes<std::int32_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "I", 3, {some, bytes<std::uint32_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "l", 3, {some, bytes<std::int64_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "L", 3, {some, bytes<std::uint64_t>({1, 0, 3})}}}), expected);
  EXPECT_EQ(values({{"n", "b", 3, {"", string("\x05", 1)}}}), (texts{"1", "0", "1"}));
  EXPECT_EQ(values({{"n", "c", 2, {"", bytes<std::int8_t>({-1, -128})}}}), (texts{"-1", "-128"}));
}

TEST(arrow_import, reads_floats_and_columns_without_a_type) {
  EXPECT_EQ(values({{"x", "f", 2, {"", bytes<float>({.5F, 2})}}}), (texts{"0.500000", "2.000000"}));
  EXPECT_EQ(values({{"x", "n", 2, {}}}), (texts{"-", "-"}));
}

TEST(arrow_import, counts_every_time_in_microseconds) {
  const string t = bytes<std::int64_t>({-1, 1'000'001});
  EXPECT_EQ(values({{"t", "tss:", 2, {"", t}}}), (texts{"-1000000", "1000001000000"}));
  EXPECT_EQ(values({{"t", "tsm:UTC", 2, {"", t}}}), (texts{"-1000", "1000001000"}));
  EXPECT_EQ(values({{"t", "tsu:Europe/Vienna", 2, {"", t}}}), (texts{"-1", "1000001"}));
  EXPECT_EQ(values({{"t", "tsn:", 2, {"", t}}}), (texts{"-1", "1000"}));  // towards the past
  EXPECT_EQ(values({{"t", "tdD", 1, {"", bytes<std::int32_t>({2})}}}), (texts{"172800000000"}));
  EXPECT_EQ(values({{"t", "tdm", 1, {"", bytes<std::int64_t>({2})}}}), (texts{"2000"}));
}

TEST(arrow_import, reads_texts_of_every_layout) {
  const texts expected{"ana", "", "-"};
  const string two("\x03", 1);
  EXPECT_EQ(values({{"s", "u", 3, {two, bytes<std::int32_t>({0, 3, 3, 3}), "ana"}}}), expected);
  EXPECT_EQ(values({{"s", "U", 3, {two, bytes<std::int64_t>({0, 3, 3, 3}), "ana"}}}), expected);
  // Views: twelve bytes at most lie in the view, longer texts in a buffer.
  string view = bytes<std::int32_t>({3}) + string("ana") + string(9, '\0');
  view += bytes<std::int32_t>({13}) + "abcd" + bytes<std::int32_t>({0, 1});
  EXPECT_EQ(values({{"s", "vu", 2, {"", view, "-abcdefghijklm", bytes<std::int64_t>({14})}}}),
            (texts{"ana", "abcdefghijklm"}));
}

TEST(arrow_import, decodes_dictionaries_of_texts) {
  const array known{"", "u", 2, {"", bytes<std::int32_t>({0, 3, 6}), "anabob"}};
  EXPECT_EQ(
      values({{"s", "c", 4, {string("\x0D", 1), bytes<std::int8_t>({1, 0, 0, 1})}, 0, "", &known}}),
      (texts{"bob", "-", "ana", "bob"}));
}

TEST(arrow_import, begins_at_the_offset_of_a_slice) {
  const string bits("\xEF\x01", 2);  // row 4 is absent
  const string n = bytes<std::int64_t>({0, 1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(values({{"n", "l", 3, {bits, n}, 3}}), (texts{"3", "-", "5"}));
  EXPECT_EQ(values({{"n", "l", 1, {bits, n}, 8}}), (texts{"8"}));
  EXPECT_EQ(values({{"s", "U", 1, {"", bytes<std::int64_t>({0, 3, 6}), "anabob"}, 1}}),
            (texts{"bob"}));
}

TEST(arrow_import, joins_the_chunks_of_a_stream) {
  EXPECT_EQ(values({{"n", "l", 2, {"", bytes<std::int64_t>({1, 2})}},
                    {"n", "l", 1, {string("\x00", 1), bytes<std::int64_t>({9})}},
                    {"n", "l", 1, {"", bytes<std::int64_t>({4})}}}),
            (texts{"1", "2", "-", "4"}));
  EXPECT_EQ(values({{"s", "U", 1, {"", bytes<std::int64_t>({0, 3}), "ana"}},
                    {"s", "U", 1, {"", bytes<std::int64_t>({0, 3}), "bob"}}}),
            (texts{"ana", "bob"}));
  EXPECT_EQ(values({{"s", "U", 0, {"", bytes<std::int64_t>({0}), ""}}}), texts{});
}

TEST(arrow_import, reads_money_by_its_metadata) {
  const string money = bytes<std::int32_t>({2}) + bytes<std::int32_t>({8}) + "clv.type" +
                       bytes<std::int32_t>({5}) + "money" + bytes<std::int32_t>({8}) + "clv.unit" +
                       bytes<std::int32_t>({3}) + "EUR";
  producer from({{{"amount", "l", 1, {"", bytes<std::int64_t>({1250})}, 0, money}}});
  const arrow_ptr table = imported(from);
  const clv_batch b = batch_of(table);
  EXPECT_EQ(b.columns[0].type, static_cast<clv_type>(CLV_T_MONEY));
  EXPECT_STREQ(b.columns[0].unit, "EUR");
}

TEST(arrow_import, refuses_by_name_what_it_cannot_read) {
  const string n = bytes<std::int64_t>({1});
  EXPECT_EQ(refusal(producer({{{"price", "d:9,2", 1, {"", n + n}}}})),
            "CLV_E_UNSUPPORTED: column 'price': Arrow type 'd:9,2' is not read");
  EXPECT_EQ(refusal(producer({{{"n", "L", 1, {"", bytes<std::uint64_t>({1ULL << 63})}}}})),
            "CLV_E_DATA: row 1, column 'n': 9223372036854775808 is beyond 64 bits with a sign");
  EXPECT_EQ(refusal(producer({{{"t", "tss:", 1, {"", bytes<std::int64_t>({1LL << 62})}}}})),
            "CLV_E_DATA: row 1, column 't': 4611686018427387904 is too far from 1970");
  EXPECT_EQ(refusal(producer({{{"n", "l", 1, {"", n}, 0, "", nullptr, 1}}})),
            "CLV_E_INVALID: column 'n': buffer 1 of its array is missing");
  EXPECT_EQ(refusal(producer({{{"s", "u", 2, {"", bytes<std::int32_t>({0, 3, 1}), "ana"}}}})),
            "CLV_E_INVALID: row 2, column 's': its offsets fall");
  const array known{"", "u", 1, {"", bytes<std::int32_t>({0, 3}), "ana"}};
  EXPECT_EQ(refusal(producer({{{"s", "c", 1, {"", bytes<std::int8_t>({1})}, 0, "", &known}}})),
            "CLV_E_INVALID: row 1, column 's': entry 1 is not in its dictionary");
}

TEST(arrow_import, refuses_texts_and_dictionaries_that_reach_beyond_their_memory) {
  string view = bytes<std::int32_t>({14}) + "abcd" + bytes<std::int32_t>({0, 1});
  EXPECT_EQ(refusal(producer(
                {{{"s", "vu", 1, {"", view, "-abcdefghijklm", bytes<std::int64_t>({14})}}}})),
            "CLV_E_INVALID: row 1, column 's': a text is outside its buffers");
  const array before{"", "u", 1, {"", bytes<std::int32_t>({0, 3}), "ana"}, -1};
  EXPECT_EQ(refusal(producer({{{"s", "c", 1, {"", bytes<std::int8_t>({0})}, 0, "", &before}}})),
            "CLV_E_INVALID: column 's': its dictionary has no length");
}

TEST(arrow_import, counts_rows_over_all_batches_in_what_it_says) {
  const string n = bytes<std::uint64_t>({1, 1ULL << 63});
  EXPECT_EQ(refusal(producer({{{"n", "L", 1, {"", n}}}, {{"n", "L", 2, {"", n}}}})),
            "CLV_E_DATA: row 3, column 'n': 9223372036854775808 is beyond 64 bits with a sign");
  const string t = bytes<std::int64_t>({0, 1LL << 62});
  EXPECT_EQ(refusal(producer({{{"t", "tss:", 1, {"", t}}}, {{"t", "tss:", 2, {"", t}}}})),
            "CLV_E_DATA: row 3, column 't': 4611686018427387904 is too far from 1970");
  const string falls = bytes<std::int32_t>({0, 3, 1});
  EXPECT_EQ(refusal(producer({{{"s", "u", 1, {"", falls, "ana"}}},
                              {{"s", "u", 1, {"", falls, "ana"}}},
                              {{"s", "u", 2, {"", falls, "ana"}}}})),
            "CLV_E_INVALID: row 4, column 's': its offsets fall");
  const string view = bytes<std::int32_t>({-1}) + string(12, '\0');
  EXPECT_EQ(refusal(producer({{{"s", "u", 1, {"", falls, "ana"}}}, {{"s", "u", 1, {"", falls}}}})),
            "CLV_E_INVALID: column 's': its texts are missing");
  EXPECT_EQ(refusal(producer(
                {{{"s", "vu", 1, {"", string(16, '\0'), ""}}}, {{"s", "vu", 1, {"", view, ""}}}})),
            "CLV_E_INVALID: row 2, column 's': a text has a negative length");
}

TEST(arrow_import, says_the_row_of_the_table_when_an_entry_of_a_dictionary_is_wrong) {
  const array known{"", "u", 2, {"", bytes<std::int32_t>({0, 3, 1}), "ana"}};
  const array some{"s", "c", 2, {"", bytes<std::int8_t>({0, 0})}, 0, "", &known};
  const array wrong{"s", "c", 3, {"", bytes<std::int8_t>({0, 0, 1})}, 0, "", &known};
  EXPECT_EQ(refusal(producer({{some}, {wrong}})),
            "CLV_E_INVALID: row 5, column 's': its offsets fall");
}

TEST(arrow_import, refuses_lengths_and_offsets_that_no_memory_has) {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const string n = bytes<std::int64_t>({1, 2});
  const auto begins = [](std::int64_t rows, std::int64_t offset) {
    return "CLV_E_INVALID: column 'n': its array says that " + std::to_string(rows) +
           " rows begin at row " + std::to_string(offset) + ", which no memory holds";
  };
  EXPECT_EQ(refusal(producer({{{"n", "l", 2, {"", n}, huge}}})), begins(2, huge));
  EXPECT_EQ(refusal(producer({{{"n", "l", 2, {"", n}, huge / 8}}})), begins(2, huge / 8));
  EXPECT_EQ(refusal(producer({{{"n", "n", huge, {}}}})), begins(huge, 0));
  EXPECT_EQ(refusal(producer({{{"n", "n", 1LL << 62, {}}}, {{"n", "n", 1LL << 62, {}}}})),
            "CLV_E_INVALID: the Arrow stream says that it has more rows than can be counted");
  producer sliced({{{"n", "l", huge, {"", n}, 1}}});
  sliced.offset = huge;
  sliced.length = 0;
  EXPECT_EQ(refusal(std::move(sliced)), begins(0, 1));
  producer negative({{{"n", "l", std::numeric_limits<std::int64_t>::min(), {"", n}}}});
  negative.offset = 1;
  negative.length = 1;
  EXPECT_EQ(refusal(std::move(negative)),
            "CLV_E_INVALID: column 'n': its array is shorter than the table");
  const array known{"", "u", huge, {"", bytes<std::int32_t>({0, 3}), "ana"}, huge};
  EXPECT_EQ(refusal(producer({{{"n", "c", 1, {"", bytes<std::int8_t>({0})}, 0, "", &known}}})),
            begins(huge, huge));
}

TEST(arrow_import, refuses_an_array_without_the_list_of_its_buffers) {
  const string n = bytes<std::int64_t>({1});
  array lost{"n", "l", 1, {"", n}};
  lost.lost_buffers = true;
  EXPECT_EQ(refusal(producer({{lost}})),
            "CLV_E_INVALID: column 'n': the buffers of its array are missing");
  lost.name = "s";
  lost.format = "u";
  EXPECT_EQ(refusal(producer({{{"s", "c", 1, {"", string(1, '\0')}, 0, "", &lost}}})),
            "CLV_E_INVALID: column 's': the buffers of its array are missing");
  producer top({{{"n", "l", 1, {"", n}}}});
  top.loses_own_buffers = true;
  EXPECT_EQ(refusal(std::move(top)),
            "CLV_E_INVALID: the buffers of an array of the Arrow stream are missing");
}

TEST(arrow_import, refuses_views_into_buffers_of_a_negative_size) {
  const string view = bytes<std::int32_t>({14}) + "abcd" + bytes<std::int32_t>({0, 1});
  const string sizes = bytes<std::int64_t>({std::numeric_limits<std::int64_t>::min()});
  EXPECT_EQ(refusal(producer({{{"s", "vu", 1, {"", view, "-abcdefghijklm", sizes}}}})),
            "CLV_E_INVALID: row 1, column 's': a text is outside its buffers");
}

TEST(arrow_import, takes_a_table_that_says_of_each_row_that_it_is_there) {
  static const std::uint8_t both = 0b0011, second = 0b0010;
  const std::vector<std::vector<array>> chunks{{{"x", "l", 2, {"", bytes<std::int64_t>({1, 2})}}}};
  producer whole(chunks), part(chunks);
  whole.there = &both;
  part.there = &second;
  EXPECT_EQ(values_of(batch_of(imported(whole))), (std::vector<string>{"1", "2"}));
  EXPECT_NE(refusal(part).find("absent as a whole"), string::npos);
}

TEST(arrow_import, releases_what_it_was_given_also_when_the_stream_fails) {
  producer failing({{{"n", "l", 1, {"", bytes<std::int64_t>({1})}}},
                    {{"n", "l", 1, {"", bytes<std::int64_t>({2})}}}});
  failing.fails_at = 1;
  EXPECT_EQ(refusal(std::move(failing)), "CLV_E_DATA: the Arrow stream failed: the disk?is gone");
  producer column({{{"n", "l", 1, {"", bytes<std::int64_t>({1})}}}});
  column.top = "l";
  EXPECT_EQ(refusal(std::move(column)), "CLV_E_INVALID: the Arrow stream is not one of a table");
  ArrowArrayStream released{};
  clv_arrow* table = nullptr;
  EXPECT_EQ(clv_arrow_import(&released, &table, nullptr), CLV_E_INVALID);
}

TEST(arrow_export, gives_back_what_an_import_reads_to_the_last_bit) {
  const result_ptr log = simulated_log(50);
  const result_ptr direct = summary_of(log);
  ArrowArrayStream stream{};
  ASSERT_EQ(clv_result_export(log.get(), &stream, nullptr), CLV_OK);
  clv_arrow* made = nullptr;
  ASSERT_EQ(clv_arrow_import(&stream, &made, nullptr), CLV_OK);
  const arrow_ptr table(made);
  const clv_batch given = batch_of(table), lent = clv_test::batch_of(log);
  ASSERT_EQ(given.n_columns, lent.n_columns);
  for (std::uint32_t i = 0; i < given.n_columns; ++i) {
    EXPECT_EQ(given.columns[i].data, lent.columns[i].data);  // no copy in between
    EXPECT_EQ(given.columns[i].type, lent.columns[i].type);
  }
  const result_ptr summary = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_summarize_begin(nullptr, &given, job, diag);
  });
  EXPECT_STREQ(clv_result_fingerprint(summary.get()), clv_result_fingerprint(direct.get()));
}

TEST(arrow_export, outlives_its_result_and_lets_children_be_moved_out) {
  result_ptr log = simulated_log(5);
  ArrowArrayStream stream{};
  ASSERT_EQ(clv_result_export(log.get(), &stream, nullptr), CLV_OK);
  const std::int64_t rows = clv_result_rows(log.get());
  log.reset();
  ArrowSchema schema{};
  ArrowArray whole{}, end{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &whole), 0);
  ASSERT_EQ(stream.get_next(&stream, &end), 0);
  EXPECT_EQ(end.release, nullptr);
  stream.release(&stream);
  ArrowArray customer = *whole.children[0];  // as a consumer that keeps one column does
  whole.children[0]->release = nullptr;
  whole.release(&whole);
  EXPECT_EQ(whole.release, nullptr);
  EXPECT_EQ(customer.length, rows);
  EXPECT_STREQ(schema.children[0]->format, "U");
  const auto* offsets = static_cast<const std::int64_t*>(customer.buffers[1]);
  EXPECT_GT(offsets[rows], 0);
  EXPECT_NE(static_cast<const char*>(customer.buffers[2])[0], '\0');
  customer.release(&customer);
  schema.release(&schema);
}

}  // namespace
