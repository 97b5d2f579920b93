// The pieces of clvd that need no server.
#include <clv/v1/action_service.pb.h>
#include <clv/v1/scoring_service.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "calls/call.hpp"
#include "calls/errors.hpp"
#include "calls/joined_rows.hpp"
#include "calls/loaded_models.hpp"
#include "calls/methods.hpp"
#include "calls/page.hpp"
#include "calls/pool.hpp"
#include "calls/repeats.hpp"
#include "calls/results.hpp"
#include "calls/utf8.hpp"
#include "jobs/erased_words.hpp"
#include "ops/log.hpp"
#include "reference.hpp"
#include "sidecar.hpp"
#include "tenants/registry.hpp"

namespace clvd {
namespace {

template <typename Action>
call_error error_of(Action action) {
  try {
    action();
  } catch (const call_error& e) {
    return e;
  }
  return {grpc::StatusCode::OK, "", ""};
}

TEST(method_table, has_every_rpc_of_the_protos_with_its_types) {
  std::size_t rpcs = 0;
  std::set<const google::protobuf::FileDescriptor*> files;
  for (const method& m : methods()) files.insert(m.request.GetDescriptor()->file());
  EXPECT_EQ(files.size(), 11U);  // one service a file
  for (const auto* file : files) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m, ++rpcs) {
        const auto& rpc = *file->service(s)->method(m);
        const std::string path = "/" + file->service(s)->full_name() + "/" + rpc.name();
        const auto table = methods();
        const auto row = std::find_if(
            table.begin(), table.end(), [&](const method& r) { return path == r.path; });
        ASSERT_NE(row, table.end()) << path;
        EXPECT_EQ(row->request.GetDescriptor(), rpc.input_type()) << path;
        EXPECT_EQ(row->response.GetDescriptor(), rpc.output_type()) << path;
      }
    }
  }
  EXPECT_EQ(rpcs, methods().size());
}

TEST(utf8, takes_well_formed_text_only) {
  for (const char* good :
       {"", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  // Lone continuation, overlong (2, 3 and 4 bytes), surrogate, above U+10FFFF, cut short, 0xff.
  for (const char* bad : {"\x80",
                          "\xc0\xaf",
                          "\xe0\x80\xaf",
                          "\xf0\x80\x80\xaf",
                          "\xed\xa0\x80",
                          "\xf4\x90\x80\x80",
                          "\xe2\x82",
                          "a\xff"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(page, walks_a_table_to_its_end_and_no_further) {
  const page_source from{"arguments", "f00d", 2500};
  std::string token;
  std::vector<std::int64_t> firsts;
  do {
    const page p = page_of(from, 0, token);
    firsts.push_back(p.first);
    token = p.next_token;
  } while (!token.empty());
  EXPECT_EQ(firsts, (std::vector<std::int64_t>{0, 1000, 2000}));
  EXPECT_EQ(page_of({"a", "f", 9000}, 1'000'000, "").count, 5000);
  EXPECT_EQ(page_of({"a", "f", 0}, 10, "").count, 0);
}

template <typename Detail>
bool has_detail(const grpc::Status& status, Detail& found) {
  google::rpc::Status rich;
  EXPECT_TRUE(rich.ParseFromString(status.error_details()));
  return std::any_of(rich.details().begin(), rich.details().end(), [&](const auto& detail) {
    return detail.UnpackTo(&found);
  });
}

TEST(errors, say_of_what_is_exhausted_whether_to_wait_or_to_ask_for_less) {
  google::rpc::QuotaFailure quota;
  google::rpc::RetryInfo retry;
  const auto too_much =
      to_status({grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_ROWS", "5 rows"});
  ASSERT_TRUE(has_detail(too_much, quota));
  ASSERT_EQ(quota.violations_size(), 1);
  EXPECT_EQ(quota.violations(0).subject(), "request");
  EXPECT_EQ(quota.violations(0).description(), "5 rows");
  EXPECT_FALSE(has_detail(too_much, retry));
  const auto busy = to_status({grpc::StatusCode::RESOURCE_EXHAUSTED, "QUEUE_FULL", "wait"});
  EXPECT_TRUE(has_detail(busy, retry));
  EXPECT_FALSE(has_detail(busy, quota));
  EXPECT_FALSE(has_detail(to_status({grpc::StatusCode::NOT_FOUND, "JOB_UNKNOWN", "none"}), quota));
}

TEST(erased_words, are_those_of_a_customer_and_nothing_else) {
  clv::v1::Job job;
  job.set_name("jobs/7");
  job.set_kind("StartDecide");
  job.add_warnings("no address of cust-7");
  job.add_warnings("slow today");
  google::rpc::ErrorInfo info;
  info.set_reason("ROWS_REJECTED");
  (*info.mutable_metadata())["customer"] = "cust-7";
  (*info.mutable_metadata())["row"] = "3";
  job.mutable_error()->set_message("customer 'cust-7' has no price");
  job.mutable_error()->add_details()->PackFrom(info);
  clv::v1::DecideResponse result;
  result.set_total_rows(7);
  result.add_warnings()->set_message("cust-7 again");
  job.mutable_result()->PackFrom(result);
  const clv::v1::Job before = job;
  EXPECT_FALSE(erase_words(job, "cust-8"));
  EXPECT_EQ(job.SerializeAsString(), before.SerializeAsString());
  EXPECT_TRUE(erase_words(job, "cust-7"));
  EXPECT_EQ(job.SerializeAsString().find("cust-7"), std::string::npos) << job.ShortDebugString();
  EXPECT_EQ(job.warnings(1), "slow today");
  ASSERT_TRUE(job.error().details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "ROWS_REJECTED");
  EXPECT_EQ(info.metadata().at("row"), "3");
  ASSERT_TRUE(job.result().UnpackTo(&result));
  EXPECT_EQ(result.total_rows(), 7);
  EXPECT_FALSE(erase_words(job, "7"));  // a name is no sentence
  EXPECT_EQ(job.name(), "jobs/7");
}

TEST(joined_rows, take_each_value_from_the_first_table_that_has_it) {
  const result_ptr table = catalogue("reports");
  ASSERT_GT(clv_result_rows(table.get()), 8);
  const auto name = [&](std::int64_t row) { return text_at(*table, "name", row); };
  const std::vector<picked_rows> from{{*table, {0, 1, -1, 4, -1}}, {*table, {7, -1, 8, 6, -1}}};
  clv::v1::Table joined;
  fill_joined(from, 5, {"name"}, joined);
  EXPECT_EQ(joined.row_count(), 5);
  ASSERT_EQ(joined.columns_size(), 1);
  const clv::v1::Column& column = joined.columns(0);
  EXPECT_EQ(column.name(), "name");
  const auto& texts = column.texts().values();
  EXPECT_EQ(std::vector<std::string>(texts.begin(), texts.end()),
            (std::vector<std::string>{name(0), name(1), name(8), name(4), ""}));
  ASSERT_EQ(column.absent_rows_size(), 1);
  EXPECT_EQ(column.absent_rows(0), 4);
  EXPECT_EQ(error_of([&] { fill_joined(from, 5, {"no such column"}, joined); }).reason,
            "NAME_UNKNOWN");
}

TEST(page, refuses_what_is_not_its_token) {
  const page_source from{"arguments", "f00d", 2500};
  const std::string token = page_of(from, 10, "").next_token;
  for (const std::string& bad : {std::string("x"),
                                 token + "1x",
                                 token.substr(0, 5),
                                 token + "99999",
                                 token + "-",
                                 token.substr(0, token.rfind('.')) + ".010"}) {
    EXPECT_EQ(error_of([&] { page_of(from, 10, bad); }).reason, "PAGE_TOKEN_INVALID") << bad;
  }
  EXPECT_EQ(error_of([&] {
              page_of({"other", "f00d", 2500}, 10, token);
            }).reason,
            "PAGE_TOKEN_INVALID");
  EXPECT_EQ(error_of([&] {
              page_of({"arguments", "cafe", 2500}, 10, token);
            }).code,
            grpc::StatusCode::ABORTED);
}

TEST(repeats, answer_a_request_once_and_refuse_another_body_under_its_id) {
  const clv::test::temporary_folder folder;
  clv::v1::DecideRequest request;
  clv::v1::DecideResponse response;
  request.set_request_id("a");
  response.set_total_rows(64);
  {
    registry kept(folder.file("clvd.db"));
    const repeats first(kept, "Decide", "a", body_of(request));
    EXPECT_FALSE(first.find(response));
    first.keep(response);
    EXPECT_EQ(error_of([&] { first.keep(response); }).core, CLV_E_EXISTS);
    EXPECT_FALSE(repeats(kept, "Decide", "", body_of(request)).find(response));
    EXPECT_FALSE(repeats(kept, "Other", "a", body_of(request)).find(response));
  }
  registry again(folder.file("clvd.db"));  // the server was started anew
  response.Clear();
  EXPECT_TRUE(repeats(again, "Decide", "a", body_of(request)).find(response));
  EXPECT_EQ(response.total_rows(), 64);
  request.set_seed(7);
  const repeats reused(again, "Decide", "a", body_of(request));
  EXPECT_EQ(error_of([&] { reused.find(response); }).reason, "REQUEST_ID_REUSED");
}

TEST(loaded_models, load_the_same_bytes_once_and_keep_the_last_16) {
  loaded_models kept;
  int loads = 0;
  const auto ask = [&](const std::string& bytes) {
    return kept.of(bytes, [&] {
      ++loads;
      clv_model* model = nullptr;
      const std::string json = clv::test::model_json();
      const auto size = static_cast<std::int64_t>(json.size());
      EXPECT_EQ(clv_model_load(json.data(), size, &model, nullptr), CLV_OK);
      return std::shared_ptr<const clv_model>(model_ptr(model));
    });
  };
  const auto first = ask("0");
  EXPECT_EQ(ask("0"), first);
  EXPECT_EQ(loads, 1);
  for (int i = 1; i <= 16; ++i) ask(std::to_string(i));
  EXPECT_EQ(loads, 17);
  EXPECT_NE(ask("0"), first);  // 16 others came since
  EXPECT_THROW(kept.of("bad",
                       []() -> std::shared_ptr<const clv_model> {
                         throw call_error(
                             grpc::StatusCode::INVALID_ARGUMENT, "INVALID_VALUE", "no model");
                       }),
               call_error);
  EXPECT_EQ(loads, 18);
}

TEST(pool, refuses_what_its_queue_cannot_hold_and_runs_the_rest) {
  std::atomic<int> done = 0;
  std::atomic<bool> go = false;
  int taken = 0;
  {
    pool p(1, 2);
    for (int i = 0; i < 10; ++i) {
      taken += p.submit([&] {
        go.wait(false);
        ++done;
      });
    }
    go = true;
    go.notify_all();
  }
  EXPECT_EQ(done, taken);
  EXPECT_GE(taken, 2);
  EXPECT_LE(taken, 3);  // two wait, and one may have begun
}

TEST(pool, lets_another_thread_work_while_one_waits) {
  std::atomic<int> done = 0, at_a_time = 0, most = 0;
  std::promise<void> told;
  auto wait = told.get_future();
  {
    pool p(1, 100);
    ASSERT_TRUE(p.submit([&] {
      const pool::pause waiting;
      EXPECT_EQ(wait.wait_for(std::chrono::seconds(30)), std::future_status::ready);
    }));
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(p.submit([&] {
        most = std::max(most.load(), ++at_a_time);
        --at_a_time;
        if (++done == 20) told.set_value();
      }));
    }
  }
  EXPECT_EQ(done, 20);
  EXPECT_EQ(most, 1);
}

TEST(pool, ends_when_many_have_waited) {
  std::atomic<int> done = 0;
  {
    pool p(2, 1000);
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(p.submit([&] {
        { const pool::pause waiting; }
        ++done;
      }));
    }
  }
  EXPECT_EQ(done, 500);
}

clv_job* long_job(model_ptr& model) {
  const std::string json = clv::test::model_json();
  clv_model* loaded = nullptr;
  EXPECT_EQ(clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &loaded, nullptr),
            CLV_OK);
  model.reset(loaded);
  auto options = CLV_SIZED(clv_simulate_options);
  options.customers = 5'000'000;
  clv_job* job = nullptr;
  EXPECT_EQ(clv_simulate_begin(&options, loaded, &job, nullptr), CLV_OK);
  return job;
}

TEST(call, ends_a_job_when_its_deadline_has_passed) {
  model_ptr model;
  const job_ptr job(long_job(model));
  call c({}, std::chrono::system_clock::now() + std::chrono::milliseconds(30));
  EXPECT_EQ(error_of([&] { c.run(job.get()); }).code, grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST(call, ends_a_job_when_the_client_cancels) {
  model_ptr model;
  const job_ptr job(long_job(model));
  call c({}, std::chrono::system_clock::time_point::max());
  std::thread client([&] { c.cancel(); });
  EXPECT_EQ(error_of([&] { c.run(job.get()); }).code, grpc::StatusCode::CANCELLED);
  client.join();
}

TEST(errors, hide_the_words_of_the_system_and_of_bugs) {
  const auto io = core_failure(CLV_E_IO, nullptr);
  EXPECT_EQ(io.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(io.message, "the store cannot be reached");
  EXPECT_EQ(core_failure(-12345, nullptr).code, grpc::StatusCode::INTERNAL);
}

TEST(errors, stay_below_the_size_that_headers_may_have) {
  call_error error(grpc::StatusCode::INVALID_ARGUMENT, "ROWS_REJECTED", std::string(100'000, 'x'));
  for (int i = 0; i < 1000; ++i) error.violations.push_back({"rows", std::string(1000, 'y')});
  const grpc::Status status = to_status(error);
  EXPECT_LT(status.error_details().size() + status.error_message().size(), 6000u);
  google::rpc::Status rich;
  ASSERT_TRUE(rich.ParseFromString(status.error_details()));
  EXPECT_EQ(rich.code(), static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
}

TEST(log, escapes_what_json_cannot_hold) {
  EXPECT_EQ(json_escaped("a\"b\\c\n"), "a\\\"b\\\\c\\u000a");
}

}  // namespace
}  // namespace clvd
