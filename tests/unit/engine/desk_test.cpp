// The desk on a store: what is recorded of it, whose it is, and claims that cannot both win.
#include "crm.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::facts_of;
using clv::test::mentions;
using clv::test::record;

namespace {

constexpr std::int64_t minute = 60 * us_per_second;

std::shared_ptr<const table> event_rows(const std::vector<std::string>& rows) {
  return facts_of("ticket_events", "ticket,customer,time,kind,channel,agent,event_id", rows);
}

std::string desk_at(std::int64_t minutes) {
  return std::to_string(minutes * minute);
}

// Two tickets of one customer, one by mail from an address of hers.
void open_two_tickets(engine& e) {
  record(e,
         "ticket_events",
         event_rows({"T1,ann," + desk_at(10) + ",created,chat,,e1",
                     "T2,mail:ann," + desk_at(20) + ",created,email,,e2"}));
  record(e, "agents", facts_of("agents", "agent,team", {"bob,first", "eve,first"}));
}

std::string claim_options(const std::string& ticket, const std::string& agent) {
  return R"({"ticket":")" + ticket + R"(","agent":")" + agent +
         R"(","as_of":"1970-01-01T01:00:00Z"})";
}

struct claimed {
  std::int64_t granted = 0, accepted = 0;
  std::string code;
};

claimed claim(engine& e, const std::string& ticket, const std::string& agent) {
  job j = e.apply("desk_claim", {}, claim_options(ticket, agent), {.source = "desk"});
  j.run();
  const table& said = *j.result().tables.at("");
  const table& recorded = *j.result().tables.at("recorded");
  claimed c{.granted = said.integers("granted", type::i64)[0],
            .code = std::string(said.get("code", type::utf8).text(0))};
  for (const std::int64_t n : recorded.integers("accepted", type::i64)) c.accepted += n;
  return c;
}

std::size_t rows_of(engine& e, const std::string& name) {
  return e.read(name)->rows();
}

std::set<std::string> told_tables(engine& e, const std::string& customer) {
  job j = e.export_customer(customer);
  j.run();
  std::set<std::string> names;
  for (const auto& [name, rows] : j.result().tables) names.insert(name);
  return names;
}

}  // namespace

TEST(engine_desk, of_an_agent_the_given_columns_count_over_earlier_ones) {
  engine e({});
  record(e, "agents", facts_of("agents", "agent,team,skills", {"bob,first,billing:0.5"}));
  EXPECT_EQ(record(e, "agents", facts_of("agents", "agent,status", {"bob,absent"})).first, 1);
  EXPECT_EQ(record(e, "agents", facts_of("agents", "agent,status", {"bob,absent"})).second, 1);
  const auto agents = e.read("agents");
  ASSERT_EQ(agents->rows(), 1U);
  EXPECT_EQ(agents->get("skills", type::utf8).text(0), "billing:0.5");
  EXPECT_EQ(agents->get("status", type::utf8).text(0), "absent");
}

TEST(engine_desk, names_the_row_and_the_word_that_it_does_not_know) {
  engine e({});
  const auto complaint = [&](const std::string& name, const std::string& columns, const char* row) {
    return error_of([&] { record(e, name, facts_of(name, columns, {row})); }).message;
  };
  const std::string kind =
      complaint("ticket_events", "ticket,customer,time,kind", "T1,ann,5,vanished");
  EXPECT_TRUE(mentions(kind, "row 1, column 'kind': 'vanished'")) << kind;
  const std::string status = complaint("agents", "agent,status", "bob,asleep");
  EXPECT_TRUE(mentions(status, "row 1, column 'status': 'asleep'")) << status;
  const std::string minutes =
      complaint("ticket_events", "ticket,customer,time,kind,minutes", "T1,ann,5,worked,-3");
  EXPECT_TRUE(mentions(minutes, "row 1, column 'minutes': -3")) << minutes;
  const std::string linked = complaint("identities", "customer,identity,time,linked", "a,b,5,2");
  EXPECT_TRUE(mentions(linked, "row 1, column 'linked': 2")) << linked;
}

TEST(engine_desk, exports_a_customer_with_her_addresses_and_forgets_them_together) {
  engine e({});
  open_two_tickets(e);
  record(e, "ticket_events", event_rows({"T3,zoe,70,created,email,,e3"}));
  record(e,
         "identities",
         facts_of("identities",
                  "customer,identity,time,linked,event_id",
                  {"ann,mail:ann,5,1,i1", "mail:ann,chat:ann,6,1,i2"}));
  record(e, "ticket_events", event_rows({"T4,chat:ann,80,created,chat,,e4"}));
  job told = e.export_customer("ann");
  told.run();
  EXPECT_EQ(told.result().tables.at("ticket_events")->rows(), 3U);
  EXPECT_EQ(told.result().tables.at("identities")->rows(), 2U);  // each link once
  EXPECT_EQ(told.result().tables.at("identity")->rows(), 3U);
  job gone = e.forget_customer("ann");
  gone.run();
  const auto left = e.read("ticket_events");
  ASSERT_EQ(left->rows(), 1U);
  EXPECT_EQ(left->get("customer", type::utf8).text(0), "zoe");
  EXPECT_EQ(error_of([&] { e.export_customer("chat:ann"); }).code, status::not_found);
}

TEST(engine_desk, leaves_an_address_alone_whose_link_was_taken_back) {
  engine e({});
  open_two_tickets(e);
  record(e,
         "identities",
         facts_of("identities",
                  "customer,identity,time,linked,event_id",
                  {"ann,mail:ann,5,1,i1", "ann,mail:ann,9,0,i2"}));
  job told = e.export_customer("ann");
  told.run();
  EXPECT_EQ(told.result().tables.at("ticket_events")->rows(), 1U);
  e.forget_customer("ann").run();
  EXPECT_EQ(told_tables(e, "mail:ann").count("ticket_events"), 1U);
}

// As the desk reads the links: taking eve's back leaves ann's as if eve's had never been.
TEST(engine_desk, gives_an_address_back_to_whom_it_was_linked_before) {
  engine e({});
  open_two_tickets(e);
  record(e,
         "identities",
         facts_of("identities",
                  "customer,identity,time,linked,event_id",
                  {"ann,mail:ann,5,1,i1", "eve,mail:ann,6,1,i2", "eve,mail:ann,7,0,i3"}));
  job told = e.export_customer("ann");
  told.run();
  EXPECT_EQ(told.result().tables.at("ticket_events")->rows(), 2U);
  e.forget_customer("ann").run();
  EXPECT_EQ(error_of([&] { e.export_customer("mail:ann"); }).code, status::not_found);
}

TEST(engine_desk, leaves_an_address_to_whom_it_was_linked_last) {
  engine e({});
  open_two_tickets(e);
  record(e,
         "identities",
         facts_of("identities",
                  "customer,identity,time,linked,event_id",
                  {"ann,mail:ann,5,1,i2", "eve,mail:ann,5,1,i1", "mail:ann,mail:ann,9,1,i3"}));
  e.forget_customer("eve").run();
  EXPECT_EQ(told_tables(e, "ann").count("ticket_events"), 1U);
  job told = e.export_customer("ann");
  told.run();
  EXPECT_EQ(told.result().tables.at("ticket_events")->rows(), 2U);
}

// What the desk recorded while the link stood is of the address that wrote, not of whom it was
// linked to: else a ticket of nobody would be left with ann.
TEST(engine_desk, leaves_nothing_of_a_forgotten_address_with_whom_it_was_linked_to) {
  engine e({});
  open_two_tickets(e);
  const auto link = [&](const char* row) {
    record(
        e, "identities", facts_of("identities", "customer,identity,time,linked,event_id", {row}));
  };
  link("ann,mail:ann,5,1,i1");
  EXPECT_EQ(claim(e, "T2", "bob").granted, 1);
  e.apply("desk_due",
          {},
          R"({"as_of":"1970-01-01T02:00:00Z","desk":{"policies":[{"name":"p","resolution":5}]}})",
          {.source = "desk"})
      .run();
  ASSERT_EQ(rows_of(e, "clock_events"), 2U);  // a breach of each ticket
  link("ann,mail:ann,6,0,i2");
  e.forget_customer("mail:ann").run();
  for (const char* name : {"ticket_events", "clock_events"}) {
    const auto left = e.read(name);
    ASSERT_EQ(left->rows(), 1U) << name;
    EXPECT_EQ(left->get("ticket", type::utf8).text(0), "T1") << name;
  }
}

TEST(engine_desk, grants_a_ticket_to_one_of_two_who_claim_it) {
  engine e({});
  open_two_tickets(e);
  const claimed first = claim(e, "T1", "bob");
  EXPECT_EQ(first.granted, 1) << first.code;
  EXPECT_EQ(first.accepted, 1);
  const claimed second = claim(e, "T1", "eve");
  EXPECT_EQ(second.granted, 0);
  EXPECT_EQ(second.accepted, 0);
  EXPECT_NE(second.code, "");
  const claimed again = claim(e, "T1", "bob");
  EXPECT_EQ(again.granted, 1);
  EXPECT_EQ(again.accepted, 0) << "it was recorded before";
  EXPECT_EQ(rows_of(e, "ticket_events"), 3U);
}

TEST(engine_apply, says_which_reports_record_something) {
  engine e({});
  const issue why = error_of([&] { e.apply("equity", {}, "", {}); });
  EXPECT_EQ(why.code, status::invalid);
  EXPECT_TRUE(mentions(why.hint, "desk_claim")) << why.hint;
}

TEST(engine_apply, leaves_the_file_alone_when_it_fails_or_is_cancelled) {
  engine e({});
  open_two_tickets(e);
  EXPECT_NE(error_of([&] {
              e.apply("desk_claim", {}, claim_options("no such ticket", "bob"), {}).run();
            }).code,
            status::ok);
  {
    job j = e.apply("desk_claim", {}, claim_options("T1", "bob"), {});
    j.cancel();
    EXPECT_EQ(error_of([&] { j.run(); }).code, status::cancelled);
  }
  // What the report says is checked like what a host records: this claim lies in the future.
  const ingest_options early{.source = "desk", .now_us = 30 * minute};
  const issue why =
      error_of([&] { e.apply("desk_claim", {}, claim_options("T1", "bob"), early).run(); });
  EXPECT_TRUE(mentions(why.message, "lies in the future")) << why.message;
  EXPECT_EQ(rows_of(e, "ticket_events"), 2U);
  EXPECT_EQ(claim(e, "T1", "eve").granted, 1);
}

TEST(engine_apply, says_what_it_would_record_on_a_read_only_store) {
  const test::temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    open_two_tickets(e);
  }
  engine e({.path = path, .read_only = true});
  const auto before = e.read("ticket_events");
  job j = e.apply("desk_claim", {}, claim_options("T1", "bob"), {.source = "desk"});
  j.run();
  EXPECT_EQ(j.result().tables.at("")->integers("granted", type::i64)[0], 1);
  EXPECT_EQ(e.read("ticket_events")->fingerprint(), before->fingerprint());
}
