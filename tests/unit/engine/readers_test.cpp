// Engines that only read beside one that writes: what they see, and when.
#include <atomic>
#include <mutex>
#include <thread>

#include "crm.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::crm_mailer;
using clv::test::crm_now;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;

namespace {

void readers_run(job&& j) {
  j.run();
}

void score_all(engine& e) {
  readers_run(e.fit({}, {}));
  readers_run(e.score({}));
  readers_run(e.segment({}));
}

std::string told(const job& j) {
  std::string all;
  for (const issue& i : j.result().notes) all += i.message + "; ";
  return all;
}

std::vector<test::sale> batch_of(int number) {
  std::vector<test::sale> sales;
  for (int i = 0; i < 50; ++i) {
    const std::string id = std::to_string(number) + "-" + std::to_string(i);
    sales.push_back({"n" + id, 10 + i, 100 + number, "x" + id});
  }
  return sales;
}

}  // namespace

TEST(reading_engine, sees_at_its_next_verb_what_was_committed_meanwhile) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  const std::size_t before = reader.read("transactions")->rows();
  EXPECT_EQ(error_of([&] { reader.read("scores"); }).code, status::state);
  ingest(writer, log_of(batch_of(1)));
  score_all(writer);
  EXPECT_EQ(reader.read("transactions")->rows(), before + 50);
  EXPECT_EQ(reader.read("scores")->fingerprint(), writer.read("scores")->fingerprint());
}

TEST(reading_engine, computes_on_what_was_there_when_its_job_began) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  test::record_everything(writer);
  score_all(writer);
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  crm_mailer m;
  const auto expected = [&] {
    job j = writer.decide({&m}, {.now_us = crm_now}, true);
    j.run();
    return j.result().tables.at("")->fingerprint();
  }();
  job begun = reader.decide({&m}, {.now_us = crm_now});
  ingest(writer, log_of(batch_of(1)));
  score_all(writer);  // other scores, other segments
  begun.run();
  EXPECT_EQ(begun.result().tables.at("")->fingerprint(), expected);
}

TEST(reading_engine, fits_the_log_as_it_was_when_its_job_began) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  job begun = reader.fit({}, {});
  ingest(writer, log_of(batch_of(1)));
  begun.run();
  engine alone({});
  ingest(alone, log_of(busy_shop()));
  readers_run(alone.fit({}, {}));
  EXPECT_EQ(begun.result().tables.at("summary")->fingerprint(),
            alone.read("summary")->fingerprint());
}

TEST(reading_engine, stores_nothing_and_refuses_what_only_stores) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  readers_run(reader.fit({}, {}));
  EXPECT_EQ(error_of([&] { reader.model(); }).code, status::state);
  const auto rows = log_of(batch_of(1));
  EXPECT_EQ(error_of([&] { reader.ingest(rows, {}); }).code, status::state);
  EXPECT_EQ(error_of([&] { reader.record("consent", rows, {}); }).code, status::state);
  EXPECT_EQ(error_of([&] { reader.forget_customer("c1000"); }).code, status::state);
  EXPECT_NO_THROW(readers_run(reader.fit({}, {})));  // after the refusals
}

TEST(reading_engine, lets_go_of_the_write_ahead_log_before_it_computes) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  job fit = reader.fit({}, {});
  while (fit.phase_name() == "read") fit.step(std::chrono::milliseconds{1});
  job forgetting = writer.forget_customer("c1000");  // ends by emptying that log
  forgetting.run();
  EXPECT_EQ(told(forgetting), "");
  EXPECT_NO_THROW(fit.run());
}

TEST(engine_of_any_age, takes_older_tables_and_says_what_is_older_than_what) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  test::record_everything(writer);
  score_all(writer);
  const std::string scores = writer.read("scores")->fingerprint();
  ingest(writer, log_of(batch_of(1)));
  EXPECT_EQ(error_of([&] { writer.segment({}); }).code, status::state);
  engine reader({.path = folder.file("a.clv"), .read_only = true, .any_age = true});
  crm_mailer m;
  job decided = reader.decide({&m}, {.now_us = crm_now});
  decided.run();
  EXPECT_EQ(decided.result().tables.at("")->rows(), 300U);
  EXPECT_TRUE(mentions(told(decided), "the stored model is older than the transactions"))
      << told(decided);
  job scored = reader.score({});
  scored.run();
  EXPECT_EQ(scored.result().tables.at("")->fingerprint(), scores);
}

TEST(engine_of_any_age, matches_older_segments_by_customer) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  score_all(writer);
  const auto before = writer.read("segments");
  ingest(writer, log_of(batch_of(1)));
  readers_run(writer.fit({}, {}));
  readers_run(writer.score({}));
  engine reader({.path = folder.file("a.clv"), .read_only = true, .any_age = true});
  const auto candidates = reader.read("candidates");
  ASSERT_EQ(candidates->rows(), 350U);
  const column& segment = candidates->get("segment", type::utf8);
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < before->rows(); ++i) {
    expected.emplace(before->get("customer", type::utf8).text(i),
                     before->get("segment", type::utf8).text(i));
  }
  for (std::size_t i = 0; i < candidates->rows(); ++i) {
    const std::string who(candidates->get("customer", type::utf8).text(i));
    EXPECT_EQ(segment.present(i), who.starts_with("c")) << who;
    if (segment.present(i)) {
      EXPECT_EQ(segment.text(i), expected.at(who));
    }
  }
}

TEST(engine_of_any_age, still_refuses_what_is_not_there) {
  engine e({.any_age = true});
  EXPECT_EQ(error_of([&] { e.fit({}, {}); }).hint, "run ingest");
  ingest(e, log_of(busy_shop()));
  EXPECT_EQ(error_of([&] { e.score({}); }).code, status::state);
  EXPECT_EQ(error_of([&] { e.read("candidates"); }).code, status::state);
}

TEST(reading_engines, on_their_own_threads_see_whole_commits_only) {
  const test::temp_folder folder;
  engine writer({.path = folder.file("a.clv")});
  ingest(writer, log_of(busy_shop()));
  constexpr int batches = 20;
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0}, looked{0};
  std::atomic<int> adopted{0};
  struct outcome {
    int begun_after;  // that many adoptions, at least
    std::unique_ptr<job> done;
  };
  std::mutex gate;
  std::vector<outcome> computed;  // by readers, to be adopted
  const std::size_t first = writer.read("transactions")->rows();
  const auto watch = [&] {
    engine reader({.path = folder.file("a.clv"), .read_only = true});
    std::size_t last = first;
    while (!over) {
      const std::size_t rows = reader.read("transactions")->rows();
      if (rows < last || (rows - first) % 50 != 0) ++wrong;
      last = rows;
      ++looked;
    }
  };
  const auto fit = [&] {
    while (!over) {
      const int begun_after = adopted;
      engine reader({.path = folder.file("a.clv"), .read_only = true});
      std::unique_ptr<job> done(new job(reader.fit({}, {})));
      done->run();
      const std::scoped_lock held(gate);
      computed.push_back({begun_after, std::move(done)});
    }
  };
  std::thread watcher(watch), fitter(fit);
  std::string unexpected;
  for (int i = 0; i < batches || adopted == 0; ++i) {
    ingest(writer, log_of(batch_of(i)));
    const std::scoped_lock held(gate);
    if (computed.empty()) continue;
    try {
      readers_run(writer.adopt(*computed.back().done));
      ++adopted;
    } catch (const error& e) {  // one that began before the last adoption is refused
      if (e.details().code != status::conflict || computed.back().begun_after == adopted) {
        unexpected = e.what();
      }
    }
    computed.clear();
  }
  over = true;
  watcher.join();
  fitter.join();
  EXPECT_EQ(unexpected, "");
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(looked, 0);
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  EXPECT_EQ(reader.model()->data_fingerprint, reader.read("summary")->fingerprint());
}

// Scored or not: one who only bought, one who is only described; not an address of somebody.
TEST(known_customers, are_all_whom_the_store_knows_in_the_order_of_their_ids) {
  engine e({});
  EXPECT_EQ(e.read("known_customers")->rows(), 0u);
  ingest(e, log_of(busy_shop()));
  score_all(e);
  const std::size_t scored = e.read("scores")->rows();
  test::record_everything(e);
  ingest(e, log_of({{"a-new", 100, 5, "x1"}}));
  const auto known = e.read("known_customers");
  const column& ids = known->get("customer", type::utf8);
  std::set<std::string> all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    all.emplace(ids.text(i));
    EXPECT_TRUE(i == 0 || ids.text(i - 1) < ids.text(i)) << ids.text(i);
  }
  for (const char* id : {"a-new", "c1000", "old1000"}) EXPECT_EQ(all.count(id), 1u) << id;
  EXPECT_EQ(all.count("mail:a"), 0u);
  EXPECT_GE(all.size(), scored + 2);
  EXPECT_NE(known->fingerprint(), "");
  e.forget_customer("a-new").run();
  EXPECT_EQ(e.read("known_customers")->rows(), known->rows() - 1);
}
