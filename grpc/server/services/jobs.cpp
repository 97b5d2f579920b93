#include "services/jobs.hpp"

#include <charconv>

#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

job_board& board_of(services& with) {
  if (with.jobs == nullptr) throw no_store();
  return *with.jobs;
}

// A token is the number of the last job told, bound to the tenant and the kind that was asked for.
std::string prefix_of(const call& c, const v1::ListJobsRequest& request) {
  return "jobs." + c.who().tenant + "." + request.kind() + ".";
}

std::int64_t before_of(const call& c, const v1::ListJobsRequest& request) {
  if (request.page_token().empty()) return 0;
  const std::string prefix = prefix_of(c, request);
  std::int64_t before = 0;
  const std::string& token = request.page_token();
  const char* end = token.data() + token.size();
  if (token.starts_with(prefix)) {
    const auto read = std::from_chars(token.data() + prefix.size(), end, before);
    if (read.ec == std::errc() && read.ptr == end && before > 0) return before;
  }
  throw invalid_field(
      "PAGE_TOKEN_INVALID", "page_token", "it is not a token of a call with these arguments");
}

}  // namespace

void get_job(services& with,
             call& c,
             const v1::GetJobRequest& request,
             v1::GetJobResponse& response) {
  *response.mutable_job() = board_of(with).get(tenant_of(with, c), request.name());
}

void list_jobs(services& with,
               call& c,
               const v1::ListJobsRequest& request,
               v1::ListJobsResponse& response) {
  const auto limit = static_cast<std::size_t>(page_rows(request.page_size(), list_pages));
  auto jobs =
      board_of(with).list(tenant_of(with, c), before_of(c, request), limit + 1, request.kind());
  const bool more = jobs.size() > limit;
  if (more) jobs.resize(limit);
  for (v1::Job& job : jobs) *response.add_jobs() = std::move(job);
  if (more) {
    const std::int64_t last = job_number(response.jobs(response.jobs_size() - 1).name());
    response.set_next_page_token(prefix_of(c, request) + std::to_string(last));
  }
}

std::unique_ptr<producer> watch_job(services& with, call& c, const v1::WatchJobRequest& request) {
  return board_of(with).watch(tenant_of(with, c), request.name());
}

void cancel_job(services& with,
                call& c,
                const v1::CancelJobRequest& request,
                v1::CancelJobResponse& response) {
  *response.mutable_job() = board_of(with).cancel(tenant_of(with, c), c.who(), request.name());
}

}  // namespace clvd
