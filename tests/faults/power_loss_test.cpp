// The power is cut at a random moment of a writer's life, on a disk that may keep, drop, reorder
// and tear whatever was not synced. CLV_POWER_LOSS_SEEDS says how often (100).
#include "power_loss.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "clv/error.hpp"
#include "log_batches.hpp"
#include "support/temp_folder.hpp"

using namespace clv;
using clv::test::history;
using clv::test::power_loss;
using clv::test::temp_folder;

namespace {

int seeds() {
  const char* given = std::getenv("CLV_POWER_LOSS_SEEDS");
  return given == nullptr ? 100 : std::atoi(given);
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct how {
  const char* synchronous = "FULL";
  bool disk_syncs = true;
};

struct totals {
  std::size_t cut = 0, acknowledged = 0, lost = 0, bad = 0, corrupt = 0;
  std::string first;  // what was wrong first
};

// A store with some batches in it, made once.
std::string first_store(const temp_folder& folder, history& told) {
  const test::quick_disk disk;
  const std::string path = folder.file("first.clv");
  {
    store::database d({.path = path});
    for (int batch = 0; batch < 5; ++batch) test::write_batch(d, batch, 40, told);
  }
  return bytes_of(path);
}

// Writes until the power goes, or to the end.
void live(const std::string& path, const how& mode, std::mt19937_64& random, history& told) {
  try {
    store::database d({.path = path});
    d.sql().execute(std::string("PRAGMA synchronous = ") + mode.synchronous);
    d.sql().execute("PRAGMA wal_autocheckpoint = " + std::to_string(5 + random() % 60));
    d.sql().execute("PRAGMA cache_size = 20");  // pages are written before the commit, too
    for (int batch = 5; batch < 30; ++batch) test::write_batch(d, batch, 1 + random() % 60, told);
  } catch (const error&) {  // the disk is gone
  }
}

void look_at(const std::string& path, const history& told, std::uint64_t seed, totals& all) {
  const test::quick_disk disk;
  std::string wrong;
  try {
    store::database d({.path = path});
    const std::string verdict = d.sql().text("PRAGMA integrity_check");
    const history::verdict v = told.check(test::stored_events(d.sql()));
    all.lost += v.lost;
    all.bad += v.partial + v.doubled + v.unknown;
    if (verdict != "ok") wrong = verdict;
    if (!v.good()) wrong += testing::PrintToString(v);
    all.corrupt += verdict != "ok";
  } catch (const error& e) {
    ++all.corrupt;
    wrong = e.what();
  }
  if (!wrong.empty() && all.first.empty()) {
    all.first = "seed " + std::to_string(seed) + ": " + wrong;
  }
}

totals cut_power(const how& mode, int times) {
  totals all;
  const temp_folder first_folder;
  history before;
  const std::string first = first_store(first_folder, before);
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(times); ++seed) {
    std::mt19937_64 random(seed);
    const temp_folder folder, after;
    const std::string path = folder.file("a.clv");
    // Some begin with the making of the store itself.
    const bool anew = seed % 5 == 0;
    history told = anew ? history() : before;
    power_loss losing(1 + static_cast<std::int64_t>(random() % (anew ? 900 : 600)),
                      mode.disk_syncs);
    if (!anew) {
      std::ofstream(path, std::ios::binary) << first;
      losing.start_with(path, first);
    }
    {
      const test::disk between(losing);
      live(path, mode, random, told);
    }
    all.cut += losing.is_cut();
    all.acknowledged += told.acknowledged();
    losing.leave(after.path().string(), random);
    look_at(after.file("a.clv"), told, seed, all);
  }
  return all;
}

}  // namespace

TEST(power_loss, takes_back_nothing_that_was_acknowledged) {
  const totals all = cut_power({}, seeds());
  EXPECT_GT(all.cut, static_cast<std::size_t>(seeds()) / 3);
  EXPECT_GT(all.acknowledged, static_cast<std::size_t>(seeds()));
  EXPECT_EQ(all.lost, 0U) << all.first;
  EXPECT_EQ(all.bad, 0U) << all.first;
  EXPECT_EQ(all.corrupt, 0U) << all.first;
}

// What the store does not do, so that the test above can fail: with NORMAL nothing is damaged, and
// the last commits are gone.
TEST(power_loss, would_take_back_commits_with_less_than_full_syncs) {
  const totals all = cut_power({.synchronous = "NORMAL"}, seeds() / 3);
  EXPECT_GT(all.lost, 0U);
  EXPECT_EQ(all.bad, 0U) << all.first;
  EXPECT_EQ(all.corrupt, 0U) << all.first;
}

TEST(power_loss, would_damage_the_store_on_a_disk_that_lies) {
  const totals all = cut_power({.synchronous = "FULL", .disk_syncs = false}, seeds() / 3);
  EXPECT_GT(all.corrupt + all.lost, 0U);
}
