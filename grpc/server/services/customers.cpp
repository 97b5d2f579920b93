#include "services/customers.hpp"

#include <array>
#include <utility>

#include "calls/tables.hpp"
#include "ingest/event_batch.hpp"
#include "ops/server_state.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr std::array stages{"customers", "summary", "scores", "segments", "decisions"};

std::string customer_argument(const std::string& id) {
  if (id.empty()) throw invalid_field("FIELD_REQUIRED", "customer", "name the customer");
  return text_argument("customer", id);
}

// A stored table, or null where its stage has not run.
std::shared_ptr<const cached_table> table_if_any(tenant& of, const std::string& name) {
  try {
    return of.table(name);
  } catch (const call_error& e) {
    if (e.core == CLV_E_STATE || e.core == CLV_E_NOT_FOUND) return nullptr;
    throw;
  }
}

call_error customer_unknown() {
  return {grpc::StatusCode::NOT_FOUND, "CUSTOMER_UNKNOWN", "nothing is known of this customer"};
}

void forget(tenant& of, const std::string& customer, google::protobuf::Any& to) {
  // A decision in progress would keep its answer after we have erased those there are.
  const std::lock_guard no_decision(of.deciding);
  v1::ForgetCustomerResult result;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    clv_job* begun = nullptr;
    const clv_status found = clv_engine_forget_begin(engine, customer.c_str(), &begun, diag.get());
    const job_ptr work(begun);
    // libclv's own words name the customer, and the job is kept.
    if (found == CLV_E_NOT_FOUND) throw customer_unknown();
    check(found, diag.get());
    const clv_status status = clv_job_step(work.get(), 0, diag.get());
    if (status == CLV_E_NOT_FOUND) throw customer_unknown();
    check(status, diag.get());
    fill_table(*taken(work.get(), ""), *result.mutable_deleted());
  });
  // What the server itself kept of answers.
  of.keep_proposals(nullptr);
  of.kept().erase_answers({"Decide", "ImportTickets"}, customer);
  to.PackFrom(result);
}

// Everything of one customer, table after table, in parts that a message can hold.
class export_producer final : public producer {
 public:
  export_producer(reading from, job_ptr done)
      : from_(std::move(from)), done_(std::move(done)), names_(taken(done_.get(), "")) {}

  next advance(google::protobuf::Message& out) override {
    while (table_ == nullptr) {
      if (at_ == clv_result_rows(names_.get())) return next::end;
      name_ = text_at(*names_, "name", at_++);
      table_ = taken(done_.get(), name_.c_str());
      row_ = 0;
    }
    v1::Table& part = *static_cast<v1::ExportCustomerResponse&>(out).mutable_table();
    part.set_name(name_);
    const std::int64_t rows = clv_result_rows(table_.get());
    const std::int64_t count = std::min<std::int64_t>(rows_a_message, rows - row_);
    fill_table(*table_, row_, count, part);
    row_ += count;
    if (row_ == rows) table_.reset();
    return next::message;
  }

 private:
  static constexpr std::int64_t rows_a_message = 1000;
  reading from_;
  job_ptr done_;
  result_ptr names_, table_;
  std::string name_;
  std::int64_t at_ = 0, row_ = 0;
};

}  // namespace

void get_customer(services& with,
                  call& c,
                  const v1::GetCustomerRequest& request,
                  v1::GetCustomerResponse& response) {
  tenant& of = tenant_of(with, c);
  const std::string id = customer_argument(request.customer());
  for (const char* name : stages) {
    const auto table = table_if_any(of, name);
    const std::int64_t row = table == nullptr ? -1 : table->row_of(id);
    if (row < 0) continue;
    v1::Table& one = *response.add_tables();
    one.set_name(name);
    fill_table(table->rows(), row, 1, one);
  }
  if (response.tables().empty()) throw customer_unknown();
}

void list_customers(services& with,
                    call& c,
                    const v1::ListCustomersRequest& request,
                    v1::ListCustomersResponse& response) {
  tenant& of = tenant_of(with, c);
  auto table = table_if_any(of, "candidates");
  if (table == nullptr) table = table_if_any(of, "summary");
  if (table == nullptr) table = of.table("customers");
  std::vector<std::string> columns{request.columns().begin(), request.columns().end()};
  if (columns.empty()) {
    for (const char* name : {"customer", "clv", "p_alive", "segment"}) {
      if (clv_result_find(&table->rows(), name) >= 0) columns.emplace_back(name);
    }
  }
  const std::string mask = joined(request.columns(), "columns");
  response.set_next_page_token(fill_page(table->rows(),
                                         page_arguments(c, "ListCustomers", mask),
                                         request.page(),
                                         *response.mutable_customers(),
                                         columns));
  response.set_total_rows(table->size());
}

void upsert_customers(services& with,
                      call& c,
                      const v1::UpsertCustomersRequest& request,
                      v1::UpsertCustomersResponse& response) {
  tenant& of = tenant_of(with, c);
  keyed_rows rows =
      rows_of(std::make_shared<const v1::Table>(request.customers()), "customers", "customers");
  rows.source = text_argument("source", request.source());
  if (!request.request_id().empty()) {
    rows.key = "upsert:" + request_id_argument(request.request_id());
  }
  const verdict v = of.write().commit(std::move(rows));
  response.set_accepted_count(v.accepted);
  response.set_duplicate_count(v.duplicates);
}

void forget_customer(services& with,
                     call& c,
                     const v1::ForgetCustomerRequest& request,
                     v1::ForgetCustomerResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_deletable();
  const std::string customer = customer_argument(request.customer());
  *response.mutable_job() = start_job(with,
                                      c,
                                      request,
                                      {.kind = "ForgetCustomer"},
                                      [&of, customer](job_context&, google::protobuf::Any& result) {
                                        forget(of, customer, result);
                                      });
}

std::unique_ptr<producer> export_customer(services& with,
                                          call& c,
                                          const v1::ExportCustomerRequest& request) {
  reading from = tenant_of(with, c).read();
  const std::string customer = customer_argument(request.customer());
  try {
    job_ptr work = begun([&](clv_job** out, clv_diag* diag) {
      return clv_engine_export_begin(from.engine(), customer.c_str(), out, diag);
    });
    c.run(work.get());
    return std::make_unique<export_producer>(std::move(from), std::move(work));
  } catch (const call_error& e) {
    if (e.core == CLV_E_NOT_FOUND) throw customer_unknown();
    throw;
  }
}

}  // namespace clvd
