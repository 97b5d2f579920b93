#include "store/migrations.hpp"

#include <array>

#include "store_support.hpp"

using namespace clv;
using clv::store::database;
using clv::store::migration;
using clv::test::bytes_of;
using clv::test::error_of;
using clv::test::mentions;
using clv::test::stranger;
using clv::test::temp_folder;

namespace {

// The first released schema and a step that a later release might have added.
std::array<migration, 2> with_second_step() {
  return {store::migrations().front(),
          migration{2,
                    "ALTER TABLE customer ADD COLUMN first_seen_us INTEGER;"
                    "CREATE TABLE touch(customer INTEGER REFERENCES customer(id)) STRICT"}};
}

void make_version_1(const std::string& path) {
  database d({.path = path}, store::migrations().first(1));
  d.sql().execute("INSERT INTO customer(ext_id) VALUES('ann'), ('bob')");
}

}  // namespace

TEST(migrations, are_numbered_from_one_without_gaps) {
  std::int64_t expected = 1;
  for (const migration& m : store::migrations()) EXPECT_EQ(m.version, expected++);
}

TEST(migrations, leave_their_number_and_hash) {
  database d({});
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM schema_migration"),
            static_cast<std::int64_t>(store::migrations().size()));
  EXPECT_EQ(d.sql().text("SELECT hash FROM schema_migration WHERE version = 1"),
            store::hash_of(store::migrations().front()));
}

TEST(migrations, upgrade_an_older_store_and_keep_its_rows) {
  const temp_folder folder;
  make_version_1(folder.file("a.clv"));
  const auto steps = with_second_step();
  database d({.path = folder.file("a.clv")}, steps);
  EXPECT_EQ(d.sql().integer("PRAGMA user_version"), 2);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer WHERE first_seen_us IS NULL"), 2);
  EXPECT_EQ(d.sql().text("SELECT hash FROM schema_migration WHERE version = 2"),
            store::hash_of(steps[1]));
}

TEST(migrations, give_an_upgraded_and_a_new_store_the_same_schema) {
  const temp_folder folder;
  make_version_1(folder.file("old.clv"));
  const auto steps = with_second_step();
  constexpr const char* schema =
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
  database old({.path = folder.file("old.clv")}, steps);
  database fresh({.path = folder.file("new.clv")}, steps);
  EXPECT_EQ(old.sql().text(schema), fresh.sql().text(schema));
}

TEST(migrations, that_fail_leave_the_store_at_the_step_before) {
  const temp_folder folder;
  make_version_1(folder.file("a.clv"));
  auto steps = with_second_step();
  steps[1].sql = "CREATE TABLE touch(a) STRICT; CREATE TABLE customer(a)";
  error_of([&] { database d({.path = folder.file("a.clv")}, steps); });
  database d({.path = folder.file("a.clv")}, store::migrations().first(1));
  EXPECT_EQ(d.sql().integer("PRAGMA user_version"), 1);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer"), 2);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM sqlite_schema WHERE name = 'touch'"), 0);
}

TEST(migrations, do_not_run_for_a_reader) {
  const temp_folder folder;
  make_version_1(folder.file("a.clv"));
  const std::string before = bytes_of(folder.file("a.clv"));
  const auto steps = with_second_step();
  const issue why =
      error_of([&] { database d({.path = folder.file("a.clv"), .read_only = true}, steps); });
  EXPECT_EQ(why.code, status::state);
  EXPECT_TRUE(mentions(why.message, "is older")) << why.message;
  EXPECT_TRUE(bytes_of(folder.file("a.clv")) == before);
}

TEST(migrations, refuse_a_store_whose_steps_were_others) {
  const temp_folder folder;
  make_version_1(folder.file("a.clv"));
  { stranger(folder.file("a.clv")).execute("UPDATE schema_migration SET hash = 'other'"); }
  const issue why = error_of([&] { database d({.path = folder.file("a.clv")}); });
  EXPECT_EQ(why.code, status::corrupt);
  EXPECT_TRUE(mentions(why.message, "step 1")) << why.message;
}

// The text of a released step never changes: a store that has it would be refused.
TEST(migrations, are_those_that_were_released) {
  const auto steps = store::migrations();
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(store::hash_of(steps[0]), "30083098395beeabffe71702f5c350dc");
}

TEST(migrations, bring_a_store_of_the_first_schema_to_todays) {
  const temp_folder folder;
  make_version_1(folder.file("a.clv"));
  constexpr const char* schema =
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
  database old({.path = folder.file("a.clv")});
  database fresh({.path = folder.file("b.clv")});
  EXPECT_EQ(old.sql().text(schema), fresh.sql().text(schema));
  EXPECT_EQ(old.sql().integer("SELECT count(*) FROM customer"), 2);
}
