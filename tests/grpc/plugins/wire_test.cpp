// Tables in shared memory and the rules of proposals: what a stranger's process writes is read
// without trust.
#include <array>
#include <cmath>
#include <random>
#include <set>
#include <stdexcept>

#include "harness.hpp"
#include "plugins/text.hpp"

namespace clvd::plugins::test {
namespace {

using namespace clv::worker;

std::vector<std::byte> encoded(const clv_batch& batch) {
  std::vector<std::byte> bytes(encoded_size(batch));
  encode(batch, bytes);
  return bytes;
}

owned_table& every_type(owned_table& t) {
  auto& text = t.add("customer", CLV_T_UTF8);
  auto& number = t.add("p_alive", CLV_T_F64);
  auto& money = t.add("benefit", CLV_T_MONEY, "EUR");
  text.push(std::string_view("anna"));
  text.push_absent();
  text.push(std::string_view(""));
  number.push(0.5);
  number.push_absent();
  number.push(-0.0);
  money.push(std::int64_t{250});
  money.push_absent();
  money.push(std::int64_t{-1});
  return t;
}

TEST(worker_tables, come_back_as_they_were) {
  owned_table t;
  const std::vector<std::byte> bytes = encoded(every_type(t).batch());
  const table_view view(bytes);
  ASSERT_EQ(view.rows(), 3);
  const clv_column* text = find(view.batch(), "customer");
  const clv_column* number = find(view.batch(), "p_alive");
  const clv_column* money = find(view.batch(), "benefit");
  EXPECT_EQ(text_at(*text, 0), "anna");
  EXPECT_FALSE(present(*text, 1));
  EXPECT_TRUE(present(*text, 2));
  EXPECT_EQ(number_at(*number, 0), 0.5);
  EXPECT_TRUE(std::signbit(number_at(*number, 2)));
  EXPECT_EQ(integer_at(*money, 2), -1);
  EXPECT_STREQ(money->unit, "EUR");
  EXPECT_EQ(find(view.batch(), "nothing"), nullptr);
}

TEST(worker_tables, strided_columns_are_packed_and_offsets_begin_at_0) {
  const std::array<double, 6> pairs{1, -1, 2, -2, 3, -3};
  const std::array<std::int64_t, 4> offsets{2, 3, 5, 5};
  std::array<clv_column, 2> columns{};
  columns[0].name = "x";
  columns[0].type = CLV_T_F64;
  columns[0].data = pairs.data();
  columns[0].stride = 16;
  columns[1].name = "t";
  columns[1].type = CLV_T_UTF8;
  columns[1].data = "..abc..";
  columns[1].offsets = offsets.data();
  auto batch = CLV_SIZED(clv_batch);
  batch.n_columns = 2;
  batch.n_rows = 3;
  batch.columns = columns.data();
  const std::vector<std::byte> bytes = encoded(batch);
  const table_view view(bytes);
  EXPECT_EQ(number_at(view.batch().columns[0], 2), 3);
  EXPECT_EQ(text_at(view.batch().columns[1], 1), "bc");
}

TEST(worker_tables, cut_off_anywhere_they_are_refused) {
  owned_table t;
  const std::vector<std::byte> bytes = encoded(every_type(t).batch());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THROW(table_view{cut}, std::runtime_error) << size;
  }
}

// Reads everything a view lets be read; a sanitizer or a crash tells when it should not have.
std::size_t read_all(const table_view& view) {
  std::size_t sum = 0;
  const clv_batch& b = view.batch();
  for (std::uint32_t c = 0; c < b.n_columns; ++c) {
    sum += std::string_view(b.columns[c].name).size();
    for (std::int64_t row = 0; row < b.n_rows; ++row) {
      sum += present(b.columns[c], row) ? 1 : 0;
      if (b.columns[c].type == CLV_T_UTF8) {
        for (const char byte : text_at(b.columns[c], row)) sum += static_cast<unsigned char>(byte);
      } else {
        sum += static_cast<std::size_t>(integer_at(b.columns[c], row) & 1);
      }
    }
  }
  return sum;
}

TEST(worker_tables, changed_anywhere_they_are_refused_or_safe_to_read) {
  owned_table t;
  const std::vector<std::byte> bytes = encoded(every_type(t).batch());
  std::mt19937_64 random(7);
  int refused = 0;
  std::size_t sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> changed = bytes;
    for (std::uint64_t n = 1 + random() % 3; n > 0; --n) {
      changed[random() % changed.size()] = static_cast<std::byte>(random());
    }
    try {
      sum += read_all(table_view(changed));
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(sum, 0u);
}

// One good proposal for row 1 of 3 customers; a test changes it by what it pushes instead.
class one_proposal {
 public:
  one_proposal() { by_.actions = {"win"}; }

  template <typename Value>
  one_proposal& with(const std::string& column, clv_type type, Value value) {
    changed_.insert(column);
    table_.add(column, type).push(value);
    return *this;
  }
  one_proposal& without(const std::string& column) {
    changed_.insert(column);
    return *this;
  }
  std::string broken() {
    using text = std::string_view;
    put("row", CLV_T_I64, std::int64_t{1});
    put("action", CLV_T_UTF8, text("win"));
    put("channel", CLV_T_UTF8, text("email"));
    put("reason", CLV_T_UTF8, text("Has not bought for longer than usual."));
    put("effect_mean", CLV_T_F64, 0.05);
    put("effect_sd", CLV_T_F64, 0.01);
    put("benefit", CLV_T_MONEY, std::int64_t{0});
    put("contact_cost", CLV_T_MONEY, std::int64_t{0});
    return proposal_part(table_.batch(), by_, 3).broken_rule(0).value_or("");
  }

 private:
  owned_table table_;
  description by_;
  std::set<std::string> changed_;

  template <typename Value>
  void put(const std::string& column, clv_type type, Value value) {
    if (!changed_.contains(column)) table_.add(column, type).push(value);
  }
};

TEST(proposal_rules, take_a_good_one_and_name_what_is_wrong_with_others) {
  EXPECT_EQ(one_proposal().broken(), "");
  EXPECT_EQ(one_proposal().without("reason").broken(), "reason is missing");
  EXPECT_EQ(one_proposal().with("row", CLV_T_I64, std::int64_t{3}).broken(),
            "its row is out of range; the batch has 3 rows");
  EXPECT_EQ(one_proposal().with("row", CLV_T_I64, std::int64_t{-1}).broken(),
            "row is not in its range");
  EXPECT_EQ(one_proposal().with("row", CLV_T_F64, 1.0).broken(),
            "row has another type than the schema says");
  EXPECT_EQ(one_proposal().with("action", CLV_T_UTF8, std::string_view("lose")).broken(),
            "action 'lose' is not declared in its manifest");
  EXPECT_EQ(one_proposal().with("channel", CLV_T_UTF8, std::string_view("\xFF")).broken(),
            "channel is not UTF-8");
  EXPECT_EQ(
      one_proposal().with("category", CLV_T_UTF8, std::string_view(std::string(129, 'x'))).broken(),
      "category is longer than 128 bytes");
  EXPECT_EQ(one_proposal().with("effect_mean", CLV_T_F64, 1.5).broken(),
            "effect_mean is not in its range");
  EXPECT_EQ(one_proposal().with("effect_sd", CLV_T_F64, std::nan("")).broken(),
            "effect_sd is not in its range");
  EXPECT_EQ(one_proposal().with("benefit", CLV_T_MONEY, std::int64_t{1} << 54).broken(),
            "benefit is not in its range");
  EXPECT_EQ(one_proposal().with("veto", CLV_T_I64, std::int64_t{2}).broken(),
            "veto is not in its range");
  EXPECT_EQ(one_proposal().with("response_p0", CLV_T_F64, 0.0).broken(), "");
  EXPECT_EQ(one_proposal().with("response_p0", CLV_T_F64, 1.01).broken(),
            "response_p0 is not in its range");
}

TEST(texts_of_strangers, are_made_fit_to_be_shown) {
  EXPECT_TRUE(is_utf8("gr\xC3\xBC\xC3\x9F"));
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_FALSE(is_utf8(std::string_view("a\0b", 3)));
  EXPECT_EQ(printable("a\nb\xFF"
                      "c"),
            "a?b?c");
  EXPECT_EQ(printable("abcdef", 3), "abc");
  EXPECT_EQ(split(" a, b ,,c"), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace clvd::plugins::test
