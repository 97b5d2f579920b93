// Backups made while others write, each of them restored; and what is refused or cleaned up.
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "child.hpp"
#include "crm.hpp"
#include "disk.hpp"
#include "log_batches.hpp"
#include "math/sha256.hpp"
#include "store_files.hpp"

using namespace clv;
using clv::test::bytes_of;
using clv::test::error_of;
using clv::test::history;
using clv::test::mentions;
using clv::test::temp_folder;
using clv::test::write_bytes;

namespace {

std::string text_of(const job& done, const char* column) {
  return std::string(done.result().tables.at("")->get(column, type::utf8).text(0));
}

void back_up(engine& e, const std::string& to) {
  job j = e.backup(to);
  j.run();
}
void restore(const std::string& from, const std::string& to) {
  job j = restore_store(from, to);
  j.run();
}

// Writes batches of 500 rows on a thread of its own until it ends.
class busy_writer {
 public:
  busy_writer(const std::string& path, int first) : written_(first) {
    thread_ = std::thread([this, path, first] {
      store::database d({.path = path});
      history told;
      for (int batch = first; !ends_; ++batch) {
        test::write_batch(d, batch, 500, told);
        written_ = batch + 1;
      }
    });
  }
  ~busy_writer() {
    ends_ = true;
    thread_.join();
  }
  busy_writer(const busy_writer&) = delete;
  busy_writer& operator=(const busy_writer&) = delete;
  int written() const { return written_; }

 private:
  std::atomic<bool> ends_{false};
  std::atomic<int> written_;
  std::thread thread_;
};

std::vector<std::string> names_in(const temp_folder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST(backup, gives_the_same_store_back) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::fill(e);
  job j = e.backup(folder.file("b.clv"));
  j.run();
  EXPECT_EQ(text_of(j, "path"), folder.file("b.clv"));
  EXPECT_EQ(text_of(j, "sha256"), math::sha256_hex(bytes_of(folder.file("b.clv"))));
  const std::string manifest = bytes_of(folder.file("b.clv.manifest.json"));
  EXPECT_TRUE(mentions(manifest, text_of(j, "sha256"))) << manifest;
  EXPECT_TRUE(mentions(manifest, "\"decision_log\": 600")) << manifest;
  restore(folder.file("b.clv"), folder.file("c.clv"));
  engine back({.path = folder.file("c.clv")});
  for (const char* name : {"transactions", "scores", "decisions", "decision_log", "contacts"}) {
    EXPECT_EQ(back.read(name)->fingerprint(), e.read(name)->fingerprint()) << name;
  }
  EXPECT_EQ(test::ingest(back, test::log_of({{"new", 900, 5, "new"}})).first, 1);
}

TEST(backup, of_a_reader_and_of_memory_is_one_as_well) {
  const temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    test::ingest(e, test::log_of(test::busy_shop()));
  }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  back_up(reader, folder.file("b.clv"));
  restore(folder.file("b.clv"), folder.file("c.clv"));
  engine memory({});
  test::ingest(memory, test::log_of(test::busy_shop()));
  back_up(memory, folder.file("d.clv"));
  restore(folder.file("d.clv"), folder.file("e.clv"));
  engine c({.path = folder.file("c.clv")}), d({.path = folder.file("e.clv")});
  EXPECT_EQ(c.read("transactions")->fingerprint(), d.read("transactions")->fingerprint());
}

// The writer goes on all the while; every copy is the store of some moment.
TEST(backup, under_load_can_always_be_restored) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    store::database d({.path = path});
    history told;
    for (int batch = 0; batch < 20; ++batch) test::write_batch(d, batch, 500, told);
  }
  busy_writer writer(path, 20);
  std::size_t before = 0;
  for (int copy = 0; copy < 4; ++copy) {
    const int least = writer.written();
    engine reader({.path = path, .read_only = true});
    const std::string to = folder.file("b" + std::to_string(copy)), back = to + ".restored";
    job j = reader.backup(to);
    while (!j.step(std::chrono::milliseconds{1})) {
    }
    const int most = writer.written() + 1;
    restore(to, back);
    store::database restored({.path = back});
    const std::size_t rows = test::stored_events(restored.sql()).size();
    EXPECT_EQ(rows % 500, 0U);
    EXPECT_GE(rows, static_cast<std::size_t>(least) * 500);
    EXPECT_LE(rows, static_cast<std::size_t>(most) * 500);
    EXPECT_GE(rows, before);
    before = rows;
  }
  EXPECT_GT(writer.written(), 21);  // it was not kept from writing
}

TEST(backup, overwrites_nothing) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::ingest(e, test::log_of({{"ann", 1, 5, "1"}}));
  write_bytes(folder.file("b.clv"), "mine");
  write_bytes(folder.file("c.clv.manifest.json"), "mine");
  std::filesystem::create_symlink("nowhere", folder.file("d.clv"));
  for (const char* taken : {"b.clv", "c.clv", "d.clv"}) {
    EXPECT_EQ(error_of([&] { back_up(e, folder.file(taken)); }).code, status::exists) << taken;
  }
  back_up(e, folder.file("e.clv"));
  EXPECT_EQ(error_of([&] { back_up(e, folder.file("e.clv")); }).code, status::exists);
  EXPECT_EQ(error_of([&] { restore(folder.file("e.clv"), folder.file("a.clv")); }).code,
            status::exists);
  EXPECT_EQ(bytes_of(folder.file("b.clv")), "mine");
}

// SQLite would play the log of the store that was there into the one that is put there.
TEST(restore, refuses_a_place_where_a_log_was_left) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::ingest(e, test::log_of({{"ann", 1, 5, "1"}}));
  back_up(e, folder.file("b.clv"));
  write_bytes(folder.file("c.clv-wal"), bytes_of(folder.file("a.clv-wal")));
  const issue why = error_of([&] { restore(folder.file("b.clv"), folder.file("c.clv")); });
  EXPECT_EQ(why.code, status::exists);
  EXPECT_TRUE(mentions(why.message, "c.clv-wal")) << why.message;
}

TEST(restore, names_what_differs_from_the_manifest_and_leaves_nothing) {
  const temp_folder folder;
  const std::string backup = folder.file("b.clv"), manifest = backup + ".manifest.json";
  {
    engine e({.path = folder.file("a.clv")});
    test::ingest(e, test::log_of(test::busy_shop()));
    back_up(e, backup);
  }
  const std::string good = bytes_of(backup), told = bytes_of(manifest);
  const auto refused = [&](const std::string& part) {
    const issue why = error_of([&] { restore(backup, folder.file("c.clv")); });
    EXPECT_EQ(why.code, status::corrupt) << why.message;
    EXPECT_TRUE(mentions(why.message, part)) << why.message;
    EXPECT_EQ(names_in(folder),
              (std::vector<std::string>{"a.clv", "b.clv", "b.clv.manifest.json"}));
  };
  std::string bad = good;
  bad[bad.size() / 2] ^= 1;
  write_bytes(backup, bad);
  refused("sha256");
  write_bytes(backup, good.substr(0, good.size() - 1));
  refused("bytes");
  write_bytes(backup, good);
  const auto with = [&told](const std::string& from, const std::string& to) {
    std::string changed = told;
    EXPECT_NE(changed.find(from), std::string::npos) << from;
    return changed.replace(changed.find(from), from.size(), to);
  };
  write_bytes(manifest, with("\"source\": 1", "\"source\": 2"));
  refused("source 1");
  write_bytes(manifest, with("\"schema_version\": 4", "\"schema_version\": 3"));
  refused("schema version 4");
  write_bytes(manifest, "{");
  refused("manifest");
  write_bytes(manifest, with("clv.backup/1", "clv.backup/2"));
  refused("clv.backup/2");
  write_bytes(manifest, with("\"schema_version\": 4", "\"schema_version\": 99"));
  EXPECT_EQ(error_of([&] { restore(backup, folder.file("c.clv")); }).code, status::state);
  std::filesystem::remove(manifest);
  EXPECT_EQ(error_of([&] { restore(backup, folder.file("c.clv")); }).code, status::io);
  write_bytes(manifest, told);
  restore(backup, folder.file("c.clv"));
}

// Manifest and copy agree, and what was copied was damaged before.
TEST(backup, of_a_damaged_store_is_refused_and_leaves_nothing) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::ingest(e, test::log_of({{"ann", 1, 5, "1"}}));
  { test::stranger(folder.file("a.clv")).execute("UPDATE txn SET amount_minor = 6"); }
  const issue why = error_of([&] { back_up(e, folder.file("b.clv")); });
  EXPECT_EQ(why.code, status::corrupt);
  EXPECT_TRUE(mentions(why.message, "transactions")) << why.message;
  EXPECT_FALSE(std::filesystem::exists(folder.file("b.clv")));
  for (const std::string& name : names_in(folder))
    EXPECT_EQ(name.find(".part-"), std::string::npos);
}

TEST(backup, that_is_cancelled_or_dropped_leaves_nothing) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::fill(e);
  const auto before = names_in(folder);
  int steps = 0;
  for (bool done = false; !done; ++steps) {
    {
      job j = e.backup(folder.file("b.clv"));
      for (int i = 0; i < steps && !done; ++i) done = j.step(std::chrono::milliseconds{1});
      if (!done) {
        j.cancel();
        EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled) << steps;
      }
    }
    if (done) break;
    EXPECT_EQ(names_in(folder), before) << steps;
  }
  EXPECT_GT(steps, 3);
  EXPECT_TRUE(std::filesystem::exists(folder.file("b.clv")));
}

TEST(backup, in_a_folder_that_is_full_or_missing_says_so) {
  const temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  test::ingest(e, test::log_of(test::busy_shop()));
  const issue missing = error_of([&] { back_up(e, folder.file("no/b.clv")); });
  EXPECT_EQ(missing.code, status::io);
  EXPECT_TRUE(mentions(missing.message, "No such file")) << missing.message;
  class full_disk : public test::disk_hooks {
   public:
    int before(const test::disk_call& call) override {
      const bool of_the_copy = call.path.find(".part-") != std::string_view::npos;
      return of_the_copy && call.op == test::disk_op::write ? SQLITE_FULL : SQLITE_OK;
    }
  } full;
  const test::disk between(full);
  EXPECT_EQ(error_of([&] { back_up(e, folder.file("b.clv")); }).code, status::full);
  EXPECT_FALSE(std::filesystem::exists(folder.file("b.clv")));
}
