// clv.hpp reaches the verbs whose arguments are paths, names and answers, refuses what C would cut
// off, and lets go of an engine's job.
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "clv.hpp"

namespace {

namespace host = clv::host;

const std::string with_nul("shop\0.clv", 9);

// Customers c0 to c7; customer k orders every 5 + 3k days up to day 30 + 20k.
void buy_as_eight(clv_engine* engine) {
  constexpr std::int64_t day_in_us = std::int64_t{86'400} * 1'000'000;
  std::vector<std::string> customers;
  std::vector<std::int64_t> times, cents;
  for (std::int64_t k = 0; k < 8; ++k) {
    for (std::int64_t day = k; day <= 30 + 20 * k; day += 5 + 3 * k) {
      customers.push_back("c" + std::to_string(k));
      times.push_back((20'000 + day) * day_in_us);
      cents.push_back(2000 + 500 * k);
    }
  }
  host::columns log;
  log.texts("customer", customers).integers("time", times, CLV_T_TIME);
  log.integers("amount", cents, CLV_T_MONEY, "EUR");
  host::begin(clv_engine_ingest_begin, engine, nullptr, log).answer();
}

host::job fit_of(clv_engine* engine, const char* fixed = nullptr) {
  clv_fit_options nbd = CLV_SIZED(clv_fit_options);
  nbd.model = "nbd";
  nbd.fixed = fixed;
  return host::begin(clv_engine_fit_begin, engine, nullptr, &nbd);
}

class cpp_verbs : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(path); }
  void TearDown() override { std::filesystem::remove_all(path); }
  const std::string path = testing::TempDir() + "clv_cpp_verbs.clv";
};

template <typename Call>
void expect_nul_refused(Call&& call) {
  try {
    call();
    FAIL() << "C was given a part of the text";
  } catch (const host::error& e) {
    EXPECT_EQ(e.status(), CLV_E_INVALID);
    EXPECT_STREQ(e.what(), "a text has a NUL byte after 'shop', where C would end it");
  }
}

TEST_F(cpp_verbs, a_text_with_a_nul_byte_is_refused) {
  expect_nul_refused([] { host::engine::open(with_nul); });
  expect_nul_refused([] { host::plugins().load(with_nul); });
  const std::vector<double> x{1};
  expect_nul_refused([&] { host::columns().numbers(with_nul, x); });
  expect_nul_refused([&] { host::columns().numbers("x", x, with_nul); });
  const std::vector<std::string> customers{"anna"};
  expect_nul_refused([&] { host::columns().texts(with_nul, customers); });
}

TEST_F(cpp_verbs, the_next_verb_works_after_a_failed_a_cancelled_and_a_left_job) {
  const host::engine store = host::engine::in_memory();
  buy_as_eight(store);
  EXPECT_THROW(fit_of(store, "no_such=1").answer(), host::error);
  fit_of(store).answer();
  EXPECT_THROW(
      {
        host::job cancelled = fit_of(store);
        cancelled.cancel();
        cancelled.step(0);
      },
      host::error);
  fit_of(store).answer();
  { fit_of(store).step(1); }
  fit_of(store).answer();
  try {
    const host::job left = fit_of(store);
    throw std::runtime_error("of the program's own");
  } catch (const std::runtime_error&) {
    fit_of(store).answer();
  }
}

TEST_F(cpp_verbs, a_stored_table_is_read_by_pages) {
  const host::engine store = host::engine::in_memory();
  buy_as_eight(store);
  const std::vector<std::int64_t> all = store.read("transactions").integers("time");
  const std::vector<std::int64_t> page = store.read("transactions", 5, 3).integers("time");
  EXPECT_EQ(page, std::vector<std::int64_t>(all.begin() + 5, all.begin() + 8));
}

TEST_F(cpp_verbs, a_readers_fit_is_adopted_with_an_answer_and_named_by_an_alias) {
  const host::engine store = host::engine::open(path);
  buy_as_eight(store);
  clv_engine_options reading = CLV_SIZED(clv_engine_options);
  reading.path = path.c_str();
  reading.flags = CLV_OPEN_READ_ONLY;
  clv_answer said = CLV_SIZED(clv_answer);
  said.key = "fit-1";
  clv_run_options once = CLV_SIZED(clv_run_options);
  once.answer = &said;
  {
    const host::engine reader = host::engine::open(reading);
    host::job fit = fit_of(reader);
    fit.step(0);
    host::begin(clv_engine_adopt_begin, store, &once, fit).answer();
  }
  clv_answer kept = CLV_SIZED(clv_answer);
  host::call(clv_engine_answer, store, "fit-1", &kept);
  EXPECT_EQ(kept.made, 1);
  clv_alias_options production = CLV_SIZED(clv_alias_options);
  production.alias = "production";
  production.model = "1";
  production.flags = CLV_ALIAS_UNCHECKED;
  std::int64_t etag = 0;
  host::call(clv_engine_set_alias, store, &production, &etag);
  EXPECT_NE(etag, 0);
  const host::model named = host::made<host::model>(clv_engine_model, store, "production");
  EXPECT_EQ(named.parameters().texts("model")[0], "nbd");
}

}  // namespace
