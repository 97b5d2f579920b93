// The gRPC door: turns rows of the method table into gRPC services.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

#include "doors/answer.hpp"

namespace clvd {

// One gRPC service for each service named in the method table.
std::vector<std::unique_ptr<grpc::Service>> make_services(host& h);

// "clv.v1.ScoringService", as the health service knows it.
std::vector<std::string> service_names();

}  // namespace clvd
