// What can happen to a store from outside: killed writers, a second process, a full disk, flipped
// bytes, missing permissions. Each child process is bounded by what its job does.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "child.hpp"
#include "shop.hpp"
#include "store/sqlite.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::in_child;
using clv::test::ingest;
using clv::test::integrity;
using clv::test::log_of;
using clv::test::mentions;
using clv::test::temp_folder;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::shared_ptr<const table> batch(int rows, const std::string& prefix) {
  std::vector<test::sale> sales;
  for (int i = 0; i < rows; ++i) {
    sales.push_back(
        {prefix + std::to_string(i % (rows / 3)), i % 200, 100 + i, prefix + std::to_string(i)});
  }
  return log_of(sales);
}

// Ingests `log` and dies by SIGKILL after that many steps; 0 when the job ended before.
int ingest_and_die(const std::string& path, const std::shared_ptr<const table>& log, int steps) {
  engine e({.path = path});
  job j = e.ingest(log, {.source = "shop"});
  for (int i = 0; i < steps; ++i) {
    if (j.step(std::chrono::milliseconds{1})) return 0;
  }
  return raise(SIGKILL);
}

}  // namespace

TEST(killed_writer, leaves_nothing_or_all_of_its_batch) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  constexpr int first = 30, second = 30000;
  {
    engine e({.path = path});
    ingest(e, batch(first, "a"));
  }
  const auto log = batch(second, "b");
  int killed = 0;
  for (int steps = 1;; steps += steps < 8 ? 1 : 6) {
    const int end = in_child([&] { return ingest_and_die(path, log, steps); });
    ASSERT_TRUE(end == 0 || end == 1000 + SIGKILL) << end;
    killed += end != 0;
    ASSERT_EQ(integrity(path), "ok");
    engine e({.path = path});  // no lock is left behind
    const auto rows = e.read("transactions")->rows();
    const bool all = rows == first + second;
    ASSERT_TRUE(all || (end != 0 && rows == first)) << rows << " rows after " << steps << " steps";
    if (all) break;
  }
  EXPECT_GT(killed, 3);
}

TEST(killed_writer, can_send_its_batch_again) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  const auto log = batch(9000, "b");
  ASSERT_EQ(in_child([&] { return ingest_and_die(path, log, 4); }), 1000 + SIGKILL);
  engine e({.path = path});
  EXPECT_EQ(ingest(e, log).first, 9000);
}

TEST(second_process, hears_at_once_that_the_store_is_busy) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  engine e({.path = path});
  ingest(e, batch(30, "a"));
  EXPECT_EQ(in_child([&] {
              const issue why = error_of([&] { engine other({.path = path}); });
              return why.code == status::busy && mentions(why.message, path) ? 7 : 8;
            }),
            7);
  EXPECT_EQ(in_child([&] {
              engine reader({.path = path, .read_only = true});
              return reader.read("transactions")->rows() == 30 ? 7 : 8;
            }),
            7);
}

TEST(full_disk, fails_the_verb_and_keeps_what_was_stored) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    ingest(e, batch(30, "a"));
  }
  const int end = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);  // the write then fails with EFBIG instead
    engine e({.path = path});
    const rlimit limit{1 << 20, 1 << 20};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    // More than a page cache: it must be written before the commit, too.
    const issue why = error_of([&] { ingest(e, batch(60000, "b")); });
    if (why.code != status::full || !mentions(why.message, path)) return 2;
    return e.read("transactions")->rows() == 30 ? 7 : 3;  // reading goes on
  });
  EXPECT_EQ(end, 7);
  EXPECT_EQ(integrity(path), "ok");
  engine e({.path = path});
  EXPECT_EQ(e.read("transactions")->rows(), 30U);
  EXPECT_EQ(ingest(e, batch(60000, "b")).first, 60000);
}

TEST(read_only_file, can_be_read_and_says_why_it_cannot_be_written) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    ingest(e, batch(30, "a"));
  }
  chmod(path.c_str(), 0444);
  chmod(folder.path().c_str(), 0777);
  const int end = in_child([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) return 1;  // root may write everything
    const issue why = error_of([&] { engine e({.path = path}); });
    if (why.code != status::io || !mentions(why.message, "Permission denied")) return 2;
    engine reader({.path = path, .read_only = true});
    return reader.read("transactions")->rows() == 30 ? 7 : 3;
  });
  EXPECT_EQ(end, 7);
}

TEST(read_only_folder, says_that_the_folder_must_be_writable) {
  const temp_folder folder;
  chmod(folder.path().c_str(), 0555);
  const int end = in_child([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) return 1;
    const issue why = error_of([&] { engine e({.path = folder.file("a.clv")}); });
    return why.code == status::io && mentions(why.message, "Permission denied") ? 7 : 2;
  });
  EXPECT_EQ(end, 7);
}

// Every damage is an error with a sentence, or was not in what is read; never a crash, and never
// another answer than before.
TEST(damaged_file, is_an_error_or_harmless_but_never_a_crash) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv"), broken = folder.file("b.clv");
  std::string log_before, scores_before;
  {
    engine e({.path = path});
    ingest(e, log_of(test::busy_shop()));
    e.fit({}, {}).run();
    e.score({}).run();
    log_before = e.read("transactions")->fingerprint();
    scores_before = e.read("scores")->fingerprint();
  }
  const std::string good = bytes_of(path);
  const auto use = [&] {
    engine e({.path = broken});
    const bool same = e.read("transactions")->fingerprint() == log_before &&
                      e.read("scores")->fingerprint() == scores_before;
    e.fit({}, {}).run();
    e.score({}).run();
    return same && e.read("scores")->fingerprint() == scores_before;
  };
  int refused = 0, same = 0;
  const std::size_t stride = good.size() / 100 + 1;
  for (std::size_t at = 0; at < good.size(); at += at < 100 ? 7 : stride) {
    std::string bad = good;
    for (std::size_t i = at; i < std::min(at + 4, bad.size()); ++i) {
      bad[i] = static_cast<char>(bad[i] ^ 0x5A);
    }
    std::ofstream(broken, std::ios::binary | std::ios::trunc) << bad;
    const int end = in_child([&] {
      try {
        return use() ? 7 : 8;
      } catch (const error& e) {
        const status code = e.details().code;
        if (code == status::corrupt || code == status::state || code == status::io) return 9;
        fprintf(stderr, "status %d: %s\n", static_cast<int>(code), e.what());
        return 10;
      }
    });
    EXPECT_TRUE(end == 7 || end == 9) << "offset " << at << ": " << end;
    refused += end == 9;
    same += end == 7;
    for (const char* side : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(broken + side);
  }
  EXPECT_GT(refused, 20);
  EXPECT_GT(same, 0);  // unused bytes of a page
}

TEST(truncated_file, is_refused) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    ingest(e, batch(3000, "a"));
  }
  const auto size = std::filesystem::file_size(path);
  for (const std::size_t keep : {std::size_t{100}, std::size_t{600}, size / 2, size - 1}) {
    std::filesystem::resize_file(path, keep);
    const issue why = error_of([&] {
      engine e({.path = path});
      e.read("transactions");
    });
    EXPECT_EQ(why.code, status::corrupt) << keep << ": " << why.message;
    EXPECT_TRUE(mentions(why.message, path)) << why.message;
    if (keep == size / 2) break;  // what is gone is gone
  }
}
