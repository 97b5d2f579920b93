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
#include "calls/loaded_models.hpp"
#include "calls/methods.hpp"
#include "calls/page.hpp"
#include "calls/pool.hpp"
#include "calls/repeats.hpp"
#include "calls/utf8.hpp"
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

TEST(page, refuses_what_is_not_its_token) {
  const page_source from{"arguments", "f00d", 2500};
  const std::string token = page_of(from, 10, "").next_token;
  for (const std::string& bad :
       {std::string("x"), token + "1x", token.substr(0, 5), token + "99999", token + "-"}) {
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
