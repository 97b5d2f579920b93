#include "services/ingest.hpp"

#include "ingest/event_batch.hpp"
#include "ingest/ingest_stream.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

void fill(const verdict& v, v1::IngestBatchResponse& response) {
  response.set_accepted_count(v.accepted);
  response.set_duplicate_count(v.duplicates);
  response.set_rejected_count(v.rejected);
  response.set_repeated_request(v.repeated);
  for (const refused_row& row : v.refused) tell(row, *response.add_rejected());
}

}  // namespace

void ingest_batch(services& with,
                  call& c,
                  const v1::IngestBatchRequest& request,
                  v1::IngestBatchResponse& response) {
  tenants::check_named(c.who(), request.tenant());
  tenant& of = tenant_of(with, c);
  if (request.source().empty()) {
    throw invalid_field("FIELD_REQUIRED", "source", "say who sends");
  }
  keyed_rows rows = rows_of(request.events());
  rows.source = text_argument("source", request.source());
  rows.currency = text_argument("currency_code", request.currency_code());
  rows.partial = request.partial();
  rows.validate_only = request.validate_only();
  if (!request.request_id().empty() && !request.validate_only()) {
    rows.key = "request:" + request_id_argument(request.request_id());
  }
  fill(of.write().commit(std::move(rows)), response);
}

void get_watermark(services& with,
                   call& c,
                   const v1::GetWatermarkRequest& request,
                   v1::GetWatermarkResponse& response) {
  tenants::check_named(c.who(), request.tenant());
  const std::string key = stream_key("producer_id", request.producer_id());
  const std::int64_t durable = tenant_of(with, c).durable_sequence(key);
  response.set_durable_sequence(durable);
}

}  // namespace clvd
