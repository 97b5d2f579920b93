// Small steps that several services take.
#pragma once

#include <clv/v1/table.pb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "calls/arguments.hpp"
#include "calls/call.hpp"
#include "calls/clock.hpp"
#include "calls/errors.hpp"
#include "calls/handles.hpp"
#include "calls/methods.hpp"
#include "calls/page.hpp"
#include "calls/results.hpp"
#include "calls/timestamps.hpp"
#include "jobs/job_board.hpp"
#include "plugins/failure.hpp"
#include "tenants/tenants.hpp"

namespace clvd {

// The caller's tenant. Throws call_error: STORE_NOT_CONFIGURED, and what opening it throws.
tenant& tenant_of(services& with, const call& c);

// Not over TCP without a certificate: a stolen token alone must not operate the server. Throws
// call_error PERMISSION_DENIED OPERATOR_ONLY.
void check_operator(const call& c);

// "models/3" -> "3", "aliases/production" -> "production", "" -> "". Throws call_error.
std::string model_argument(const char* field, const std::string& name);

// The number that an etag of this server is; `absent` for "". Throws call_error.
std::int64_t etag_argument(const std::string& etag, std::int64_t absent);

// A plugin's failure as the client gets it.
call_error plugin_error(const plugins::plugin_failure& failure);

// A text for a C string, nullptr where it is empty.
inline const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

// Comma-joined, for clv_score_options.quantities.
std::string joined(const google::protobuf::RepeatedPtrField<std::string>& names, const char* field);

// What decides the content of a table of this caller: a token of another tenant or method never
// fits.
std::string page_arguments(const call& c, const char* method, const std::string& rest);

// One page of a table into a message of it. Returns the next token.
std::string fill_page(const clv_result& table,
                      const std::string& arguments,
                      const clv::v1::PageRequest& request,
                      clv::v1::Table& to,
                      const std::vector<std::string>& columns = {});

// A stored table, or null where its stage has not run.
std::shared_ptr<const cached_table> table_if_any(tenant& of, const std::string& name);

// Names of its tables that the report declares, the main one first.
std::vector<std::string> tables_of_report(const std::string& report);

// Starts long work for the caller's tenant, or throws as job_board::start does.
template <typename Request>
clv::v1::Job start_job(
    services& with, call& c, const Request& request, job_order order, job_work work);

std::string order_body(const google::protobuf::Message& request);

template <typename Request>
clv::v1::Job start_job(
    services& with, call& c, const Request& request, job_order order, job_work work) {
  order.request_id = request.request_id();
  order.body = order_body(request);
  return with.jobs->start(tenant_of(with, c), std::move(order), std::move(work));
}

}  // namespace clvd
