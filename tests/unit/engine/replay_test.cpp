#include "crm.hpp"
#include "store/sqlite.hpp"

using namespace clv;
using clv::test::crm_mailer;
using clv::test::crm_now;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::mentions;
using clv::test::record;

namespace {

struct replayed {
  std::int64_t matches = 0, rows = 0;
  std::string note;
};

replayed replay(engine& e) {
  job j = e.replay();
  j.run();
  const table& t = *j.result().tables.at("");
  replayed r{.rows = static_cast<std::int64_t>(t.rows())};
  for (const std::int64_t m : t.integers("matches", type::i64)) r.matches += m;
  for (const issue& i : j.result().notes) r.note += i.message;
  return r;
}

void prepare(engine& e) {
  test::ingest(e, test::log_of(test::busy_shop()));
  test::record_everything(e);
  e.fit({}, {}).run();
  e.score({}).run();
  e.segment({}).run();
}

void decide(engine& e, decide_options o = {.now_us = crm_now}) {
  crm_mailer m;
  e.decide({&m}, std::move(o)).run();
}

decide_options with_policy() {
  return {.budget_minor = 2000,
          .z = 0.7,
          .holdout_share = 0.3,
          .holdout_salt = "spring",
          .now_us = crm_now,
          .policy = R"({"format":"clv.policy/1","caps":[{"channel":"email","limit":1,"days":400}],
                        "consent":[]})"};
}

}  // namespace

TEST(replay, decides_the_last_run_again_byte_for_byte) {
  engine e({});
  prepare(e);
  decide(e);
  decide(e, with_policy());
  const replayed r = replay(e);
  EXPECT_EQ(r.rows, 600);
  EXPECT_EQ(r.matches, 600);
  EXPECT_TRUE(mentions(r.note, "byte for byte")) << r.note;
}

TEST(replay, works_on_a_store_that_is_only_read) {
  const test::temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    prepare(e);
    decide(e, with_policy());
  }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  const replayed r = replay(reader);
  EXPECT_EQ(r.matches, 300);
  EXPECT_TRUE(mentions(r.note, "byte for byte")) << r.note;
}

TEST(replay, says_what_has_changed_since_the_last_run) {
  const struct {
    const char* what;
    void (*change)(engine&);
  } cases[] = {
      {"contacts",
       [](engine& e) {
         record(
             e, "contacts", facts_of("contacts", "customer,time,channel,kind", {"c1,9,sms,sent"}));
       }},
      {"scores", [](engine& e) { e.score({.annual_discount = 0.2}).run(); }},
      {"proposals",
       [](engine& e) {
         crm_mailer other;
         other.effect = 0.3;
         e.propose({&other}).run();
       }},
      {"scores", [](engine& e) { e.forget_customer("c1001").run(); }},
  };
  for (const auto& c : cases) {
    engine e({});
    prepare(e);
    decide(e);
    c.change(e);
    const replayed r = replay(e);
    EXPECT_EQ(r.matches, 300) << c.what;
    EXPECT_TRUE(mentions(r.note, "not decided again")) << r.note;
    EXPECT_TRUE(mentions(r.note, std::string("since: ") + c.what)) << r.note;
  }
}

TEST(replay, refuses_a_log_whose_receipts_were_changed) {
  const test::temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    prepare(e);
    decide(e);
  }
  {
    constexpr int read_write = 0x2;  // SQLITE_OPEN_READWRITE
    store::connection stranger(folder.file("a.clv"), read_write, "the stranger's file");
    stranger.execute("UPDATE decision_log SET receipt = replace(receipt, '0', '1') WHERE seq = 7");
  }
  engine e({.path = folder.file("a.clv")});
  EXPECT_EQ(error_of([&] { replay(e); }).code, status::corrupt);
}

TEST(replay, finds_decisions_that_deciding_again_does_not_give) {
  const test::temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    prepare(e);
    decide(e);
  }
  {
    constexpr int read_write = 0x2;
    store::connection stranger(folder.file("a.clv"), read_write, "the stranger's file");
    // Other options than those of the run: its receipts still fit themselves and the chain.
    stranger.execute(
        "UPDATE decide_run SET options = replace(options, '\"holdout_salt\":\"clv\"', "
        "'\"holdout_salt\":\"other\"')");
  }
  engine e({.path = folder.file("a.clv")});
  const replayed r = replay(e);
  EXPECT_LT(r.matches, 300);
  EXPECT_TRUE(mentions(r.note, "are others")) << r.note;
}

TEST(replay, continues_one_chain_over_all_runs) {
  engine e({});
  prepare(e);
  decide(e);
  const auto first = e.read("decision_log");
  EXPECT_EQ(first->get("prev_hash", type::utf8).text(0), "");
  decide(e);
  const auto log = e.read("decision_log");
  ASSERT_EQ(log->rows(), 600U);
  for (std::size_t i = 1; i < log->rows(); ++i) {
    ASSERT_EQ(log->get("prev_hash", type::utf8).text(i),
              log->get("chain_hash", type::utf8).text(i - 1));
  }
  EXPECT_LT(log->integers("run", type::i64)[0], log->integers("run", type::i64)[599]);
  EXPECT_EQ(log->integers("time", type::time)[599], crm_now);
}

TEST(replay, of_a_store_without_decisions_says_what_to_run) {
  engine e({});
  EXPECT_EQ(error_of([&] { e.replay(); }).hint, "run decide");
}

TEST(what_if, answers_as_decide_and_writes_nothing) {
  const test::temp_folder folder;
  std::string asked;
  {
    engine e({.path = folder.file("a.clv")});
    prepare(e);
    crm_mailer m;
    job j = e.decide({&m}, with_policy(), true);
    j.run();
    asked = j.result().tables.at("")->fingerprint();
    EXPECT_EQ(error_of([&] { e.read("decision_log"); }).code, status::state);
    EXPECT_EQ(error_of([&] { e.read("proposals"); }).code, status::state);
  }
  {
    engine reader({.path = folder.file("a.clv"), .read_only = true});
    crm_mailer m;
    job j = reader.decide({&m}, with_policy(), true);
    j.run();
    EXPECT_EQ(j.result().tables.at("")->fingerprint(), asked);
  }
  engine e({.path = folder.file("a.clv")});
  decide(e, with_policy());
  EXPECT_EQ(e.read("decisions")->fingerprint(), asked);
}

TEST(decide, uses_recorded_facts_unless_others_are_given) {
  engine recorded({}), given({});
  prepare(recorded);
  test::ingest(given, test::log_of(test::busy_shop()));
  given.fit({}, {}).run();
  given.score({}).run();
  given.segment({}).run();
  decide(recorded, with_policy());
  decide_options o = with_policy();
  for (const char* name : {"customers", "consent", "contacts", "evidence"}) {
    o.facts.emplace(name, recorded.read(name));
  }
  decide(given, o);
  EXPECT_EQ(recorded.read("decisions")->fingerprint(), given.read("decisions")->fingerprint());
}
