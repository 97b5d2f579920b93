#include "store/database.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "store_support.hpp"

using namespace clv;
using clv::store::database;
using clv::test::bytes_of;
using clv::test::error_of;
using clv::test::mentions;
using clv::test::stranger;
using clv::test::temp_folder;
using clv::test::write_bytes;

TEST(database, is_created_with_our_application_id_and_version) {
  const temp_folder folder;
  { database fresh({.path = folder.file("a.clv")}); }
  auto other = stranger(folder.file("a.clv"));
  EXPECT_EQ(other.integer("PRAGMA application_id"), 0x434c5631);
  EXPECT_EQ(other.integer("PRAGMA user_version"), store::migrations().back().version);
  EXPECT_EQ(other.text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(other.text("PRAGMA integrity_check"), "ok");
}

TEST(database, runs_with_the_settings_that_durability_needs) {
  const temp_folder folder;
  database d({.path = folder.file("a.clv")});
  EXPECT_EQ(d.sql().integer("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(d.sql().integer("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(d.sql().integer("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(d.sql().integer("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(d.sql().integer("PRAGMA busy_timeout"), 5000);
  EXPECT_EQ(d.sql().integer("PRAGMA journal_size_limit"), 67108864);
}

TEST(database, keeps_every_table_strict) {
  database d({});
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                            "type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0"),
            0);
  const issue why =
      error_of([&] { d.sql().execute("INSERT INTO run(verb, fingerprint) VALUES(x'00', '')"); });
  EXPECT_TRUE(mentions(why.message, "cannot store BLOB value")) << why.message;
}

TEST(database, takes_an_empty_file_as_a_new_store) {
  const temp_folder folder;
  write_bytes(folder.file("a.clv"), "");
  database d({.path = folder.file("a.clv")});
  EXPECT_EQ(d.sql().integer("PRAGMA application_id"), store::application_id);
}

TEST(database, opens_again_with_what_was_stored) {
  const temp_folder folder;
  {
    database d({.path = folder.file("a.clv")});
    d.sql().execute("INSERT INTO customer(ext_id) VALUES('ann')");
  }
  database again({.path = folder.file("a.clv")});
  EXPECT_EQ(again.sql().text("SELECT ext_id FROM customer"), "ann");
}

TEST(database, refuses_another_programs_database_and_keeps_its_bytes) {
  const temp_folder folder;
  const std::string path = folder.file("contacts.db");
  {
    auto owner = stranger(path);
    owner.execute("PRAGMA application_id = 1234; CREATE TABLE contact(name)");
  }
  const std::string before = bytes_of(path);
  const issue why = error_of([&] { database d({.path = path}); });
  EXPECT_EQ(why.code, status::corrupt);
  EXPECT_TRUE(mentions(why.message, "another program's")) << why.message;
  EXPECT_TRUE(mentions(why.message, "1234")) << why.message;
  EXPECT_TRUE(bytes_of(path) == before);
  EXPECT_FALSE(std::filesystem::exists(path + "-lock"));
}

TEST(database, refuses_tables_without_any_application_id) {
  const temp_folder folder;
  { stranger(folder.file("a.db")).execute("CREATE TABLE customer(id)"); }
  EXPECT_EQ(error_of([&] { database d({.path = folder.file("a.db")}); }).code, status::corrupt);
}

TEST(database, leaves_the_journal_of_another_program_alone) {
  const temp_folder folder;
  const std::string path = folder.file("a.db");
  { stranger(path).execute("PRAGMA journal_mode = WAL; CREATE TABLE t(a)"); }
  auto owner = stranger(path);
  owner.execute("INSERT INTO t VALUES(1)");
  const std::string before = bytes_of(path), log_before = bytes_of(path + "-wal");
  EXPECT_EQ(error_of([&] { database d({.path = path}); }).code, status::corrupt);
  EXPECT_TRUE(bytes_of(path) == before);
  EXPECT_TRUE(bytes_of(path + "-wal") == log_before);
}

class not_a_store : public testing::TestWithParam<std::string> {};
TEST_P(not_a_store, is_refused_and_keeps_its_bytes) {
  const temp_folder folder;
  write_bytes(folder.file("a.clv"), GetParam());
  for (const bool read_only : {false, true}) {
    const issue why =
        error_of([&] { database d({.path = folder.file("a.clv"), .read_only = read_only}); });
    EXPECT_EQ(why.code, status::corrupt) << why.message;
    EXPECT_TRUE(mentions(why.message, "not a libclv store")) << why.message;
    EXPECT_TRUE(bytes_of(folder.file("a.clv")) == GetParam());
  }
}
INSTANTIATE_TEST_SUITE_P(files,
                         not_a_store,
                         testing::Values("x",
                                         "customer,time,amount\na,2026-01-01,1\n",
                                         std::string(4096, '\0'),
                                         std::string(100000, 'z'),
                                         "SQLite format 3"));

TEST(database, refuses_a_newer_schema_and_names_both_versions) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  { database d({.path = path}); }
  { stranger(path).execute("PRAGMA user_version = 7"); }
  const std::string before = bytes_of(path);
  const issue why = error_of([&] { database d({.path = path}); });
  EXPECT_EQ(why.code, status::state);
  EXPECT_TRUE(mentions(why.message, "version 7")) << why.message;
  EXPECT_TRUE(mentions(why.message, "knows version 4")) << why.message;
  EXPECT_TRUE(bytes_of(path) == before);
}

TEST(database, says_in_the_systems_words_why_it_cannot_open) {
  const temp_folder folder;
  const issue missing = error_of([&] { database d({.path = folder.file("no/such/a.clv")}); });
  EXPECT_EQ(missing.code, status::io);
  EXPECT_TRUE(mentions(missing.message, "No such file or directory")) << missing.message;
  EXPECT_EQ(error_of([&] { database d({.path = folder.path().string()}); }).code, status::io);
  const issue absent =
      error_of([&] { database d({.path = folder.file("a.clv"), .read_only = true}); });
  EXPECT_EQ(absent.code, status::io);
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.clv")));
  EXPECT_EQ(error_of([&] { database d({.path = std::string("a\0b", 3)}); }).code, status::invalid);
}

TEST(database, takes_a_path_as_a_path_and_not_as_a_uri) {
  const temp_folder folder;
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  { database d({.path = "file:a.clv?mode=memory"}); }
  { database d({.path = ":memory:"}); }
  std::filesystem::current_path(here);
  EXPECT_TRUE(std::filesystem::exists(folder.file("file:a.clv?mode=memory")));
  EXPECT_TRUE(std::filesystem::exists(folder.file(":memory:")));
}

TEST(database, has_one_writer_and_any_number_of_readers) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  database writer({.path = path});
  const issue why = error_of([&] { database second({.path = path}); });
  EXPECT_EQ(why.code, status::busy);
  EXPECT_TRUE(mentions(why.message, "open for writing elsewhere")) << why.message;
  database reader({.path = path, .read_only = true});
  database another({.path = path, .read_only = true});
  writer.sql().execute("INSERT INTO customer(ext_id) VALUES('ann')");
  EXPECT_EQ(reader.sql().text("SELECT ext_id FROM customer"), "ann");
}

TEST(database, has_one_writer_also_under_two_names) {
  const temp_folder folder;
  database writer({.path = folder.file("a.clv")});
  std::filesystem::create_symlink(folder.file("a.clv"), folder.file("b.clv"));
  EXPECT_EQ(error_of([&] { database d({.path = folder.file("b.clv")}); }).code, status::busy);
}

TEST(database, is_free_for_the_next_writer_when_closed) {
  const temp_folder folder;
  for (int i = 0; i < 3; ++i) database d({.path = folder.file("a.clv")});
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.clv-lock")));
}

TEST(database, cannot_be_written_through_a_reader) {
  const temp_folder folder;
  { database d({.path = folder.file("a.clv")}); }
  database reader({.path = folder.file("a.clv"), .read_only = true});
  const issue why = error_of([&] { reader.sql().execute("DELETE FROM customer"); });
  EXPECT_EQ(why.code, status::io) << why.message;
}

TEST(database, in_memory_cannot_be_read_only) {
  EXPECT_EQ(error_of([] { database d({.path = "", .read_only = true}); }).code, status::invalid);
}

TEST(database, on_an_empty_file_cannot_be_read_only) {
  const temp_folder folder;
  write_bytes(folder.file("a.clv"), "");
  const issue why =
      error_of([&] { database d({.path = folder.file("a.clv"), .read_only = true}); });
  EXPECT_EQ(why.code, status::state);
  EXPECT_TRUE(bytes_of(folder.file("a.clv")) == "");
}

TEST(database, does_not_run_triggers_that_came_with_the_file) {
  const temp_folder folder;
  { database d({.path = folder.file("a.clv")}); }
  {
    stranger(folder.file("a.clv"))
        .execute("CREATE TRIGGER evil AFTER INSERT ON customer BEGIN DELETE FROM customer; END");
  }
  database d({.path = folder.file("a.clv")});
  d.sql().execute("INSERT INTO customer(ext_id) VALUES('ann')");
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM customer"), 1);
}
