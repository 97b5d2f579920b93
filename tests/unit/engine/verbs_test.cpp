#include <algorithm>
#include <set>

#include "clv/schema.hpp"
#include "shop.hpp"

using namespace clv;
using clv::test::busy_shop;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::log_of;
using clv::test::mentions;

namespace {

// Proposes the same mail to every customer and remembers what it saw.
class mailer : public proposer {
 public:
  std::string_view id() const override { return "mailer"; }
  void propose(
      const table& customers, std::size_t first, std::size_t last, table& out, issues&) override {
    const column* segment = customers.find("segment");
    for (std::size_t i = first; i < last; ++i) {
      if (segment != nullptr) segments.insert(std::string(segment->text(i)));
      for (column& c : out.columns()) fill(c, i);
    }
  }
  std::set<std::string> segments;

 private:
  static void fill(column& c, std::size_t row) {
    const std::string& name = c.name();
    if (name == "row") return c.push(static_cast<std::int64_t>(row));
    if (name == "effect_mean") return c.push(0.2);
    if (name == "effect_sd") return c.push(0.01);
    if (name == "benefit" || name == "contact_cost") return c.push(std::int64_t{10});
    if (name == "plugin") return c.push(std::string_view("mailer"));
    if (name == "action" || name == "channel" || name == "reason") {
      return c.push(std::string_view("mail"));
    }
    c.push_absent();
  }
};

void run(job&& j) {
  j.run();
}

void run_all(engine& e, mailer& m) {
  run(e.fit({}, {}));
  run(e.score({}));
  run(e.segment({}));
  run(e.decide({&m}, {}));
}

}  // namespace

TEST(engine, goes_from_a_log_to_decisions) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  mailer m;
  run_all(e, m);
  const auto decisions = e.read("decisions");
  EXPECT_EQ(decisions->rows(), e.read("summary")->rows());
  EXPECT_EQ(decisions->rows(), 300U);
  EXPECT_EQ(e.read("scores")->rows(), 300U);
  EXPECT_EQ(e.read("segments")->rows(), 300U);
  EXPECT_EQ(e.read("proposals")->rows(), 300U);
  EXPECT_EQ(e.read("budget")->rows(), 1U);
  EXPECT_GE(e.read("parameters")->rows(), 4U);
  EXPECT_NE(e.read("refusals")->find("reason_code"), nullptr);
  EXPECT_EQ(e.model()->data_fingerprint, e.read("summary")->fingerprint());
}

TEST(engine, reads_back_what_the_jobs_handed_over) {
  const test::temp_folder folder;
  std::map<std::string, std::string> handed;
  mailer m;
  {
    engine e({.path = folder.file("a.clv")});
    ingest(e, log_of(busy_shop()));
    const auto keep = [&](job&& j, const std::string& name) {
      j.run();
      handed[name] = j.result().tables.at("")->fingerprint();
    };
    keep(e.fit({}, {}), "parameters");
    keep(e.score({}), "scores");
    keep(e.segment({}), "segments");
    keep(e.propose({&m}), "proposals");
    keep(e.decide({&m}, {}), "decisions");
  }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  for (const auto& [name, fingerprint] : handed) {
    EXPECT_EQ(reader.read(name)->fingerprint(), fingerprint) << name;
  }
}

TEST(engine, computes_what_the_stateless_verbs_compute) {
  const auto log = log_of(busy_shop());
  engine e({});
  ingest(e, log);
  run(e.fit({}, {}));
  run(e.score({.annual_discount = 0.1}));
  job s = summarize(log, {});
  s.run();
  const auto summary = s.result().tables.at("");
  EXPECT_EQ(e.read("summary")->fingerprint(), summary->fingerprint());
  job scores = score(e.model(), summary, {.annual_discount = 0.1});
  scores.run();
  EXPECT_EQ(e.read("scores")->fingerprint(), scores.result().tables.at("")->fingerprint());
}

TEST(engine, gives_the_same_bits_for_any_order_of_ingest) {
  auto sales = busy_shop();
  engine forward({}), backward({});
  mailer m;
  ingest(forward, log_of(sales));
  std::ranges::reverse(sales);
  ingest(backward, log_of(sales));
  for (engine* e : {&forward, &backward}) run_all(*e, m);
  for (const char* name : {"summary", "parameters", "scores", "segments", "decisions"}) {
    EXPECT_EQ(forward.read(name)->fingerprint(), backward.read(name)->fingerprint()) << name;
  }
}

TEST(engine, keeps_the_end_of_observation_with_the_model) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  const auto times = e.read("transactions");
  const std::int64_t last = std::ranges::max(times->integers("time", type::time));
  run(e.fit({.unit = "day"}, {}));
  EXPECT_EQ(e.model()->as_of_us, last + us_per_day);  // the log's times are midnights
  EXPECT_EQ(e.model()->unit, "day");
  EXPECT_EQ(e.model()->currency, "EUR");
  run(e.fit({.time_zone = "Europe/Kyiv", .as_of_us = 400 * us_per_day}, {}));
  // The civil day of that instant in Kyiv (UTC+3 in 1971) ends at 21:00 UTC.
  EXPECT_EQ(e.model()->as_of_us, 401 * us_per_day - 3 * 3600 * us_per_second);
}

TEST(engine, shows_plugins_the_stored_segment) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  mailer m;
  run(e.fit({}, {}));
  run(e.score({}));
  run(e.propose({&m}));
  EXPECT_TRUE(m.segments.empty());
  run(e.segment({}));
  run(e.propose({&m}));
  const auto stored = e.read("segments");
  std::set<std::string> expected;
  for (std::size_t i = 0; i < stored->rows(); ++i) {
    expected.emplace(stored->get("segment", type::utf8).text(i));
  }
  EXPECT_EQ(m.segments, expected);
}

TEST(engine, says_which_verb_is_missing) {
  engine e({});
  mailer m;
  const auto missing = [](const issue& i) { return std::pair(i.code, i.hint); };
  using expected = std::pair<status, std::string>;
  EXPECT_EQ(missing(error_of([&] { e.fit({}, {}); })), expected(status::state, "run ingest"));
  ingest(e, log_of(busy_shop()));
  EXPECT_EQ(missing(error_of([&] { e.score({}); })), expected(status::state, "run fit"));
  EXPECT_EQ(missing(error_of([&] { e.model(); })), expected(status::state, "run fit"));
  EXPECT_EQ(missing(error_of([&] { e.read("scores"); })), expected(status::state, "run score"));
  run(e.fit({}, {}));
  EXPECT_EQ(missing(error_of([&] { e.segment({}); })), expected(status::state, "run score"));
  EXPECT_EQ(missing(error_of([&] { e.decide({&m}, {}); })), expected(status::state, "run score"));
  EXPECT_EQ(error_of([&] { e.read("weather"); }).code, status::not_found);
}

TEST(engine, does_not_decide_on_outdated_input) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  mailer m;
  run_all(e, m);
  const auto refused = [&](const char* verb) {
    const issue why = error_of([&] { e.decide({&m}, {}); });
    EXPECT_EQ(why.code, status::state) << why.message;
    EXPECT_EQ(why.hint, std::string("run ") + verb) << why.message;
    EXPECT_TRUE(mentions(why.message, "older")) << why.message;
  };
  ingest(e, log_of({{"late", 100, 500, "late"}}));
  refused("fit");
  EXPECT_EQ(e.read("decisions")->rows(), 300U);  // reading goes on
  run(e.fit({}, {}));
  refused("score");
  run(e.score({}));
  refused("segment");
  run(e.segment({}));
  run(e.decide({&m}, {}));
  EXPECT_EQ(e.read("decisions")->rows(), 301U);
}

TEST(engine, stays_fresh_when_a_batch_is_sent_twice) {
  engine e({});
  const auto log = log_of(busy_shop());
  ingest(e, log);
  mailer m;
  run_all(e, m);
  EXPECT_EQ(ingest(e, log).first, 0);
  run(e.decide({&m}, {}));
}

TEST(engine, runs_one_job_at_a_time) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  {
    job first = e.fit({}, {});
    first.step(std::chrono::milliseconds{1});
    EXPECT_EQ(error_of([&] { e.fit({}, {}); }).code, status::conflict);
    EXPECT_EQ(error_of([&] { e.read("transactions"); }).code, status::conflict);
  }
  job second = e.fit({}, {});
  second.run();
  run(e.score({}));  // a finished job holds nothing, though it still exists
  EXPECT_EQ(e.read("scores")->rows(), 300U);
}

TEST(engine, keeps_the_tables_of_before_when_a_verb_is_dropped) {
  engine e({});
  ingest(e, log_of(busy_shop()));
  run(e.fit({}, {}));
  run(e.score({}));
  const std::string before = e.read("scores")->fingerprint();
  int dropped = 0;
  for (int steps = 1;; ++steps) {
    {
      job j = e.score({.annual_discount = 0.3});
      for (int i = 0; i < steps; ++i) j.step(std::chrono::milliseconds{1});
      if (j.finished()) break;
    }
    ++dropped;
    ASSERT_EQ(e.read("scores")->fingerprint(), before);
  }
  EXPECT_GT(dropped, 0);
  EXPECT_NE(e.read("scores")->fingerprint(), before);
}

TEST(engine, opened_read_only_writes_nothing) {
  const test::temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    ingest(e, log_of(busy_shop()));
  }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  run(reader.fit({}, {}));
  EXPECT_EQ(error_of([&] { reader.model(); }).code, status::state);
  EXPECT_EQ(error_of([&] { reader.ingest(log_of({}), {}); }).code, status::state);
  EXPECT_GT(reader.read("transactions")->rows(), 0U);
}
