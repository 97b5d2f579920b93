#include "services/customers.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "calls/stepping.hpp"
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

call_error customer_unknown() {
  return {grpc::StatusCode::NOT_FOUND, "CUSTOMER_UNKNOWN", "nothing is known of this customer"};
}

// What the server itself kept: what was said of jobs. Answers of requests are the store's.
// Whether nothing of it is left on the disk.
bool forget_kept(services& with, tenant& of, const std::vector<std::string>& ids) {
  of.keep_proposals(nullptr);
  bool gone = true;
  for (const std::string& id : ids) gone = with.jobs->forget(of, id) && gone;
  return gone;
}

// The customer and the addresses that stand for nobody else.
std::vector<std::string> ids_of(tenant& of, const std::string& customer) {
  std::vector<std::string> ids{customer};
  const auto links = table_if_any(of, "identities");
  if (links == nullptr) return ids;
  for (std::int64_t row = 0; row < links->size(); ++row) {
    if (text_at(links->rows(), "customer", row) != customer) continue;
    ids.push_back(text_at(links->rows(), "identity", row));
  }
  return ids;
}

void forget(services& with,
            tenant& of,
            const std::string& customer,
            job_context& job,
            google::protobuf::Any& to) {
  // A decision in progress would only find out at its end that it must be made again.
  const auto no_decision = job.taken(of.deciding);
  // Also of one whom the store does not know any more: the server may have died half way.
  const std::vector<std::string> ids = ids_of(of, customer);
  forget_kept(with, of, ids);
  v1::ForgetCustomerResult result;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    clv_job* begun = nullptr;
    const clv_status found =
        clv_engine_forget_begin(engine, nullptr, customer.c_str(), &begun, diag.get());
    const job_ptr work(begun);
    // libclv's own words name the customer, and the job is kept.
    if (found == CLV_E_NOT_FOUND) throw customer_unknown();
    check(found, diag.get());
    const clv_status status = clv_job_step(work.get(), 0, diag.get());
    if (status == CLV_E_NOT_FOUND) throw customer_unknown();
    check(status, diag.get());
    fill_table(*taken(work.get()), *result.mutable_deleted());
    for (note& said : warnings_of(diag.get())) job.warnings().push_back(std::move(said));
  });
  if (!forget_kept(with, of, ids)) {  // what was kept meanwhile
    job.warnings().push_back({.plugin = {},
                              .message = "the registry is being copied: what was erased of jobs "
                                         "stays in its write-ahead log until a later commit"});
  }
  to.PackFrom(result);
}

// Everything of one customer, table after table, in parts that a message can hold. All of it is in
// memory before the first part is sent: a client that dawdles holds no engine and no snapshot.
class export_producer final : public producer {
 public:
  explicit export_producer(clv_job* done) {
    const result_ptr names = taken(done);
    for (std::int64_t row = 0; row < clv_result_rows(names.get()); ++row) {
      std::string name = text_at(*names, "name", row);
      result_ptr rows = taken(done, name.c_str());
      tables_.push_back({std::move(name), std::move(rows)});
    }
  }

  next advance(google::protobuf::Message& out) override {
    if (tables_.empty()) return next::end;
    const auto& [name, table] = tables_.front();
    v1::Table& part = *static_cast<v1::ExportCustomerResponse&>(out).mutable_table();
    part.set_name(name);
    const std::int64_t rows = clv_result_rows(table.get());
    const std::int64_t count = std::min<std::int64_t>(rows_a_message, rows - row_);
    fill_table(*table, row_, count, part);
    row_ += count;
    if (row_ < rows) return next::message;
    row_ = 0;
    tables_.pop_front();  // what was sent is not kept
    return next::message;
  }

 private:
  static constexpr std::int64_t rows_a_message = 1000;
  std::deque<std::pair<std::string, result_ptr>> tables_;
  std::int64_t row_ = 0;
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
  *response.mutable_job() =
      start_job(with,
                c,
                request,
                {.kind = "ForgetCustomer"},
                [&with, &of, customer](job_context& job, google::protobuf::Any& result) {
                  forget(with, of, customer, job, result);
                });
}

std::unique_ptr<producer> export_customer(services& with,
                                          call& c,
                                          const v1::ExportCustomerRequest& request) {
  const reading from = tenant_of(with, c).read();
  const std::string customer = customer_argument(request.customer());
  try {
    const job_ptr work = begun([&](clv_job** out, clv_diag* diag) {
      return clv_engine_export_begin(from.engine(), nullptr, customer.c_str(), out, diag);
    });
    c.run(work.get());
    return std::make_unique<export_producer>(work.get());
  } catch (const call_error& e) {
    if (e.core == CLV_E_NOT_FOUND) throw customer_unknown();
    throw;
  }
}

}  // namespace clvd
