// Purchases for IngestService.
#pragma once

#include <clv/v1/ingest_service.pb.h>

#include <cstdint>
#include <string>

namespace clv::test {

inline constexpr std::int64_t a_day = 86'400;              // seconds
inline constexpr std::int64_t first_day = 17'532 * a_day;  // 2018-01-01

inline v1::Transaction& add_sale(v1::EventBatch& to,
                                 const std::string& event,
                                 const std::string& customer,
                                 int day,
                                 std::int64_t cents) {
  v1::Transaction& sale = *to.add_transactions();
  sale.set_event_id(event);
  sale.set_customer(customer);
  sale.mutable_time()->set_seconds(first_day + day * a_day);
  sale.mutable_amount()->set_currency_code("EUR");
  sale.mutable_amount()->set_minor_units(cents);
  return sale;
}

}  // namespace clv::test
