// clv store: check, backup, restore, migrate, prune.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "command.hpp"

namespace clv::test {
namespace {

struct store_file_shop {
  scratch folder;
  std::string store = folder.path("shop.clv");
  std::string backup = folder.path("monday.clv");

  store_file_shop() {
    const std::string log = folder.file("log.csv",
                                        "customer,time,amount,event_id\n"
                                        "ann,2024-01-01,5,1\nann,2024-02-01,7,2\n"
                                        "bob,2020-01-01,5,3\n");
    EXPECT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(store_file, is_checked_and_found_whole) {
  const store_file_shop s;
  const outcome o = run_clv({"store", "check", "--store", s.store});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(says(o.out, "structure")) << o.out;
  EXPECT_TRUE(says(o.out, "decision_chain")) << o.out;
  EXPECT_FALSE(says(o.out, "damaged")) << o.out;
}

TEST(store_file, that_is_damaged_is_told_and_not_changed) {
  const store_file_shop s;
  std::string bytes = read_all(s.store);
  const std::size_t at = bytes.find("ann");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'A';
  s.folder.file("shop.clv", bytes);
  const outcome o = run_clv({"store", "check", "--store", s.store});
  EXPECT_EQ(o.status, 1);
  EXPECT_TRUE(says(o.out, "damaged")) << o.out;
  EXPECT_TRUE(says(o.err, "the file was not changed")) << o.err;
  EXPECT_TRUE(read_all(s.store) == bytes);
  const outcome copy = run_clv({"store", "backup", "--store", s.store, s.backup});
  EXPECT_EQ(copy.status, 1);
  EXPECT_TRUE(says(copy.err, "damaged")) << copy.err;
  EXPECT_FALSE(std::filesystem::exists(s.backup));
}

TEST(store_file, is_backed_up_and_restored) {
  const store_file_shop s;
  const outcome copy = run_clv({"store", "backup", "--store", s.store, s.backup});
  ASSERT_EQ(copy.status, 0) << copy.err;
  EXPECT_TRUE(says(copy.out, "sha256 ")) << copy.out;
  const outcome again = run_clv({"store", "backup", "--store", s.store, s.backup});
  EXPECT_EQ(again.status, 1);
  EXPECT_TRUE(says(again.err, "exists; nothing was written over it")) << again.err;
  const std::string other = s.folder.path("other.clv");
  const outcome back = run_clv({"store", "restore", "--store", other, s.backup, "--json"});
  ASSERT_EQ(back.status, 0) << back.err;
  EXPECT_TRUE(says(back.out, "\"restored\":")) << back.out;
  EXPECT_EQ(run_clv({"store", "restore", "--store", s.store, s.backup}).status, 1);
  EXPECT_EQ(run_clv({"export", "ann", "--store", other, "--json"}).out,
            run_clv({"export", "ann", "--store", s.store, "--json"}).out);
}

TEST(store_file, of_today_needs_no_upgrade) {
  const store_file_shop s;
  const outcome o = run_clv({"store", "migrate", "--store", s.store});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(says(o.out, "there")) << o.out;
  EXPECT_FALSE(says(o.out, "applied")) << o.out;
}

TEST(store_file, loses_the_events_of_long_ago) {
  const store_file_shop s;
  const outcome o = run_clv({"store",
                             "prune",
                             "--store",
                             s.store,
                             "--table",
                             "transactions",
                             "--before",
                             "2023-01-01",
                             "--json"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(json_number(o.out, "rows"), 1);
  EXPECT_EQ(run_clv({"export", "bob", "--store", s.store}).status, 1);
  EXPECT_EQ(run_clv({"export", "ann", "--store", s.store}).status, 0);
  const outcome kept = run_clv(
      {"store", "prune", "--store", s.store, "--table", "consent", "--before", "2023-01-01"});
  EXPECT_EQ(kept.status, 1);
  EXPECT_TRUE(says(kept.err, "an old refusal still holds")) << kept.err;
}

TEST(store_file, commands_that_are_called_wrongly_say_so) {
  const store_file_shop s;
  EXPECT_EQ(run_clv({"store"}).status, 2);
  EXPECT_EQ(run_clv({"store", "mend"}).status, 2);
  EXPECT_EQ(run_clv({"store", "backup", "--store", s.store}).status, 2);
  EXPECT_EQ(run_clv({"store", "prune", "--store", s.store, "--table", "touches"}).status, 2);
  EXPECT_EQ(
      run_clv({"store", "prune", "--store", s.store, "--table", "touches", "--before", "x"}).status,
      2);
  EXPECT_EQ(run_clv({"store", "check", "--store", s.folder.path("none.clv")}).status, 1);
}

}  // namespace
}  // namespace clv::test
