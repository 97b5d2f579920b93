// clv.v1.ModelService: see proto/clv/v1/model_service.proto.
#pragma once

#include <clv/v1/model_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void fit_model(services& with,
               call& c,
               const clv::v1::FitModelRequest& request,
               clv::v1::FitModelResponse& response);
void get_model(services& with,
               call& c,
               const clv::v1::GetModelRequest& request,
               clv::v1::GetModelResponse& response);
void list_models(services& with,
                 call& c,
                 const clv::v1::ListModelsRequest& request,
                 clv::v1::ListModelsResponse& response);
void import_model(services& with,
                  call& c,
                  const clv::v1::ImportModelRequest& request,
                  clv::v1::ImportModelResponse& response);
void export_model(services& with,
                  call& c,
                  const clv::v1::ExportModelRequest& request,
                  clv::v1::ExportModelResponse& response);
void validate_model(services& with,
                    call& c,
                    const clv::v1::ValidateModelRequest& request,
                    clv::v1::ValidateModelResponse& response);
void promote_model(services& with,
                   call& c,
                   const clv::v1::PromoteModelRequest& request,
                   clv::v1::PromoteModelResponse& response);
void rollback_model(services& with,
                    call& c,
                    const clv::v1::RollbackModelRequest& request,
                    clv::v1::RollbackModelResponse& response);
void retire_model(services& with,
                  call& c,
                  const clv::v1::RetireModelRequest& request,
                  clv::v1::RetireModelResponse& response);

}  // namespace clvd
