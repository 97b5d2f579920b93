#include "clv/report.hpp"

#include "crm.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::mentions;

namespace {

std::string fingerprint_of(job&& j) {
  j.run();
  return j.result().tables.at("")->fingerprint();
}

}  // namespace

TEST(engine_report, reads_what_is_stored) {
  engine e({});
  test::fill(e);
  report_inputs same;
  same.tables.emplace("scores", e.read("scores"));
  EXPECT_EQ(fingerprint_of(e.report("equity", {}, "")),
            fingerprint_of(begin_report("equity", std::move(same), "")));
}

TEST(engine_report, takes_what_is_given_instead) {
  engine e({});
  test::fill(e);
  auto half = std::make_shared<table>();
  column& clv = half->add("clv", type::f64, "EUR");
  for (int i = 0; i < 10; ++i) clv.push(1.0 + i);
  half->seal("ten customers");
  report_inputs given;
  given.tables.emplace("scores", half);
  const std::string other = fingerprint_of(e.report("equity", given, ""));
  EXPECT_EQ(other, fingerprint_of(begin_report("equity", given, "")));
  EXPECT_NE(other, fingerprint_of(e.report("equity", {}, "")));
}

TEST(engine_report, brings_the_latest_model) {
  engine e({});
  test::fill(e);
  report_inputs given;
  given.tables.emplace("summary", e.read("summary"));
  given.model = e.model();
  EXPECT_EQ(fingerprint_of(e.report("customer_reasons", {}, "")),
            fingerprint_of(begin_report("customer_reasons", std::move(given), "")));
}

TEST(engine_report, reads_recorded_facts_where_the_report_takes_them) {
  engine e({});
  test::fill(e);
  EXPECT_NE(fingerprint_of(e.report("issue_pareto", {}, "")), "");
}

TEST(engine_report, says_what_to_run_first) {
  engine e({});
  EXPECT_EQ(error_of([&] { e.report("equity", {}, ""); }).hint, "run score");
  EXPECT_EQ(error_of([&] { e.report("weather", {}, ""); }).code, status::not_found);
}

TEST(engine_report, is_refused_while_a_job_is_unfinished_and_writes_nothing) {
  const test::temp_folder folder;
  {
    engine e({.path = folder.file("a.clv")});
    test::fill(e);
    job first = e.score({});
    first.step(std::chrono::milliseconds{1});
    EXPECT_EQ(error_of([&] { e.report("equity", {}, ""); }).code, status::conflict);
  }
  engine reader({.path = folder.file("a.clv"), .read_only = true});
  EXPECT_NE(fingerprint_of(reader.report("equity", {}, "")), "");
}
