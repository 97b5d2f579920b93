// The same work through libclv.so, in this process: what clvd must equal to the last bit.
#pragma once

#include <clv/v1/scoring_service.pb.h>

#include <memory>
#include <string>

#include "clv.h"

namespace clv::test {

using result = std::shared_ptr<const clv_result>;

// A request of `customers` rows that differ, with the CDNOW parameters written out.
clv::v1::ScoreSummariesRequest scoring_request(int customers);
// The model of scoring_request as a model file.
std::string model_json();

// What libclv says to the request.
result scored(const clv::v1::ScoreSummariesRequest& request);

// Where this run keeps stores instead of in files: "" or the folder of a PostgreSQL's socket
// (CLV_TEST_STORAGE). What is called a store below is then a connection string.
std::string other_storage();
// The driver's file, "" where it was not built.
std::string postgres_library();
// The connection string of a schema of the server in `folder`.
std::string schema_at(const std::string& folder, const std::string& schema);

// A store of simulated customers, fitted and scored.
void make_store(const std::string& path, int customers);
// Decides on the store with 20.00 of budget, z .5, a holdout of 20 % and the plugin given.
result decided(const std::string& store, const std::string& plugin, std::int64_t now_us);
// A stored table.
result stored(const std::string& store, const std::string& table);

}  // namespace clv::test
