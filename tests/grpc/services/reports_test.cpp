// ReportService: every report of the catalogue, with nothing and with the caller's tables.
#include <clv/v1/report_service.pb.h>

#include <cstdlib>

#include "calls/handles.hpp"
#include "calls/tables.hpp"
#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

const std::string run = "/clv.v1.ReportService/RunReport";
const std::string reports_list = "/clv.v1.ReportService/ListReports";

class reports : public shop {
 protected:
  // Not a bug's code, and not without a reason.
  void expect_told(const v1::RunReportRequest& request) {
    const std::string told = refusal(run, request);
    for (const char* code : {"2 ", "12 ", "13 ", "14 ", "15 "}) {
      EXPECT_FALSE(told.starts_with(code)) << request.report() << ": " << told << log();
    }
    EXPECT_TRUE(told.starts_with("0 ") || told.size() > 3) << request.report() << ": " << told;
  }
  static v1::Table tickets() {
    v1::Table table;
    table.set_name("ticket_events");
    constexpr std::int64_t monday = 1'773'651'600'000'000;
    add_texts(table, "ticket", {"T1", "T2", "T3", "T1"});
    add_texts(table, "customer", {"a", "b", "a", "a"});
    add_texts(table, "kind", {"created", "created", "created", "message_out"});
    add_times(
        table, "time", {monday, monday + 60'000'000, monday + 120'000'000, monday + 180'000'000});
    return table;
  }
};

TEST_F(reports, of_the_catalogue_are_told_apart_from_bugs_whatever_they_lack) {
  if (std::getenv("CLV_ALL_REPORTS") == nullptr) {
    GTEST_SKIP() << "half a minute: tests/run.sh --long sets CLV_ALL_REPORTS";
  }
  open(40);
  const auto catalogue = ask<v1::ListReportsResponse>(reports_list, v1::ListReportsRequest());
  const auto& names = column_of(catalogue.reports(), "name")->texts().values();
  ASSERT_GT(names.size(), 50);
  for (const std::string& name : names) {
    v1::RunReportRequest request;
    request.set_report(name);
    expect_told(request);  // on the store
    request.set_stateless(true);
    expect_told(request);
    for (int i = 0; i < catalogue.inputs().row_count(); ++i) {
      if (text_in(catalogue.inputs(), "report", i) != name) continue;
      request.add_inputs()->set_name(text_in(catalogue.inputs(), "table", i));
    }
    expect_told(request);
  }
  EXPECT_EQ(log().find("\"incident\""), std::string::npos) << log();
}

TEST_F(reports, on_the_callers_tables_are_those_of_libclv) {
  open(0);
  v1::RunReportRequest request;
  request.set_report("desk_triage");
  request.set_options_json(R"({"as_of":"2026-03-17"})");
  request.set_stateless(true);
  *request.add_inputs() = tickets();
  const auto response = ask<v1::RunReportResponse>(run, request);

  using namespace clvd;
  const table_batch rows(request.inputs(0), "inputs[0]");
  const clv_named_batch input{"ticket_events", &rows.batch()};
  clv_job* begun = nullptr;
  clv_report_options asked = CLV_SIZED(clv_report_options);
  asked.report = request.report().c_str();
  asked.options_json = request.options_json().c_str();
  asked.inputs = &input;
  asked.n_inputs = 1;
  ASSERT_EQ(clv_report_begin(&asked, &begun, nullptr), CLV_OK);
  const job_ptr job(begun);
  ASSERT_EQ(clv_job_step(begun, 0, nullptr), CLV_OK);
  ASSERT_GT(response.tables(0).row_count(), 1);
  for (const v1::Table& table : response.tables()) {
    clv_result* read = nullptr;
    ASSERT_EQ(clv_job_take_result(begun, table.name().c_str(), &read, nullptr), CLV_OK);
    const result_ptr expected(read);
    EXPECT_EQ(table.row_count(), clv_result_rows(read));
    expect_equal_table(table, *expected);
    if (table.name().empty()) {
      EXPECT_EQ(response.fingerprint(), clv_result_fingerprint(read));
    }
  }
}

// A model of the caller's takes the store's place, which must not go unnoticed.
TEST_F(reports, say_whether_they_read_the_store) {
  open(40);
  v1::RunReportRequest request;
  request.set_report("value_totals");
  EXPECT_FALSE(ask<v1::RunReportResponse>(run, request).stateless());
  request.set_model_json(model_json());
  EXPECT_EQ(refusal(run, request).substr(0, 2), "3 ");  // it has no summary now
  request = {};
  request.set_report("desk_triage");
  request.set_options_json(R"({"as_of":"2026-03-17"})");
  *request.add_inputs() = tickets();
  EXPECT_FALSE(ask<v1::RunReportResponse>(run, request).stateless());
  request.set_stateless(true);
  EXPECT_TRUE(ask<v1::RunReportResponse>(run, request).stateless());
  request.set_stateless(false);
  request.set_model_json(model_json());
  EXPECT_TRUE(ask<v1::RunReportResponse>(run, request).stateless());
}

TEST_F(reports, are_paged_by_their_main_table) {
  open(0);
  v1::RunReportRequest request;
  request.set_report("desk_triage");
  request.set_options_json(R"({"as_of":"2026-03-17"})");
  request.set_stateless(true);
  *request.add_inputs() = tickets();
  request.mutable_page()->set_page_size(2);
  const auto first = ask<v1::RunReportResponse>(run, request);
  EXPECT_EQ(first.tables(0).row_count(), 2);
  EXPECT_EQ(first.total_rows(), 3);
  request.mutable_page()->set_page_token(first.next_page_token());
  const auto second = ask<v1::RunReportResponse>(run, request);
  ASSERT_EQ(second.tables_size(), 1);
  EXPECT_EQ(second.tables(0).row_count(), 1);
  EXPECT_TRUE(second.next_page_token().empty());
  request.set_options_json(R"({"as_of":"2026-03-18"})");
  EXPECT_EQ(refusal(run, request), "3 PAGE_TOKEN_INVALID");
}

TEST_F(reports, refuse_tables_that_do_not_hold_together) {
  open(0);
  v1::RunReportRequest request;
  EXPECT_EQ(refusal(run, request), "5 NAME_UNKNOWN");
  request.set_report("desk_triage");
  request.set_stateless(true);
  *request.add_inputs() = tickets();
  request.mutable_inputs(0)->clear_name();
  EXPECT_EQ(refusal(run, request), "3 FIELD_REQUIRED");
  *request.mutable_inputs(0) = tickets();
  request.mutable_inputs(0)->set_row_count(5);
  EXPECT_EQ(refusal(run, request), "3 INVALID_VALUE");
  request.mutable_inputs(0)->clear_columns();
  EXPECT_EQ(refusal(run, request), "3 INVALID_VALUE");
  *request.mutable_inputs(0) = tickets();
  request.mutable_inputs(0)->mutable_columns(0)->add_absent_rows(4);
  EXPECT_EQ(refusal(run, request), "3 INVALID_VALUE");
  *request.mutable_inputs(0) = tickets();
  request.mutable_inputs(0)->mutable_columns(0)->clear_values();
  EXPECT_EQ(refusal(run, request), "3 FIELD_REQUIRED");
  *request.mutable_inputs(0) = tickets();
  request.set_model_json("{");
  EXPECT_EQ(refusal(run, request).substr(0, 2), "3 ");
}

}  // namespace
}  // namespace clv::test
