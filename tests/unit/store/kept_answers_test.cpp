#include "store/kept_answers.hpp"

#include "store/request_log.hpp"
#include "store_support.hpp"

using namespace clv;
using store::answer_eraser;
using store::database;
using store::find_answer;
using store::keep_answer;
using test::error_of;

namespace {

// A store that is open for writing.
struct written {
  written() : d({}), all(d.sql()) {}
  database d;
  store::transaction all;
};

int erase(store::connection& db, const std::vector<std::string>& texts) {
  answer_eraser eraser(db);
  int looked_at = 0;
  while (!eraser.erase_next(texts)) ++looked_at;
  return looked_at;
}

}  // namespace

TEST(kept_answers, give_back_the_same_bytes) {
  written w;
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  for (std::size_t size = 0; size <= all_bytes.size(); ++size) {
    const std::string key = "k" + std::to_string(size);
    keep_answer(w.d.sql(),
                {.key = key,
                 .body_hash = "h",
                 .bytes = all_bytes.substr(all_bytes.size() - size),
                 .at_us = 7,
                 .made = 3});
    const auto found = find_answer(w.d.sql(), key);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, all_bytes.substr(all_bytes.size() - size));
    EXPECT_EQ(found->body_hash, "h");
    EXPECT_EQ(found->at_us, 7);
    EXPECT_EQ(found->made, 3);
    EXPECT_FALSE(found->forgotten);
  }
  EXPECT_FALSE(find_answer(w.d.sql(), "other"));
}

TEST(kept_answers, answer_a_key_once) {
  written w;
  store::require_unanswered(w.d.sql(), "k");
  keep_answer(w.d.sql(), {.key = "k", .bytes = "first"});
  EXPECT_EQ(error_of([&] { store::require_unanswered(w.d.sql(), "k"); }).code, status::exists);
  EXPECT_EQ(error_of([&] { keep_answer(w.d.sql(), {.key = "k", .bytes = "second"}); }).code,
            status::exists);
  EXPECT_EQ(find_answer(w.d.sql(), "k")->bytes, "first");
}

TEST(kept_answers, are_refused_where_the_key_or_the_hash_is_too_long) {
  store::check_answer({.key = std::string(256, 'k'), .body_hash = std::string(256, 'h')});
  EXPECT_EQ(error_of([] { store::check_answer({}); }).code, status::invalid);
  EXPECT_EQ(error_of([] { store::check_answer({.key = std::string(257, 'k')}); }).code,
            status::invalid);
  const issue i =
      error_of([] { store::check_answer({.key = "k", .body_hash = std::string(257, 'h')}); });
  EXPECT_TRUE(test::mentions(i.message, "257")) << i.message;
}

TEST(kept_answers, stay_for_thirty_days_unless_they_have_no_time) {
  written w;
  keep_answer(w.d.sql(), {.key = "old", .at_us = 10});
  keep_answer(w.d.sql(), {.key = "young", .at_us = 11});
  keep_answer(w.d.sql(), {.key = "timeless"});
  keep_answer(w.d.sql(), {.key = "new", .at_us = 11 + store::answers_stay_us});
  EXPECT_FALSE(find_answer(w.d.sql(), "old"));
  for (const char* key : {"young", "timeless", "new"}) {
    EXPECT_TRUE(find_answer(w.d.sql(), key)) << key;
  }
}

TEST(kept_answers, lose_their_bytes_where_they_hold_one_of_the_texts) {
  written w;
  const std::string nul(1, '\0');
  keep_answer(w.d.sql(), {.key = "a", .bytes = "x" + nul + "ann" + nul, .made = 4});
  keep_answer(w.d.sql(), {.key = "b", .bytes = "an" + nul + "n"});
  keep_answer(w.d.sql(), {.key = "c", .bytes = "hannah"});
  keep_answer(w.d.sql(), {.key = "d", .bytes = "bob"});
  EXPECT_EQ(erase(w.d.sql(), {"ann", "bob"}), 4);
  for (const char* key : {"a", "c", "d"}) {
    EXPECT_TRUE(find_answer(w.d.sql(), key)->forgotten) << key;
    EXPECT_EQ(find_answer(w.d.sql(), key)->bytes, "") << key;
  }
  EXPECT_EQ(find_answer(w.d.sql(), "a")->made, 4);
  EXPECT_FALSE(find_answer(w.d.sql(), "b")->forgotten);
  EXPECT_EQ(erase(w.d.sql(), {"ann"}), 1);
}

TEST(kept_answers, that_were_damaged_are_told) {
  written w;
  keep_answer(w.d.sql(), {.key = "k", .bytes = "first"});
  w.d.sql().execute("UPDATE kept_answer SET answer = '=*='");
  EXPECT_EQ(error_of([&] { find_answer(w.d.sql(), "k"); }).code, status::corrupt);
}
