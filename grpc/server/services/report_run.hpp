// Reports as clvd runs them: options put together, tables as messages.
#pragma once

#include <clv/v1/common.pb.h>
#include <clv/v1/table.pb.h>
#include <google/protobuf/struct.pb.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "calls/tables.hpp"
#include "services/common.hpp"

namespace clvd {

// The JSON object of a request, "" = {}. Throws call_error INVALID_ARGUMENT naming the field; the
// text itself is not repeated.
google::protobuf::Struct json_argument(const char* field, const std::string& json);
// The same text for the same object.
std::string json_of(const google::protobuf::Struct& object);

// Tables of a request as inputs of a report; borrows from them.
class report_inputs {
 public:
  report_inputs(const google::protobuf::RepeatedPtrField<clv::v1::Table>& tables,
                const std::string& field);
  void add(const char* name, const clv::v1::Table& table, const std::string& field);
  const clv_named_batch* data() const { return named_.data(); }
  std::int32_t size() const { return static_cast<std::int32_t>(named_.size()); }

 private:
  std::vector<std::unique_ptr<table_batch>> batches_;
  std::vector<std::string> names_;
  std::vector<clv_named_batch> named_;
};

// Of a finished job of a report: a page of the main table and, on the first page, the other tables.
struct report_page {
  std::string arguments;  // that the page token is bound to
  const clv::v1::PageRequest& page;
};

template <typename Response>
void tell_of(const clv_result& main, Response& response) {
  response.set_total_rows(clv_result_rows(&main));
  response.set_fingerprint(clv_result_fingerprint(&main));
}

template <typename Response>
void add_other_tables(clv_job* job, const std::string& report, Response& response) {
  for (const std::string& name : tables_of_report(report)) {
    if (name.empty()) continue;
    clv::v1::Table& other = *response.add_tables();
    other.set_name(name);
    fill_table(*taken(job, name.c_str()), other);
  }
}

// All tables whole.
template <typename Response>
void fill_whole_report(clv_job* job, const std::string& report, Response& response) {
  const result_ptr main = taken(job);
  fill_table(*main, *response.add_tables());
  tell_of(*main, response);
  add_other_tables(job, report, response);
}

template <typename Response>
void fill_report(clv_job* job,
                 const std::string& report,
                 const report_page& which,
                 Response& response) {
  const result_ptr main = taken(job);
  clv::v1::Table& first = *response.add_tables();
  response.set_next_page_token(fill_page(*main, which.arguments, which.page, first));
  tell_of(*main, response);
  if (which.page.page_token().empty()) add_other_tables(job, report, response);
}

}  // namespace clvd
