// An EventBatch of a request as the rows that the writer takes.
#pragma once

#include <clv/v1/ingest_service.pb.h>

#include <memory>
#include <string>

#include "ingest/writer.hpp"

namespace clvd {

inline constexpr int max_batch_items = 5'000;

// Table, owner and rows of `events`; copies what it needs. Throws call_error INVALID_ARGUMENT
// naming the field (neither or both kinds, a time finer than a microsecond or out of range, an
// amount without currency), RESOURCE_EXHAUSTED TOO_MANY_ROWS.
keyed_rows rows_of(const clv::v1::EventBatch& events);

// One table of facts, such as UpsertCustomersRequest.customers. `field` names it in complaints.
keyed_rows rows_of(std::shared_ptr<const clv::v1::Table> facts,
                   const std::string& schema,
                   const std::string& field);

// A row that was not taken, as its sender is told.
void tell(const refused_row& row, clv::v1::ItemError& to);

}  // namespace clvd
