// clv desk: the same answers from files and from a store, what is recorded once, and what a wrong
// call or a broken file is told.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

using arguments = std::vector<std::string>;

// Two open tickets of monday, 2026-03-02, in Berlin's winter time, and two agents.
constexpr const char* events =
    "ticket,customer,time,kind,channel,category,severity,subject,agent,event_id\n"
    "T1,C1,2026-03-02T09:00Z,created,email,billing,low,Invoice question,,e1\n"
    "T2,C2,2026-03-02T09:30Z,created,chat,network,high,Everything is down,,e2\n";
constexpr const char* agents =
    "agent,team,skills,channels,status\n"
    "ann,first,billing:0.9;network,email:3;chat:2,available\n"
    "bob,first,billing;network:0.5,email:3;chat:2,available\n";
constexpr const char* rules = R"({
  "calendars": {"office": {"time_zone": "Europe/Berlin",
                           "week": {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]}}},
  "severities": ["low", "high"],
  "policies": [{"name": "all", "first_response": 60, "resolution": 480, "warn_before": [15]}],
  "priority": {"delay_cost": {"low": 1, "high": 10}},
  "surveys": {"kind": "CSAT"},
  "follow_ups": {"breach": {"within": 60, "owner": "team"}}
})";

class desk : public testing::Test {
 protected:
  const scratch folder_;
  const std::string events_ = folder_.file("events.csv", events);
  const std::string agents_ = folder_.file("agents.csv", agents);
  const std::string rules_ = folder_.file("desk.json", rules);
  const std::string store_ = folder_.path("shop.clv");

  void SetUp() override {
    const std::string log = folder_.file("log.csv",
                                         "customer,time,amount\nC1,2026-01-02,10\n"
                                         "C2,2026-01-03,20\n");
    ASSERT_EQ(run_clv({"import", "--store", store_, "--currency", "EUR", log}).status, 0);
    for (const char* table : {"ticket_events", "agents"}) {
      const std::string file = table == std::string("agents") ? agents_ : events_;
      const outcome o = run_clv({"record", table, file, "--store", store_});
      ASSERT_EQ(o.status, 0) << o.err;
    }
  }

  outcome run(const std::string& verb, const arguments& more) const {
    arguments call{"desk", verb};
    call.insert(call.end(), more.begin(), more.end());
    return run_clv(call);
  }
  // At ten past eleven in Berlin: T1's first hour is over, T2's is not.
  arguments on_store(const arguments& more = {}) const {
    return with({"--store", store_, "--desk", rules_, "--as-of", "2026-03-02T10:10Z"}, more);
  }
  arguments on_files(const arguments& more = {}) const {
    return with(
        {"--input", "ticket_events=" + events_, "--desk", rules_, "--as-of", "2026-03-02T10:10Z"},
        more);
  }
  outcome move(const std::string& file) const {
    return run("move", {file, "--store", store_, "--as-of", "2026-03-02T11:00Z"});
  }
  static arguments with(arguments all, const arguments& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

void expect_success(const outcome& o) {
  EXPECT_EQ(o.status, 0) << o.err;
}

void expect_failure(const outcome& o, int status, const arguments& said) {
  EXPECT_EQ(o.status, status) << o.err;
  for (const std::string& words : said) {
    EXPECT_NE(o.err.find(words), std::string::npos) << words << "\n" << o.err;
  }
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// How many rows the answer recorded; -1 when it says nothing of that.
double accepted(const outcome& o) {
  const auto at = o.out.find("\"recorded\": [");
  if (at == std::string::npos) return -1;
  const double n = json_number(o.out.substr(at), "accepted");
  return n >= 0 ? n : 0;
}

TEST_F(desk, says_the_same_of_files_and_of_a_store) {
  const outcome files = run("triage", on_files({"--json"}));
  const outcome store = run("triage", on_store({"--json"}));
  expect_success(files);
  EXPECT_EQ(files.out, store.out);
  EXPECT_LT(files.out.find("\"T2\""), files.out.find("\"T1\""));  // high and down, before low
}

TEST_F(desk, tells_people_what_comes_first) {
  const outcome o = run("triage", on_store());
  expect_success(o);
  EXPECT_TRUE(holds(o.out, "T2")) << o.out;
  EXPECT_FALSE(holds(o.out, "recorded")) << o.out;
  const outcome one = run("triage", on_store({"--top", "1"}));
  EXPECT_TRUE(holds(one.out, "1 more row")) << one.out;
}

TEST_F(desk, explains_a_due_time) {
  const outcome all = run("clocks", on_store({"--json"}));
  expect_success(all);
  EXPECT_TRUE(holds(all.out, "2026-03-02T10:30:00Z")) << all.out;  // T2 came at 09:30Z
  const outcome one = run("clocks", with({"T1"}, on_store({"--table", "explanation"})));
  expect_success(one);
  EXPECT_TRUE(holds(one.out, "resolution")) << one.out;
}

TEST_F(desk, tells_a_breach_once) {
  const outcome dry = run("due", on_store({"--json", "--dry-run"}));
  expect_success(dry);
  EXPECT_TRUE(holds(dry.out, "\"breach\"")) << dry.out;
  EXPECT_EQ(accepted(dry), -1);
  const outcome first = run("due", on_store({"--json"}));
  expect_success(first);
  EXPECT_TRUE(holds(first.out, "\"breach\"")) << first.out;
  EXPECT_GT(accepted(first), 0);
  const outcome second = run("due", on_store({"--json"}));
  expect_success(second);
  EXPECT_EQ(accepted(second), 0) << second.out;
  EXPECT_FALSE(holds(second.out, "\"breach\"")) << second.out;
}

TEST_F(desk, of_files_records_nothing) {
  const outcome o = run("due", on_files({"--json"}));
  expect_success(o);
  EXPECT_TRUE(holds(o.out, "\"breach\""));
  EXPECT_EQ(accepted(o), -1);
}

TEST_F(desk, gives_a_ticket_to_one_agent_only) {
  const arguments as_of{"--store", store_, "--as-of", "2026-03-02T10:00Z"};
  const outcome ann = run("claim", with({"T1", "--agent", "ann"}, as_of));
  expect_success(ann);
  EXPECT_TRUE(holds(ann.out, "recorded: 1 row of ticket_events")) << ann.out;
  const outcome bob = run("claim", with({"T1", "--agent", "bob", "--json"}, as_of));
  expect_failure(bob, 1, {"refused: "});
  EXPECT_EQ(accepted(bob), 0);
  expect_failure(run("claim", with({"T9", "--agent", "bob"}, as_of)), 1, {"T9"});
  expect_failure(run("claim", with({"T2", "--agent", "eve"}, as_of)), 1, {"eve"});
  expect_failure(run("claim", with({"T2"}, as_of)), 2, {"--agent"});
  expect_failure(run("claim", as_of), 2, {"ticket"});
}

TEST_F(desk, assigns_when_it_is_asked_to) {
  const outcome proposed = run("assign", on_store({"--json"}));
  expect_success(proposed);
  EXPECT_EQ(accepted(proposed), -1);
  const outcome applied = run("assign", on_store({"--json", "--apply"}));
  expect_success(applied);
  EXPECT_EQ(accepted(applied), 2) << applied.out;
  const outcome again = run("assign", on_store({"--json", "--apply"}));
  expect_success(again);
  EXPECT_EQ(accepted(again), 0) << again.out;
}

TEST_F(desk, records_moves_that_are_allowed) {
  const std::string moves = folder_.file(
      "moves.csv", "ticket,customer,time,kind,agent\nT1,C1,2026-03-02T10:00Z,resolved,ann\n");
  const outcome done = move(moves);
  expect_success(done);
  EXPECT_TRUE(holds(done.out, "recorded: 1 row of ticket_events")) << done.out;
  const std::string wrong = folder_.file(
      "wrong.csv", "ticket,customer,time,kind,agent\nT1,C1,2026-03-02T10:05Z,pending,ann\n");
  expect_failure(move(wrong), 1, {"refused: ticket 'T1': pending"});
  const std::string both =
      folder_.file("both.csv",
                   "ticket,customer,time,kind,agent\nT2,C2,2026-03-02T10:05Z,closed,ann\n"
                   "T1,C1,2026-03-02T10:06Z,pending,ann\n");
  expect_failure(move(both), 1, {"1 of 2 were refused", "row 2, ticket 'T1': pending"});
  const std::string broken =
      folder_.file("broken.csv", "ticket,customer,time,kind\nT1,C1,2026-03-02T10:05Z,exploded\n");
  expect_failure(move(broken), 1, {"exploded"});
}

TEST_F(desk, asks_and_looks_after_once) {
  const std::string moves = folder_.file(
      "moves.csv", "ticket,customer,time,kind,agent\nT1,C1,2026-03-02T10:00Z,resolved,ann\n");
  expect_success(move(moves));
  const outcome asked = run("survey", on_store({"--json", "--apply"}));
  expect_success(asked);
  EXPECT_EQ(accepted(asked), 1) << asked.out;
  EXPECT_EQ(accepted(run("survey", on_store({"--json", "--apply"}))), 0);
  const std::string late = "2026-03-02T12:00Z";  // T2 is past its due time
  const arguments later{"--store", store_, "--desk", rules_, "--as-of", late, "--json"};
  expect_success(run("due", later));
  const outcome opened = run("follow-up", with(later, {"--apply"}));
  expect_success(opened);
  EXPECT_GE(accepted(opened), 1) << opened.out;
  EXPECT_EQ(accepted(run("follow-up", with(later, {"--apply"}))), 0);
  expect_success(run("sweep", with(later, {"--apply"})));
}

TEST_F(desk, reports_by_name) {
  expect_success(run("report", on_store()));
  const outcome times = run("report", with({"handle_times"}, on_store({"--json"})));
  expect_success(times);
  EXPECT_TRUE(holds(times.out, "\"report\": \"desk_handle_times\"")) << times.out;
  expect_success(run("report", with({"desk_clocks"}, on_store())));
  const outcome list = run("report", {"--list"});
  expect_success(list);
  EXPECT_TRUE(holds(list.out, "desk_triage"));
  EXPECT_FALSE(holds(list.out, "likelihood_ratio"));
  expect_failure(run("report", with({"horoscope"}, on_store())), 2, {"'desk_horoscope'"});
  expect_failure(run("report", with({"handle_times", "--apply"}, on_store())), 2, {"nothing"});
}

TEST_F(desk, writes_tables_to_files) {
  const std::string file = folder_.path("triage.csv");
  expect_success(run("triage", on_store({"--out", file})));
  EXPECT_EQ(csv_cells(read_all(file)).size(), 3U);
  EXPECT_EQ(run("triage", on_store({"--out", "-"})).out, read_all(file));
  expect_success(
      run("assign", on_files({"--input", "agents=" + agents_, "--out-dir", folder_.path("all")})));
  const auto recorded = csv_cells(read_all(folder_.path("all/ticket_events.csv")));
  ASSERT_EQ(recorded.size(), 3U);
  EXPECT_EQ(recorded[0][0], "ticket");
  const outcome taken = run_clv(
      {"record", "ticket_events", folder_.path("all/ticket_events.csv"), "--store", store_});
  EXPECT_EQ(taken.status, 0) << taken.err;
}

TEST_F(desk, imports_a_table_of_tickets) {
  const std::string tickets = folder_.file(
      "tickets.csv",
      "ticket,customer,created,first_response,resolved,priority\n"
      "A1,C1,2026-02-01 09:00,2026-02-01 10:00,2026-02-01 12:00,High\n"
      "A2,C2,2026-02-01 09:00,2026-02-01 08:00,,Low\n");  // answered before it was asked
  const std::string made = folder_.path("made.clv");
  const outcome o = run("import", {tickets, "--store", made, "--json"});
  expect_success(o);
  EXPECT_GT(accepted(o), 0) << o.out;
  EXPECT_TRUE(holds(o.out, "A2")) << o.out;  // told, not swallowed
  EXPECT_EQ(accepted(run("import", {tickets, "--store", made, "--json"})), 0);
  expect_success(run("report", {"tickets", "--store", made, "--as-of", "last"}));
  expect_success(run("import", {tickets, "--out-dir", folder_.path("events")}));
  EXPECT_GT(csv_cells(read_all(folder_.path("events/ticket_events.csv"))).size(), 3U);
}

TEST_F(desk, names_the_broken_file) {
  const std::string kind = folder_.file(
      "kind.csv",
      "ticket,customer,time,kind\nT1,C1,2026-03-02T09:00Z,created\nT1,C1,2026-03-02T09:10Z,sung\n");
  expect_failure(
      run("triage", {"--input", "ticket_events=" + kind}), 1, {"kind.csv", "'sung'", "2"});
  const std::string column =
      folder_.file("column.csv", "ticket,time,kind\nT1,2026-03-02,created\n");
  expect_failure(
      run("triage", {"--input", "ticket_events=" + column}), 1, {"column.csv", "customer"});
  const std::string time =
      folder_.file("time.csv", "ticket,customer,time,kind\nT1,C1,yesterday,created\n");
  expect_failure(run("triage", {"--input", "ticket_events=" + time}), 1, {"time.csv", "yesterday"});
  expect_failure(
      run("triage", {"--input", "ticket_events=" + folder_.path("no.csv")}), 1, {"no.csv"});
  const std::string empty = folder_.file("empty.csv", "");
  expect_failure(run("import", {empty, "--store", store_}), 1, {"empty.csv"});
  expect_failure(run("due", {"--store", folder_.path("no.clv")}), 1, {"no.clv"});
}

TEST_F(desk, names_the_broken_rules) {
  const auto with_rules = [&](const std::string& json) {
    return run(
        "triage",
        {"--input", "ticket_events=" + events_, "--desk", folder_.file("broken.json", json)});
  };
  expect_failure(with_rules("{"), 1, {"broken.json", "line 1"});
  expect_failure(with_rules(" \n"), 1, {"broken.json is empty"});
  expect_failure(with_rules(R"({"severities": ["mild"]})"),
                 1,
                 {"row 1, ticket 'T1', column 'severity': 'low'", "(mild)"});
  expect_failure(with_rules(R"({"calendar": "night"})"), 1, {"broken.json: $.calendar is"});
  expect_failure(with_rules(R"({"policies": [{"name": "a", "first_reply": 5}]})"),
                 1,
                 {"broken.json: $.policies[0].first_reply", "known: name"});
  expect_failure(with_rules(R"({"calendars": {"a": {"week": {"mon": ["17:00-09:00"]}}}})"),
                 1,
                 {"broken.json: $.calendars.a.week.mon[0] is \"17:00-09:00\""});
  expect_failure(
      run("triage", {"--input", "ticket_events=" + events_, "--desk", folder_.path("no.json")}),
      1,
      {"no.json"});
}

TEST_F(desk, tells_wrong_calls_what_was_wrong) {
  expect_failure(run_clv({"desk"}), 2, {"needs a verb", "--help"});
  expect_failure(run_clv({"desk", "dance"}), 2, {"dance"});
  expect_failure(run("triage", {}), 2, {"ticket_events=FILE"});
  expect_failure(run("triage", on_files({"--input", "costs=" + events_})), 2, {"'costs'"});
  expect_failure(run("triage", on_files({"--option", "colour=red"})), 2, {"'colour'"});
  expect_failure(run("triage", on_files({"--option", "desk={}"})), 2, {"--desk"});
  expect_failure(run("assign", on_files({"--input", "agents=" + agents_, "--apply"})),
                 2,
                 {"--apply needs --store"});
  expect_failure(
      run("triage", {"--input", "ticket_events=" + events_, "--as-of", "soon"}), 2, {"--as-of"});
  expect_failure(run("triage", on_files({"--table", "nosuch"})), 2, {"'nosuch'", "main"});
  expect_failure(run("import", {}), 2, {"file"});
  expect_failure(run("card", {"--store", store_}), 2, {"TICKET or --customer"});
  const outcome due = run("due", {"--input", "ticket_events=" + events_});
  expect_success(due);
  EXPECT_TRUE(holds(due.err, "no policies")) << due.err;
}

TEST_F(desk, each_verb_helps_itself) {
  const outcome all = run_clv({"desk", "--help"});
  expect_success(all);
  for (const char* verb : {"import",
                           "triage",
                           "clocks",
                           "due",
                           "assign",
                           "claim",
                           "move",
                           "sweep",
                           "survey",
                           "follow-up",
                           "report",
                           "card"}) {
    EXPECT_TRUE(holds(all.out, verb)) << verb;
    const outcome one = run_clv({"desk", verb, "--help"});
    expect_success(one);
    EXPECT_TRUE(holds(one.out, "Example:\n  clv desk " + std::string(verb))) << one.out;
  }
}

TEST_F(desk, records_the_tables_of_the_desk) {
  const std::string clock = folder_.file(
      "clock_events.csv",
      "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes,event_id\n"
      "T1,C1,2026-03-02T10:00Z,first_response,breach,2026-03-02T09:00Z,60,60,x1\n");
  const std::string follow =
      folder_.file("follow_ups.csv",
                   "follow_up,customer,time,kind,event_id\nF1,C1,2026-03-02T10:00Z,opened,y1\n");
  const std::string same = folder_.file("identities.csv",
                                        "customer,identity,time,kind,linked,event_id\n"
                                        "C1,mail:c1,2026-03-01,email,1,z1\n");
  for (const auto& [table, file] : std::vector<std::pair<std::string, std::string>>{
           {"clock_events", clock}, {"follow_ups", follow}, {"identities", same}}) {
    const outcome o = run_clv({"record", table, file, "--store", store_, "--json"});
    EXPECT_EQ(o.status, 0) << o.err;
    EXPECT_EQ(json_number(o.out, "accepted"), 1) << table;
    const outcome again = run_clv({"record", table, file, "--store", store_, "--json"});
    EXPECT_EQ(json_number(again.out, "duplicates"), 1) << table;
  }
}

}  // namespace
}  // namespace clv::test
