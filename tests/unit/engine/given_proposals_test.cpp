// Deciding with proposals that were made elsewhere, on the candidates that the store hands out.
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

void prepare(engine& e) {
  ingest(e, log_of(busy_shop()));
  test::record_everything(e);
  e.fit({}, {}).run();
  e.score({}).run();
  e.segment({}).run();
}

std::shared_ptr<const table> proposals_of(engine& e, crm_mailer& m) {
  job j = e.propose({&m});
  j.run();
  return j.result().tables.at("");
}

std::vector<std::string> texts(const table& t, const char* name) {
  std::vector<std::string> all;
  const column& c = t.get(name, type::utf8);
  for (std::size_t i = 0; i < c.size(); ++i) all.emplace_back(c.text(i));
  return all;
}

void expect_same_decisions(const table& a, const table& b) {
  for (const char* name : {"customer", "arm", "reason_code", "plugin", "action"}) {
    EXPECT_EQ(texts(a, name), texts(b, name)) << name;
  }
  const auto left = a.get("net", type::f64).numbers();
  const auto right = b.get("net", type::f64).numbers();
  EXPECT_TRUE(std::ranges::equal(left, right));
}

// Rows of `from` in the order of `rows`, with another value in one cell.
std::shared_ptr<table> picked(const table& from, const std::vector<std::size_t>& rows) {
  auto t = std::make_shared<table>();
  for (const column& c : from.columns()) {
    column& to = t->add(c.name(), c.kind(), c.unit());
    for (const std::size_t row : rows) {
      if (!c.present(row)) {
        to.push_absent();
      } else if (c.kind() == type::utf8) {
        to.push(c.text(row));
      } else if (c.kind() == type::f64) {
        to.push(c.numbers()[row]);
      } else {
        to.push(c.integers()[row]);
      }
    }
  }
  return t;
}

template <typename Value>
void overwrite(table& t, const std::string& name, std::size_t row, Value value) {
  column changed(name, t.find(name)->kind(), t.find(name)->unit());
  for (std::size_t i = 0; i < t.rows(); ++i) {
    const column& c = *t.find(name);
    if (i == row) {
      changed.push(value);
    } else if (!c.present(i)) {
      changed.push_absent();
    } else if constexpr (std::is_same_v<Value, double>) {
      changed.push(c.numbers()[i]);
    } else if constexpr (std::is_same_v<Value, std::int64_t>) {
      changed.push(c.integers()[i]);
    } else {
      changed.push(c.text(i));
    }
  }
  *t.find(name) = std::move(changed);
}

}  // namespace

TEST(candidates, are_the_scores_with_segments_and_the_customers_own_columns) {
  const test::temp_folder folder;
  engine e({.path = folder.file("a.clv")});
  prepare(e);
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  const auto candidates = reader.read("candidates");
  EXPECT_EQ(candidates->rows(), reader.read("scores")->rows());
  for (const char* name : {"clv", "p_alive", "segment", "csat", "order_value", "attr.city"}) {
    EXPECT_NE(candidates->find(name), nullptr) << name;
  }
  crm_mailer m;
  proposals_of(reader, m);
  std::set<std::string> names;
  for (const column& c : candidates->columns()) names.insert(c.name());
  EXPECT_EQ(names, m.seen);
  EXPECT_EQ(candidates->fingerprint(), e.read("candidates")->fingerprint());
}

TEST(given_proposals, decide_as_those_of_a_plugin_do) {
  engine asked({}), given({});
  prepare(asked);
  prepare(given);
  crm_mailer m;
  asked.decide({&m}, {.now_us = crm_now}).run();
  given.decide({}, {.now_us = crm_now, .proposals = asked.read("proposals")}).run();
  expect_same_decisions(*given.read("decisions"), *asked.read("decisions"));
  job replayed = given.replay();
  replayed.run();
  EXPECT_TRUE(mentions(replayed.result().notes.at(0).message, "byte for byte"));
}

TEST(given_proposals, are_placed_by_customer_whatever_their_row_says) {
  engine asked({}), given({});
  prepare(asked);
  prepare(given);
  crm_mailer m;
  const auto made = proposals_of(asked, m);
  std::vector<std::size_t> backwards;
  for (std::size_t i = made->rows(); i > 0; --i) backwards.push_back(i - 1);
  const auto turned = picked(*made, backwards);
  overwrite(*turned, "row", 0, std::int64_t{7});
  overwrite(*turned, "row", 1, std::int64_t{-1});
  asked.decide({&m}, {.now_us = crm_now}).run();
  given.decide({}, {.now_us = crm_now, .proposals = turned}).run();
  expect_same_decisions(*given.read("decisions"), *asked.read("decisions"));
}

TEST(given_proposals, come_after_those_of_plugins) {
  engine e({});
  prepare(e);
  crm_mailer m;
  const auto one = picked(*proposals_of(e, m), {5});
  e.decide({&m}, {.now_us = crm_now, .proposals = one}).run();
  const auto all = e.read("proposals");
  EXPECT_EQ(all->rows(), 301U);
  EXPECT_EQ(all->integers("row", type::i64)[300], 5);
}

TEST(given_proposals, that_cannot_be_taken_are_left_out_and_named) {
  engine e({});
  prepare(e);
  crm_mailer m;
  const auto rows = picked(*proposals_of(e, m), {0, 1, 2, 3, 4});
  overwrite(*rows, "customer", 1, std::string_view("nobody"));
  overwrite(*rows, "effect_mean", 2, 1.5);
  overwrite(*rows, "benefit", 3, std::int64_t{-4});
  overwrite(*rows, "reason", 4, std::string_view(""));
  job j = e.decide({}, {.now_us = crm_now, .proposals = rows});
  j.run();
  EXPECT_EQ(e.read("proposals")->rows(), 1U);
  const issues& notes = j.result().notes;
  ASSERT_EQ(notes.size(), 4U);
  EXPECT_EQ(notes[0].row, 1);
  EXPECT_EQ(notes[0].column, "customer");
  EXPECT_TRUE(mentions(notes[0].message, "row 2 of the given proposals")) << notes[0].message;
  EXPECT_TRUE(mentions(notes[0].message, "'nobody'")) << notes[0].message;
  EXPECT_TRUE(mentions(notes[1].message, "'effect_mean' is 1.5")) << notes[1].message;
  EXPECT_TRUE(mentions(notes[2].message, "'benefit' is -4")) << notes[2].message;
  EXPECT_TRUE(mentions(notes[3].message, "'reason' is empty")) << notes[3].message;
}

// The store keeps what was stated: receipt, log and replay go by it.
TEST(given_proposals, that_state_the_chance_of_their_response_are_decided_and_replayed_by_it) {
  engine e({});
  prepare(e);
  crm_mailer m;
  const auto rows = picked(*proposals_of(e, m), {0, 1});
  overwrite(*rows, "response_p0", 0, .125);
  overwrite(*rows, "response_p0", 1, 1.5);
  job j = e.decide({}, {.now_us = crm_now, .proposals = rows});
  j.run();
  const auto& notes = j.result().notes;
  EXPECT_TRUE(std::ranges::any_of(notes, [](const issue& n) { return n.column == "response_p0"; }));
  const auto log = e.read("decision_log");
  const std::span<const double> p0 = log->numbers("p0");
  EXPECT_EQ(std::ranges::count(p0, .125), 1);
  job again = e.replay();
  again.run();
  EXPECT_TRUE(mentions(again.result().notes.at(0).message, "byte for byte"));
}

TEST(given_proposals, in_another_currency_are_an_error) {
  engine e({});
  prepare(e);
  crm_mailer m;
  const auto rows = picked(*proposals_of(e, m), {0});
  rows->find("benefit")->set_unit("USD");
  job j = e.decide({}, {.now_us = crm_now, .proposals = rows});
  const issue refused = error_of([&] { j.run(); });
  EXPECT_EQ(refused.code, status::data);
  EXPECT_TRUE(mentions(refused.message, "USD")) << refused.message;
}

TEST(given_proposals, without_a_column_they_need_are_refused_at_once) {
  engine e({});
  prepare(e);
  auto rows = std::make_shared<table>();
  rows->add("row", type::i64).push(std::int64_t{0});
  EXPECT_EQ(error_of([&] { e.decide({}, {.proposals = rows}); }).code, status::invalid);
}
