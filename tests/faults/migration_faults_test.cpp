// A store of each released schema, upgraded: with all its rows, killed at any call, on a file that
// cannot be written, and with a copy of before.
#include <sys/stat.h>

#include <filesystem>
#include <iterator>

#include "child.hpp"
#include "deadly_disk.hpp"
#include "shop.hpp"
#include "store_files.hpp"

using namespace clv;
using clv::test::bytes_of;
using clv::test::content_of;
using clv::test::damage_of;
using clv::test::error_of;
using clv::test::in_child;
using clv::test::temp_folder;

namespace {

// tests/unit/store/fixtures/schema_N.sql, as that release left the file: in WAL mode, closed.
void make(const std::string& path, int version) {
  const std::string name = "schema_" + std::to_string(version) + ".sql";
  const std::string sql = bytes_of(std::string(CLV_STORE_FIXTURES) + "/" + name);
  ASSERT_FALSE(sql.empty()) << name;
  store::connection db = test::stranger(path);
  db.execute(sql);
  db.text("PRAGMA journal_mode = WAL");
}

std::int64_t version_of(const std::string& path) {
  return store::open_to_inspect(path, path)->integer("PRAGMA user_version");
}

constexpr int released = 3;  // schemas with a fixture
int newest() {
  return static_cast<int>(store::migrations().back().version);
}

class released_schema : public testing::TestWithParam<int> {
 protected:
  test::quick_disk disk_;
  temp_folder folder_;
  std::string path_ = folder_.file("a.clv"), first_ = folder_.file("first.clv");
  void SetUp() override { make(first_, GetParam()); }
  void begin_anew() const {
    for (const char* side : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path_ + side);
    std::filesystem::copy_file(first_, path_);
  }
};

}  // namespace

TEST_P(released_schema, is_whole_as_it_was_released) {
  EXPECT_EQ(damage_of(first_), "");
  EXPECT_EQ(version_of(first_), GetParam());
}

TEST_P(released_schema, is_upgraded_with_all_its_rows) {
  std::vector<std::pair<std::string, std::int64_t>> before;
  before = store::count_rows(*store::open_to_inspect(first_, first_));
  {
    engine e({.path = first_});
    EXPECT_EQ(e.read("transactions")->rows(), 12U);
    EXPECT_EQ(e.read("scores")->rows(), 4U);
    if (GetParam() >= 2) {
      EXPECT_EQ(e.read("decision_log")->rows(), 4U);
    }
  }
  EXPECT_EQ(damage_of(first_), "");
  EXPECT_EQ(version_of(first_), newest());
  const auto db = store::open_to_inspect(first_, first_);
  for (const auto& [name, rows] : before) {
    if (name == "schema_migration") continue;
    EXPECT_EQ(db->integer("SELECT count(*) FROM " + store::quoted(name)), rows) << name;
  }
}

TEST_P(released_schema, that_is_killed_at_any_call_is_upgraded_or_untouched) {
  begin_anew();
  { engine e({.path = path_}); }
  const std::string upgraded = content_of(path_);
  int deaths = 0;
  for (int at = 1;; at += at < 12 ? 1 : 5) {
    begin_anew();
    const int end = in_child([&] {
      test::deadly_disk hooks(at, at % 2 == 0);
      const test::disk between(hooks);
      store::database d({.path = path_});
      return 0;
    });
    ASSERT_TRUE(end == 0 || end == 1000 + SIGKILL) << end;
    const std::int64_t version = version_of(path_);
    ASSERT_GE(version, GetParam()) << at;
    ASSERT_EQ(damage_of(path_), "") << "version " << version << " after call " << at;
    { engine e({.path = path_}); }
    ASSERT_EQ(content_of(path_), upgraded) << "after call " << at;
    if (end == 0) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 5);
}

TEST_P(released_schema, that_cannot_be_written_is_untouched) {
  begin_anew();
  const std::string before = bytes_of(path_);
  chmod(path_.c_str(), 0444);
  chmod(folder_.path().c_str(), 0777);
  const int end = in_child([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) return 1;  // root may write everything
    const issue why = error_of([&] { engine e({.path = path_}); });
    return why.code == status::io ? 7 : 2;
  });
  EXPECT_EQ(end, 7);
  EXPECT_EQ(bytes_of(path_), before);
}

TEST_P(released_schema, is_migrated_after_a_copy_that_can_be_restored) {
  begin_anew();
  job j = migrate_store(path_, {});
  j.run();
  const table& steps = *j.result().tables.at("");
  for (std::size_t row = 0; row < steps.rows(); ++row) {
    const bool applied = static_cast<int>(row) >= GetParam();
    EXPECT_EQ(steps.get("status", type::utf8).text(row), applied ? "applied" : "there");
  }
  EXPECT_EQ(version_of(path_), newest());
  EXPECT_EQ(damage_of(path_), "");
  const std::string copy = path_ + ".before-" + std::to_string(newest());
  EXPECT_EQ(version_of(copy), GetParam());
  job back = restore_store(copy, folder_.file("back.clv"));
  back.run();
  EXPECT_EQ(version_of(folder_.file("back.clv")), GetParam());
  { engine e({.path = folder_.file("back.clv")}); }
  EXPECT_EQ(content_of(folder_.file("back.clv")), content_of(path_));
}

TEST_P(released_schema, is_not_migrated_without_a_copy) {
  begin_anew();
  const std::string copy = folder_.file("taken");
  test::write_bytes(copy, "mine");
  EXPECT_EQ(error_of([&] { migrate_store(path_, copy); }).code, status::exists);
  EXPECT_EQ(version_of(path_), GetParam());
  job j = migrate_store(path_, folder_.file("copy"));
  j.cancel();
  EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  EXPECT_EQ(version_of(path_), GetParam());
}

INSTANTIATE_TEST_SUITE_P(all, released_schema, testing::Range(1, released + 1));

TEST(todays_schema, is_left_alone_and_not_copied) {
  const temp_folder folder;
  { engine e({.path = folder.file("a.clv")}); }
  job j = migrate_store(folder.file("a.clv"), {});
  j.run();
  const table& steps = *j.result().tables.at("");
  EXPECT_EQ(steps.rows(), static_cast<std::size_t>(newest()));
  EXPECT_EQ(steps.get("status", type::utf8).text(steps.rows() - 1), "there");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}
