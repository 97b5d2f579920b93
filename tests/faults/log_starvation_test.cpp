// A long reader keeps the write-ahead log from beginning anew; when it ends, so does the growth.
#include <filesystem>

#include "disk.hpp"
#include "log_batches.hpp"
#include "shop.hpp"

using namespace clv;
using clv::test::history;
using clv::test::temp_folder;

namespace {

constexpr std::uintmax_t limit = 64U << 20U;  // journal_size_limit of a store

std::uintmax_t log_size(const std::string& path) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(path + "-wal", none);
  return none ? 0 : bytes;
}

// Writes until the log has grown past `bytes`; false when it does not.
bool grow_log(store::database& d, const std::string& path, std::uintmax_t bytes, int& batch) {
  history ignored;
  for (int i = 0; i < 400 && log_size(path) <= bytes; ++i) {
    test::write_batch(d, batch++, 2000, ignored);
  }
  return log_size(path) > bytes;
}

}  // namespace

TEST(write_ahead_log, grows_while_a_reader_holds_it_and_is_cut_back_afterwards) {
  const test::quick_disk disk;
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  store::database writer({.path = path});
  history ignored;
  int batch = 0;
  test::write_batch(writer, batch++, 10, ignored);
  store::database reader({.path = path, .read_only = true});
  {
    const store::transaction snapshot(reader.sql(), store::transaction::purpose::read);
    ASSERT_EQ(reader.sql().integer("SELECT count(*) FROM txn"), 10);
    ASSERT_TRUE(grow_log(writer, path, limit + limit / 4, batch));
    EXPECT_EQ(reader.sql().integer("SELECT count(*) FROM txn"), 10);  // its moment, still
  }
  // The first commits after it find the whole log free to be taken over and begin it anew.
  for (int i = 0; i < 3; ++i) test::write_batch(writer, batch++, 2000, ignored);
  EXPECT_LE(log_size(path), limit);
  EXPECT_EQ(reader.sql().integer("SELECT count(*) FROM txn"),
            writer.sql().integer("SELECT count(*) FROM txn"));
}

TEST(write_ahead_log, stays_small_with_readers_that_come_and_go) {
  const test::quick_disk disk;
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  store::database writer({.path = path});
  history ignored;
  std::uintmax_t largest = 0;
  for (int batch = 0; batch < 40; ++batch) {
    test::write_batch(writer, batch, 2000, ignored);
    store::database reader({.path = path, .read_only = true});
    EXPECT_EQ(reader.sql().integer("SELECT count(*) FROM txn"), 2000 * (batch + 1));
    largest = std::max(largest, log_size(path));
  }
  EXPECT_LT(largest, limit / 2);
}
