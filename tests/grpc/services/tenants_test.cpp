// Two tenants of one server: neither sees, names or pages into what is the other's.
#include "tenants/tenants.hpp"

#include <clv/v1/action_service.pb.h>
#include <clv/v1/customer_service.pb.h>
#include <clv/v1/ingest_service.pb.h>
#include <clv/v1/model_service.pb.h>
#include <clv/v1/report_service.pb.h>
#include <clv/v1/segment_service.pb.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>

#include "calls/errors.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"
#include "requests.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

class tenants : public shop {
 protected:
  void SetUp() override {
    const std::string data = folder_.file("data");
    for (const char* name : {"one", "two"}) {
      const std::string place = data + "/tenants/" + name;
      std::filesystem::create_directories(place);
      make_store(place + "/store.clv", name == std::string("one") ? 40 : 20);
    }
    std::filesystem::permissions(data, std::filesystem::perms::owner_all);
    more_ = {"--data", data, "--tenant", "three", "--tenant", "four"};
    start();
  }

  // A call that meets another writer of the tenant (a forget, say) is sent again, as its error
  // asks.
  grpc::Status as(const std::string& tenant,
                  const std::string& method,
                  const google::protobuf::Message& request,
                  google::protobuf::Message& response) {
    const auto send = [&] {
      return call_raw(
          *channel_, method, request.SerializeAsString(), soon(), {{"clv-tenant", tenant}});
    };
    raw_answer answer = send();
    for (int tries = 0; tries < 500; ++tries, answer = send()) {
      if (error_info(answer.status).reason() != "JOB_IN_PROGRESS") break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    grpc::Slice flat;
    if (answer.status.ok()) {
      EXPECT_TRUE(answer.bytes.DumpToSingleSlice(&flat).ok());
      EXPECT_TRUE(response.ParseFromArray(flat.begin(), static_cast<int>(flat.size())));
    }
    return answer.status;
  }
  template <typename Response>
  Response good(const std::string& tenant,
                const std::string& method,
                const google::protobuf::Message& request) {
    Response response;
    const grpc::Status status = as(tenant, method, request, response);
    EXPECT_TRUE(status.ok()) << method << status.error_message() << log();
    return response;
  }
  std::string reason(const std::string& tenant,
                     const std::string& method,
                     const google::protobuf::Message& request) {
    return error_info(
               call_raw(
                   *channel_, method, request.SerializeAsString(), soon(), {{"clv-tenant", tenant}})
                   .status)
        .reason();
  }
};

TEST_F(tenants, have_customers_of_their_own) {
  v1::ListCustomersRequest request;
  const std::string list = "/clv.v1.CustomerService/ListCustomers";
  EXPECT_EQ(good<v1::ListCustomersResponse>("one", list, request).total_rows(), 40);
  EXPECT_EQ(good<v1::ListCustomersResponse>("two", list, request).total_rows(), 20);
  v1::UpsertCustomersRequest upsert;
  upsert.set_source("crm");
  upsert.set_request_id("r1");
  add_texts(*upsert.mutable_customers(), "customer", {"only-one"});
  add_texts(*upsert.mutable_customers(), "attr.city", {"Graz"});
  const std::string method = "/clv.v1.CustomerService/UpsertCustomers";
  EXPECT_EQ(good<v1::UpsertCustomersResponse>("one", method, upsert).accepted_count(), 1);
  v1::GetCustomerRequest get;
  get.set_customer("only-one");
  EXPECT_EQ(reason("two", "/clv.v1.CustomerService/GetCustomer", get), "CUSTOMER_UNKNOWN");
  // A request id of one is none of the other's.
  EXPECT_EQ(good<v1::UpsertCustomersResponse>("two", method, upsert).accepted_count(), 1);
}

TEST_F(tenants, cannot_read_on_with_the_others_page_token) {
  v1::ListCustomersRequest customers;
  customers.mutable_page()->set_page_size(5);
  const std::string list = "/clv.v1.CustomerService/ListCustomers";
  customers.mutable_page()->set_page_token(
      good<v1::ListCustomersResponse>("one", list, customers).next_page_token());
  ASSERT_FALSE(customers.page().page_token().empty());
  EXPECT_EQ(reason("two", list, customers), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(reason("one", list, customers), "");

  v1::ProposeRequest propose;  // no plugins: a table without rows has no second page
  propose.set_now_us(1'000'000'000'000'000);
  v1::DecideRequest decide;
  decide.set_now_us(1'000'000'000'000'000);
  decide.set_page_size(5);
  const std::string method = "/clv.v1.ActionService/Decide";
  decide.set_page_token(good<v1::DecideResponse>("one", method, decide).next_page_token());
  ASSERT_FALSE(decide.page_token().empty());
  v1::DecideRequest own = decide;
  own.clear_page_token();
  good<v1::DecideResponse>("two", method, own);
  EXPECT_EQ(reason("two", method, decide), "PAGE_TOKEN_INVALID");

  v1::CreateSegmentRequest create;
  create.mutable_segment()->set_scheme("value_tier");
  for (const char* name : {"segments/a", "segments/b"}) {
    create.mutable_segment()->set_name(name);
    good<v1::CreateSegmentResponse>("one", "/clv.v1.SegmentService/CreateSegment", create);
  }
  v1::ListSegmentsRequest segments;
  segments.set_page_size(1);
  const std::string of_segments = "/clv.v1.SegmentService/ListSegments";
  segments.set_page_token(
      good<v1::ListSegmentsResponse>("one", of_segments, segments).next_page_token());
  ASSERT_FALSE(segments.page_token().empty());
  EXPECT_EQ(reason("two", of_segments, segments), "PAGE_TOKEN_INVALID");
}

TEST_F(tenants, cannot_name_what_is_the_others) {
  v1::CreateSegmentRequest create;
  create.mutable_segment()->set_name("segments/a");
  create.mutable_segment()->set_scheme("value_tier");
  good<v1::CreateSegmentResponse>("one", "/clv.v1.SegmentService/CreateSegment", create);
  v1::GetSegmentRequest segment;
  segment.set_name("segments/a");
  EXPECT_EQ(reason("two", "/clv.v1.SegmentService/GetSegment", segment), "SEGMENT_UNKNOWN");

  v1::ForgetCustomerRequest forget;
  forget.set_customer("nobody");
  const auto job =
      good<v1::ForgetCustomerResponse>("one", "/clv.v1.CustomerService/ForgetCustomer", forget)
          .job();
  v1::GetJobRequest get;
  get.set_name(job.name());
  v1::GetJobRequest none;
  none.set_name("jobs/987654");
  const std::string get_job = "/clv.v1.JobService/GetJob";
  const std::string told = reason("two", get_job, get);
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(told, reason("two", get_job, none)) << "no oracle";

  v1::DecideRequest decide;
  decide.set_now_us(1'000'000'000'000'000);
  const auto decisions = good<v1::DecideResponse>("one", "/clv.v1.ActionService/Decide", decide);
  ASSERT_GT(decisions.rows_size(), 0);
  v1::GetReceiptRequest receipt;
  receipt.set_decision_id(decisions.rows(0).decision_id());
  const std::string get_receipt = "/clv.v1.ActionService/GetReceipt";
  EXPECT_EQ(reason("one", get_receipt, receipt), "");
  good<v1::DecideResponse>("two", "/clv.v1.ActionService/Decide", decide);
  v1::GetReceiptRequest unknown;
  unknown.set_decision_id("0123456789abcdef");
  EXPECT_EQ(reason("two", get_receipt, unknown), "DECISION_UNKNOWN");
}

TEST_F(tenants, are_not_made_by_whoever_names_one) {
  const std::string list = "/clv.v1.ModelService/ListModels";
  const std::string places = folder_.file("data") + "/tenants/";
  const v1::ListModelsRequest all;
  EXPECT_EQ(reason("five", list, all), "TENANT_UNKNOWN");
  EXPECT_FALSE(std::filesystem::exists(places + "five"));
  for (const char* made : {"three", "four"}) {  // by the operator
    EXPECT_TRUE(std::filesystem::exists(places + made + "/store.clv"));
    EXPECT_EQ(reason(made, list, all), "");
  }
  EXPECT_EQ(reason("default", list, all), "");
}

TEST_F(tenants, whose_names_could_not_be_folders_are_refused_by_every_method) {
  for (const sample& s : samples()) {
    const auto request = request_of(s);
    for (const char* tenant : {"../one", "One", "a/b", ".", "-x"}) {
      const raw_answer answer = call_raw(
          *channel_, s.path, request->SerializeAsString(), soon(), {{"clv-tenant", tenant}});
      EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::PERMISSION_DENIED)
          << s.path << " " << tenant << ": " << answer.status.error_message();
      EXPECT_EQ(error_info(answer.status).reason(), "TENANT_NOT_PERMITTED") << s.path;
    }
  }
}

// The parts behind it, in this process.
struct opened {
  temporary_folder folder;
  clvd::metrics metrics;
  clvd::server_state state;
  clvd::tenants all{{folder.file("data"), "", {}}, metrics, state};
};

TEST(opening_tenants, a_credential_that_names_one_makes_it_and_others_find_it) {
  opened o;
  const auto reason_of = [&](const clvd::caller& who) -> std::string {
    try {
      o.all.of(who);
      return "";
    } catch (const clvd::call_error& e) {
      return e.reason;
    }
  };
  EXPECT_EQ(reason_of({.tenant = "shop"}), "TENANT_UNKNOWN");
  EXPECT_EQ(reason_of({.tenant = "shop", .may_found = true}), "");
  EXPECT_EQ(reason_of({.tenant = "shop"}), "");
  EXPECT_EQ(reason_of({.tenant = "default"}), "");
  EXPECT_EQ(reason_of({.tenant = "../shop", .may_found = true}), "TENANT_NOT_PERMITTED");
}

TEST(opening_tenants, one_that_takes_long_holds_up_only_its_own) {
  opened o;
  std::promise<void> begun, go_on;
  o.all.on_open = [&](clvd::tenant& t) {
    if (t.options().name != "slow") return;
    begun.set_value();
    go_on.get_future().wait();
  };
  const auto open = [&](const char* name) { return &o.all.found(name); };
  auto slow = std::async(std::launch::async, open, "slow");
  begun.get_future().wait();
  auto again = std::async(std::launch::async, open, "slow");
  auto quick = std::async(std::launch::async, open, "quick");
  int visited = 0;
  const bool came = quick.wait_until(soon()) == std::future_status::ready;
  if (came) o.all.for_each([&](clvd::tenant&) { ++visited; });
  go_on.set_value();
  EXPECT_TRUE(came);
  EXPECT_EQ(visited, 1) << "the one that is open";
  EXPECT_EQ(slow.get(), again.get());
}

}  // namespace
}  // namespace clv::test
