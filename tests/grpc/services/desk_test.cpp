// DeskService: the digits of libclv's reports on a copy of the store, and what is recorded once.
#include <clv/v1/desk_service.pb.h>
#include <clv/v1/ingest_service.pb.h>

#include <filesystem>
#include <thread>

#include "calls/handles.hpp"
#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string desk_service = "/clv.v1.DeskService/";
constexpr std::int64_t minute = 60'000'000;
constexpr std::int64_t monday = 1'773'651'600'000'000;  // 2026-03-16T09:00Z
constexpr auto as_of = "2026-03-16T15:00:00.000000Z";
constexpr std::int64_t as_of_us = monday + 360 * minute;
constexpr auto rules = R"({"format": "clv.desk/1",
  "policies": [{"name": "all", "first_response": 60, "resolution": 600, "warn_before": [30]}]})";

class desk : public shop {
 protected:
  void SetUp() override {
    open(0);
    tickets();
    agents();
    // Nothing writes now: the file and its log are a store.
    for (const char* part : {"", "-wal"}) std::filesystem::copy_file(store_ + part, before_ + part);
  }

  void ingest(v1::IngestBatchRequest& request, const std::string& schema) {
    request.set_source("crm");
    request.mutable_events()->mutable_facts()->set_name(schema);
    ask<v1::IngestBatchResponse>("/clv.v1.IngestService/IngestBatch", request);
  }
  void tickets() {
    v1::IngestBatchRequest request;
    v1::Table& facts = *request.mutable_events()->mutable_facts();
    std::vector<std::string> ticket, customer, kind;
    std::vector<std::int64_t> time;
    for (int i = 0; i < 12; ++i) {
      ticket.push_back("T" + std::to_string(i));
      customer.push_back("c" + std::to_string(i % 5));
      kind.emplace_back("created");
      time.push_back(monday + i * 7 * minute);
    }
    for (int i = 0; i < 4; ++i) {
      ticket.push_back("T" + std::to_string(i));
      customer.push_back("c" + std::to_string(i % 5));
      kind.emplace_back(i % 2 == 0 ? "message_out" : "resolved");
      time.push_back(monday + (100 + i) * minute);
    }
    add_texts(facts, "ticket", ticket);
    add_texts(facts, "customer", customer);
    add_texts(facts, "kind", kind);
    add_times(facts, "time", time);
    ingest(request, "ticket_events");
  }
  void agents() {
    v1::IngestBatchRequest request;
    add_texts(*request.mutable_events()->mutable_facts(), "agent", {"ann", "bob"});
    ingest(request, "agents");
  }

  template <typename Request>
  static Request with_rules(bool rules_too = true) {
    Request request;
    if (rules_too) request.mutable_query()->set_desk_json(rules);
    request.mutable_query()->set_as_of_us(as_of_us);
    return request;
  }

  // The report on the copy of the store: every table of the answer has its cells.
  void expect_equal(const v1::DeskAnswer& answer,
                    const std::string& report,
                    const std::string& options) {
    using namespace clvd;
    SCOPED_TRACE(report);
    const diag_ptr diag(clv_diag_new());
    auto o = CLV_SIZED(clv_engine_options);
    o.path = before_.c_str();
    clv_engine* opened = nullptr;
    ASSERT_EQ(clv_engine_open(&o, &opened, diag.get()), CLV_OK) << clv_diag_text(diag.get());
    const engine_ptr engine(opened);
    clv_job* begun = nullptr;
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = report.c_str();
    asked.options_json = options.c_str();
    ASSERT_EQ(clv_engine_report_begin(opened, &asked, &begun, diag.get()), CLV_OK)
        << clv_diag_text(diag.get());
    const job_ptr job(begun);
    ASSERT_EQ(clv_job_step(begun, 0, diag.get()), CLV_OK) << clv_diag_text(diag.get());
    ASSERT_GT(answer.tables_size(), 0);
    for (const v1::Table& table : answer.tables()) {
      clv_result* read = nullptr;
      ASSERT_EQ(clv_job_take_result(begun, table.name().c_str(), &read, diag.get()), CLV_OK)
          << table.name();
      const result_ptr expected(read);
      EXPECT_EQ(table.row_count(), clv_result_rows(read)) << table.name();
      expect_equal_table(table, *expected);
    }
    EXPECT_EQ(answer.total_rows(), answer.tables(0).row_count());
  }
  static std::string options_of(const std::string& more = "", bool rules_too = true) {
    return std::string("{\"as_of\":\"") + as_of + "\"" +
           (rules_too ? std::string(",\"desk\":") + rules : "") + more + "}";
  }

  v1::ClaimTicketRequest claim(const std::string& ticket, const std::string& agent) {
    auto request = with_rules<v1::ClaimTicketRequest>();
    request.set_ticket(ticket);
    request.set_agent(agent);
    return request;
  }
};

TEST_F(desk, answers_questions_with_the_digits_of_the_reports) {
  expect_equal(ask<v1::TriageTicketsResponse>(desk_service + "TriageTickets",
                                              with_rules<v1::TriageTicketsRequest>())
                   .answer(),
               "desk_triage",
               options_of());
  expect_equal(
      ask<v1::ListClocksResponse>(desk_service + "ListClocks", with_rules<v1::ListClocksRequest>())
          .answer(),
      "desk_clocks",
      options_of());
  expect_equal(ask<v1::AssignTicketsResponse>(desk_service + "AssignTickets",
                                              with_rules<v1::AssignTicketsRequest>())
                   .answer(),
               "desk_assign",
               options_of());
  expect_equal(ask<v1::ReportPerformanceResponse>(desk_service + "ReportPerformance",
                                                  with_rules<v1::ReportPerformanceRequest>())
                   .answer(),
               "desk_performance",
               options_of());
  auto timeline = with_rules<v1::GetTimelineRequest>(false);
  timeline.set_ticket("T3");
  expect_equal(ask<v1::GetTimelineResponse>(desk_service + "GetTimeline", timeline).answer(),
               "desk_timeline",
               options_of(",\"ticket\":\"T3\"", false));
  timeline.set_customer("c3");
  EXPECT_EQ(refusal(desk_service + "GetTimeline", timeline), "3 FIELD_REQUIRED");
  timeline.clear_ticket();
  expect_equal(ask<v1::GetTimelineResponse>(desk_service + "GetTimeline", timeline).answer(),
               "desk_timeline",
               options_of(",\"customer\":\"c3\"", false));
}

TEST_F(desk, records_with_the_digits_of_the_reports) {
  const auto sweep = ask<v1::SweepTicketsResponse>(desk_service + "SweepTickets",
                                                   with_rules<v1::SweepTicketsRequest>())
                         .answer();
  expect_equal(sweep, "desk_sweep", options_of());
  const auto due =
      ask<v1::TellDueResponse>(desk_service + "TellDue", with_rules<v1::TellDueRequest>());
  if (sweep.recorded_count() == 0) expect_equal(due.answer(), "desk_due", options_of());
  const auto surveys = ask<v1::PlanSurveysResponse>(desk_service + "PlanSurveys",
                                                    with_rules<v1::PlanSurveysRequest>());
  EXPECT_GT(surveys.answer().tables_size(), 0);
  const auto calls = ask<v1::PlanFollowUpsResponse>(desk_service + "PlanFollowUps",
                                                    with_rules<v1::PlanFollowUpsRequest>());
  EXPECT_GT(calls.answer().tables_size(), 0);
}

TEST_F(desk, tells_what_is_due_once) {
  const auto request = with_rules<v1::TellDueRequest>();
  const auto first = ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer();
  EXPECT_GT(first.tables(0).row_count(), 8);
  EXPECT_EQ(first.recorded_count(), first.tables(0).row_count());
  const auto second = ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer();
  EXPECT_EQ(second.tables(0).row_count(), 0);
  EXPECT_EQ(second.recorded_count(), 0);
  stop();
  start();
  EXPECT_EQ(ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer().total_rows(), 0);
}

TEST_F(desk, gives_a_ticket_to_one_of_many_who_ask_at_once) {
  constexpr int rounds = 6;
  for (int round = 0; round < rounds; ++round) {
    const std::string ticket = "T" + std::to_string(4 + round);
    std::vector<v1::ClaimTicketResponse> answers(4);
    std::vector<grpc::Status> statuses(answers.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        statuses[i] = call(*channel_,
                           desk_service + "ClaimTicket",
                           claim(ticket, i % 2 == 0 ? "ann" : "bob"),
                           answers[i]);
      });
    }
    for (std::thread& t : threads) t.join();
    std::string granted;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      ASSERT_TRUE(statuses[i].ok()) << statuses[i].error_message() << log();
      const v1::Table& table = answers[i].answer().tables(0);
      if (column_of(table, "granted")->int64s().values(0) == 0) continue;
      const std::string agent = text_in(table, "agent", 0);
      EXPECT_TRUE(granted.empty() || granted == agent) << ticket;
      granted = agent;
    }
    EXPECT_FALSE(granted.empty()) << ticket;
  }
}

TEST_F(desk, imports_tickets_once_by_request_id) {
  v1::ImportTicketsRequest request;
  request.set_request_id("i1");
  request.set_source("zendesk");
  add_texts(*request.mutable_tickets(), "ticket", {"Z1", "Z2"});
  add_texts(*request.mutable_tickets(), "customer", {"c1", "c2"});
  add_texts(*request.mutable_tickets(), "created", {"2026-03-16 10:00", "2026-03-16 11:00"});
  const auto first = ask<v1::ImportTicketsResponse>(desk_service + "ImportTickets", request);
  EXPECT_GE(first.answer().recorded_count(), 2) << first.ShortDebugString();
  EXPECT_EQ(
      ask<v1::ImportTicketsResponse>(desk_service + "ImportTickets", request).SerializeAsString(),
      first.SerializeAsString());
  request.set_source("other");
  EXPECT_EQ(refusal(desk_service + "ImportTickets", request), "3 REQUEST_ID_REUSED");
  auto triage = with_rules<v1::TriageTicketsRequest>();
  const auto table =
      ask<v1::TriageTicketsResponse>(desk_service + "TriageTickets", triage).answer().tables(0);
  const auto& ids = column_of(table, "ticket")->texts().values();
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "Z1"), 1);
}

TEST_F(desk, gives_a_ticket_once_by_request_id_also_after_a_restart) {
  auto request = with_rules<v1::ClaimTicketRequest>();
  request.set_request_id("c1");
  request.set_ticket("T5");
  request.set_agent("ann");
  const auto first = ask<v1::ClaimTicketResponse>(desk_service + "ClaimTicket", request);
  EXPECT_EQ(first.answer().recorded_count(), 1) << first.ShortDebugString();
  EXPECT_EQ(ask<v1::ClaimTicketResponse>(desk_service + "ClaimTicket", request).SerializeAsString(),
            first.SerializeAsString());
  const auto again = with_rules<v1::SweepTicketsRequest>();
  ask<v1::SweepTicketsResponse>(desk_service + "SweepTickets", again);
  stop();
  start();
  EXPECT_EQ(ask<v1::ClaimTicketResponse>(desk_service + "ClaimTicket", request).SerializeAsString(),
            first.SerializeAsString());
  request.set_agent("bob");
  EXPECT_EQ(refusal(desk_service + "ClaimTicket", request), "3 REQUEST_ID_REUSED");
}

TEST_F(desk, tells_what_is_due_once_by_request_id) {
  auto request = with_rules<v1::TellDueRequest>();
  request.set_request_id("d1");
  const auto first = ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer();
  EXPECT_GT(first.recorded_count(), 0) << first.ShortDebugString();
  EXPECT_EQ(
      ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer().SerializeAsString(),
      first.SerializeAsString());
  request.set_request_id("d2");
  EXPECT_EQ(ask<v1::TellDueResponse>(desk_service + "TellDue", request).answer().recorded_count(),
            0);
}

TEST_F(desk, refuses_what_it_cannot_do) {
  auto request = with_rules<v1::TriageTicketsRequest>();
  request.mutable_query()->set_desk_json("{");
  EXPECT_EQ(refusal(desk_service + "TriageTickets", request), "3 INVALID_VALUE");
  request.mutable_query()->set_desk_json("[]");
  EXPECT_EQ(refusal(desk_service + "TriageTickets", request), "3 INVALID_VALUE");
  request = with_rules<v1::TriageTicketsRequest>();
  request.mutable_query()->set_options_json("{\"no_such_option\": 1}");
  EXPECT_EQ(refusal(desk_service + "TriageTickets", request), "3 INVALID_VALUE");
  request = with_rules<v1::TriageTicketsRequest>();
  request.mutable_query()->set_as_of_us(-1);
  EXPECT_EQ(refusal(desk_service + "TriageTickets", request), "3 INVALID_VALUE");
  request = with_rules<v1::TriageTicketsRequest>();
  request.mutable_query()->mutable_page()->set_page_token("1.x.y.0");
  EXPECT_EQ(refusal(desk_service + "TriageTickets", request), "3 PAGE_TOKEN_INVALID");
  EXPECT_EQ(refusal(desk_service + "ClaimTicket", claim("no such ticket", "ann")),
            "5 NAME_UNKNOWN");
  auto told = with_rules<v1::TellDueRequest>();
  told.mutable_query()->mutable_page()->set_page_token("1.x.y.0");
  EXPECT_EQ(refusal(desk_service + "TellDue", told), "3 PAGE_TOKEN_INVALID");
}

TEST_F(desk, pages_through_its_tickets) {
  auto request = with_rules<v1::TriageTicketsRequest>();
  const auto whole =
      ask<v1::TriageTicketsResponse>(desk_service + "TriageTickets", request).answer().tables(0);
  std::vector<std::string> got;
  request.mutable_query()->mutable_page()->set_page_size(3);
  do {
    const auto answer =
        ask<v1::TriageTicketsResponse>(desk_service + "TriageTickets", request).answer();
    for (int i = 0; i < answer.tables(0).row_count(); ++i) {
      got.push_back(text_in(answer.tables(0), "ticket", i));
    }
    request.mutable_query()->mutable_page()->set_page_token(answer.next_page_token());
  } while (!request.query().page().page_token().empty() && !HasFailure());
  const auto& all = column_of(whole, "ticket")->texts().values();
  EXPECT_EQ(got, std::vector<std::string>(all.begin(), all.end()));
}

}  // namespace
}  // namespace clv::test
