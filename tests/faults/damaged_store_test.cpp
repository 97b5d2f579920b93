// Files that are not what they were: a bit of each kind of page, the header, the end, the log. What
// is damaged is said, and the file keeps its bytes: it may be all that somebody has.
#include <filesystem>
#include <map>

#include "child.hpp"
#include "crm.hpp"
#include "disk.hpp"
#include "log_batches.hpp"
#include "math/sha256.hpp"
#include "store_files.hpp"

using namespace clv;
using clv::test::bytes_of;
using clv::test::damage_of;
using clv::test::error_of;
using clv::test::history;
using clv::test::mentions;
using clv::test::temp_folder;
using clv::test::write_bytes;

namespace {

// The kind of b-tree page by its first byte (file format, 1.6); page 1 begins after the header.
std::map<int, std::vector<std::size_t>> pages_by_kind(const std::string& bytes, std::size_t size) {
  std::map<int, std::vector<std::size_t>> pages;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    const auto kind = static_cast<unsigned char>(bytes[at + (at == 0 ? 100 : 0)]);
    pages[kind].push_back(at);
  }
  return pages;
}

// A store with everything in it, closed.
class damaged_store : public testing::Test {
 protected:
  test::quick_disk disk_;
  temp_folder folder_;
  std::string path_ = folder_.file("a.clv");
  std::string good_, content_;

  void SetUp() override {
    {
      engine e({.path = path_});
      test::fill(e);
    }
    good_ = bytes_of(path_);
    content_ = test::content_of(path_);
  }
  // Writes the bytes, checks them in a process of its own and compares the file's hash after it.
  // True: they are told as damaged; false: they are not, and say all that the good ones said.
  bool is_told(const std::string& bytes) {
    write_bytes(path_, bytes);
    const int end = test::in_child([&] {
      if (!damage_of(path_).empty()) return 9;
      return test::content_of(path_) == content_ ? 7 : 8;
    });
    EXPECT_TRUE(end == 7 || end == 9) << end;
    EXPECT_EQ(math::sha256_hex(bytes_of(path_)), math::sha256_hex(bytes)) << "it was rewritten";
    for (const char* side : {"-wal", "-shm"}) std::filesystem::remove(path_ + side);
    return end == 9;
  }
};

}  // namespace

TEST_F(damaged_store, is_whole_before) {
  EXPECT_EQ(damage_of(path_), "");
}

// A flipped bit changes a value, a key or the structure, and is told; or it is in bytes that
// nothing reads, or in a key that only guides the search and still does.
TEST_F(damaged_store, is_told_from_a_flipped_bit_on_each_kind_of_page) {
  const auto pages = pages_by_kind(good_, 4096);
  for (const int kind : {2, 5, 10, 13}) {  // interior and leaf pages of indexes and tables
    ASSERT_TRUE(pages.contains(kind)) << kind;
    int told = 0, tries = 0;
    const auto& of_kind = pages.at(kind);
    for (std::size_t i = 0; i < of_kind.size() && tries < 5; i += 1 + of_kind.size() / 5) {
      std::string bad = good_;
      bad[of_kind[i] + 4096 - 40] ^= 0x10;  // cells fill a page from its end
      told += is_told(bad);
      ++tries;
    }
    EXPECT_GE(told, 1) << "kind " << kind << ": none of " << tries;
  }
}

TEST_F(damaged_store, is_told_from_a_changed_header_of_a_page) {
  const auto pages = pages_by_kind(good_, 4096);
  for (const int kind : {2, 5, 10, 13}) {
    std::string bad = good_;
    bad[pages.at(kind).back()] ^= 0x08;  // another kind of page
    EXPECT_TRUE(is_told(bad)) << kind;
  }
}

TEST_F(damaged_store, is_told_from_a_file_that_was_cut) {
  for (const std::size_t keep :
       {std::size_t{200}, std::size_t{4096}, good_.size() / 2, good_.size() - 4096}) {
    EXPECT_TRUE(is_told(good_.substr(0, keep))) << keep;
  }
}

TEST_F(damaged_store, is_refused_with_a_header_of_zeros) {
  std::string bad = good_;
  bad.replace(0, 100, 100, '\0');
  EXPECT_TRUE(is_told(bad));
  EXPECT_EQ(error_of([&] { engine e({.path = path_}); }).code, status::corrupt);
  EXPECT_EQ(bytes_of(path_), bad);
}

TEST_F(damaged_store, is_refused_as_another_programs_or_a_newer_one) {
  std::string foreign = good_;
  foreign.replace(68, 4, "ABCD");  // application_id
  EXPECT_TRUE(is_told(foreign));
  EXPECT_EQ(error_of([&] { engine e({.path = path_}); }).code, status::corrupt);
  EXPECT_EQ(bytes_of(path_), foreign);
  std::string newer = good_;
  newer.replace(60, 4, std::string("\0\0\1\0", 4));  // user_version 256
  write_bytes(path_, newer);
  EXPECT_EQ(error_of([&] { engine e({.path = path_}); }).code, status::state);
  EXPECT_EQ(error_of([&] { check_store(path_); }).code, status::state);
  EXPECT_EQ(bytes_of(path_), newer);
}

// What SQLite's own check cannot see: the structure is right and a value is another one.
TEST_F(damaged_store, is_told_from_a_changed_value_that_fits) {
  const char* changes[] = {"UPDATE txn SET amount_minor = amount_minor + 1 WHERE seq = 5",
                           "DELETE FROM event WHERE seq = 5",
                           "UPDATE event SET content = content + 1 WHERE seq = 5",
                           "UPDATE contacts SET category = 'x' WHERE seq = 1",
                           "UPDATE contacts SET content = content + 1 WHERE seq = 1",
                           "UPDATE scores SET clv = clv + 1 WHERE row_id = 1",
                           "UPDATE decision_log SET receipt = replace(receipt, '0', '1') "
                           "WHERE seq = 3",
                           "UPDATE decision_log SET chain_hash = prev_hash WHERE seq = 2",
                           "UPDATE schema_migration SET hash = 'x' WHERE version = 2",
                           "PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE id = 7"};
  for (const char* change : changes) {
    write_bytes(path_, good_);
    {
      store::connection other = test::stranger(path_);
      other.execute(change);
      EXPECT_EQ(other.text("PRAGMA integrity_check"), "ok");
    }
    EXPECT_NE(damage_of(path_), "") << change;
  }
}

// ---- the log

TEST(write_ahead_log, with_another_salt_is_ignored_whole) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv"), copy = folder.file("b.clv");
  history told;
  {
    store::database d({.path = path});
    test::write_batch(d, 0, 20, told);
    d.sql().integer("PRAGMA wal_checkpoint(TRUNCATE)");
    test::write_batch(d, 1, 20, told);
    std::string log = bytes_of(path + "-wal");
    ASSERT_GT(log.size(), 4096U);
    log[17] = static_cast<char>(log[17] ^ 0x40);  // salt-1 of its header
    write_bytes(copy, bytes_of(path));
    write_bytes(copy + "-wal", log);
  }
  store::database again({.path = copy});
  const history::verdict v = told.check(test::stored_events(again.sql()));
  EXPECT_EQ(v.lost, 1U);  // the batch that the log held; the store is the one of before it
  EXPECT_EQ(v.partial + v.doubled + v.unknown, 0U);
  EXPECT_EQ(again.sql().text("PRAGMA integrity_check"), "ok");
}

TEST(write_ahead_log, whose_file_is_gone_or_empty_is_never_thrown_away) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv"), orphan = folder.file("b.clv");
  std::string log;
  {
    history told;
    store::database d({.path = path});
    test::write_batch(d, 0, 20, told);
    log = bytes_of(path + "-wal");
  }
  ASSERT_GT(log.size(), 4096U);
  for (const bool empty_file : {false, true}) {
    write_bytes(orphan + "-wal", log);
    if (empty_file) write_bytes(orphan, "");
    const issue why = error_of([&] { engine e({.path = orphan}); });
    EXPECT_EQ(why.code, status::corrupt) << why.message;
    EXPECT_TRUE(mentions(why.message, "write-ahead log")) << why.message;
    EXPECT_EQ(bytes_of(orphan + "-wal"), log);
  }
}
