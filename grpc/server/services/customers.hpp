// clv.v1.CustomerService: see proto/clv/v1/customer_service.proto.
#pragma once

#include <clv/v1/customer_service.pb.h>

#include <memory>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void get_customer(services& with,
                  call& c,
                  const clv::v1::GetCustomerRequest& request,
                  clv::v1::GetCustomerResponse& response);
void list_customers(services& with,
                    call& c,
                    const clv::v1::ListCustomersRequest& request,
                    clv::v1::ListCustomersResponse& response);
void upsert_customers(services& with,
                      call& c,
                      const clv::v1::UpsertCustomersRequest& request,
                      clv::v1::UpsertCustomersResponse& response);
void forget_customer(services& with,
                     call& c,
                     const clv::v1::ForgetCustomerRequest& request,
                     clv::v1::ForgetCustomerResponse& response);
std::unique_ptr<producer> export_customer(services& with,
                                          call& c,
                                          const clv::v1::ExportCustomerRequest& request);

}  // namespace clvd
