// CustomerService: what is known of customers, kept, listed, given out and forgotten.
#include <clv/v1/customer_service.pb.h>
#include <clv/v1/ingest_service.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include <set>

#include "equal_table.hpp"
#include "rows.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

constexpr auto get = "/clv.v1.CustomerService/GetCustomer";
constexpr auto list = "/clv.v1.CustomerService/ListCustomers";
constexpr auto upsert = "/clv.v1.CustomerService/UpsertCustomers";
constexpr auto forget = "/clv.v1.CustomerService/ForgetCustomer";
constexpr auto export_one = "/clv.v1.CustomerService/ExportCustomer";

class customers : public shop {
 protected:
  v1::ListCustomersResponse page(int size, const std::string& token = "") {
    v1::ListCustomersRequest request;
    request.mutable_page()->set_page_size(size);
    request.mutable_page()->set_page_token(token);
    return ask<v1::ListCustomersResponse>(list, request);
  }
  std::string first_customer() { return text_in(page(1).customers(), "customer", 0); }
  static v1::UpsertCustomersRequest cities(const std::vector<std::string>& who,
                                           const std::vector<std::string>& city) {
    v1::UpsertCustomersRequest request;
    request.set_source("crm");
    add_texts(*request.mutable_customers(), "customer", who);
    add_texts(*request.mutable_customers(), "attr.city", city);
    return request;
  }
  // Messages of a server stream.
  template <typename Response>
  std::vector<Response> stream(const std::string& method,
                               const google::protobuf::Message& request,
                               grpc::Status& status) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(soon());
    grpc::CompletionQueue queue;
    void* tag = nullptr;
    bool ok = false;
    auto rpc = stub.PrepareCall(&context, method, &queue);
    rpc->StartCall(nullptr);
    queue.Next(&tag, &ok);
    const grpc::Slice slice(request.SerializeAsString());
    rpc->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    queue.Next(&tag, &ok);
    std::vector<Response> all;
    for (;;) {
      grpc::ByteBuffer bytes;
      rpc->Read(&bytes, nullptr);
      if (!queue.Next(&tag, &ok) || !ok) break;
      grpc::Slice flat;
      EXPECT_TRUE(bytes.DumpToSingleSlice(&flat).ok());
      EXPECT_TRUE(all.emplace_back().ParseFromArray(flat.begin(), static_cast<int>(flat.size())));
    }
    rpc->Finish(&status, nullptr);
    queue.Next(&tag, &ok);
    return all;
  }
};

TEST_F(customers, are_shown_stage_by_stage) {
  open(60);
  const std::string who = first_customer();
  v1::GetCustomerRequest request;
  request.set_customer(who);
  const auto response = ask<v1::GetCustomerResponse>(get, request);
  stop();
  std::set<std::string> names;
  for (const v1::Table& table : response.tables()) {
    names.insert(table.name());
    EXPECT_EQ(table.row_count(), 1);
    EXPECT_EQ(text_in(table, "customer", 0), who);
    expect_equal_table(table, *stored(before_, table.name()), 0);
  }
  EXPECT_EQ(names, (std::set<std::string>{"summary", "scores"}));
}

TEST_F(customers, who_are_unknown_or_not_named_are_refused) {
  open(10);
  v1::GetCustomerRequest request;
  EXPECT_EQ(refusal(get, request), "3 FIELD_REQUIRED");
  request.set_customer("nobody");
  EXPECT_EQ(refusal(get, request), "5 CUSTOMER_UNKNOWN");
  request.set_customer(std::string("c\0c", 3));
  EXPECT_EQ(refusal(get, request), "3 INVALID_VALUE");
  v1::ForgetCustomerRequest gone;
  EXPECT_EQ(refusal(forget, gone), "3 FIELD_REQUIRED");
  gone.set_customer("nobody");
  const v1::Job job = ended(ask<v1::ForgetCustomerResponse>(forget, gone).job());
  EXPECT_EQ(job.state(), v1::JOB_STATE_FAILED);
  EXPECT_EQ(job.error().code(), grpc::StatusCode::NOT_FOUND) << job.ShortDebugString();
  v1::ExportCustomerRequest subject;
  subject.set_customer("nobody");
  grpc::Status status;
  EXPECT_TRUE(stream<v1::ExportCustomerResponse>(export_one, subject, status).empty());
  EXPECT_EQ(error_info(status).reason(), "CUSTOMER_UNKNOWN") << status.error_message();
}

TEST_F(customers, are_listed_in_pages_without_a_gap) {
  open(60);
  std::vector<std::string> all;
  std::string token;
  do {
    const auto response = page(7, token);
    EXPECT_EQ(response.total_rows(), 60);
    for (int i = 0; i < response.customers().row_count(); ++i) {
      all.push_back(text_in(response.customers(), "customer", i));
    }
    token = response.next_page_token();
  } while (!token.empty() && !HasFailure());
  EXPECT_EQ(all.size(), 60u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 60u);
}

// Three who came after the scoring: one bought, one is only described, one is only an address.
TEST_F(customers, are_listed_also_without_a_score) {
  open(20);
  v1::IngestBatchRequest sale;
  sale.set_source("till");
  sale.set_currency_code("USD");
  v1::Transaction& row = *sale.mutable_events()->add_transactions();
  row.set_customer("z-bought");
  row.set_event_id("1");
  row.set_kind("purchase");
  row.mutable_time()->set_seconds(1'000'000'000);
  row.mutable_amount()->set_minor_units(500);
  row.mutable_amount()->set_currency_code("USD");
  ask<v1::IngestBatchResponse>("/clv.v1.IngestService/IngestBatch", sale);
  ask<v1::UpsertCustomersResponse>(upsert, cities({"a-described"}, {"Graz"}));
  v1::IngestBatchRequest link;
  link.set_source("web");
  v1::Table& links = *link.mutable_events()->mutable_facts();
  links.set_name("identities");
  add_texts(links, "customer", {"a-described"});
  add_texts(links, "identity", {"mail:only-an-address"});
  add_times(links, "time", {1'000'000'000'000'000});
  v1::Column& linked = *links.add_columns();
  linked.set_name("linked");
  linked.mutable_int64s()->add_values(1);
  ask<v1::IngestBatchResponse>("/clv.v1.IngestService/IngestBatch", link);

  v1::ListCustomersRequest request;
  for (const char* column : {"customer", "clv", "attr.city"}) request.add_columns(column);
  const auto response = ask<v1::ListCustomersResponse>(list, request);
  const v1::Table& all = response.customers();
  ASSERT_EQ(all.row_count(), 22);
  EXPECT_EQ(response.total_rows(), 22);
  EXPECT_EQ(text_in(all, "customer", 0), "a-described");
  EXPECT_EQ(text_in(all, "customer", 21), "z-bought");
  EXPECT_EQ(text_in(all, "attr.city", 0), "Graz");
  const auto& unscored = column_of(all, "clv")->absent_rows();
  EXPECT_EQ(std::vector<std::int64_t>(unscored.begin(), unscored.end()),
            (std::vector<std::int64_t>{0, 21}));
  EXPECT_EQ(column_of(all, "clv")->doubles().values_size(), 22);

  // Pages go on after the last customer, whoever came meanwhile.
  const auto first = page(3);
  ask<v1::UpsertCustomersResponse>(upsert, cities({"a-ahead", "zz-behind"}, {"Linz", "Linz"}));
  const auto rest = page(100, first.next_page_token());
  EXPECT_EQ(first.customers().row_count() + rest.customers().row_count(), 23);
  EXPECT_EQ(column_of(rest.customers(), "customer")->texts().values().rbegin()[0], "zz-behind");
}

TEST_F(customers, are_listed_with_the_columns_asked_for) {
  open(20);
  ask<v1::UpsertCustomersResponse>(upsert, cities({first_customer()}, {"Graz"}));
  v1::ListCustomersRequest request;
  request.add_columns("attr.city");
  request.add_columns("clv");
  request.add_columns("customer");
  const auto table = ask<v1::ListCustomersResponse>(list, request).customers();
  ASSERT_EQ(table.columns_size(), 3);
  EXPECT_EQ(table.columns(0).name(), "attr.city");
  EXPECT_EQ(text_in(table, "attr.city", 0), "Graz");
  EXPECT_EQ(table.columns(0).absent_rows_size(), 19);
  request.add_columns("no_such_column");
  EXPECT_EQ(refusal(list, request), "5 NAME_UNKNOWN");
  request.set_columns(3, "a,b");
  EXPECT_EQ(refusal(list, request), "3 INVALID_VALUE");
  request.mutable_columns()->RemoveLast();
  request.mutable_page()->set_page_token(page(5).next_page_token());
  EXPECT_EQ(refusal(list, request), "3 PAGE_TOKEN_INVALID");
  request.mutable_page()->set_page_token("");
  request.mutable_page()->set_page_size(-1);
  EXPECT_EQ(refusal(list, request), "3 INVALID_VALUE");
}

TEST_F(customers, are_kept_once_by_request_id) {
  open(0);
  auto request = cities({"ann", "bob"}, {"Graz", "Linz"});
  request.set_request_id("r1");
  const auto first = ask<v1::UpsertCustomersResponse>(upsert, request);
  EXPECT_EQ(first.accepted_count(), 2);
  EXPECT_EQ(ask<v1::UpsertCustomersResponse>(upsert, request).SerializeAsString(),
            first.SerializeAsString());
  auto other = cities({"ann"}, {"Wien"});
  other.set_request_id("r1");
  EXPECT_EQ(refusal(upsert, other), "3 REQUEST_ID_REUSED");
  v1::GetCustomerRequest ann;
  ann.set_customer("ann");
  EXPECT_EQ(text_in(ask<v1::GetCustomerResponse>(get, ann).tables(0), "attr.city", 0), "Graz");
  other.set_request_id("r2");
  EXPECT_EQ(ask<v1::UpsertCustomersResponse>(upsert, other).accepted_count(), 1);
  EXPECT_EQ(text_in(ask<v1::GetCustomerResponse>(get, ann).tables(0), "attr.city", 0), "Wien");
  EXPECT_EQ(page(0).total_rows(), 2);
}

TEST_F(customers, are_exported_whole_and_forgotten_for_good) {
  open(30);
  const std::string who = first_customer();
  ask<v1::UpsertCustomersResponse>(upsert, cities({who, "other"}, {"Graz", "Linz"}));
  v1::ExportCustomerRequest subject;
  subject.set_customer(who);
  grpc::Status status;
  std::set<std::string> tables;
  for (const auto& part : stream<v1::ExportCustomerResponse>(export_one, subject, status)) {
    tables.insert(part.table().name());
    EXPECT_GT(part.table().row_count(), 0) << part.table().name();
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
  for (const char* name : {"customers", "transactions", "summary", "scores"}) {
    EXPECT_EQ(tables.count(name), 1u) << name;
  }

  v1::ForgetCustomerRequest gone;
  gone.set_customer(who);
  gone.set_request_id("f1");
  const auto job = ask<v1::ForgetCustomerResponse>(forget, gone).job();
  const auto deleted = result_of<v1::ForgetCustomerResult>(job).deleted();
  EXPECT_GE(deleted.row_count(), 3);
  EXPECT_EQ(ask<v1::ForgetCustomerResponse>(forget, gone).job().name(), job.name());
  gone.set_request_id("f2");  // asked once more: the job that is kept names nobody
  const v1::Job again = ended(ask<v1::ForgetCustomerResponse>(forget, gone).job());
  EXPECT_EQ(again.state(), v1::JOB_STATE_FAILED);
  EXPECT_EQ(again.SerializeAsString().find(who), std::string::npos);

  v1::GetCustomerRequest request;
  request.set_customer(who);
  EXPECT_EQ(refusal(get, request), "5 CUSTOMER_UNKNOWN");
  EXPECT_EQ(page(0).total_rows(), 30);  // and "other", who has a city only
  const v1::Table left = page(0).customers();
  for (const std::string& row : column_of(left, "customer")->texts().values()) EXPECT_NE(row, who);

  // Sent again, as by a replay of the source: it stays away.
  const result log = stored(before_, "transactions");
  v1::IngestBatchRequest replay;
  replay.set_source("simulated");
  v1::Table& facts = *replay.mutable_events()->mutable_facts();
  facts.set_name("customers");
  add_texts(facts, "customer", {who});
  add_texts(facts, "attr.city", {"Graz"});
  call_raw(*channel_, "/clv.v1.IngestService/IngestBatch", replay.SerializeAsString());
  EXPECT_EQ(refusal(get, request), "5 CUSTOMER_UNKNOWN");
  stop();
  start();
  EXPECT_EQ(refusal(get, request), "5 CUSTOMER_UNKNOWN");
  stop();
  for (const char* name : {"shop.clv", "shop.clv-wal", "shop.clv-clvd", "shop.clv-clvd-wal"}) {
    EXPECT_EQ(text_of(folder_.file(name)).find("Graz"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace clv::test
