// Long work on engines that only read, stored by the one that writes.
#include "crm.hpp"
#include "store/sqlite.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::crm_mailer;
using clv::test::crm_now;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;
using clv::test::record;

namespace {

// A writer and a reader of one file.
struct service {
  service() : writer({.path = path()}), reader({.path = path(), .read_only = true}) {}
  std::string path() const { return folder.file("a.clv"); }
  test::temp_folder folder;
  engine writer, reader;
};

void run(job&& j) {
  j.run();
}

// Runs the reader's job to its end and stores it.
void adopt(engine& writer, job&& done) {
  done.run();
  writer.adopt(done).run();
}

void begin(engine& e) {
  ingest(e, log_of(busy_shop()));
  test::record_everything(e);
}

void chain(engine& e, crm_mailer& m) {
  run(e.fit({}, {}));
  run(e.score({}));
  run(e.segment({}));
  run(e.propose({&m}));
  run(e.decide({&m}, {.now_us = crm_now}));
  run(e.decide({&m}, {.z = 0.5, .now_us = crm_now + us_per_day}));
}

void adopted_chain(service& s, crm_mailer& m) {
  adopt(s.writer, s.reader.fit({}, {}));
  adopt(s.writer, s.reader.score({}));
  adopt(s.writer, s.reader.segment({}));
  adopt(s.writer, s.reader.propose({&m}));
  adopt(s.writer, s.reader.decide({&m}, {.now_us = crm_now}));
  adopt(s.writer, s.reader.decide({&m}, {.z = 0.5, .now_us = crm_now + us_per_day}));
}

constexpr const char* stored_tables[] = {"summary",
                                         "parameters",
                                         "scores",
                                         "segments",
                                         "proposals",
                                         "decisions",
                                         "refusals",
                                         "budget",
                                         "decision_log"};

constexpr std::int64_t minute = 60 * us_per_second;

void open_a_ticket(engine& e) {
  record(e,
         "ticket_events",
         facts_of("ticket_events",
                  "ticket,customer,time,kind,channel,event_id",
                  {"T1,ann," + std::to_string(10 * minute) + ",created,chat,e1"}));
  record(e, "agents", facts_of("agents", "agent,team", {"bob,first", "eve,first"}));
}

job claim(engine& e, const std::string& agent) {
  return e.apply("desk_claim",
                 {},
                 R"({"ticket":"T1","agent":")" + agent + R"(","as_of":"1970-01-01T01:00:00Z"})",
                 {.source = "desk"});
}

}  // namespace

TEST(adopt, stores_what_each_verb_would_have_stored_bit_for_bit) {
  engine direct({});
  begin(direct);
  crm_mailer m;
  chain(direct, m);
  service s;
  begin(s.writer);
  adopted_chain(s, m);
  for (const char* name : stored_tables) {
    EXPECT_EQ(s.writer.read(name)->fingerprint(), direct.read(name)->fingerprint()) << name;
    EXPECT_EQ(s.reader.read(name)->fingerprint(), direct.read(name)->fingerprint()) << name;
  }
  EXPECT_EQ(save_model(*s.reader.model()), save_model(*direct.model()));
}

TEST(adopt, keeps_the_answer_with_what_it_stores_and_does_it_once) {
  service s;
  begin(s.writer);
  job fitted = s.reader.fit({}, {});
  fitted.run();
  EXPECT_FALSE(s.reader.answer("k"));
  const request_answer a{.key = "k", .body_hash = "h", .bytes = "said", .at_us = 7};
  run(s.writer.adopt(fitted, a));
  ASSERT_TRUE(s.reader.answer("k"));
  EXPECT_EQ(s.reader.answer("k")->bytes, "said");
  EXPECT_EQ(s.reader.answer("k")->made, 1);  // the model's number
  // Not a conflict, although the tables were written since: it was done.
  EXPECT_EQ(error_of([&] { s.writer.adopt(fitted, a); }).code, status::exists);
  EXPECT_EQ(s.writer.read("models")->rows(), 1U);
}

TEST(adopt, that_is_not_ended_keeps_no_answer) {
  service s;
  begin(s.writer);
  job fitted = s.reader.fit({}, {});
  fitted.run();
  { const job given_up = s.writer.adopt(fitted, request_answer{.key = "k"}); }
  EXPECT_FALSE(s.writer.answer("k"));
  run(s.writer.adopt(fitted, request_answer{.key = "k"}));
  EXPECT_TRUE(s.writer.answer("k"));
  EXPECT_EQ(error_of([&] { s.writer.adopt(fitted, request_answer{}); }).code, status::invalid);
}

TEST(adopt, keeps_the_answer_of_a_report_with_the_number_of_rows_it_recorded) {
  service s;
  open_a_ticket(s.writer);
  const auto claimed = [&](const std::string& key) {
    job j = claim(s.reader, "bob");
    j.run();
    run(s.writer.adopt(j, request_answer{.key = key, .bytes = "bob has it"}));
    return s.reader.answer(key)->made;
  };
  EXPECT_EQ(claimed("first"), 1);
  EXPECT_EQ(claimed("second"), 0);  // bob has it already: nothing but the answer is kept
  EXPECT_EQ(s.reader.answer("second")->bytes, "bob has it");
}

TEST(adopt, leaves_decisions_that_replay_byte_for_byte) {
  service s;
  begin(s.writer);
  crm_mailer m;
  adopted_chain(s, m);
  for (engine* e : {&s.writer, &s.reader}) {
    job j = e->replay();
    j.run();
    ASSERT_EQ(j.result().notes.size(), 1U);
    EXPECT_TRUE(mentions(j.result().notes[0].message, "are the same, byte for byte"))
        << j.result().notes[0].message;
  }
}

TEST(adopt, hands_over_the_tables_and_the_model_of_the_job) {
  service s;
  begin(s.writer);
  job fit = s.reader.fit({}, {});
  fit.run();
  job stored = s.writer.adopt(fit);
  stored.run();
  EXPECT_EQ(stored.result().tables.at(""), fit.result().tables.at(""));
  EXPECT_EQ(stored.result().tables.at("summary"), fit.result().tables.at("summary"));
  EXPECT_EQ(stored.result().model, fit.result().model);
}

TEST(adopt, needs_neither_the_job_nor_its_engine_any_more) {
  service s;
  begin(s.writer);
  std::optional<engine> reader;
  reader.emplace(engine_options{.path = s.path(), .read_only = true});
  std::unique_ptr<job> done(new job(reader->fit({}, {})));  // `new`: a job cannot be moved
  done->run();
  const std::string model = save_model(*done->result().model);
  job stored = s.writer.adopt(*done);
  done.reset();
  reader.reset();
  stored.run();
  EXPECT_EQ(save_model(*s.writer.model()), model);
}

TEST(adopt, of_a_job_that_is_dropped_half_way_leaves_the_file_as_it_was) {
  service s;
  begin(s.writer);
  job fit = s.reader.fit({}, {});
  fit.run();
  {
    job stored = s.writer.adopt(fit);
    stored.cancel();
    EXPECT_EQ(error_of([&] { stored.run(); }).code, status::cancelled);
  }
  EXPECT_EQ(error_of([&] { s.writer.model(); }).code, status::state);
  run(s.writer.adopt(fit));
  EXPECT_NO_THROW(s.writer.model());
}

TEST(adopt, keeps_a_model_of_an_older_log_and_still_knows_that_it_is_older) {
  service s;
  begin(s.writer);
  job fit = s.reader.fit({}, {});
  fit.run();
  ingest(s.writer, log_of({{"new", 290, 700, "late"}}));
  run(s.writer.adopt(fit));
  EXPECT_NO_THROW(s.writer.model());
  const issue refused = error_of([&] { s.writer.score({}); });
  EXPECT_EQ(refused.code, status::state);
  EXPECT_TRUE(mentions(refused.message, "older than the transactions")) << refused.message;
}

TEST(adopt, refuses_what_a_later_run_of_the_same_verb_has_replaced) {
  service s;
  begin(s.writer);
  job first = s.reader.fit({}, {});
  first.run();
  job second = s.reader.fit({}, {.model = "bg_nbd"});
  second.run();
  run(s.writer.adopt(second));
  EXPECT_EQ(error_of([&] { s.writer.adopt(first); }).code, status::conflict);
  EXPECT_EQ(error_of([&] { s.writer.adopt(second); }).code, status::conflict);  // stored already
}

TEST(adopt, lets_one_of_two_decisions_on_the_same_chain_win) {
  service s;
  begin(s.writer);
  crm_mailer m;
  chain(s.writer, m);
  engine other({.path = s.path(), .read_only = true});
  job first = s.reader.decide({&m}, {.now_us = crm_now});
  first.run();
  job second = other.decide({&m}, {.now_us = crm_now + us_per_day});
  second.run();
  run(s.writer.adopt(second));
  const issue refused = error_of([&] { s.writer.adopt(first); });
  EXPECT_EQ(refused.code, status::conflict);
  EXPECT_EQ(refused.hint, "run decide again");
  adopt(s.writer, s.reader.decide({&m}, {.now_us = crm_now + 2 * us_per_day}));
  const auto log = s.writer.read("decision_log");
  for (std::size_t i = 1; i < log->rows(); ++i) {
    ASSERT_EQ(log->get("prev_hash", type::utf8).text(i),
              log->get("chain_hash", type::utf8).text(i - 1));
  }
}

TEST(adopt, brings_no_forgotten_customer_back) {
  service s;
  begin(s.writer);
  job fit = s.reader.fit({}, {});
  fit.run();
  run(s.writer.forget_customer("c1000"));
  const issue refused = error_of([&] { s.writer.adopt(fit); });
  EXPECT_EQ(refused.code, status::conflict);
  EXPECT_TRUE(mentions(refused.message, "forget")) << refused.message;
}

TEST(adopt, records_what_a_report_says_as_apply_does) {
  engine direct({});
  open_a_ticket(direct);
  run(claim(direct, "bob"));
  service s;
  open_a_ticket(s.writer);
  job claimed = claim(s.reader, "bob");
  claimed.run();
  EXPECT_EQ(claimed.result().tables.count("recorded"), 0U);
  EXPECT_EQ(s.reader.read("ticket_events")->rows(), 1U);
  job stored = s.writer.adopt(claimed);
  stored.run();
  const table& recorded = *stored.result().tables.at("recorded");
  EXPECT_GT(recorded.integers("accepted", type::i64)[0], 0);
  EXPECT_EQ(s.reader.read("ticket_events")->fingerprint(),
            direct.read("ticket_events")->fingerprint());
}

TEST(adopt, gives_a_ticket_to_one_of_two_who_claim_it) {
  service s;
  open_a_ticket(s.writer);
  engine other({.path = s.path(), .read_only = true});
  job bob = claim(s.reader, "bob"), eve = claim(other, "eve");
  bob.run();
  eve.run();
  run(s.writer.adopt(eve));
  const issue refused = error_of([&] { s.writer.adopt(bob); });
  EXPECT_EQ(refused.code, status::conflict);
  EXPECT_TRUE(mentions(refused.message, "ticket_events")) << refused.message;
}

TEST(adopt, refuses_what_is_of_another_store_unfinished_or_not_to_be_stored) {
  service s, other;
  begin(s.writer);
  begin(other.writer);
  job fit = s.reader.fit({}, {});
  EXPECT_EQ(error_of([&] { s.writer.adopt(fit); }).code, status::state);
  fit.run();
  EXPECT_EQ(error_of([&] { other.writer.adopt(fit); }).code, status::invalid);
  EXPECT_EQ(error_of([&] { s.reader.adopt(fit); }).code, status::state);
  run(s.writer.adopt(fit));
  job direct = s.writer.score({});
  direct.run();
  EXPECT_EQ(error_of([&] { s.writer.adopt(direct); }).code, status::state);
  crm_mailer m;
  job asked = s.reader.decide({&m}, {.now_us = crm_now}, true);
  asked.run();
  EXPECT_EQ(error_of([&] { s.writer.adopt(asked); }).code, status::state);
}

TEST(adopt, refuses_results_of_a_future_that_a_restored_store_has_not_seen) {
  service s;
  begin(s.writer);
  job fit = s.reader.fit({}, {});
  fit.run();
  const test::temp_folder folder;
  const std::string copy = folder.file("b.clv");
  {
    constexpr int read_write = 0x2;
    store::connection db(s.path(), read_write, "the store");
    db.execute("VACUUM INTO '" + copy + "'");
    store::connection older(copy, read_write, "its backup");
    older.execute("DELETE FROM run WHERE seq = (SELECT max(seq) FROM run)");
  }
  engine restored({.path = copy});
  EXPECT_EQ(error_of([&] { restored.adopt(fit); }).code, status::conflict);
}
