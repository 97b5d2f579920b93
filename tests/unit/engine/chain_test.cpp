// The whole chain through one store: history to scores, decisions under a policy, what came of
// them, the lift, an experiment's effects as evidence, decisions made with it, and the receipts of
// all of it, before and after a customer is forgotten.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "crm.hpp"
#include "retention/experiments/holdout.hpp"

using namespace clv;
using clv::test::crm_mailer;
using clv::test::crm_now;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::mentions;
using clv::test::record;

namespace {

using tables = std::map<std::string, std::shared_ptr<const table>, std::less<>>;

constexpr double value_of_mail = 5, paid = 0.25;

tables answer(job j) {
  j.run();
  return j.result().tables;
}

std::string_view text(const table& t, std::string_view name, std::size_t row) {
  const column& c = t.get(name, type::utf8);
  return c.present(row) ? c.text(row) : std::string_view();
}

double cell(const table& t, std::string_view name, std::size_t row) {
  const column& c = t.get(name, type::f64);
  EXPECT_TRUE(c.present(row)) << name << " of row " << row;
  return c.numbers()[row];
}

// The shop four times over: enough customers for two arms.
std::vector<test::sale> big_shop() {
  std::vector<test::sale> all;
  for (const char* copy : {"a", "b", "c", "d"}) {
    for (test::sale s : test::busy_shop()) {
      s.customer = copy + s.customer;
      s.event_id = copy + s.event_id;
      all.push_back(s);
    }
  }
  return all;
}

decide_options at(std::int64_t now_us) {
  return {.z = 0.5,
          .holdout_share = 0.3,
          .holdout_salt = "chain",
          .now_us = now_us,
          .policy = R"({"holdouts": [{"action": "mail", "share": 0.2, "salt": "mail-1"}],
                        "explore": {"share": 0.2, "method": "uniform"}})"};
}

std::shared_ptr<const table> decide(engine& e, std::int64_t now_us, bool what_if = false) {
  crm_mailer m;
  return answer(e.decide({&m}, at(now_us), what_if)).at("");
}

// Ten days later: what a customer is worth anyway, by a hash, and 5 EUR more with the mail, which
// cost 25 cents.
std::shared_ptr<table> outcomes_of(const table& decided, std::int64_t now_us) {
  std::vector<std::string> rows;
  const std::string time = std::to_string(now_us + 10 * us_per_day);
  for (std::size_t i = 0; i < decided.rows(); ++i) {
    const std::string who(text(decided, "customer", i)), id(text(decided, "decision_id", i));
    const bool mailed = !text(decided, "action", i).empty();
    const auto luck = static_cast<int>(retention::salted_hash("luck", who) % 1000);
    const auto row = [&](const char* kind, double value) {
      rows.push_back(id + "," + who + "," + time + "," + kind + "," + std::to_string(value) + "," +
                     id + kind);
    };
    row("response", luck < (mailed ? 500 : 300) ? 1 : 0);
    row("value", 0.01 * luck + (mailed ? value_of_mail : 0));
    if (mailed) row("cost", paid);
  }
  return facts_of("outcomes", "decision_id,customer,time,kind,value,event_id", rows);
}

void open_shop(engine& e) {
  test::ingest(e, test::log_of(big_shop()));
  e.fit({}, {}).run();
  e.score({.margin = 0.4}).run();
  e.segment({}).run();
}

// Half of them are known to the CRM.
void record_customers(engine& e) {
  std::vector<std::string> rows;
  for (int c = 1000; c < 1300; ++c) {
    for (const char* copy : {"a", "b"}) {
      rows.push_back(copy + ("c" + std::to_string(c)) + "," + std::to_string(c % 7) +
                     (c % 3 == 0 ? ",Lviv" : ",Kyiv"));
    }
  }
  record(e, "customers", facts_of("customers", "customer,orders,attr.city", rows));
}

tables report_on(engine& e,
                 std::string_view name,
                 const std::string& options,
                 report_inputs more = {}) {
  return answer(e.report(name, std::move(more), options));
}

std::size_t row_of(const table& t, std::string_view kind, std::string_view group) {
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (text(t, "kind", i) == kind && text(t, "group", i) == group) return i;
  }
  ADD_FAILURE() << "no row " << kind << " " << group;
  return 0;
}

// matches of rows
std::pair<std::int64_t, std::size_t> replayed(engine& e) {
  const auto rows = answer(e.replay()).at("");
  std::int64_t matches = 0;
  for (const std::int64_t m : rows->integers("matches", type::i64)) matches += m;
  return {matches, rows->rows()};
}

const std::string window = R"({"window_days": 20})";
constexpr std::int64_t later = crm_now + 40 * us_per_day;

}  // namespace

TEST(chain, lift_finds_what_the_mail_is_worth) {
  engine e({});
  open_shop(e);
  const auto decided = decide(e, crm_now);
  record(e, "outcomes", outcomes_of(*decided, crm_now));
  decide(e, later);  // makes the first run's windows pass
  const tables lift = report_on(e, "lift", window);
  const table& rows = *lift.at("");
  const std::size_t mail = row_of(rows, "action", "mailer/mail");
  EXPECT_EQ(text(rows, "status", mail), "OK") << text(rows, "verdict", mail);
  EXPECT_LE(cell(rows, "sequence_lower", mail), value_of_mail - paid);
  EXPECT_GE(cell(rows, "sequence_upper", mail), value_of_mail - paid);
  EXPECT_LE(cell(rows, "response_lower", mail), 0.2);
  EXPECT_GE(cell(rows, "response_upper", mail), 0.2);
  // Of those not held out of everything some were drawn to get nothing, or held out of the mail:
  // their share of the system's lift is missing, and none of it is the holdout's.
  const std::size_t all = row_of(rows, "system", "all");
  EXPECT_EQ(text(rows, "status", all), "OK") << text(rows, "verdict", all);
  double mailed = 0;
  for (std::size_t i = 0; i < decided->rows(); ++i) {
    mailed += text(*decided, "action", i).empty() ? 0 : 1;
  }
  const double expected = (value_of_mail - paid) * mailed / cell(rows, "treated", all);
  EXPECT_LE(cell(rows, "sequence_lower", all), expected);
  EXPECT_GE(cell(rows, "sequence_upper", all), expected);
}

// The receipts say with which shares it was decided: nobody has to repeat the policy.
TEST(chain, lift_expects_the_split_that_the_receipts_state) {
  engine e({});
  open_shop(e);
  record(e, "outcomes", outcomes_of(*decide(e, crm_now), crm_now));
  decide(e, later);
  const tables lift = report_on(e, "lift", window);
  const table& split = *lift.at("sample_ratio");
  EXPECT_NEAR(
      cell(split, "expected_share", row_of(split, "action", "mailer/mail")), 1 - .7 * .8, 1e-12);
  EXPECT_NEAR(cell(split, "expected_share", row_of(split, "system", "all")), .3, 1e-12);
  std::size_t held = 0;
  const auto log = e.read("decision_log");
  for (std::size_t i = 0; i < log->rows() / 2; ++i) {
    held += retention::held_out(retention::salted_hash("chain", text(*log, "customer", i)), .3);
  }
  EXPECT_EQ(cell(split, "held_out", row_of(split, "system", "all")), static_cast<double>(held));
}

TEST(chain, effects_of_the_logged_decisions_become_the_evidence_of_the_next) {
  engine e({});
  open_shop(e);
  record_customers(e);
  record(e, "outcomes", outcomes_of(*decide(e, crm_now), crm_now));
  const auto before = decide(e, later);
  const tables joined = report_on(e, "logged_experiment", window);
  EXPECT_NE(joined.at("")->find("segment"), nullptr);
  const tables effects = report_on(e,
                                   "effects",
                                   R"({"value": 20, "covariates": ["orders", "attr.city"]})",
                                   {.tables = {{"experiment", joined.at("")}}});
  const table& found = *effects.at("");
  std::size_t overall = 0;  // beside it the segments that are large enough
  while (overall < found.rows() && !text(found, "segment", overall).empty()) ++overall;
  ASSERT_LT(overall, found.rows());
  EXPECT_EQ(text(found, "action", overall), "mail");
  EXPECT_NEAR(cell(found, "effect_mean", overall), 0.2, 3 * cell(found, "effect_sd", overall));
  EXPECT_LT(cell(found, "effect_sd", overall), 0.06);
  auto evidence = std::make_shared<table>(found);
  record(e, "evidence", evidence);
  const auto decided = decide(e, later + us_per_day);
  std::size_t own = 0;
  for (std::size_t i = 0; i < decided->rows(); ++i) {
    if (text(*decided, "action", i).empty()) continue;
    EXPECT_TRUE(text(*decided, "evidence", i).starts_with("own_")) << text(*decided, "evidence", i);
    ++own;
  }
  EXPECT_GT(own, 0U);
  EXPECT_EQ(text(*decided, "prev_hash", 0), text(*before, "chain_hash", before->rows() - 1));
  EXPECT_EQ(replayed(e), (std::pair<std::int64_t, std::size_t>(3600, 3600)));
}

TEST(chain, off_policy_judges_mailing_nobody_by_the_logged_propensities) {
  engine e({});
  open_shop(e);
  const auto decided = decide(e, crm_now);
  record(e, "outcomes", outcomes_of(*decided, crm_now));
  decide(e, later);
  const tables joined = report_on(e, "logged_experiment", window);
  const auto rows = report_on(e,
                              "off_policy",
                              R"({"policy": "always:none", "estimators": ["ips", "snips"]})",
                              {.tables = {{"log", joined.at("log")}}})
                        .at("");
  double anyway = 0;
  for (std::size_t i = 0; i < decided->rows(); ++i) {
    anyway += 0.01 * static_cast<double>(
                         retention::salted_hash("luck", text(*decided, "customer", i)) % 1000);
  }
  anyway /= static_cast<double>(decided->rows());
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    EXPECT_EQ(text(*rows, "status", i), "OK") << text(*rows, "reason", i);
    EXPECT_NEAR(cell(*rows, "value", i), anyway, 3 * cell(*rows, "standard_error", i));
  }
}

TEST(chain, a_forgotten_customer_leaves_a_chain_that_still_replays) {
  engine e({});
  open_shop(e);
  record(e, "outcomes", outcomes_of(*decide(e, crm_now), crm_now));
  decide(e, later);
  const std::string who(text(*e.read("decision_log"), "customer", 500));
  const tables exported = answer(e.export_customer(who));
  const tables forgotten = answer(e.forget_customer(who));
  EXPECT_EQ(exported.at("")->fingerprint(), forgotten.at("")->fingerprint());
  EXPECT_EQ(error_of([&] { e.export_customer(who).run(); }).code, status::not_found);
  EXPECT_EQ(replayed(e), (std::pair<std::int64_t, std::size_t>(2400, 2400)));
  const tables lift = report_on(e, "lift", window);
  EXPECT_EQ(text(*lift.at(""), "status", 0), "OK");
  EXPECT_EQ(cell(*lift.at("left_out"), "count", 2), 2);
  e.fit({}, {}).run();
  e.score({.margin = 0.4}).run();
  e.segment({}).run();
  decide(e, later + us_per_day);
  EXPECT_EQ(replayed(e), (std::pair<std::int64_t, std::size_t>(3599, 3599)));
}

TEST(chain, what_if_leaves_every_byte_of_the_file) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  const auto bytes = [&path] {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  {
    engine e({.path = path});
    open_shop(e);
    decide(e, crm_now);
  }
  const std::string before = bytes();
  {
    engine e({.path = path});
    EXPECT_EQ(decide(e, later, true)->rows(), 1200U);
  }
  EXPECT_EQ(bytes(), before);
  engine reader({.path = path, .read_only = true});
  EXPECT_EQ(decide(reader, later, true)->rows(), 1200U);
  EXPECT_EQ(bytes(), before);
}
