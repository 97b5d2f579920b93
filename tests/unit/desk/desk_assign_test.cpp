// Which agent for which ticket: the reports desk_assign and desk_match.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "desk/routing/matching.hpp"
#include "features/cells.hpp"
#include "math/random.hpp"
#include "routing_support.hpp"

namespace clv {
namespace {

using test::number;
using test::options;
using test::row_of;
using test::run_report;
using test::table_of;
using test::text;

constexpr const char* some_events =
    R"(ticket,customer,time,kind,channel,agent,category,severity,language
T1,ada,2026-03-02T09:00Z,created,chat,,vpn,high,de
T2,bob,2026-03-02T09:05Z,created,mail,,billing,low,en
T3,cid,2026-03-02T09:10Z,created,chat,,vpn,low,fr
T4,bob,2026-03-02T08:00Z,created,mail,,billing,low,en
T4,bob,2026-03-02T08:05Z,assigned,,olga,,,
T4,bob,2026-03-02T08:30Z,message_out,,olga,,,
T4,bob,2026-03-02T08:31Z,resolved,,olga,,,
T5,eve,2026-03-02T09:00Z,created,chat,,vpn,low,de
T5,eve,2026-03-02T09:01Z,assigned,,anna,,,
)";
constexpr const char* some_agents = R"(agent,team,skills,languages,channels
anna,first,vpn:0.8,de;en,chat:2
bert,first,vpn:0.6;billing:0.7,de;en,chat:1;mail:5
olga,second,billing:0.7,en,mail:5
)";
constexpr const char* rules = R"({"severities": ["low", "high"],
  "priority": {"delay_cost": {"low": 1, "high": 5}}})";
constexpr const char* now = R"("as_of": "2026-03-02T10:00Z")";

report_inputs inputs(std::string_view log = some_events, std::string_view who = some_agents) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(log, "ticket_events");
  in.tables["agents"] = table_of(who, "agents");
  return in;
}

TEST(desk_assign, gives_each_ticket_to_who_fits_best_and_says_why) {
  const outcome o = run_report(desk_assign_report, inputs(), options(rules, now));
  ASSERT_EQ(o.tables.at("")->rows(), 2U);
  const std::size_t t1 = row_of(o, "T1"), t2 = row_of(o, "T2");
  EXPECT_EQ(text(o, "agent", t1), "bert") << "anna's chats are half full: 0.8 - 0.25 < 0.6";
  EXPECT_EQ(text(o, "reason", t1),
            "vpn 0.6, speaks de, 0 % of the capacity in use, the best of 2 who may take it");
  EXPECT_EQ(number(o, "rank", t1), 1);
  EXPECT_EQ(text(o, "agent", t2), "olga") << "she answered bob before";
  EXPECT_EQ(number(o, "relationship", t2), 0.3);
  EXPECT_DOUBLE_EQ(number(o, "fit", t2), 0.7 + 0.3);
  EXPECT_NE(text(o, "reason", t2).find("answered this customer before"), std::string::npos);
  ASSERT_EQ(o.tables.at("unassigned")->rows(), 1U);
  EXPECT_EQ(text(o, "ticket", 0, "unassigned"), "T3");
  EXPECT_EQ(text(o, "code", 0, "unassigned"), "LANGUAGE");
  EXPECT_EQ(text(o, "reason", 0, "unassigned"),
            "2 agents have skill 'vpn', none of them speaks fr");
}

TEST(desk_assign, records_what_it_gave_and_gives_it_once) {
  report_inputs in = inputs();
  const outcome o = run_report(desk_assign_report, in, options(rules, now));
  const std::size_t t1 = row_of(o, "T1", "ticket", "events");
  EXPECT_EQ(text(o, "kind", t1, "events"), "assigned");
  EXPECT_EQ(text(o, "agent", t1, "events"), "bert");
  EXPECT_EQ(text(o, "team", t1, "events"), "first");
  EXPECT_EQ(text(o, "event_id", t1, "events"), "assigned/T1/2026-03-02T10:00:00Z");
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *o.tables.at("events"));
  const outcome again = run_report(desk_assign_report, in, options(rules, now));
  EXPECT_EQ(again.tables.at("")->rows(), 0U) << "they are no longer without an agent";
  EXPECT_EQ(again.tables.at("events")->rows(), 0U);
  EXPECT_EQ(again.tables.at("unassigned")->rows(), 1U);
}

TEST(desk_assign, considers_only_so_many_of_the_most_urgent) {
  const outcome o = run_report(
      desk_assign_report, inputs(), options(rules, std::string(now) + R"(, "tickets": 1)"));
  ASSERT_EQ(o.tables.at("")->rows(), 1U);
  EXPECT_EQ(text(o, "ticket"), "T1");
  const std::size_t t2 = row_of(o, "T2", "ticket", "unassigned");
  EXPECT_EQ(text(o, "code", t2, "unassigned"), "LATER");
}

TEST(desk_assign, online_gives_the_most_urgent_the_best_and_batch_weighs_all_together) {
  // For a both are good, b only has anna. One after the other a takes her.
  report_inputs in;
  in.tables["tickets"] = table_of("ticket,urgency,skill\na,1.1,x\nb,1,y\n");
  in.tables["agents"] =
      table_of("agent,skills,max_tickets\nanna,x:0.9;y:0.9,1\nbert,x:0.8,1\n", "agents");
  const char* when = R"({"as_of": "2026-03-02T10:00Z", "mode": "online"})";
  const outcome one = run_report(desk_match_report, in, when);
  EXPECT_EQ(one.tables.at("")->rows(), 1U);
  EXPECT_EQ(text(one, "agent"), "anna");
  EXPECT_EQ(text(one, "code", 0, "unassigned"), "MAX_TICKETS");
  const outcome all = run_report(desk_match_report, in, R"({"as_of": "2026-03-02T10:00Z"})");
  ASSERT_EQ(all.tables.at("")->rows(), 2U);
  EXPECT_EQ(text(all, "agent", 0), "bert");
  EXPECT_EQ(text(all, "reason", 0),
            "x 0.8, 0 % of the capacity in use, the best for all tickets together, 2 may take it");
  EXPECT_EQ(text(all, "agent", 1), "anna");
}

TEST(desk_match, says_when_more_urgent_tickets_took_the_places) {
  report_inputs in;
  in.tables["tickets"] = table_of("ticket,urgency\na,1\nb,9\n");
  in.tables["agents"] = table_of("agent,max_tickets\nanna,1\n", "agents");
  const outcome o = run_report(desk_match_report, in, R"({"as_of": "2026-03-02T10:00Z"})");
  EXPECT_EQ(text(o, "ticket"), "b");
  EXPECT_EQ(text(o, "code", 0, "unassigned"), "TAKEN");
  EXPECT_EQ(text(o, "reason", 0, "unassigned"),
            "1 agent may take it, but what they have room for went to other tickets");
}

TEST(desk_match, serves_first_who_waited_beyond_the_bound) {
  report_inputs in;
  in.tables["tickets"] = table_of("ticket,urgency,beyond_bound\na,1000,0\nb,1,1\n");
  in.tables["agents"] = table_of("agent,max_tickets\nanna,1\n", "agents");
  for (const char* mode : {"batch", "online"}) {
    const outcome o =
        run_report(desk_match_report,
                   in,
                   R"({"as_of": "2026-03-02T10:00Z", "mode": ")" + std::string(mode) + "\"}");
    ASSERT_EQ(o.tables.at("")->rows(), 1U);
    EXPECT_EQ(text(o, "ticket"), "b") << mode;
  }
}

TEST(desk_match, shares_equal_tickets_among_equal_agents) {
  std::string csv = "ticket\n";
  for (int i = 0; i < 12; ++i) csv += "t" + std::to_string(i) + "\n";
  report_inputs in;
  in.tables["tickets"] = table_of(csv);
  in.tables["agents"] = table_of("agent\na\nb\nc\n", "agents");
  in.tables["held"] = table_of("agent\nc\nc\nc\n");
  for (const char* mode : {"batch", "online"}) {
    const outcome o =
        run_report(desk_match_report,
                   in,
                   R"({"as_of": "2026-03-02T10:00Z", "mode": ")" + std::string(mode) + "\"}");
    std::map<std::string, int> n;
    for (std::size_t row = 0; row < 12; ++row) ++n[text(o, "agent", row)];
    EXPECT_EQ(n, (std::map<std::string, int>{{"a", 5}, {"b", 5}, {"c", 2}})) << mode;
  }
}

TEST(desk_match, refuses_what_it_cannot_use) {
  report_inputs in;
  in.tables["tickets"] = table_of("ticket,urgency\na,1\nb,-1\n");
  in.tables["agents"] = table_of("agent\nanna\n", "agents");
  const auto says = [&](std::string_view given) {
    return test::complaint_of([&] { run_report(desk_match_report, in, given); });
  };
  const char* when = R"({"as_of": "2026-03-02T10:00Z"})";
  EXPECT_NE(says("").find("as_of"), std::string::npos);
  EXPECT_NE(says(when).find("row 2, column 'urgency'"), std::string::npos) << says(when);
  in.tables["tickets"] = table_of("ticket,urgency\na,1e308\nb,1\n");
  EXPECT_NE(says(when).find("row 1, column 'urgency'"), std::string::npos) << says(when);
  in.tables["tickets"] = table_of("ticket,urgency\na,1\nb,1\n");
  in.tables["held"] = table_of("agent\nzoe\n");
  EXPECT_NE(says(when).find("zoe"), std::string::npos);
  EXPECT_NE(says(R"({"as_of": "2026-03-02", "mode": "best"})").find("mode"), std::string::npos);
}

TEST(desk_assign, counts_what_customers_said_of_agents_drawn_towards_the_team) {
  report_inputs in = inputs();
  std::string csv = "customer,time,kind,score,ticket,agent\n";
  for (int i = 0; i < 40; ++i) {
    const std::string who = "x" + std::to_string(i);
    csv += who + ",2026-03-01T09:00Z,CSAT," + (i % 8 == 0 ? "3" : "5") + ",,anna\n";
    csv += who + ",2026-03-01T09:00Z,CSAT," + (i % 8 == 0 ? "3" : "1") + ",,bert\n";
    csv += who + ",2026-03-01T09:00Z,CSAT," + (i % 2 == 0 ? "3" : "4") + ",,olga\n";
  }
  in.tables["feedback"] = table_of(csv, "feedback");
  const outcome o = run_report(desk_assign_report, in, options(rules, now));
  const std::size_t t1 = row_of(o, "T1");
  EXPECT_EQ(text(o, "agent", t1), "anna") << "customers are much happier with her";
  EXPECT_GT(number(o, "satisfaction", t1), 0);
  EXPECT_LT(number(o, "satisfaction", t1), 0.3 * 0.5) << "less than the plain difference";
  EXPECT_NE(text(o, "reason", t1).find("satisfaction above the team's"), std::string::npos);
}

TEST(desk_assign, counts_paused_tickets_for_max_tickets_but_not_for_the_channel) {
  const auto code = [](const char* state, const char* limits) {
    const std::string log =
        "ticket,customer,time,kind,channel,agent\n"
        "T1,ada,2026-03-02T09:00Z,created,chat,\nT1,ada,2026-03-02T09:01Z,assigned,,anna\n"
        "T1,ada,2026-03-02T09:02Z," +
        std::string(state) + ",,anna\nT2,bob,2026-03-02T09:03Z,created,chat,\n";
    const std::string who = "agent,channels,max_tickets\nanna," + std::string(limits) + "\n";
    const outcome o = run_report(desk_assign_report, inputs(log, who), options("{}", now));
    const bool given = o.tables.at("")->rows() == 1;
    return given ? "to " + text(o, "agent") : text(o, "code", 0, "unassigned");
  };
  EXPECT_EQ(code("opened", "chat:1,"), "CAPACITY");
  EXPECT_EQ(code("waiting_customer", "chat:1,"), "to anna");
  EXPECT_EQ(code("waiting_customer", ",1"), "MAX_TICKETS");
  EXPECT_EQ(code("resolved", "chat:1,1"), "to anna");
}

TEST(desk_assign, lets_nobody_wait_beyond_the_bound_while_there_is_an_agent) {
  const char* log =
      "ticket,customer,time,kind,severity\n"
      "T1,ada,2026-03-01T09:00Z,created,low\nT2,bob,2026-03-02T09:55Z,created,high\n"
      "T3,cid,2026-03-01T08:00Z,created,low\n";
  const char* bound = R"({"severities": ["low", "high"],
    "priority": {"delay_cost": {"low": 1, "high": 5000}, "max_wait": 1440}})";
  for (const char* mode : {"batch", "online"}) {
    const outcome o = run_report(desk_assign_report,
                                 inputs(log, "agent,max_tickets\nanna,1\nbert,1\n"),
                                 options(bound, std::string(now) + R"(, "mode": ")" + mode + "\""));
    ASSERT_EQ(o.tables.at("")->rows(), 2U) << mode;
    EXPECT_EQ(text(o, "ticket", 0), "T3") << mode << ": it waits longest";
    EXPECT_EQ(text(o, "ticket", 1), "T1") << mode;
    EXPECT_EQ(text(o, "ticket", 0, "unassigned"), "T2") << mode;
    EXPECT_EQ(text(o, "code", 0, "unassigned"),
              mode == std::string("batch") ? "TAKEN" : "MAX_TICKETS");
  }
}

// What others do (reference, 7.5): round robin or fewest open, whoever opens a ticket has it. No
// skill is asked there; here nobody gets what they cannot do, however free they are.
TEST(desk_assign, gives_nothing_to_the_least_busy_who_cannot_do_it) {
  report_inputs in;
  in.tables["tickets"] = table_of("ticket,skill\na,vpn\n");
  in.tables["agents"] = table_of("agent,skills\nbusy,vpn\nfree,cars\n", "agents");
  in.tables["held"] = table_of("agent\nbusy\nbusy\nbusy\nbusy\nbusy\n");
  const outcome o = run_report(desk_match_report, in, R"({"as_of": "2026-03-02T10:00Z"})");
  EXPECT_EQ(text(o, "agent"), "busy");
}

// --- no rule is ever broken ---------------------------------------------------------------------

struct random_desk {
  std::string tickets = "ticket,urgency,skill,language,channel,beyond_bound\n";
  std::string agents = "agent,skills,languages,channels,status,until,calendar,max_tickets\n";
  std::string held = "agent,channel\n";
};

random_desk draw(std::uint64_t seed) {
  random_source random(seed, 9);
  const auto pick = [&](std::initializer_list<const char*> words) {
    return std::string(words.begin()[random.bits() % words.size()]);
  };
  random_desk d;
  const auto agents = 1 + random.bits() % 5;
  for (std::uint64_t a = 0; a < agents; ++a) {
    const std::string id = "a" + std::to_string(a);
    d.agents += id + "," + pick({"", "x", "x:0.5;y:0.2", "y:0.9"}) + "," +
                pick({"", "de", "en;de"}) + "," + pick({"", "chat:1", "chat:2;mail:1.5"}) + "," +
                pick({"", "", "available", "away", "absent", "deleted"}) + "," +
                pick({"", "2026-03-02T10:00Z", "2026-03-02T11:00Z"}) + "," +
                pick({"", "", "office", "night"}) + "," + pick({"", "0", "1", "3"}) + "\n";
    for (auto n = random.bits() % 3; n > 0; --n) {
      d.held += id + "," + pick({"", "chat", "mail"}) + "\n";
    }
  }
  const auto tickets = random.bits() % 9;
  for (std::uint64_t t = 0; t < tickets; ++t) {
    d.tickets += "t" + std::to_string(t) + "," + pick({"0", "0.5", "1", "30"}) + "," +
                 pick({"", "x", "y"}) + "," + pick({"", "de", "en"}) + "," +
                 pick({"", "chat", "mail"}) + "," + pick({"0", "0", "0", "1"}) + "\n";
  }
  return d;
}

constexpr const char* two_calendars = R"({"calendars": {
    "office": {"time_zone": "UTC", "week": {"mon": ["09:00-17:00"]}},
    "night": {"time_zone": "UTC", "week": {"mon": ["20:00-24:00"]}}}, "calendar": "office",
  "routing": {"channel_units": {"mail": 0.5}}})";

// The rules once more, from the table's texts: nothing of the code under test.
class checker {
 public:
  checker(const table& agents, const table& held) : agents_(agents) {
    for (std::size_t row = 0; row < held.rows(); ++row) {
      take(features::text_at(*held.find("agent"), row),
           features::text_at(*held.find("channel"), row));
    }
  }
  void take(const std::string& agent, const std::string& channel) {
    ++tickets_[agent];
    units_[agent + "/" + channel] += channel == "mail" ? 0.5 : 1;
  }
  // "" when the agent may take one more.
  std::string objection(const std::string& agent,
                        const std::string& skill,
                        const std::string& language,
                        const std::string& channel) const {
    std::size_t row = 0;
    while (agents_.find("agent")->text(row) != agent) ++row;
    const auto cell = [&](const char* name) { return features::text_at(*agents_.find(name), row); };
    const std::string status = cell("status"), until = cell("until");
    const bool back = status != "deleted" && agents_.find("until")->present(row) &&
                      agents_.find("until")->integers()[row] <= test::at("2026-03-02T10:00Z");
    if (!status.empty() && status != "available" && !back) return "status";
    if (cell("calendar") == "night") return "hours";
    if (!skill.empty() && !cell("skills").empty() &&
        cell("skills").find(skill) == std::string::npos)
      return "skill";
    if (!language.empty() && !cell("languages").empty() &&
        cell("languages").find(language) == std::string::npos)
      return "language";
    const std::string most = cell("max_tickets");
    const auto held = tickets_.find(agent);
    if (!most.empty() && held != tickets_.end() && held->second + 1 > std::stoi(most))
      return "max_tickets";
    if (!most.empty() && std::stoi(most) == 0) return "max_tickets";
    const std::string channels = cell("channels");
    if (channel.empty() || channels.empty()) return "";
    const auto there = channels.find(channel + ":");
    if (there == std::string::npos) return "channel";
    const double capacity = channels.substr(there + channel.size() + 1, 3) == "1.5"
                                ? 1.5
                                : channels[there + channel.size() + 1] - '0';
    const auto used = units_.find(agent + "/" + channel);
    const double after = (used == units_.end() ? 0 : used->second) + (channel == "mail" ? 0.5 : 1);
    return after > capacity + 1e-9 ? "capacity" : "";  // whole halves: rounding is no issue
  }

 private:
  const table& agents_;
  std::map<std::string, int> tickets_;
  std::map<std::string, double> units_;
};

TEST(desk_match, breaks_no_rule_and_leaves_nobody_idle_in_thousands_of_cases) {
  std::size_t given = 0, left = 0;
  for (std::uint64_t seed = 0; seed < 2500; ++seed) {
    const random_desk d = draw(seed);
    report_inputs in;
    in.tables["tickets"] = table_of(d.tickets);
    in.tables["agents"] = table_of(d.agents, "agents");
    in.tables["held"] = table_of(d.held);
    const std::string mode = seed % 2 == 0 ? "batch" : "online";
    const outcome o = run_report(
        desk_match_report,
        in,
        options(two_calendars, R"("as_of": "2026-03-02T10:00Z", "mode": ")" + mode + "\""));
    checker rules_of(*in.tables.at("agents"), *in.tables.at("held"));
    const table& t = *in.tables.at("tickets");
    ASSERT_EQ(o.tables.at("")->rows() + o.tables.at("unassigned")->rows(), t.rows());
    const auto words = [&](const std::string& ticket) {
      std::size_t row = 0;
      while (t.find("ticket")->text(row) != ticket) ++row;
      return std::array{features::text_at(*t.find("skill"), row),
                        features::text_at(*t.find("language"), row),
                        features::text_at(*t.find("channel"), row)};
    };
    for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
      const auto w = words(text(o, "ticket", row));
      const std::string agent = text(o, "agent", row);
      ASSERT_EQ(rules_of.objection(agent, w[0], w[1], w[2]), "")
          << "seed " << seed << ", " << text(o, "ticket", row) << " to " << agent;
      rules_of.take(agent, w[2]);
      ++given;
    }
    for (std::size_t row = 0; row < o.tables.at("unassigned")->rows(); ++row) {
      const auto w = words(text(o, "ticket", row, "unassigned"));
      const table& a = *in.tables.at("agents");
      for (std::size_t i = 0; i < a.rows(); ++i) {
        ASSERT_NE(rules_of.objection(std::string(a.find("agent")->text(i)), w[0], w[1], w[2]), "")
            << "seed " << seed << ": " << a.find("agent")->text(i) << " could take "
            << text(o, "ticket", row, "unassigned");
      }
      ++left;
    }
  }
  EXPECT_GT(given, 2000U);
  EXPECT_GT(left, 2000U) << "the cases must be hard ones";
}

// Batch by its definition, tried out: the total of urgency x (1 + load + satisfaction + fit), every
// ticket in every order to every agent, the load that of the desk as it fills.
struct tried {
  const desk::desk_policy& policy;
  const std::vector<desk::agent>& agents;
  const std::vector<desk::demand>& demands;
  double best = 0;

  void run(desk::staff& who, std::vector<bool>& done, double total) {
    best = std::max(best, total);
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (done[i]) continue;
      for (std::size_t a = 0; a < agents.size(); ++a) {
        if (who.may_take(demands[i], a) != desk::refusal::none) continue;
        const double fit = who.fit(demands[i], a).fit();
        const double worth =
            demands[i].urgency * (1 + policy.routing.load + policy.routing.satisfaction + fit);
        done[i] = true;
        who.take(a, demands[i].channel);
        run(who, done, total + worth);
        who.give_back(a, demands[i].channel);
        done[i] = false;
      }
    }
  }
};

TEST(matching, in_a_batch_is_as_good_as_trying_everything) {
  const auto policy = desk::read_desk_policy("{}");
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    random_source random(seed, 4);
    const auto pick = [&](std::initializer_list<const char*> words) {
      return std::string(words.begin()[random.bits() % words.size()]);
    };
    std::string csv = "agent,skills,channels,max_tickets\n";
    for (int a = 0; a < 2; ++a) {
      csv += std::to_string(a) + "," + pick({"", "x:0.4;y", "y:0.7"}) + "," +
             pick({"", "chat:1;mail:2", "chat:2"}) + "," + pick({"", "1", "2"}) + "\n";
    }
    const auto agents = test::agents_of(csv);
    std::vector<desk::demand> demands;
    for (auto n = 1 + random.bits() % 4; n > 0; --n) {
      demands.push_back({.ticket = std::to_string(n),
                         .customer = "c",
                         .channel = pick({"chat", "mail"}),
                         .skill = pick({"", "x", "y"}),
                         .language = "",
                         .urgency = 1 + double(random.bits() % 4),
                         .taken_from = ""});
    }
    desk::staff who(agents, policy, 0), other(agents, policy, 0);
    desk::matching found(who, demands, desk::match_mode::batch);
    while (found.advance() < 1) {
    }
    double total = 0;
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (!found.of(i)) continue;
      total += demands[i].urgency *
               (1 + policy.routing.load + policy.routing.satisfaction + found.of(i)->parts.fit());
    }
    tried all{policy, agents, demands};
    std::vector<bool> done(demands.size());
    all.run(other, done, 0);
    // Each pair's worth is rounded to 2^-20 of the largest fit.
    ASSERT_NEAR(total, all.best, 1e-4) << "seed " << seed << "\n" << csv;
  }
}

}  // namespace
}  // namespace clv
