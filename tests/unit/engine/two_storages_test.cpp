// The same shop in a SQLite file and in PostgreSQL: every stored table is the same to the last bit.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "clv_storage_postgres.h"
#include "crm.hpp"
#include "storage.hpp"

using namespace clv;

namespace {

void run_everything(engine& e) {
  test::fill(e);  // log, facts, and every verb up to decisions
  const table changed = *test::facts_of(
      "customers", "customer,attr.region,tags", {"c1001,north,vip", "c1002,,", "c1003,\xc3\xa4,"});
  test::record(e, "customers", std::make_shared<table>(changed));
  e.forget_customer("c1005").run();
}

// "" for a table that is not there.
std::string fingerprint_of(engine& e, std::string_view name) {
  try {
    return e.read(name)->fingerprint();
  } catch (const error&) {
    return "";
  }
}

}  // namespace

TEST(two_storages, give_the_same_tables_to_the_last_bit) {
  const char* server = std::getenv("CLV_TEST_STORAGE");
  if (server == nullptr || !std::filesystem::exists(server)) {
    GTEST_SKIP() << "CLV_TEST_STORAGE names no folder where postgres.sh started a server";
  }
  const test::temp_folder folder;
  engine here({.path = folder.file("a.clv")});
  engine there({.path = "host=" + std::string(server) +
                        " dbname=postgres user=clv options=-csearch_path=two_storages_" +
                        folder.path().filename().string().substr(9),
                .elsewhere = clv::abi::to_core(clv_storage_postgres())});
  run_everything(here);
  run_everything(there);
  int compared = 0;
  for (const schema& s : schemas()) {
    const std::string expected = fingerprint_of(here, s.name);
    EXPECT_EQ(fingerprint_of(there, s.name), expected) << s.name;
    compared += expected.empty() ? 0 : 1;
  }
  EXPECT_EQ(fingerprint_of(there, "parameters"), fingerprint_of(here, "parameters"));
  EXPECT_GT(compared, 15);  // or the shop has become empty
  EXPECT_EQ(there.model()->data_fingerprint, here.model()->data_fingerprint);
}
