#include "services/segments.hpp"

#include <algorithm>

#include "calls/repeats.hpp"
#include "calls/tables.hpp"
#include "ops/server_state.hpp"
#include "services/report_run.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr auto kind = "segment";
constexpr std::size_t longest_name = 64;
constexpr std::int64_t any_etag = -1;  // of registry::put

std::string segment_argument(const std::string& name) {
  constexpr std::string_view prefix = "segments/";
  const std::string own = name.starts_with(prefix) ? name.substr(prefix.size()) : "";
  const bool good =
      !own.empty() && own.size() <= longest_name && std::all_of(own.begin(), own.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
      });
  if (good) return own;
  throw invalid_field(
      "INVALID_VALUE", "name", "write segments/NAME: 1 to 64 letters, digits, '-', '_'");
}

call_error unknown_segment() {
  return {grpc::StatusCode::NOT_FOUND, "SEGMENT_UNKNOWN", "there is no such definition"};
}

call_error etag_mismatch() {
  return {grpc::StatusCode::ABORTED,
          "ETAG_MISMATCH",
          "the definition was changed meanwhile: read it again"};
}

v1::Segment parsed(const registry::document& d) {
  v1::Segment segment;
  if (!segment.ParseFromString(d.bytes)) {
    throw call_error(grpc::StatusCode::DATA_LOSS, "STORE_CORRUPT", "a definition cannot be read");
  }
  segment.set_name("segments/" + d.name);
  segment.set_etag(std::to_string(d.etag));
  return segment;
}

v1::Segment find(tenant& of, const std::string& name) {
  const auto found = of.kept().find(kind, segment_argument(name));
  if (!found) throw unknown_segment();
  return parsed(*found);
}

std::string kept_bytes(v1::Segment segment) {
  segment.clear_name();
  segment.clear_etag();
  *segment.mutable_update_time() = timestamp_of(server_now_us());
  return segment.SerializeAsString();
}

job_ptr segmenting(clv_engine* engine, const std::string& scheme, const std::string& options_json) {
  auto options = CLV_SIZED(clv_segment_options);
  options.scheme = or_null(scheme);
  options.options_json = or_null(options_json);
  return begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_segment_begin(engine, &options, out, diag);
  });
}

// Without scores only the scheme's name can be checked.
void check_scheme(const v1::Segment& segment) {
  const clv_batch nobody = CLV_SIZED(clv_batch);
  auto options = CLV_SIZED(clv_segment_options);
  options.scheme = or_null(segment.scheme());
  options.options_json = or_null(segment.options_json());
  begun([&](clv_job** out, clv_diag* diag) {
    return clv_segment_begin(&options, &nobody, out, diag);
  });
}

// The scheme and its settings are those of a segmentation: tried on the scores that there are.
void check_definition(tenant& of, call& c, const v1::Segment& segment) {
  text_argument("segment.scheme", segment.scheme());
  json_argument("segment.options_json", segment.options_json());
  const reading from = of.read();
  try {
    c.run(segmenting(from.engine(), segment.scheme(), segment.options_json()).get());
  } catch (const call_error& e) {
    if (e.core == CLV_E_STATE) return check_scheme(segment);
    // What these customers do not allow, those of tomorrow may.
    if (e.core != CLV_E_DATA && e.core != CLV_E_NUMERIC) throw;
  }
}

void evaluate(tenant& of, const v1::Segment& segment, job_context& job, google::protobuf::Any& to) {
  const reading from = of.read();
  const job_ptr work = segmenting(from.engine(), segment.scheme(), segment.options_json());
  job.part(0, .9);
  job.run(work.get());
  of.adopt(work.get());
  v1::EvaluateSegmentsResult result;
  fill_table(*taken(work.get(), "profile"), *result.mutable_profile());
  result.set_fingerprint(clv_result_fingerprint(taken(work.get(), "").get()));
  to.PackFrom(result);
}

bool is_in(const clv_result& rows,
           std::int32_t column,
           std::int64_t row,
           std::string_view segment) {
  std::int64_t length = 0;
  const char* text = clv_result_text(&rows, column, row, &length);
  return text != nullptr && segment == std::string_view(text, static_cast<std::size_t>(length));
}

// A page of those of one segment. Its token counts rows of the whole table.
void fill_members(const cached_table& table,
                  const page_source& from,
                  const v1::ListSegmentMembersRequest& request,
                  v1::ListSegmentMembersResponse& response) {
  const page p = page_of(from, request.page().page_size(), request.page().page_token());
  const std::int64_t most = page_of(from, request.page().page_size(), "").count;
  const std::int32_t segment = clv_result_find(&table.rows(), "segment");
  v1::Table& members = *response.mutable_members();
  auto& customers = *members.add_columns();
  customers.set_name("customer");
  auto& segments = *members.add_columns();
  segments.set_name("segment");
  segments.mutable_texts();
  auto& ids = *customers.mutable_texts();
  for (std::int64_t row = 0; row < table.size(); ++row) {
    if (!is_in(table.rows(), segment, row, request.segment())) continue;
    response.set_total_rows(response.total_rows() + 1);
    if (row < p.first) continue;
    if (ids.values_size() < most) {
      ids.add_values(text_at(table.rows(), "customer", row));
      segments.mutable_texts()->add_values(request.segment());
    } else if (response.next_page_token().empty()) {
      response.set_next_page_token(page_token(from, row));
    }
  }
  members.set_row_count(ids.values_size());
}

// The kept definition with what the request changes of it.
v1::Segment changed(v1::Segment segment, const v1::UpdateSegmentRequest& request) {
  const std::int64_t etag = etag_argument(request.segment().etag(), any_etag);
  if (etag > 0 && segment.etag() != request.segment().etag()) throw etag_mismatch();
  std::vector<std::string> mask{request.update_mask().begin(), request.update_mask().end()};
  if (mask.empty()) mask = {"scheme", "options_json", "description"};
  for (const std::string& field : mask) {
    if (field == "scheme") {
      segment.set_scheme(request.segment().scheme());
    } else if (field == "options_json") {
      segment.set_options_json(request.segment().options_json());
    } else if (field == "description") {
      segment.set_description(request.segment().description());
    } else {
      throw invalid_field(
          "INVALID_VALUE", "update_mask", "write scheme, options_json or description");
    }
  }
  return segment;
}

}  // namespace

void create_segment(services& with,
                    call& c,
                    const v1::CreateSegmentRequest& request,
                    v1::CreateSegmentResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "CreateSegment", request.request_id(), body_of(request));
  answer_once(known, response, [&] {
    with.server->check_writable();
    const std::string name = segment_argument(request.segment().name());
    check_definition(of, c, request.segment());
    of.kept().together([&] {
      if (of.kept().put(kind, name, kept_bytes(request.segment()), 0) == 0) {
        throw call_error(grpc::StatusCode::ALREADY_EXISTS, "NAME_TAKEN", "the name is taken");
      }
      *response.mutable_segment() = find(of, request.segment().name());
      known.keep(response);
    });
  });
}

void get_segment(services& with,
                 call& c,
                 const v1::GetSegmentRequest& request,
                 v1::GetSegmentResponse& response) {
  *response.mutable_segment() = find(tenant_of(with, c), request.name());
}

void list_segments(services& with,
                   call& c,
                   const v1::ListSegmentsRequest& request,
                   v1::ListSegmentsResponse& response) {
  const auto limit = static_cast<std::size_t>(page_rows(request.page_size(), list_pages));
  const std::string arguments = page_arguments(c, "ListSegments", "");
  const std::string after = name_of_token(arguments, request.page_token());
  auto found = tenant_of(with, c).kept().list(kind, after, limit + 1);
  const bool more = found.size() > limit;
  if (more) found.resize(limit);
  for (const registry::document& d : found) *response.add_segments() = parsed(d);
  if (more) response.set_next_page_token(name_token(arguments, found.back().name));
}

void update_segment(services& with,
                    call& c,
                    const v1::UpdateSegmentRequest& request,
                    v1::UpdateSegmentResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "UpdateSegment", request.request_id(), body_of(request));
  answer_once(known, response, [&] {
    with.server->check_writable();
    const v1::Segment segment = changed(find(of, request.segment().name()), request);
    check_definition(of, c, segment);
    // Always against the etag that was read: two updates at once cannot both win.
    const std::int64_t read = etag_argument(segment.etag(), any_etag);
    of.kept().together([&] {
      if (of.kept().put(kind, segment_argument(segment.name()), kept_bytes(segment), read) == 0) {
        throw etag_mismatch();
      }
      *response.mutable_segment() = find(of, segment.name());
      known.keep(response);
    });
  });
}

void delete_segment(services& with,
                    call& c,
                    const v1::DeleteSegmentRequest& request,
                    v1::DeleteSegmentResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "DeleteSegment", request.request_id(), body_of(request));
  answer_once(known, response, [&] {
    with.server->check_writable();
    const std::string name = segment_argument(request.name());
    const std::int64_t etag = etag_argument(request.etag(), any_etag);
    of.kept().together([&] {
      if (!of.kept().remove(kind, name, etag)) {
        throw of.kept().find(kind, name) ? etag_mismatch() : unknown_segment();
      }
      known.keep(response);
    });
  });
}

void preview_segment(services& with,
                     call& c,
                     const v1::PreviewSegmentRequest& request,
                     v1::PreviewSegmentResponse& response) {
  const reading from = tenant_of(with, c).read();
  text_argument("scheme", request.scheme());
  text_argument("options_json", request.options_json());
  const job_ptr work = segmenting(from.engine(), request.scheme(), request.options_json());
  c.run(work.get());
  fill_table(*taken(work.get(), "profile"), *response.mutable_profile());
}

void list_segment_members(services& with,
                          call& c,
                          const v1::ListSegmentMembersRequest& request,
                          v1::ListSegmentMembersResponse& response) {
  const auto table = tenant_of(with, c).table("segments");
  check_page_size(request.page().page_size());
  const page_source from{page_arguments(c, "ListSegmentMembers", request.segment()),
                         table->fingerprint(),
                         table->size()};
  if (request.segment().empty()) {
    response.set_next_page_token(
        fill_page(table->rows(), from.arguments, request.page(), *response.mutable_members()));
    response.set_total_rows(table->size());
    return;
  }
  fill_members(*table, from, request, response);
}

void evaluate_segments(services& with,
                       call& c,
                       const v1::EvaluateSegmentsRequest& request,
                       v1::EvaluateSegmentsResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_writable();
  const v1::Segment segment = find(of, request.name());
  segmenting(of.read().engine(), segment.scheme(), segment.options_json());  // told now, not later
  *response.mutable_job() =
      start_job(with,
                c,
                request,
                {.kind = "EvaluateSegments",
                 .cancelled_by = scope::score,
                 .lane_reason = "EVALUATION_IN_PROGRESS"},
                [&of, segment](job_context& job, google::protobuf::Any& result) {
                  evaluate(of, segment, job, result);
                });
}

}  // namespace clvd
